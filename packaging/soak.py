"""Run the long forms of the tests and keep a report in docs/evidence: commit, duration, what ran, figures printed.

Run: ./do soak [pytest arguments]   A test gives its figures with `record_property(name, value)`.
"""

import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parent.parent


def _commit() -> str:
    command = ["git", "-C", str(ROOT), "describe", "--always", "--dirty"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603


def _rows(report: Path) -> list[str]:
    rows = []
    for case in ET.parse(report).iter("testcase"):  # noqa: S314 - our own test runner's file
        bad = case.find("failure") is not None or case.find("error") is not None
        outcome = "failed" if bad else "skipped" if case.find("skipped") is not None else "passed"
        figures = ", ".join(f"{each.get('name')} {each.get('value')}" for each in case.iter("property"))
        rows.append(f"| {case.get('name')} | {outcome} | {float(case.get('time') or 0):.0f} | {figures} |")
    return rows


def main() -> int:
    """Run, write the report, return the test runner's exit status."""
    evidence = ROOT / "docs" / "evidence"
    evidence.mkdir(parents=True, exist_ok=True)
    xml = evidence / "soak.xml"
    started, begun = datetime.now(UTC), time.monotonic()
    command = [sys.executable, "-m", "pytest", "-q", "-m", "soak", "--timeout=7200", f"--junit-xml={xml}"]
    command += ["-o", "junit_family=xunit1"]  # the later form has no place for a test's figures
    status = subprocess.run([*command, *sys.argv[1:]], check=False, cwd=ROOT).returncode  # noqa: S603
    lines = [
        f"# Soak of {started:%Y-%m-%d %H:%M} UTC",
        "",
        f"Commit {_commit()}, {time.monotonic() - begun:.0f} s, exit status {status}.",
        "",
        "| test | outcome | s | figures |",
        "|---|---|---|---|",
        *_rows(xml),
        "",
    ]
    xml.unlink()
    (evidence / f"soak-{started:%Y%m%d-%H%M}.md").write_text("\n".join(lines), encoding="utf-8")
    return status


if __name__ == "__main__":
    sys.exit(main())
