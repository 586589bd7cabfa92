"""A terminal on the real pcscd and pyscard: a customer's card picks its booking up; a killed service shows and goes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

STORY = Path(__file__).parent / "card_supervision_story.py"
ROOT = Path(__file__).parents[2]
IN_NAMESPACE = 'mkdir -p /run/pcscd && mount -t tmpfs none /run/pcscd && exec "$@"'


def unshare() -> list[str]:
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    return ["unshare", *user, "--mount", "--net", "sh", "-c", IN_NAMESPACE, "sh"]


@pytest.mark.debian("pcscd")
@pytest.mark.debian("vsmartcard-vpcd")
@pytest.mark.timeout(240)
def test_a_card_picks_its_booking_up_and_a_killed_service_shows_and_comes_back(tmp_path: Path) -> None:
    pytest.importorskip("smartcard.scard", reason="pyscard is not installed", exc_type=ImportError)
    try:
        allowed = subprocess.run([*unshare(), "true"], capture_output=True, check=False, timeout=60).returncode == 0
    except OSError:
        allowed = False
    if not allowed:
        pytest.skip("private namespaces are not allowed here")
    done = subprocess.run(
        [*unshare(), sys.executable, str(STORY), str(tmp_path)],
        capture_output=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=200,
    )
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    told = json.loads(done.stdout)
    assert any(name.startswith("Virtual PCD") for name in told.pop("readers"))
    assert told == {
        "before": "ready",
        "is_card_traced": True,
        "is_trace_clean": True,
        "is_code_read": True,
        "outcome": "delivered",
        "is_on_paper": True,
        "staff": ["04A1B2C3D4E5F6", "card_reader.staff_key_wrong"],
        "signed_in": [
            "Anna",
            "Anna",
            "card_reader.not_enrolled 3",
            "card_reader.staff_key_wrong 2",
            "card_reader.staff_key_wrong 1",
            "card_reader.no_staff_card 0",
        ],
        "gone": "not_reachable",
        "after": "ready",
    }
