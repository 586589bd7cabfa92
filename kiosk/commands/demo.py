"""`guichet demo --out DIR` drives the real pages offscreen through whole stories and keeps pictures, paper, report."""

import argparse
import asyncio
import os
import shutil
from pathlib import Path
from typing import Any

from msgspec import structs
from msgspec.structs import replace

from kiosk.application.control import NotDone
from kiosk.application.ordering import SaleOrder
from kiosk.application.settings import Settings
from kiosk.application.settings_file import LoadedSettings
from kiosk.application.terminal import Terminal
from kiosk.bootstrap import Start, Visit, open_beside, open_link, open_platform, run_faces
from kiosk.commands.platform import booked
from kiosk.commands.start import DONE, WRONG, add_start_arguments, cannot_use, guarded, say, start_of

OWN_DATA = "data"
PAPER_WAIT_S = 10.0
SLOW_PAYMENT_S = 2.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where pictures, paper and report go")
    parser.add_argument("--story", action="append", default=[], metavar="NAME", help="only this story; may be repeated")
    parser.add_argument(
        "--real-feeds", type=Path, metavar="DIR", help="play the stories on published feeds that lie in this folder too"
    )
    parser.add_argument("--keys", action="store_true", help="use the keyboard alone: no touch")
    add_start_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Run it."""
    return guarded(lambda: _demo(start_of(options), options))


def _demo(start: Start, options: argparse.Namespace) -> int:
    out, names = options.out.absolute(), options.story
    if not start.settings.terminal.is_training:
        raise NotDone("not_in_training", "The demo plays with simulators: set terminal.is_training = true.")
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from kiosk.demo.report import StoryReport, write  # noqa: PLC0415 - Qt is loaded after the platform is chosen
    from kiosk.demo.stories import SERVER_STORIES, STORIES  # noqa: PLC0415

    is_served = start.settings.platform.kind != "embedded"
    hurried = replace(start, loaded=LoadedSettings(_hurried(start.settings), ""))
    told = SERVER_STORIES if is_served else STORIES
    known = {story.name: (story, hurried) for story in told}
    known |= {} if is_served else _on_feeds(hurried, options.real_feeds)
    if unknown := [name for name in names if name not in known]:
        raise NotDone("no_story", f"No story is called “{unknown[0]}”. There are: {', '.join(known)}.")
    reports: list[StoryReport] = []
    visits: list[tuple[Start, str, Visit | None]] = []
    for story, begun in [known[name] for name in names or known]:
        folder = out / story.name
        shutil.rmtree(folder, ignore_errors=True)
        try:
            folder.mkdir(parents=True)
        except OSError as trouble:
            raise cannot_use(trouble) from None
        report = StoryReport(story.name, story.title, folder)
        reports.append(report)
        own = begun if is_served else replace(begun, data=folder / OWN_DATA)  # the link lies with the data
        visits.append((own, "kiosk", _visit(own, story, report, by_keys=options.keys)))
    run_faces(visits)
    path = write(reports, out)
    for report in reports:
        say(f"{report.name:<12} {'done' if not report.findings else '; '.join(report.findings)}")
    say(f"Pictures, paper and report: {path.parent}")
    return DONE if all(not report.findings for report in reports) else WRONG


def _on_feeds(start: Start, folder: Path | None) -> dict[str, tuple[Any, Start]]:
    """Return the stories on feeds that lie in the folder, each with what it starts with; say which do not."""
    if folder is None:
        return {}
    from kiosk.demo.feeds import FEED_STORIES  # noqa: PLC0415

    found = {}
    for each in FEED_STORIES:
        if (folder / f"{each.feed}.zip").is_file():
            settings = each.settings(start.settings, folder.absolute())
            found[each.story.name] = (each.story, Start(LoadedSettings(settings, ""), start.data, each.now))
        else:
            say(f"{folder} has no {each.feed}.zip: its story is left out.")
    return found


def _hurried(settings: Settings) -> Settings:
    """Return the settings with waits that a spectator can bear."""
    times = structs.replace(settings.timeouts, paper_wait_s=PAPER_WAIT_S, confirm_wait_s=1.0, health_poll_s=1.0)
    devices = tuple(
        structs.replace(each, options={**each.options, "slow_s": SLOW_PAYMENT_S})
        if each.kind == "payment_terminal.simulator"
        else each
        for each in settings.devices
    )
    return structs.replace(settings, timeouts=times, devices=devices)


def _visit(start: Start, story: Any, report: Any, *, by_keys: bool) -> Visit:
    async def book(step: Any) -> str:
        order = SaleOrder(origin=step.origin, destination=step.destination, riders={"adult": step.adults})
        async with open_platform(start) as platform:
            made = await booked(platform, start, order)
        return str(made["code"])

    async def visit(terminal: Terminal, shell: Any) -> int:
        from kiosk.demo.driver import Driver  # noqa: PLC0415
        from kiosk.demo.runner import Hands, Player  # noqa: PLC0415

        link = open_link(start.settings, start.data)
        hands = Hands(
            lambda mode: link.set(type(link.state().mode)(mode)), book, lambda face: open_beside(terminal, face)
        )
        await terminal.supervision.look()
        await asyncio.sleep(0)
        driver = Driver(shell.window, report.folder, terminal.watchdog, by_keys=by_keys)
        await Player(terminal, driver, hands, report).play(story)
        return DONE

    return visit
