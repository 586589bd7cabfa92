"""A claim is found by its short code or its slip, pays what is owed as the sale stands now, and is settled once."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from hardware.printer import FaultKind
from kiosk.__main__ import main
from kiosk.application.claim_book import CLAIM_SETTLED, ClaimRefused
from kiosk.application.ordering import SaleOrder
from kiosk.application.print_desk import claim_facts
from kiosk.application.selling import sell
from kiosk.application.settings_file import load
from kiosk.application.terminal import Terminal
from kiosk.bootstrap import Start, open_terminal
from offline_store import CommitUncertain, Store

SEATS = SaleOrder(event="winters-tale", best=2)
LIMIT_S = 60.0
TIMES = "platform_write_s = 1.0\nconfirm_wait_s = 0.2\npaper_wait_s = 0.2\nreversal_s = 5.0\n"
FORGED = "GCS1.W10.AAAA"


def at_terminal(folder: Path, story: Callable[[Terminal], Awaitable[Any]]) -> Any:
    file = folder / "settings.toml"
    file.write_text(f"[timeouts]\n{TIMES}", encoding="utf-8")

    async def opened() -> Any:
        async with open_terminal(Start(load(file, folder / "data"), folder / "data")) as terminal:
            async with asyncio.timeout(LIMIT_S):
                return await story(terminal)

    return asyncio.run(opened())


async def owed_sale(terminal: Terminal, fault: str = "reversal_refused") -> dict[str, Any]:
    """Sell seats that cannot be printed, at a payment device that will not give the money back."""
    device: Any = terminal.devices.payment
    for printer in terminal.devices.printers:
        printer.faults.start(FaultKind.PAPER_OUT)
    device.start_fault(fault)
    sold = await sell(terminal, SEATS)
    assert sold["outcome"] == "claim"
    device.stop_fault(fault)
    for printer in terminal.devices.printers:
        printer.faults.stop()
    return sold


def command(folder: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any, str]:
    given = ["--data", str(folder / "data"), "--settings", str(folder / "settings.toml")]
    status = main(["claim", *arguments, *given])
    out, err = capsys.readouterr()
    return status, json.loads(out) if out else None, err


def test_a_claim_is_found_by_its_code_and_by_its_slip_and_settled_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def story(terminal: Terminal) -> tuple[dict[str, Any], str]:
        sold = await owed_sale(terminal)
        kept = terminal.till.sale(sold["sale_id"])
        return sold, terminal.signer.sign(claim_facts(kept))

    sold, slip = at_terminal(tmp_path, story)
    code, price = sold["claim"], sold["price"]
    spoken = f"{code[:4]} {code[4:8]}-{code[8:]}".lower()
    for text in (code, spoken):
        status, claim, _ = command(tmp_path, capsys, "verify", text)
        assert (status, claim["sale"], claim["due"], claim["is_open"]) == (0, sold["sale_id"], price, True)
    status, claim, _ = command(tmp_path, capsys, "verify", slip)
    assert (status, claim["owed"], claim["now"]["due"]) == (0, price, price)
    assert command(tmp_path, capsys, "list")[1]["claims"][0]["claim"] == code
    status, claim, told = command(tmp_path, capsys, "settle", spoken, "--way", "bank", "--note", "transfer 41")
    assert (status, claim["pay_out"], claim["is_open"], claim["due"]["minor"]) == (0, price, False, 0)
    assert "keep the slip" in told
    [settled] = claim["settled"]
    assert (settled["way"], settled["note"], settled["actor"]) == ("bank", "transfer 41", "clerk:command-line")
    status, _, told = command(tmp_path, capsys, "settle", code, "--way", "cash")
    assert status != 0
    assert "settled already" in told
    assert command(tmp_path, capsys, "list")[1]["claims"] == []
    assert command(tmp_path, capsys, "list", "--all")[1]["claims"][0]["settled"] == [settled]
    assert command(tmp_path, capsys, "verify", slip)[1]["now"]["is_open"] is False


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("verify", "ABCD EFGH JKLM"), "No claim of this terminal"),
        (("verify", "ABCD"), "12 letters and digits"),
        (("verify", "A" * 5000), "12 letters and digits"),
        (("verify", "\x1b[31mABCDEFGH"), "12 letters and digits"),
        (("verify", FORGED), "not of this terminal"),
        (("settle", "ABCDEFGHJKLM", "--way", "cash", "--note", "two\nlines"), "one line"),
        (("settle", "ABCDEFGHJKLM", "--way", "cash"), "No claim of this terminal"),
    ],
)
def test_what_is_no_claim_is_refused_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    async def opened(_: Terminal) -> None:
        return None

    at_terminal(tmp_path, opened)
    status, shown, told = command(tmp_path, capsys, *arguments)
    assert (status, shown) != (0, None)
    assert said in told
    assert "\x1b" not in told


def test_money_in_doubt_is_not_paid_out_until_the_device_has_spoken(tmp_path: Path) -> None:
    async def story(terminal: Terminal) -> None:
        device: Any = terminal.devices.payment
        device.start_fault("query_lost")
        device.start_fault("answer_lost_after_charge", times=1)
        sold = await sell(terminal, SEATS)
        assert sold["outcome"] == "claim"
        claim = await terminal.claims.find(sold["claim"])
        assert (claim.due.minor, claim.doubtful.minor, claim.is_open) == (0, sold["price"]["minor"], True)
        with pytest.raises(ClaimRefused, match="not known yet") as refused:
            await terminal.claims.settle(claim.id, "cash", "clerk:ann")
        assert refused.value.key == "claim.in_doubt"

    at_terminal(tmp_path, story)


def test_two_clerks_at_once_pay_once(tmp_path: Path) -> None:
    async def story(terminal: Terminal) -> None:
        sold = await owed_sale(terminal)
        asks = (terminal.claims.settle(sold["claim"], "cash", f"clerk:{name}") for name in ("ann", "bob"))
        done = await asyncio.gather(*asks, return_exceptions=True)
        assert [type(each).__name__ for each in done] == ["ClaimStanding", "ClaimRefused"]
        claim = await terminal.claims.find(sold["claim"])
        assert [each.actor for each in claim.settlements] == ["clerk:ann"]
        with pytest.raises(ClaimRefused, match="one of"):
            await terminal.claims.settle(sold["claim"], "shells", "clerk:ann")

    at_terminal(tmp_path, story)


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_settlement_of_which_the_disk_cannot_tell_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_kept: bool
) -> None:
    async def story(terminal: Terminal) -> None:
        sold = await owed_sale(terminal)
        append = Store.append

        async def doubtful(self: Store, rows: Any, *rest: Any, **more: Any) -> Any:
            if rows[0].kind != CLAIM_SETTLED:
                return await append(self, rows, *rest, **more)
            if is_kept:
                await append(self, rows, *rest, **more)
            raise CommitUncertain("store.commit_uncertain")

        monkeypatch.setattr(Store, "append", doubtful)
        if is_kept:
            claim = await terminal.claims.settle(sold["claim"], "cash", "clerk:ann")
            assert [each.actor for each in claim.settlements] == ["clerk:ann"]
        else:
            with pytest.raises(ClaimRefused) as refused:
                await terminal.claims.settle(sold["claim"], "cash", "clerk:ann")
            assert refused.value.key == "claim.not_written"

    at_terminal(tmp_path, story)
