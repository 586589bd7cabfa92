"""An APDU round trip through our reader, time-out and thread included, beside pyscard alone, as a ratio in one run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

STORY = Path(__file__).parent / "card_apdu_story.py"
ROOT = Path(__file__).parents[2]
IN_NAMESPACE = 'mkdir -p /run/pcscd && mount -t tmpfs none /run/pcscd && exec "$@"'
RATIO_MAX = 2.5


@pytest.mark.bench
@pytest.mark.debian("pcscd")
@pytest.mark.debian("vsmartcard-vpcd")
def test_an_apdu_costs_little_more_than_pyscard_alone(tmp_path: Path) -> None:
    pytest.importorskip("smartcard.scard", reason="pyscard is not installed", exc_type=ImportError)
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    within = ["unshare", *user, "--mount", "--net", "sh", "-c", IN_NAMESPACE, "sh"]
    if subprocess.run([*within, "true"], capture_output=True, check=False, timeout=60).returncode:
        pytest.skip("private namespaces are not allowed here")
    done = subprocess.run(
        [*within, sys.executable, str(STORY), str(tmp_path)],
        capture_output=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=120,
    )
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    ratio = float(done.stdout)
    print(f"APDU round trip / pyscard alone: {ratio:.2f}")  # noqa: T201 - the figure is the point
    assert ratio <= RATIO_MAX
