"""A real TCP line in a network namespace of its own, whose weather the kernel makes: loss, resets, silence, a portal.

The far end of the line is a socket file, which every namespace reaches. Nothing outside the namespace is touched.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Self

import pytest

HERE = Path(__file__).parent
MTU = 1400
RATE = ("tbf", "rate", "64kbit", "burst", "3000", "latency", "2s")
# What becomes of a packet that arrives at the line's port, or comes from it; the narrow line is tc's.
WEATHERS = {
    "calm": "",
    "a tenth lost": "numgen random mod 100 < 10 counter drop",
    "three tenths lost": "numgen random mod 100 < 30 counter drop",
    "64 kbit/s": "counter accept",
    "resets": "tcp dport {port} numgen random mod 100 < 12 counter reject with tcp reset",
    "black hole": "counter drop",
    "captive portal": "tcp dport {port} counter reject with tcp reset",  # lines of before are cut, new ones led astray
}
RULES = """flush ruleset
table inet weather {{
    chain arrive {{
        type filter hook input priority 0; policy accept;
        tcp dport {port} jump fate
        tcp sport {port} jump fate
    }}
    chain fate {{
        {fate}
    }}
    chain leave {{
        type nat hook output priority -100; policy accept;
        {astray}
    }}
}}
"""


class KernelLine:
    """One namespace, the line in it and its weather; the line leads from 127.0.0.1:`port` there to a socket file."""

    def __init__(self, port: int, file: Path) -> None:
        self._port, self._file = port, file
        self._weather = "calm"
        self.struck: dict[str, int] = {}

    def __enter__(self) -> Self:
        own, enter = (["-n"], ["-n"]) if os.geteuid() == 0 else (["-Urn"], ["-U", "-n", "--preserve-credentials"])
        command = [found("unshare"), *own, sys.executable, str(HERE / "far_end.py"), str(self._port), str(self._file)]
        can = subprocess.run(
            [*command[: 1 + len(own)], found("nft"), "add", "table", "inet", "weather"],
            check=False, capture_output=True, text=True,
        )  # fmt: skip
        if can.returncode:
            pytest.skip(f"needs a network namespace with nftables: {can.stderr.strip()[-200:]}")
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.inside = (found("nsenter"), "-t", str(self._process.pid), *enter, "--")
        assert self._process.stdout is not None
        self._portal = int(self._process.stdout.readline().split()[1])
        self._do("ip", "link", "set", "lo", "up", "mtu", str(MTU), "gso_max_segs", "1")
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def turn(self, weather: str) -> None:
        """Let the weather turn; how often the one before struck is kept."""
        struck = self._struck()
        if self._weather != "calm":
            self.struck[self._weather] = self.struck.get(self._weather, 0) + struck
        if self._weather == "64 kbit/s":
            self._do("tc", "qdisc", "del", "dev", "lo", "root")
        if weather == "64 kbit/s":
            self._do("tc", "qdisc", "add", "dev", "lo", "root", *RATE)
        astray = f"tcp dport {self._port} counter redirect to :{self._portal}" if weather == "captive portal" else ""
        fate = WEATHERS[weather].format(port=self._port)
        self._do("nft", "-f", "-", given=RULES.format(port=self._port, fate=fate, astray=astray))
        self._weather = weather

    def _struck(self) -> int:
        if self._weather == "64 kbit/s":
            return int(json.loads(self._do("tc", "-s", "-j", "qdisc", "show", "dev", "lo"))[0]["overlimits"])
        rules = json.loads(self._do("nft", "-j", "list", "ruleset"))["nftables"]
        return sum(packets(each["rule"]["expr"]) for each in rules if "rule" in each)

    def _do(self, program: str, *words: str, given: str = "") -> str:
        done = subprocess.run(
            [*self.inside, found(program), *words], input=given, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def packets(expressions: list[dict[str, Any]]) -> int:
    return sum(each["counter"]["packets"] for each in expressions if "counter" in each)


def found(program: str) -> str:
    """Return where a program is; skip by name without it."""
    path = shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if path is None:
        pytest.skip(f"needs the program {program}")
    return path
