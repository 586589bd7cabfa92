"""The card reader against the real pcscd and pyscard, in namespaces of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

STORY = Path(__file__).parent / "card_reader_story.py"
ROOT = Path(__file__).parents[2]
IN_NAMESPACE = 'mkdir -p /run/pcscd && mount -t tmpfs none /run/pcscd && exec "$@"'


def unshare() -> list[str]:
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    return ["unshare", *user, "--mount", "--net", "sh", "-c", IN_NAMESPACE, "sh"]


def run_story(folder: Path, rounds: int) -> dict[str, object]:
    pytest.importorskip("smartcard.scard", reason="pyscard is not installed", exc_type=ImportError)
    try:
        allowed = subprocess.run([*unshare(), "true"], capture_output=True, check=False, timeout=60).returncode == 0
    except OSError:
        allowed = False
    if not allowed:
        pytest.skip("private namespaces are not allowed here")
    done = subprocess.run(
        [*unshare(), sys.executable, str(STORY), str(folder), str(rounds)],
        capture_output=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=30 * 60 if rounds > 100 else 250,
    )
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    result: dict[str, object] = json.loads(done.stdout)
    return result


def judge(result: dict[str, object], rounds: int) -> None:
    plan = result["plan"]
    assert isinstance(plan, dict)
    swaps = plan.get("swap", 0)
    assert result["told"] == rounds + swaps, result
    assert result["read"] == rounds + swaps - plan.get("mid", 0) - plan.get("mute", 0), result
    assert result["pulled"] == plan.get("mid", 0), result
    assert result["mute"] == plan.get("mute", 0), result
    assert result["kills"] == plan.get("kill", 0), result
    assert result["leaked"] == [0, 0], result
    assert result["watchers_left"] == 0, result
    assert result["first_cause"] == "card_reader.service_absent"


@pytest.mark.debian("pcscd")
@pytest.mark.debian("vsmartcard-vpcd")
def test_no_card_is_missed_and_nothing_leaks(tmp_path: Path) -> None:
    judge(run_story(tmp_path, 40), 40)


@pytest.mark.soak
@pytest.mark.timeout(1900)
@pytest.mark.debian("pcscd")
@pytest.mark.debian("vsmartcard-vpcd")
def test_no_card_is_missed_over_five_hundred(tmp_path: Path) -> None:
    judge(run_story(tmp_path, 500), 500)
