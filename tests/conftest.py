"""Options and skips shared by all tests."""

import os
import shutil
from pathlib import Path

import pytest

# A Debian package is taken to be here when this program or file of it is.
DEBIAN_SIGNS = {
    "zbar-tools": "zbarimg",
    "pcscd": "pcscd",
    "vsmartcard-vpcd": "/usr/lib/pcsc/drivers/serial/libifdvpcd.so",
    "xvfb": "Xvfb",
    "debootstrap": "debootstrap",
    "dpkg-dev": "dpkg-deb",
    "iproute2": "ip",
    "nftables": "nft",
    "espeak-ng": "espeak-ng",
}


def _is_here(sign: str) -> bool:
    if sign.startswith("/"):
        return Path(sign).exists()
    return shutil.which(sign) is not None or Path("/usr/sbin", sign).exists()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the folder of real feeds."""
    parser.addoption("--real-feeds", default=os.environ.get("GUICHET_REAL_FEEDS"), help="folder of real GTFS feeds")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip by name what needs a Debian package that could not be had."""
    for mark in item.iter_markers("debian"):
        package = str(mark.args[0])
        sign = DEBIAN_SIGNS[package]
        if not _is_here(sign):
            pytest.skip(f"needs the Debian package {package}")


@pytest.fixture(scope="session")
def real_feeds(request: pytest.FixtureRequest) -> Path:
    """Return the folder of real feeds, or skip by name."""
    folder = request.config.getoption("--real-feeds")
    if not folder:
        pytest.skip("real feeds: give --real-feeds DIR or GUICHET_REAL_FEEDS")
    return Path(folder)
