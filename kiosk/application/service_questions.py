"""What a technician asks of a running terminal at its control socket; each act is journalled with its actor."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from kiosk.application.control import NotDone
from kiosk.application.inputs import CodeRead, Input
from kiosk.application.private_file import write_private
from kiosk.application.service import noted_first
from kiosk.application.service_access import shown
from kiosk.application.service_actor import TECHNICIAN
from kiosk.application.settings_code import SettingsCodeRefusedError
from kiosk.application.settings_intake import Proposal, name_operator, operator_key, take_code, weigh_code
from kiosk.application.support_bundle import bundle
from kiosk.application.terminal import Terminal

REASON_CHARS_MAX = 200
SCAN_S = 60.0
Doctor = Callable[[Terminal, dict[str, Any]], Awaitable[dict[str, Any]]]


async def out_of_service(terminal: Terminal, arguments: dict[str, Any]) -> dict[str, Any]:
    """Take a device out of service: nothing that needs it is offered until it is put back."""
    device_id, reason = _device(terminal, arguments), str(arguments.get("reason") or "")
    if len(reason) > REASON_CHARS_MAX or not all(letter.isprintable() for letter in reason):
        raise NotDone("bad_arguments", f"A reason has at most {REASON_CHARS_MAX} letters and stands on one line.")
    await take_out(terminal, device_id, reason, str(TECHNICIAN))
    return {"device_id": device_id, "out_of_service": True}


async def into_service(terminal: Terminal, arguments: dict[str, Any]) -> dict[str, Any]:
    """Put a device into service again."""
    device_id = _device(terminal, arguments)
    if not await put_back(terminal, device_id, str(TECHNICIAN)):
        raise NotDone("in_service", "That device is in service already.")
    if device_id in terminal.alarms:
        raise NotDone(
            "alarm_stands", "It is written down that you looked. The device still says so: it stays out of service."
        )
    return {"device_id": device_id, "out_of_service": False}


async def take_out(terminal: Terminal, device_id: str, reason: str, actor: str) -> None:
    """Take a device out of service, durably, and note who did it and why. Raises OSError, StoreError: it was not."""
    facts = {"device_id": device_id, "reason": reason}
    out = terminal.out_of_service
    await noted_first(terminal.acts, actor, "out_of_service", facts, lambda: out.put(device_id, reason))
    await terminal.supervision.look()


async def put_back(terminal: Terminal, device_id: str, actor: str) -> bool:
    """Put a device into service again, durably, and note who did it; False where it was in service.

    That answers for an alarm, too; where the device itself still says so, the look that follows raises it again.

    Raises:
        OSError, StoreError: it was not put into service.
    """
    out, alarm = terminal.out_of_service, await terminal.alarms.acknowledge(device_id, actor)
    if alarm is None and device_id not in out:
        return False
    facts = {"device_id": device_id}
    await noted_first(terminal.acts, actor, "into_service", facts, lambda: out.take_back(device_id))
    await terminal.supervision.look()
    return True


async def new_code(terminal: Terminal, _: dict[str, Any]) -> dict[str, Any]:
    """Make a new service code in place of the old one; it is told here and never again."""
    made: list[str] = []  # told only once it is journalled and kept; where it is not, the old one stays
    make = terminal.access.make
    await noted_first(terminal.acts, str(TECHNICIAN), "new_service_code", {}, lambda: made.append(make()))
    return {"service_code": shown(made[0])}


async def scan_settings(terminal: Terminal, _: dict[str, Any]) -> dict[str, Any]:
    """Wait for a settings code at the scanner and tell what it would change; other codes go to their page."""
    found: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def catch(read: Input) -> bool:
        is_wanted = isinstance(read, CodeRead) and terminal.intake.is_code(read.text) and not found.done()
        if is_wanted:
            found.set_result(read.text)  # type: ignore[union-attr]
        return is_wanted

    end = terminal.inputs.catch(catch)
    try:
        text = await asyncio.wait_for(found, SCAN_S)
        proposal = await weigh_code(terminal.intake, terminal.acts, str(TECHNICIAN), text)
    except TimeoutError:
        raise NotDone("no_code", f"No settings code was scanned within {SCAN_S:g} s.") from None
    except SettingsCodeRefusedError as refused:
        raise NotDone("refused", f"{refused} Nothing was changed.") from None
    finally:
        end()
    return _proposed(proposal)


async def take_settings(terminal: Terminal, arguments: dict[str, Any]) -> dict[str, Any]:
    """Take a settings code, given whole or by the name of the one scanned last."""
    given = str(arguments["code"])
    text = terminal.intake.text_of(given) or given
    return _proposed(await take_code(terminal.intake, terminal.acts, str(TECHNICIAN), text))


async def trust_operator(terminal: Terminal, arguments: dict[str, Any]) -> dict[str, Any]:
    """Take the settings codes of this operator, and of no other, from now on."""
    operator, is_anew = operator_key(str(arguments["operator"])), bool(arguments.get("is_anew"))
    await name_operator(terminal.intake, terminal.acts, str(TECHNICIAN), operator, is_anew=is_anew)
    return {"operator": operator.hex()}


def _proposed(proposal: Proposal) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(proposal)
    return told


def bundled(doctor: Doctor) -> Doctor:
    """Return the answer that writes a support bundle; `doctor` says how everything is."""

    async def answer(terminal: Terminal, arguments: dict[str, Any]) -> dict[str, Any]:
        file = Path(str(arguments["file"]))
        if not file.is_absolute():
            raise NotDone("bad_arguments", "Name the file by its whole path.")
        if await asyncio.to_thread(file.exists):
            raise NotDone("exists", "There is a file of that name already. Name another one.")
        raw = bundle(terminal, await doctor(terminal, {}), await terminal.store.findings())
        try:
            await asyncio.to_thread(write_private, file, raw)
        except OSError as trouble:
            raise NotDone("not_written", f"The bundle cannot be written: {trouble.strerror}.") from None
        await terminal.acts.note(str(TECHNICIAN), "support_bundle", {"bytes": len(raw)})
        return {"file": str(file), "bytes": len(raw)}

    return answer


def _device(terminal: Terminal, arguments: Mapping[str, Any]) -> str:
    device_id = str(arguments["device_id"])
    known = [each.device_id for each in terminal.devices.all()]
    if device_id not in known:
        raise NotDone("no_device", f"No device of this terminal has that id. There are: {', '.join(known)}.")
    return device_id
