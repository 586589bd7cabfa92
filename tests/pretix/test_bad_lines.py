"""Each sale is on the real server once, whatever TCP goes through: loss, a narrow line, resets, silence, a portal."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.pretix.kernel_line import KernelLine
from tests.pretix.relay import Relay
from tests.pretix.test_exactly_once import Plan, Run, judged, prepared
from tests.pretix.test_terminal import Till

HERE = Path(__file__).parent
PROGRESS_MS = 100.0

pytestmark = [pytest.mark.debian("nftables"), pytest.mark.debian("iproute2")]
PATIENCE_S = "4"  # of the terminal; its own is longer, and the line is to be away longer than that


@dataclass
class Spell:
    """A weather that lasts until so many sales are proven in it, or so many tries were made."""

    weather: str
    proven: int = 0
    tries: int = 0

    def is_over(self, proven: int, tries: int) -> bool:
        return proven >= self.proven and tries >= self.tries


def year(turns: int) -> list[Spell]:
    """Return all weathers, `turns` times; thirty sales are proven in each turn, four of them when all is calm."""
    return [
        Spell("a tenth lost", proven=7), Spell("three tenths lost", proven=7), Spell("black hole", tries=2),
        Spell("64 kbit/s", proven=5), Spell("captive portal", tries=4), Spell("resets", proven=7),
        Spell("calm", proven=4),
    ] * turns  # fmt: skip


class Outdoors(Run):
    """A terminal in a namespace, whose weather turns with what it does."""

    def __init__(self, stage: Any, folder: Path, sales: int, line: KernelLine, spells: list[Spell]) -> None:
        super().__init__(stage, folder, Plan(sales, set(), set(), set()), Random(0))
        self.inside, self.words = line.inside, (PATIENCE_S,)
        self._line, self._spells = line, iter(spells)
        self._begin()

    def _begin(self) -> None:
        self._spell = next(self._spells, Spell("calm", proven=self.plan.sales))
        self._proven, self._tries = len(self.told), 0
        self._line.turn(self._spell.weather)

    def heard(self, word: str) -> None:
        self._tries += word == "asks"
        if self._spell.is_over(len(self.told) - self._proven, self._tries):
            self._begin()


def sold_outdoors(stage: Any, folder: Path, turns: int, record: Any) -> None:
    port = int(stage.server.url.rsplit(":", 1)[1])
    with Relay(port) as relay, KernelLine(int(relay.url.rsplit(":", 1)[1]), folder / "line") as line:
        relay.open_file(folder / "line")
        orders = prepared(stage, folder, relay.url, 30 * turns)
        carried = relay.carried
        run = Outdoors(stage, folder, len(orders), line, year(turns))
        run.until_done()
        line.turn("calm")
        judged(stage, folder, orders)
        assert run.sold == {each.code for each in orders}
        assert relay.carried > carried
    record("sales", len(orders))
    record("packets struck", line.struck)
    record("proofs told twice", sum(count > 1 for count in run.told.values()))
    assert set(line.struck) == {
        "a tenth lost",
        "three tenths lost",
        "black hole",
        "64 kbit/s",
        "captive portal",
        "resets",
    }
    assert min(line.struck.values()) > 0, line.struck


def test_thirty_sales_are_there_once_after_every_weather(stage: Any, tmp_path: Path, record_property: Any) -> None:
    sold_outdoors(stage, tmp_path, 1, record_property)


@pytest.mark.soak
def test_three_hundred_sales_are_there_once_after_every_weather(
    stage: Any, tmp_path: Path, record_property: Any
) -> None:
    sold_outdoors(stage, tmp_path, 10, record_property)


TIMES = "[timeouts]\nplatform_read_s = 3.0\nplatform_write_s = 3.0\nidle_warning_s = 900.0\n"
TOUCHED = {
    "events": "black hole", "seats": "three tenths lost", "slots": "three tenths lost", "price": "64 kbit/s",
    "hold": "black hole",
}  # fmt: skip


def test_every_touch_shows_at_once_that_it_waits(server: Any, tmp_path: Path, record_property: Any) -> None:
    server.reset()
    till = Till(server, tmp_path)
    till.practise()
    port = int(server.url.rsplit(":", 1)[1])
    with Relay(port) as relay, KernelLine(int(relay.url.rsplit(":", 1)[1]), tmp_path / "line") as line:
        relay.open_file(tmp_path / "line")
        till.settings.write_text(f'[platform]\nkind = "pretix"\n{TIMES}')
        assert till.guichet("platform", "link", relay.url, till.code()).returncode == 0, till.said
        found = [json.loads(told) for told in touches(till, line)]
    assert [each["touch"] for each in found] == list(TOUCHED)
    for each in found:
        figures = (round(each["cpu_ms"], 1), round(each["wall_ms"], 1))
        record_property(f"ms of CPU and wall to the first sign of {each['touch']}", figures)
        assert each["shown"], each
        assert each["cpu_ms"] < PROGRESS_MS, each
    assert found[-1]["loop_ms"] < PROGRESS_MS, found
    till.http.close()


def touches(till: Till, line: KernelLine) -> Iterator[str]:
    """Let the kiosk touch one thing after the other, each in its weather; return what it says of each."""
    words = [str(HERE / "kiosk_process.py"), str(till.settings), str(till.folder)]
    with subprocess.Popen(
        [*line.inside, sys.executable, *words], env={**os.environ, "PYTHONPATH": str(HERE.parents[1])},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            for told in process.stdout:
                if not told.startswith("ready"):
                    yield told
                    continue
                line.turn(TOUCHED.get(told.split()[1], "calm"))
                process.stdin.write("\n")
                process.stdin.flush()
        finally:
            process.kill()
