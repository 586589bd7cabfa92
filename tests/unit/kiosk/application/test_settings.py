"""Settings: what is refused is refused in words, and a broken file never stops a terminal that was selling."""

from pathlib import Path

import pytest

from kiosk.application.settings import Settings, fingerprint
from kiosk.application.settings_file import (
    FILE_BYTES_MAX,
    SettingsProblem,
    data_dir,
    last_good_path,
    load,
    parse,
    read_text,
    shown,
)
from kiosk.application.settings_words import described, page

ROOT = Path(__file__).parents[4]


def refusal(text: str) -> str:
    with pytest.raises(SettingsProblem) as problem:
        parse(text, "kiosk.toml")
    return str(problem.value)


def test_a_fresh_machine_sells_with_no_file(tmp_path: Path) -> None:
    loaded = load(None, tmp_path)
    assert loaded.source == ""
    assert loaded.problem == ""
    assert loaded.settings.terminal.is_training
    assert loaded.settings.platform.kind == "embedded"
    families = {device.kind.split(".")[0] for device in loaded.settings.devices}
    assert families == {"printer", "payment_terminal", "cash", "scanner", "card_reader"}
    assert loaded.settings.store_dir(tmp_path) == tmp_path / "store"
    assert loaded.settings.platform_dir(tmp_path) == tmp_path / "platform"


def test_staff_are_spoken_to_in_the_first_language_unless_another_is_named() -> None:
    assert parse('[terminal]\nlanguages = ["de", "ar"]', "kiosk.toml").staff_language == "de"
    assert parse('[terminal]\nlanguages = ["de", "ar"]\nstaff_language = "ar"', "kiosk.toml").staff_language == "ar"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("terminl = 1", ("terminl", "Did you mean “terminal”")),
        ("[timeouts]\ncard_payment = 9", ("timeouts.card_payment", "Did you mean “card_payment_s”")),
        ("[timeouts]\nzzz = 9", ("timeouts.zzz", "Known here: card_payment_s")),
        ("[timeouts]\ncard_payment_s = 9", ("timeouts.card_payment_s", "9 is not allowed", "from 10 to 300")),
        ("[timeouts]\nprint_s = inf", ("timeouts.print_s", "inf is not allowed", "from 5 to 120")),
        ("[timeouts]\nprint_s = nan", ("timeouts.print_s", "nan is not allowed")),
        ("[timeouts]\nprint_s = true", ("timeouts.print_s", "True is not allowed", "a number")),
        ('[store]\nreserve_mib = "much"', ("store.reserve_mib", "'much'", "a whole number from 8 to 4096")),
        ('[face]\nlook = "pink"', ("face.look", "'pink'", '"contrast" or "dark" or "light"')),
        ("[terminal]\nlanguages = []", ("terminal.languages", "a list of 1 to 12")),
        ('[terminal]\nlanguages = ["en", 3]', ("terminal.languages[1]", "3 is not allowed", "a language tag")),
        (
            '[terminal]\nlanguages = ["de", "en"]\nstaff_language = "zh"',
            ("terminal.staff_language", "“zh” is not offered here", "de, en"),
        ),
        ('[terminal]\nstaff_language = "ENGLISH"', ("terminal.staff_language", "a language tag", "or nothing")),
        ("terminal = 3", ("terminal", "a table of keys")),
        ("devices = 3", ("devices", "[[double brackets]]")),
        ('[[devices]]\nkind = "printer.simulator"', ("devices[0]", "“device_id” is missing")),
        ('[[devices]]\nkind = "x"\ndevice_id = "a"', ("devices[0].kind", "printer.simulator")),
        ('[[devices]]\nkind = "a.b"\ndevice_id = "a"\nrle = 1', ("devices[0].rle", "Did you mean “role”")),
        ("x = ", ("not TOML", "guichet settings check")),
        ("a = " + "[" * 4000, ("not TOML",)),
        ('[terminal]\nname = "a\\u0007b"', ("terminal.name", "control character")),
        ('[terminal]\nname = "a\\u202eb"', ("terminal.name", "control character")),
        ('[[devices]]\nkind="a.b"\ndevice_id="a"\noptions = {x = "\\u0000"}', ("devices[0].options.x", "control")),
    ],
)
def test_refuses_in_words_that_name_key_value_and_what_to_do(text: str, parts: tuple[str, ...]) -> None:
    sentence = refusal(text)
    assert sentence.startswith("kiosk.toml")
    for part in parts:
        assert part in sentence


def test_a_refusal_is_short_and_printable_whatever_the_value() -> None:
    sentence = refusal('[terminal]\nid = "' + "x" * 100_000 + '"')
    assert len(sentence) < 300
    assert refusal('"\\u0007\\u202e" = 1').isprintable()


def test_refuses_a_simulator_out_of_training() -> None:
    sentence = refusal("[terminal]\nis_training = false")
    assert "simulator" in sentence
    assert "terminal.is_training = true" in sentence
    real = '[terminal]\nis_training = false\n[[devices]]\nkind = "printer.escpos"\ndevice_id = "p"'
    assert not parse(real, "kiosk.toml").terminal.is_training


def test_refuses_two_devices_of_one_name() -> None:
    one = '[[devices]]\nkind = "printer.simulator"\ndevice_id = "p"\n'
    assert "devices[1].device_id" in refusal(one + one)


@pytest.mark.parametrize(
    ("raw", "part"),
    [(b"#" * (FILE_BYTES_MAX + 1), "larger than 256 KiB"), (b"[terminal]\nname = '\xff'", "not UTF-8")],
)
def test_refuses_a_file_that_is_no_settings_file(tmp_path: Path, raw: bytes, part: str) -> None:
    path = tmp_path / "s.toml"
    path.write_bytes(raw)
    with pytest.raises(SettingsProblem, match=part):
        read_text(path)


def test_names_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(SettingsProblem, match="no such file"):
        load(tmp_path / "none.toml", tmp_path)
    with pytest.raises(SettingsProblem, match="this is a folder"):
        load(tmp_path, tmp_path)


def test_the_last_good_copy_stays_in_force(tmp_path: Path) -> None:
    path, data = tmp_path / "s.toml", tmp_path / "data"
    path.write_text('[terminal]\nname = "Hall 2"\n', encoding="utf-8")
    assert load(path, data).settings.terminal.name == "Hall 2"
    path.write_text('[terminal]\nname = "Hall', encoding="utf-8")
    loaded = load(path, data)
    assert loaded.settings.terminal.name == "Hall 2"
    assert loaded.source == str(last_good_path(path, data))
    assert "not TOML" in loaded.problem
    path.unlink()
    assert "no such file" in load(path, data).problem


def test_a_mended_file_is_in_force_again(tmp_path: Path) -> None:
    path, data = tmp_path / "s.toml", tmp_path / "data"
    for text in ('[terminal]\nname = "A"', "broken", '[terminal]\nname = "B"'):
        path.write_text(text, encoding="utf-8")
        loaded = load(path, data)
    assert (loaded.settings.terminal.name, loaded.problem) == ("B", "")


def test_each_file_has_its_own_last_good_copy(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("", encoding="utf-8")
    (tmp_path / "b.toml").write_text("x = ", encoding="utf-8")
    load(tmp_path / "a.toml", tmp_path)
    with pytest.raises(SettingsProblem):
        load(tmp_path / "b.toml", tmp_path)


def test_the_default_file_is_read_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('[terminal]\nid = "gate-7"', encoding="utf-8")
    assert load(None, tmp_path).settings.terminal.id == "gate-7"


def test_the_data_folder_follows_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GUICHET_DATA_DIR", str(tmp_path / "own"))
    assert data_dir() == tmp_path / "own"
    monkeypatch.delenv("GUICHET_DATA_DIR")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert data_dir() == tmp_path / "guichet"
    monkeypatch.setenv("XDG_DATA_HOME", "not/absolute")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert data_dir() == tmp_path / ".local" / "share" / "guichet"


def test_every_default_is_inside_its_own_range() -> None:
    assert parse("", "defaults") == Settings()
    assert fingerprint(Settings()) == fingerprint(parse("", "x"))


def test_every_setting_has_a_meaning_and_the_page_is_drawn_from_the_schema() -> None:
    assert all(one.meaning and one.allowed and one.default for one in described())
    assert (ROOT / "docs" / "settings.md").read_text(encoding="utf-8") == page()


def test_shown_text_is_printable_and_bounded() -> None:
    assert shown("a\x1b[31m\u202eb") == "a\N{REPLACEMENT CHARACTER}[31m\N{REPLACEMENT CHARACTER}b"
    assert shown("x" * 200).endswith("…")
