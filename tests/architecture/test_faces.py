"""The public face of every package is its `__init__`: what it lists is there, and its docstring says what it is."""

import importlib
import pkgutil

import pytest

FAMILIES = ("printer", "payment_terminal", "card_reader", "scanner", "cash", "display", "transport")
FACES = [f"hardware.{family}" for family in FAMILIES] + ["offline_store"]
BANNED = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}


@pytest.mark.parametrize("name", FACES)
def test_face_lists_what_it_offers(name: str) -> None:
    module = importlib.import_module(name)
    listed = module.__all__
    assert listed
    assert len(set(listed)) == len(listed)
    for each in listed:
        assert getattr(module, each) is not None
    assert (module.__doc__ or "").strip()


@pytest.mark.parametrize("root", ["kiosk", "hardware", "offline_store"])
def test_no_module_has_a_name_that_says_nothing(root: str) -> None:
    package = importlib.import_module(root)
    names = [each.name for each in pkgutil.walk_packages(package.__path__, f"{root}.")]
    assert len(names) > 10
    assert not [name for name in names if name.rsplit(".", maxsplit=1)[-1] in BANNED]
