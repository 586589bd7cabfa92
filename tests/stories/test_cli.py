"""The command line as an operator meets it: real processes, exit statuses, one owner of the store, a clean stop."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from kiosk.__main__ import main

ROOT = Path(__file__).parents[2]
LIMIT_S = 120

Guichet = Callable[..., "subprocess.CompletedProcess[str]"]


def environment(data: Path, **more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "GUICHET_DATA_DIR": str(data), **more}


def run_guichet(data: Path, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "kiosk", *arguments],
        env=environment(data, **more), cwd=data, capture_output=True, text=True, timeout=LIMIT_S, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def guichet(data: Path) -> Guichet:
    def run(*arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
        return run_guichet(data, *arguments, **more)

    return run


@pytest.fixture(scope="module")
def sold(guichet: Guichet) -> dict[str, Any]:
    done = guichet(
        "sell", "--from", "aldermoor-central", "--to", "bellmar", "--adult", "2", "--child", "1", "--receipt"
    )
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


@pytest.fixture
def own_data(data: Path, sold: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    assert sold["sale_id"]  # the timetable is there by now
    monkeypatch.setenv("GUICHET_DATA_DIR", str(data))


def test_a_sale_without_a_screen_is_delivered_and_its_paper_reads_back(sold: dict[str, Any]) -> None:
    assert sold["outcome"] == "delivered"
    assert sold["is_at_rest"]
    assert sold["price"] == sold["paid"]
    tickets = [each for each in sold["documents"] if each["kind"] == "ticket"]
    assert tickets
    for ticket in tickets:
        codes = zxingcpp.read_barcodes(Image.open(ticket["png"]).convert("L"))
        assert [code.text for code in codes] == [ticket["secret"]]
        assert Path(ticket["raw"]).stat().st_size > 0


def test_what_was_sold_is_found_on_the_platform(guichet: Guichet, sold: dict[str, Any]) -> None:
    found = json.loads(guichet("platform", "find", sold["codes"][0]).stdout)
    assert found["sale_id"] == sold["sale_id"]
    secrets = {each["secret"] for each in sold["documents"] if each["kind"] == "ticket"}
    assert secrets <= {part["secret"] for part in found["parts"]}


def test_a_booking_made_elsewhere_is_picked_up_once(guichet: Guichet) -> None:
    booked = json.loads(guichet("platform", "book", "--from", "aldermoor-central", "--to", "Lanshan").stdout)
    done = guichet("sell", "--pick-up", booked["code"])
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["outcome"] == "delivered"


def test_a_booking_put_on_a_card_is_picked_up_by_the_card(guichet: Guichet) -> None:
    booked = guichet("platform", "book", "--event", "museum-day", "--adult", "2", "--medium", "04A1B2C3D4E5F6")
    secrets = {part["secret"] for part in json.loads(booked.stdout)["parts"]}
    done = guichet("sell", "--medium", "04a1b2c3d4e5f6")
    assert done.returncode == 0, done.stderr
    assert {each["secret"] for each in json.loads(done.stdout)["documents"]} == secrets
    again = guichet("sell", "--medium", "04a1b2c3d4e5f6")
    assert (again.returncode, "pickup.already_printed" in again.stderr or "left to be printed" in again.stderr) == (
        3,
        True,
    )
    unknown = guichet("sell", "--medium", "04:ff:ff:ff:ff:ff:ff")
    assert unknown.returncode == 3
    assert "Nothing is stored for that card." in unknown.stderr
    assert guichet("sell", "--medium", "04ZZ").returncode == 2


@pytest.mark.parametrize("words", [("NaN",), ("12.345",), ("99999999999999",), ("20.00", "--medium", "xx")])
def test_a_gift_card_of_no_such_amount_or_chip_is_refused_in_words(guichet: Guichet, words: tuple[str, ...]) -> None:
    refused = guichet("platform", "gift-card", *words)
    assert refused.returncode == 3
    assert "Traceback" not in refused.stderr
    assert "gift-card 25.00" in refused.stderr


def test_with_the_link_down_seats_are_refused_and_journeys_go_on(guichet: Guichet) -> None:
    assert guichet("platform", "link", "down").returncode == 0
    try:
        seats = guichet("sell", "--event", "winters-tale", "--best", "2")
        assert seats.returncode == 3
        assert "The platform cannot be reached. Nothing was sold" in seats.stderr
        journey = guichet("sell", "--from", "aldermoor-central", "--to", "bellmar", "--tender", "cash")
        assert journey.returncode == 0, journey.stderr
        assert json.loads(guichet("store", "queue").stdout)["queue_depth"] > 0
    finally:
        assert guichet("platform", "link", "up").returncode == 0
    code = json.loads(journey.stdout)["codes"][0]
    guichet("sell", "--event", "museum-day", "--adult", "1")  # a later start brings what waited
    assert guichet("platform", "find", code).returncode == 0


def test_the_store_verifies(guichet: Guichet, sold: dict[str, Any]) -> None:
    assert sold["sale_id"]
    verified = guichet("store", "verify")
    assert verified.returncode == 0, verified.stderr
    assert json.loads(verified.stdout)["findings"] == []


def test_export_and_backup_go_where_they_are_told(guichet: Guichet, sold: dict[str, Any], tmp_path: Path) -> None:
    exported = guichet("store", "export", str(tmp_path / "export"))
    assert exported.returncode == 0, exported.stderr
    assert all(sold["sale_id"] for _ in json.loads(exported.stdout)["files"])
    backed = guichet("store", "backup", str(tmp_path / "backup"), "--recovery-key", "09" + "00" * 31)
    assert backed.returncode == 0, backed.stderr
    assert [Path(file).exists() for file in json.loads(backed.stdout)["files"]]


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        ((), 2, "COMMAND"),
        (("dance",), 2, "dance"),
        (("sell",), 2, "Say what to sell"),
        (("sell", "--from", "nowhere-at-all", "--to", "bellmar"), 3, "nowhere-at-all"),
        (("sell", "--from", "aldermoor-central", "--to", "bellmar", "--depart", "soon"), 3, "A time is written"),
        (("sell", "--from", "aldermoor-central", "--to", "bellmar", "--rider", "ghost=1"), 3, "Nobody travels as"),
        (("sell", "--from", "aldermoor-central", "--to", "bellmar", "--rider", "adult=many"), 2, "CATEGORY=N"),
        (("sell", "--event", "no-such-event"), 3, "Nothing is on called"),
        (("platform", "find", "NOSUCHCODE"), 3, "No booking"),
        (("platform", "link", "sideways"), 3, "The link can be"),
        (("store", "export"), 3, "Name a new or empty folder"),
        (("store", "backup", "x", "--recovery-key", "zz"), 3, "64 hexadecimal digits"),
        (("claim", "verify", "GCS1.x.y", "--key", "00" * 32), 3, "damaged"),
        (("settings", "check", "/nonexistent.toml"), 6, "no such file"),
        (("doctor", "--settings", "/nonexistent.toml"), 6, "no such file"),
        (("stop",), 3, "No terminal is running"),
        (("demo", "--out", "out", "--story", "unheard-of"), 3, "No story is called"),
    ],
)
def test_refusals_are_a_sentence_and_a_status(
    own_data: None, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], status: int, words: str
) -> None:
    assert own_data is None
    try:
        ended = main(arguments)
    except SystemExit as end:
        ended = int(end.code or 0)
    told = capsys.readouterr()
    assert ended == status, told.err
    assert words in told.out + told.err


def test_a_kiosk_without_a_display_says_what_to_do(data: Path) -> None:
    hidden = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""}
    done = run_guichet(data, "kiosk", **hidden)
    assert done.returncode == 6
    assert "guichet demo" in done.stderr


def test_a_running_kiosk_owns_the_store_answers_commands_and_stops_cleanly(data: Path) -> None:
    kiosk = subprocess.Popen(
        [sys.executable, "-m", "kiosk", "kiosk"],
        env=environment(data, QT_QPA_PLATFORM="offscreen", QT_QUICK_BACKEND="software"), cwd=data,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert wait_for_socket(data, kiosk)
        second = run_guichet(data, "kiosk", QT_QPA_PLATFORM="offscreen")
        assert second.returncode == 6
        assert "already running" in second.stderr
        examined = run_guichet(data, "doctor", "--json")
        assert json.loads(examined.stdout)["capabilities"]["can_sell_journeys"]
        sold = run_guichet(data, "sell", "--event", "museum-day", "--adult", "1")
        assert sold.returncode == 0, sold.stderr
        kiosk.send_signal(signal.SIGTERM)
        assert kiosk.wait(LIMIT_S) == 0
        assert not (data / "control.sock").exists()
    finally:
        kiosk.kill()
        _, said = kiosk.communicate()
    assert "Traceback" not in said


@pytest.mark.parametrize("device", ["printer", "payment"])
def test_an_emulator_serves_until_it_is_stopped(tmp_path: Path, device: str) -> None:
    papers = tmp_path / "papers"
    emulator = subprocess.Popen(
        [sys.executable, "-m", "kiosk", "emulator", device, str(papers), "--port", "0"],
        env=environment(tmp_path), cwd=tmp_path, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        pause = threading.Event()
        for _ in range(LIMIT_S * 10):
            if (papers / "address").exists() or emulator.poll() is not None:
                break
            pause.wait(0.1)
        assert (papers / "address").exists()
        emulator.send_signal(signal.SIGTERM)
        assert emulator.wait(LIMIT_S) == 0
    finally:
        emulator.kill()
        emulator.wait(LIMIT_S)


def wait_for_socket(data: Path, kiosk: "subprocess.Popen[str]") -> bool:
    pause = threading.Event()
    for _ in range(LIMIT_S * 10):
        if (data / "control.sock").exists():
            return True
        if kiosk.poll() is not None:
            return False
        pause.wait(0.1)
    return False
