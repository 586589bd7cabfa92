"""What holds the terminal together, as rows: platform, queue, journal, clock, disk, version."""

import platform as machine
import shutil

from kiosk import __version__
from kiosk.application.terminal import StoreFigures, Terminal
from kiosk.application.word import Word
from kiosk.shells.technician.bench_rows import FactRow
from kiosk.ui.controls.link_words import PLATFORM, link_words
from kiosk.ui.controls.staff_words import StaffWords

GIB, MIB = 1024**3, 1024**2
# what more than silence the platform can be about
PROBLEMS = {"revoked": Word("The server no longer knows this terminal: link it anew.")}
CERTIFICATE = Word("The server shows a certificate that is not trusted.")
AWAY_TODO = Word("Nothing to mend here: sales are kept and go out by themselves. If it lasts, check the network cable.")


def fact_rows(
    words: StaffWords, terminal: Terminal, figures: StoreFigures | None, findings: tuple[str, ...] | None
) -> tuple[FactRow, ...]:
    """Return the facts of this terminal."""
    disk = shutil.disk_usage(terminal.data_dir)
    is_low = disk.free < 2 * terminal.settings.store.reserve_mib * MIB
    now, zone = terminal.clock.now(), terminal.platform.traits.zone
    free = words.say("{count} GiB", count=words.number(disk.free / GIB))
    rows = [
        *_link_rows(words, terminal, figures),
        FactRow(words.say("Journal"), words.say("%n row(s)", n=figures.journal_seq) if figures else "", "ok"),
        FactRow(words.say("Journal verified"), _verified(words, findings), "stop" if findings else "ok"),
        FactRow(words.say("Clock"), f"{words.day(now, zone)} {words.clock(now, zone)}", "ok"),
        FactRow(words.say("Disk free"), free, "stop" if is_low else "ok"),
        FactRow(words.say("Version"), f"{__version__} · Python {machine.python_version()}", "ok"),
    ]
    if terminal.settings_problem:
        rows.append(FactRow(words.say("Settings"), terminal.settings_problem, "warn"))
    return tuple(rows)


def _link_rows(words: StaffWords, terminal: Terminal, figures: StoreFigures | None) -> tuple[FactRow, ...]:
    link = link_words(words, terminal, figures)
    health = terminal.supervision.platform_health
    is_away = health is None or not health.is_reachable
    queue = figures.queue_depth if figures else 0
    rows = (
        FactRow(words.tell(PLATFORM), link.state if is_away else words.say("Connected"), "warn" if is_away else "ok"),
        FactRow(words.say("Sales on their way to the platform"), link.waiting or words.number(queue), link.mood),
    )
    if figures is None or not figures.parked:
        return rows
    told = words.say("%n message(s), see: {command}", n=figures.parked, command="guichet conflict list")
    return (*rows, FactRow(words.say("Refused by the platform"), told, "stop"))


def _verified(words: StaffWords, findings: tuple[str, ...] | None) -> str:
    if findings is None:
        return words.say("not yet, press V")
    if not findings:
        return words.say("complete")
    return words.say("%n finding(s), see: {command}", n=len(findings), command="guichet store verify")


def platform_remedy(words: StaffWords, terminal: Terminal) -> tuple[str, str]:
    """Return what is wrong with the platform and what to do, ("", "") while it answers."""
    health = terminal.supervision.platform_health
    if health is None or health.is_reachable:
        return "", ""
    problem = PROBLEMS.get(health.problem) or (CERTIFICATE if health.problem else AWAY_TODO)
    return words.tell(PLATFORM), words.tell(problem)
