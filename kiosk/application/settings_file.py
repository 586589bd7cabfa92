"""The settings file: TOML in, typed settings or a sentence out; the last good copy stays in force."""

import difflib
import hashlib
import os
import re
import tomllib
import unicodedata
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.inspect import VarTupleType

from kiosk.application.private_file import remove_private, write_private
from kiosk.application.settings import Settings, conflict
from kiosk.application.settings_words import allowed, fields_at, type_at

FILE_BYTES_MAX = 256 * 1024
SHOWN_CHARS_MAX = 60
# Controls, line and paragraph separators, and the bidi overrides that make a text read as another one.
UNWANTED = frozenset({"Cc", "Zl", "Zp", "Cs"})
BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_AT = re.compile(r"^(?P<what>.*?)(?: - at `\$\.?(?P<path>.*)`)?$", re.DOTALL)
_UNKNOWN = re.compile(r"^Object contains unknown field `(?P<name>.*)`$", re.DOTALL)
_MISSING = re.compile(r"^Object missing required field `(?P<name>.*)`$")


class SettingsProblem(Exception):  # noqa: N818 - read as what is wrong with a file
    """A settings file cannot be used; `str()` is the sentence for the operator."""

    def __init__(self, file: str, key: str, sentence: str) -> None:
        self.file = shown(file, chars_max=300)
        self.key = key
        where = f"{self.file}, {key}" if key else self.file
        super().__init__(f"{where}: {sentence}")


class LoadedSettings(Struct, frozen=True):
    """Settings in force, the file they come from ("" for the defaults), and why the named file is not in force.

    `file` is the file named, also where it is not in force; None for the data folder's own.
    """

    settings: Settings
    source: str
    problem: str = ""
    file: Path | None = None


def data_dir() -> Path:
    """Return the folder this terminal keeps its own files in: GUICHET_DATA_DIR, else by the XDG rules."""
    own = os.environ.get("GUICHET_DATA_DIR", "")
    if own:
        return Path(own).expanduser()
    shared = os.environ.get("XDG_DATA_HOME", "")
    root = Path(shared) if shared.startswith("/") else Path.home() / ".local" / "share"
    return root / "guichet"


def load(path: Path | None, data: Path) -> LoadedSettings:
    """Return the settings of a file, else its last good copy with the reason, else (no file named) the defaults.

    Raises:
        SettingsProblem: the file cannot be used and no good copy of it was kept.
    """
    file = path
    if path is None:
        default = data / "settings.toml"
        if not default.exists() and not last_good_path(default, data).exists():
            return LoadedSettings(Settings(), "")
        path = default
    try:
        named = read_text(path)
        text = taken_over(path, data, named)
        settings = parse(text, str(path) if text == named else "the settings code taken")
    except SettingsProblem as problem:
        kept = last_good_path(path, data)
        if not kept.exists():
            raise
        return LoadedSettings(parse(read_text(kept), str(kept)), str(kept), str(problem), file)
    if text == named:
        _forget_taken(path, data)
    _keep(text, last_good_path(path, data))
    return LoadedSettings(settings, str(path), file=file)


class _Taken(Struct, frozen=True):
    """Settings taken from a code in the place of a file, as long as the file is as it was then."""

    toml: str
    over: str


def take(toml: str, path: Path | None, data: Path) -> None:
    """Keep the settings of a code; they are in force from the next start, until the file named is changed by hand.

    A file that this terminal was started with may belong to the system: it is stood over, not written.
    """
    if path is None or path.absolute() == (data / "settings.toml").absolute():
        write_private(data / "settings.toml", toml.encode())
        return
    write_private(_taken_path(path, data), msgspec.json.encode(_Taken(toml, _digest(read_text(path)))))


def taken_over(path: Path, data: Path, text: str) -> str:
    """Return the settings taken by a code over a file, else the file's own text."""
    try:
        taken = msgspec.json.decode(_taken_path(path, data).read_bytes(), type=_Taken)
    except (OSError, msgspec.DecodeError):
        return text
    return taken.toml if taken.over == _digest(text) else text


def _forget_taken(path: Path, data: Path) -> None:
    """Forget what a code set over a file that is in force itself: its old text, put back, must not revive the code."""
    taken = _taken_path(path, data)
    if taken.exists():
        remove_private(taken)


def _taken_path(path: Path, data: Path) -> Path:
    return data / "service" / f"taken-{_digest(str(path.absolute()))[:12]}.json"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def last_good_path(path: Path, data: Path) -> Path:
    """Return where the last good copy of a settings file is kept; each file has its own."""
    return data / f"last-good-{_digest(str(path.absolute()))[:12]}.toml"


def _keep(text: str, kept: Path) -> None:
    raw = text.encode()
    if kept.exists() and kept.read_bytes() == raw:
        return
    write_private(kept, raw)  # as the file itself may be: a device's password may stand in it


def read_text(path: Path) -> str:
    """Return the text of a settings file, bounded and UTF-8."""
    file = str(path)
    if path.is_dir():
        raise SettingsProblem(file, "", "this is a folder. Name a settings file in TOML.")
    try:
        with path.open("rb") as source:
            raw = source.read(FILE_BYTES_MAX + 1)
    except FileNotFoundError:
        raise SettingsProblem(
            file, "", "there is no such file. Name one with --settings, or leave the option away for the demo."
        ) from None
    except OSError as trouble:
        reason = trouble.strerror or "cannot be read"
        raise SettingsProblem(file, "", f"it cannot be read ({reason}). Give this user the right to read it.") from None
    if len(raw) > FILE_BYTES_MAX:
        raise SettingsProblem(
            file, "", f"it is larger than {FILE_BYTES_MAX // 1024} KiB. This is not a settings file; name another."
        )
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as trouble:
        raise SettingsProblem(file, "", f"byte {trouble.start} is not UTF-8 text. Save the file as UTF-8.") from None


def parse(text: str, file: str) -> Settings:
    """Return the settings of a TOML text.

    Raises:
        SettingsProblem: names file, key, value, what is allowed and what to do.
    """
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as trouble:
        sentence = (
            f"this is not TOML: {shown(str(trouble), chars_max=120)}. Mend that line, then run: guichet settings check"
        )
        raise SettingsProblem(file, "", sentence) from None
    _refuse_controls(document, "", file)
    try:
        settings = msgspec.convert(document, Settings)
    except msgspec.ValidationError as trouble:
        raise _worded(str(trouble), document, file) from None
    broken = conflict(settings)
    if broken is not None:
        raise SettingsProblem(file, *broken)
    return settings


def _refuse_controls(value: Any, key: str, file: str) -> None:
    match value:
        case str():
            if any(unicodedata.category(char) in UNWANTED or char in BIDI for char in value):
                raise SettingsProblem(
                    file, key, f"“{shown(value)}” holds a control character. Type the value again by hand."
                )
        case dict():
            for name, each in value.items():
                _refuse_controls(name, key, file)
                _refuse_controls(each, f"{key}.{name}" if key else name, file)
        case list():
            for index, each in enumerate(value):
                _refuse_controls(each, f"{key}[{index}]", file)
        case _:
            return


def _worded(message: str, document: dict[str, Any], file: str) -> SettingsProblem:
    found = _AT.match(message)
    what, path = (found["what"], found["path"] or "") if found else (message, "")
    keys = re.findall(r"[^.\[\]]+|\[(?:\d+|\.\.\.)\]", path)
    unknown, missing = _UNKNOWN.match(what), _MISSING.match(what)
    if unknown:
        return SettingsProblem(file, _joined([*keys, unknown["name"]]), _unknown_sentence(unknown["name"], keys))
    if missing:
        return SettingsProblem(
            file, _joined(keys), f"“{missing['name']}” is missing. Add a line: {missing['name']} = …"
        )
    kind = type_at(_path(keys))
    words = (
        allowed(kind.item_type if isinstance(kind, VarTupleType) and keys[-1].startswith("[") else kind)
        if kind
        else what
    )
    return SettingsProblem(
        file, _joined(keys), f"{shown(repr(_value_at(document, keys)))} is not allowed. Use {words}."
    )


def _path(keys: list[str]) -> tuple[str, ...]:
    return tuple(key for key in keys if not key.startswith("["))


def _joined(keys: list[str]) -> str:
    return shown(".".join(keys).replace(".[", "["), chars_max=120)


def _unknown_sentence(name: str, keys: list[str]) -> str:
    known = [each.name for each in fields_at(_path(keys))]
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    hint = f"Did you mean “{near[0]}”?" if near else f"Known here: {', '.join(known)}."
    return f"“{shown(name)}” is not a setting. {hint}"


def _value_at(document: Any, keys: list[str]) -> Any:
    at = document
    for key in keys:
        if key.startswith("["):
            index = int(key[1:-1]) if key[1:-1].isdigit() else None
            at = at[index] if index is not None and isinstance(at, list) and index < len(at) else at
        elif isinstance(at, dict) and key in at:
            at = at[key]
    return at


def shown(text: str, *, chars_max: int = SHOWN_CHARS_MAX) -> str:
    """Return a foreign text safe to show: printable, on one line, bounded."""
    clean = "".join(
        char if char.isprintable() and char not in BIDI else "\N{REPLACEMENT CHARACTER}"
        for char in text[: chars_max + 1]
    )
    return clean if len(clean) <= chars_max else clean[: chars_max - 1] + "…"
