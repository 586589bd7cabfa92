"""Play a story at a running face and judge how it ended."""

import asyncio
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, assert_never

from hardware.cash import CashSimulator
from hardware.printer import FaultKind, SimulatedPrinter
from hardware.scanner import ScannerSimulator
from kiosk.application.selling import outcome
from kiosk.application.terminal import Terminal
from kiosk.demo.driver import Driver, NotFoundInTime
from kiosk.demo.report import StoryReport
from kiosk.demo.steps import (
    AwaitPaper,
    AwaitStage,
    AwaitSynced,
    BookElsewhere,
    InsertCash,
    LookFrom,
    Picture,
    PlayFault,
    PlayLink,
    Press,
    ScanBooking,
    See,
    Step,
    Story,
    Tap,
    Type,
)
from kiosk.domain.sale.document import DocumentState
from kiosk.domain.sale.sale import Sale, Stage

SETTLE_S = 60.0
PROOF_S = 5.0
LOOK_S = 0.1
PATIENCE_S = 6.0
DRIVING = ("Driver.", "Player.")  # taking pictures costs the loop; no terminal does it


class Hands:
    """What only the one who joined the parts can do: play the link, book as another channel, open another face."""

    def __init__(
        self, play_link: Callable[[str], None], book: Callable[[BookElsewhere], Any], open_face: Callable[[str], Any]
    ) -> None:
        self.play_link = play_link
        self.book = book
        self.open_face = open_face


class Player:
    """Play one story."""

    def __init__(self, terminal: Terminal, driver: Driver, hands: Hands, report: StoryReport) -> None:
        self._terminal = terminal
        self._driver = driver
        self._hands = hands
        self._report = report
        self._sales: dict[str, Sale] = {}
        self._code = ""
        self._tapped = ""

    async def play(self, story: Story) -> None:
        """Play all steps; what does not come about is a finding, with a picture of what was there instead."""
        self._report.began_s = time.monotonic()
        end = self._terminal.till.subscribe(self._note)
        try:
            for step in story.steps:
                picture = await self._do(step)
                self._report.step(repr(step), picture)
            await self._settle()
        except (NotFoundInTime, TimeoutError) as trouble:
            self._report.findings.append(str(trouble) or type(trouble).__name__)
            self._report.step("stopped here", await self._driver.picture("stopped-here"))
        finally:
            end()
        await self._judge(story)

    def _note(self, sale: Sale) -> None:
        self._sales[sale.id] = sale

    async def _do(self, step: Step) -> Any:
        match step:
            case Picture() | LookFrom():
                return await self._picture(step)
            case Tap():
                await self._driver.tap(step.name)
                self._tapped = step.name
            case See():
                await self._see(step)
            case Type():
                await self._driver.type(step.text)
            case Press():
                await self._driver.press(step.key)
            case AwaitStage():
                await self._driver.until(lambda: self._is_at(step.stages), f"stage {step.stages}", wait_s=step.wait_s)
            case AwaitPaper():
                await self._driver.until(lambda: self._is_out(step.kind), f"a {step.kind} on paper", wait_s=step.wait_s)
            case AwaitSynced():
                await self._synced(step.wait_s)
            case InsertCash() | PlayFault() | PlayLink() | BookElsewhere() | ScanBooking():
                await self._world(step)
            case _:
                assert_never(step)
        return None

    async def _picture(self, step: Picture | LookFrom) -> Path:
        if isinstance(step, Picture):
            return await self._driver.picture(step.name)
        with self._terminal.watchdog.excused():  # no terminal opens a second face while somebody buys
            shell = self._hands.open_face(step.face)
        try:
            driver = self._driver.beside(shell.window)
            await driver.see(step.says)
            return await driver.picture(step.name)
        finally:
            with self._terminal.watchdog.excused():
                shell.close()

    async def _see(self, step: See) -> None:
        """Wait for what must be seen; like a person, touch once more when the page has not moved for a while."""
        try:
            await self._driver.see(step.name, wait_s=min(PATIENCE_S, step.wait_s))
        except NotFoundInTime:
            if self._tapped and self._driver.find(self._tapped) is not None:
                self._report.step(f"touched again: {await self._driver.tap(self._tapped)}")
            await self._driver.see(step.name, wait_s=step.wait_s)

    async def _world(self, step: InsertCash | PlayFault | PlayLink | BookElsewhere | ScanBooking) -> None:
        match step:
            case InsertCash():
                cash = self._terminal.devices.cash
                if isinstance(cash, CashSimulator):
                    cash.queue_pieces(*step.values_minor)
            case PlayFault():
                self._fault(step)
            case PlayLink():
                self._hands.play_link(step.mode)
                self._terminal.supervision.nudge()
            case BookElsewhere():
                self._code = await self._hands.book(step)
            case ScanBooking():
                for scanner in self._terminal.devices.scanners:
                    if isinstance(scanner, ScannerSimulator):
                        scanner.inject(self._code)
            case _:
                assert_never(step)

    def _fault(self, step: PlayFault) -> None:
        devices = (*self._terminal.devices.printers, self._terminal.devices.payment, self._terminal.devices.cash)
        device: Any = next(each for each in devices if each is not None and each.device_id == step.device_id)
        if isinstance(device, SimulatedPrinter):
            kind = FaultKind(step.fault)
            if step.is_on:
                device.faults.start(kind, jobs=step.times)
            else:
                device.faults.stop(kind)
        elif step.is_on:
            device.start_fault(step.fault, times=step.times or None)
        else:
            device.stop_fault(step.fault)
        self._terminal.supervision.nudge()

    def _is_at(self, stages: tuple[Stage, ...]) -> bool:
        return bool(self._sales) and next(reversed(self._sales.values())).stage in stages

    def _is_out(self, kind: str) -> bool:
        documents = next(reversed(self._sales.values())).documents if self._sales else ()
        return any(each.kind == kind and each.state is DocumentState.PRINTED for each in documents)

    async def _synced(self, wait_s: float) -> None:
        depth = 1
        until = asyncio.get_running_loop().time() + wait_s
        while depth and asyncio.get_running_loop().time() < until:
            depth = (await self._terminal.store.figures()).queue_depth
            await asyncio.sleep(LOOK_S)
        if depth:
            self._report.findings.append(f"{depth} messages still wait for the platform")

    async def _settle(self) -> None:
        def is_settled() -> bool:
            return all(sale.is_at_rest for sale in self._made())

        await self._driver.until(is_settled, "every sale at rest", wait_s=SETTLE_S)

    def _made(self) -> list[Sale]:
        """Return the sales in which something was asked of anyone: a basket looked at and left is none."""
        return [sale for sale in self._sales.values() if sale.tenders or sale.documents]

    async def _judge(self, story: Story) -> None:
        made = self._made()
        for sale in made:
            self._report.keep_sale(self._terminal, sale)
        ended = tuple(outcome(sale) for sale in made)
        if ended != story.outcomes:
            self._report.findings.append(f"the sales ended as {ended}, not as {story.outcomes}")
        await self._compare(made)
        self._report.keep_paper(self._terminal)
        self._report.overruns = [
            {"cause": each.cause, "cpu_ms": each.cpu_ms, "wall_ms": each.wall_ms}
            for each in self._terminal.watchdog.overruns
            if not each.cause.startswith(DRIVING)
        ]

    async def _compare(self, made: list[Sale]) -> None:
        """Ask the platform for every booking: it must be there once, with the secrets on the paper."""
        for sale in made:
            for booking in sale.bookings:
                found = await self._terminal.platform.find(booking.code, timeout_s=PROOF_S)
                live = {part.secret: part.state for part in found.parts} if found else {}
                self._report.bookings.append({"code": booking.code, "parts": live})
                self._check(sale, live)

    def _check(self, sale: Sale, live: Mapping[str, str]) -> None:
        dead = [ticket.code for ticket in sale.tickets if ticket not in sale.undelivered and ticket.secret not in live]
        if dead:
            self._report.findings.append(f"tickets of {dead} are not on the platform")
