"""The six stories at the real pages: each ends as told, its paper reads back, and the platform has it exactly once."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image

ROOT = Path(__file__).parents[2]
NAMES = ("journey", "seats", "mixed", "pick-up", "paper", "link-down")


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    wanted = {"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software"}
    done = subprocess.run(
        [sys.executable, "-m", "kiosk", "demo", "--out", str(folder), "--data", str(folder / "none")],
        env={**os.environ, **wanted}, cwd=folder, capture_output=True, text=True, timeout=280, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return folder


@pytest.fixture(scope="module")
def stories(out: Path) -> dict[str, Any]:
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    return {story["story"]: story for story in report["stories"]}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", NAMES)
def test_a_story_ends_as_it_is_told(stories: dict[str, Any], out: Path, name: str) -> None:
    story = stories[name]
    assert story["findings"] == []
    assert all(sale["is_at_rest"] for sale in story["sales"])
    pictures = [step["picture"] for step in story["steps"] if step["picture"]]
    assert len(pictures) >= 5
    assert all((out / name / picture).stat().st_size > 0 for picture in pictures)


@pytest.mark.parametrize("name", NAMES)
def test_every_printed_ticket_reads_back_to_its_booked_secret(stories: dict[str, Any], name: str) -> None:
    for sale in stories[name]["sales"]:
        tickets = [each for each in sale["documents"] if each["kind"] == "ticket" and each["state"] == "printed"]
        assert tickets or sale["outcome"] == "paid_back"
        for ticket in tickets:
            read = [code.text for code in zxingcpp.read_barcodes(Image.open(ticket["png"]).convert("L"))]
            assert read == [ticket["secret"]]


def test_the_declined_card_and_the_split_tender_stand_in_the_report(stories: dict[str, Any]) -> None:
    tenders = [(each["kind"], each["state"]) for each in stories["mixed"]["sales"][0]["tenders"]]
    assert tenders == [("card", "declined"), ("cash", "paid"), ("card", "paid")]


def test_without_paper_the_second_traveller_is_paid_back(stories: dict[str, Any]) -> None:
    assert [sale["outcome"] for sale in stories["paper"]["sales"]] == ["delivered", "paid_back"]
    assert [each["state"] for each in stories["paper"]["sales"][1]["tenders"]] == ["voided"]


def test_what_was_sold_with_the_link_down_is_on_the_platform(stories: dict[str, Any]) -> None:
    bookings = stories["link-down"]["bookings"]
    assert len(bookings) == 2
    assert all(booking["parts"] for booking in bookings)
