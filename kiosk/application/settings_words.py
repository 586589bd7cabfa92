"""What a setting may be, in words, read off the schema: for the sentence of a refusal and for docs/settings.md."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from msgspec import Struct, inspect

from kiosk.application.settings import Settings

# Patterns of the schema in an operator's words.
FORMS = {
    "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$": "a language tag such as en or zh-CN",
    "^([a-z]{2,3}(-[A-Za-z0-9]{2,8})?)?$": "a language tag such as en or zh-CN, or nothing",
    "^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$": "1 to 40 letters, digits, dots, dashes or underscores",
    "^[a-z][a-z0-9_]*([.][a-z][a-z0-9_]*){1,2}$": "family.driver, such as printer.simulator",
    "^[a-z_]{0,20}$": "at most 20 small letters or underscores",
    "^(https?://[^ /]{1,253}(/[^ ]*)?)?$": "an address such as https://tickets.example.org, or nothing",
    "^[A-Za-z0-9._-]{0,50}$": "at most 50 letters, digits, dots, dashes or underscores",
    "^([0-9.]{7,15}/[0-9]{1,2})?$": "a network such as 192.168.7.0/24, or nothing",
    "^[A-Z]{3}$": "three capital letters such as EUR",
}


class Described(Struct, frozen=True):
    """One setting of the schema: key, meaning, allowed values and default, all in words."""

    key: str
    meaning: str
    allowed: str
    default: str


def unwrapped(kind: inspect.Type) -> tuple[inspect.Type, str]:
    """Return a type without its metadata, and the description found in it."""
    meaning = ""
    while isinstance(kind, inspect.Metadata):
        meaning = (kind.extra_json_schema or {}).get("description", meaning)
        kind = kind.type
    return kind, meaning


def fields_at(path: tuple[str, ...]) -> tuple[inspect.Field, ...]:
    """Return the settings at a path of the schema, such as ("timeouts",); none where it leads nowhere."""
    at = type_at(path)
    if isinstance(at, inspect.VarTupleType):
        at, _ = unwrapped(at.item_type)
    return at.fields if isinstance(at, inspect.StructType) else ()


def type_at(path: tuple[str, ...]) -> inspect.Type | None:
    """Return the type at a path; list positions are left out of paths."""
    at: inspect.Type = inspect.type_info(Settings)
    for key in path:
        at, _ = unwrapped(at)
        while isinstance(at, inspect.VarTupleType):
            at, _ = unwrapped(at.item_type)
        found = next((each for each in getattr(at, "fields", ()) if each.name == key), None)
        if found is None:
            return None
        at = found.type
    at, _ = unwrapped(at)
    return at


def allowed(kind: inspect.Type) -> str:
    """Return what a value may be, in words."""
    kind, _ = unwrapped(kind)
    words = next((each for wanted, each in _WORDS if isinstance(kind, wanted)), None)
    return words(kind) if words else "a table of keys"


def _text(kind: inspect.StrType) -> str:
    if kind.pattern:
        return FORMS[kind.pattern]
    return f"a text of {kind.min_length or 0} to {kind.max_length} characters"


def _list(kind: inspect.VarTupleType) -> str:
    item, _ = unwrapped(kind.item_type)
    if isinstance(item, inspect.StructType):
        return f"at most {kind.max_length} tables in [[double brackets]]"
    return f"a list of {kind.min_length or 0} to {kind.max_length}, each {allowed(item)}"


_WORDS: tuple[tuple[type[inspect.Type], Callable[[Any], str]], ...] = (
    (inspect.BoolType, lambda _: "true or false"),
    (inspect.IntType, lambda kind: f"a whole number from {kind.ge} to {kind.le}"),
    (inspect.FloatType, lambda kind: f"a number from {kind.ge:g} to {kind.le:g}"),
    (inspect.LiteralType, lambda kind: " or ".join(f'"{value}"' for value in kind.values)),
    (inspect.StrType, _text),
    (inspect.VarTupleType, _list),
    (inspect.DictType, lambda kind: f"a table of at most {kind.max_length} texts, numbers, true or false"),
)


def described() -> Iterator[Described]:
    """Give every setting in the order of the schema."""
    defaults = Settings()
    for table in fields_at(()):
        many = "[]" if table.name == "devices" else ""
        for each in fields_at((table.name,)):
            _, meaning = unwrapped(each.type)
            default = "(must be given)" if many and each.required else _default(defaults, table.name, each)
            yield Described(f"{table.name}{many}.{each.name}", meaning, allowed(each.type), default)


def _default(defaults: Settings, table: str, setting: inspect.Field) -> str:
    if table == "devices":
        return {"role": '""', "options": "{}"}[setting.name]
    return written(getattr(getattr(defaults, table), setting.name))


def written(value: Any) -> str:
    """Return a value as TOML writes it."""
    return msgspec.json.encode(value).decode()


def page() -> str:
    """Return docs/settings.md: every setting with its meaning, range and default."""
    rows = [f"| `{one.key}` | {one.meaning} | {one.allowed} | `{one.default}` |" for one in described()]
    return "\n".join([PAGE_HEAD, *rows, ""])


PAGE_HEAD = """# Settings

Drawn from `kiosk/application/settings.py` by `guichet settings page`; a test holds this page to it.

A settings file is TOML. Name it with `--settings FILE`; without the option `settings.toml` in the data folder is
read when it is there, and without any file the terminal sells the demo network in training. The data folder is
`$GUICHET_DATA_DIR`, else `$XDG_DATA_HOME/guichet`, else `~/.local/share/guichet`.

`guichet settings check FILE` reads a file without using it. A file that was read once is kept beside the store as
the last good copy; when the file cannot be read later, that copy stays in force and the technician sees why.
Unknown keys are refused, each with the nearest known one. Units stand last in a name: `_s` seconds, `_px` pixels,
`_mib` mebibytes.

| setting | meaning | allowed | default |
|---|---|---|---|"""
