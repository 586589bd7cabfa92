"""`guichet store …` looks at the store, copies it and makes one of a copy; it never changes what was sold.

`verify`, `queue`, `export DIR`, `backup DIR --recovery-key HEX`, `restore DIR --recovery-key-file FILE` and
`forget SALE_ID`.
"""

import argparse
from pathlib import Path
from typing import Any

from kiosk.application.control import NotDone
from kiosk.application.questions import STILL_OWED
from kiosk.application.selling import CLERK
from kiosk.application.store_words import store_sentence
from kiosk.bootstrap import Start, open_store
from kiosk.commands.start import DONE, WRONG, add_start_arguments, ask_or_do, guarded, say, show, start_of
from offline_store import SaleStillOwed, Store, StoreDamaged, StoreError, restore

KEY_HEX_CHARS = 64


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("act", choices=("verify", "queue", "export", "backup", "restore", "forget"))
    parser.add_argument(
        "dir",
        nargs="?",
        metavar="DIR|SALE_ID",
        help="new or empty folder for export and backup, a backup for restore; sale to forget",
    )
    parser.add_argument(
        "--recovery-key", default="", metavar="HEX", help="the operator's public X25519 key, for backup"
    )
    parser.add_argument(
        "--recovery-key-file", type=Path, metavar="FILE",
        help="file with the operator's private key, 64 hexadecimal digits, for restore",
    )  # fmt: skip
    add_start_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Run it."""
    work = _restore if options.act == "restore" else _act
    return guarded(lambda: work(start_of(options), options))


def _restore(start: Start, options: argparse.Namespace) -> int:
    """Make this terminal's store of a backup, where it has none yet."""
    if options.dir is None or options.recovery_key_file is None:
        raise NotDone("no_dir", "Name backup and key: guichet store restore DIR --recovery-key-file FILE")
    try:
        key = bytes.fromhex(options.recovery_key_file.read_text(encoding="ascii").strip())
        head = restore(Path(options.dir), start.settings.store_dir(start.data), key)
    except (OSError, ValueError) as trouble:
        raise NotDone("no_backup", f"Backup or key cannot be read ({trouble}). Nothing was changed.") from None
    except StoreError as trouble:
        raise NotDone("store", f"{store_sentence(trouble)} Nothing was changed.") from None
    show({"journal_seq": head.seq, "journal_head": head.hash.hex()})
    return DONE


def _act(start: Start, options: argparse.Namespace) -> int:
    arguments = _arguments(options)

    async def alone(start: Start) -> Any:
        async with open_store(start) as store:
            return await ALONE[options.act](store, arguments)

    try:
        result = ask_or_do(start, f"store.{options.act}", arguments, alone)
    except StoreDamaged as damage:
        if options.act != "verify":
            raise NotDone("store", f"{store_sentence(damage)} Nothing was changed.") from None
        show({"findings": list(damage.findings)})
        say(store_sentence(damage))
        return WRONG
    except StoreError as trouble:
        raise NotDone("store", f"{store_sentence(trouble)} Nothing was changed.") from None
    show(result)
    if options.act == "verify":
        say("Both journals are whole." if not result["findings"] else "Something is not as it was written: see above.")
        return WRONG if result["findings"] else DONE
    return DONE


def _arguments(options: argparse.Namespace) -> dict[str, Any]:
    if options.act == "forget":
        if not options.dir:
            raise NotDone("no_sale", "Name the sale: guichet store forget SALE_ID")
        return {"sale_id": options.dir}
    if options.act not in {"export", "backup"}:
        return {}
    if options.dir is None:
        raise NotDone("no_dir", f"Name a new or empty folder: guichet store {options.act} DIR")
    arguments = {"dir": str(Path(options.dir).absolute())}
    if options.act == "backup":
        key = options.recovery_key.lower()
        if len(key) != KEY_HEX_CHARS or set(key) - set("0123456789abcdef"):
            raise NotDone("no_key", "Give the operator's public key: --recovery-key with 64 hexadecimal digits.")
        arguments["recovery_key"] = key
    return arguments


async def _verify(store: Store, _: dict[str, Any]) -> dict[str, Any]:
    head = await store.head()
    return {"findings": list(await store.verify()), "journal_seq": head.seq, "journal_head": head.hash.hex()}


async def _queue(store: Store, _: dict[str, Any]) -> dict[str, Any]:
    figures = await store.stream_figures()
    streams = [
        {"stream": each.stream, "ready": each.ready, "parked": each.parked, "blocked": each.blocked_cause}
        for each in figures
    ]
    return {"queue_depth": sum(each.ready + each.parked for each in figures), "streams": streams}


async def _export(store: Store, arguments: dict[str, Any]) -> dict[str, Any]:
    return {"files": [str(file) for file in await store.export(Path(arguments["dir"]))]}


async def _backup(store: Store, arguments: dict[str, Any]) -> dict[str, Any]:
    made = await store.backup(Path(arguments["dir"]), bytes.fromhex(arguments["recovery_key"]))
    return {"files": [str(file) for file in sorted(made.folder.iterdir())]}


async def _forget(store: Store, arguments: dict[str, Any]) -> dict[str, Any]:
    try:
        await store.forget(arguments["sale_id"], str(CLERK))
    except SaleStillOwed:
        raise NotDone("still_owed", STILL_OWED) from None
    return {"sale_id": arguments["sale_id"], "forgotten": True}


ALONE = {"verify": _verify, "queue": _queue, "export": _export, "backup": _backup, "forget": _forget}
