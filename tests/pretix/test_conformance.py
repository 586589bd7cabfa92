"""The promises of every platform, kept on the real server.

Left out is what the suite can only show with the server's own clock moved, or with things that pretix does not sell.
"""

from pathlib import Path
from types import ModuleType

SUITE = Path(__file__).parents[1] / "conformance" / "platform" / "test_platform.py"
LEFT_OUT = {
    "test_an_expired_hold_frees_its_units": "the server's clock does not step",
    "test_journeys_and_open_tickets_go_on_without_a_wire": "everything here needs a promise",
    "test_a_hold_takes_its_units_from_others_until_given_back": "more units than one order may have",
}


def suite() -> ModuleType:
    source = SUITE.read_text().replace("timeout_s=5", "timeout_s=30")
    module = ModuleType("platform_suite")
    exec(compile(source, str(SUITE), "exec"), module.__dict__)  # noqa: S102 - our own suite, with more patience
    return module


globals().update(
    {name: test for name, test in vars(suite()).items() if name.startswith("test_") and name not in LEFT_OUT}
)
