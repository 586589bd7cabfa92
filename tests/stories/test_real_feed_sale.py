"""Feeds nobody here wrote are sold, printed and found again from the command line; given by --real-feeds DIR."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from kiosk.__main__ import main

ROOT = Path(__file__).parents[2]
SETTINGS = '[terminal]\nid = "feed-1"\n[platform]\nfeed = "{feed}"\ntariff = "{tariff}"\n'
FAMILY = ("--adult", "2", "--child", "1")


def sell(real_feeds: Path, data: Path, name: str, capsys: pytest.CaptureFixture[str], *what: str) -> dict[str, Any]:
    feed = real_feeds / f"{name}.zip"
    if not feed.exists():
        pytest.skip(f"real feeds: {feed.name} is not in the folder")
    file = data / "settings.toml"
    tariff = ROOT / "kiosk" / "demo" / "data" / f"tariff-{name}.toml"
    file.write_text(SETTINGS.format(feed=feed.absolute(), tariff=tariff), encoding="utf-8")
    named = ("--settings", str(file), "--data", str(data))
    status = main(("sell", *named, *what))
    told = capsys.readouterr()
    assert status == 0, told.err
    sold: dict[str, Any] = json.loads(told.out)
    assert main(("platform", "find", sold["codes"][0], *named)) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["sale_id"] == sold["sale_id"]
    tickets = [each for each in sold["documents"] if each["kind"] == "ticket"]
    assert {part["secret"] for part in found["parts"]} >= {ticket["secret"] for ticket in tickets}
    for ticket in tickets:
        read = [code.text for code in zxingcpp.read_barcodes(Image.open(ticket["png"]).convert("L"))]
        assert read == [ticket["secret"]]
    return sold


def test_the_national_rail_feed_is_sold(real_feeds: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    way = ("--from", "București Nord", "--to", "Constanța", "--now", "2026-07-01T08:00:00+03:00", *FAMILY)
    sold = sell(real_feeds, tmp_path, "romania-rail", capsys, *way)
    assert sold["price"]["currency"] == "RON"
    assert sold["paid"] == sold["price"]
    assert sold["price"]["minor"] > 0


def test_a_free_bus_ride_is_sold(real_feeds: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    way = ("--from", "100", "--to", "102", "--now", "2026-03-04T06:00:00+01:00", *FAMILY)
    sold = sell(real_feeds, tmp_path, "zakroczym-bus", capsys, *way)
    assert sold["price"] == {"minor": 0, "currency": "PLN"}
    assert [tender["kind"] for tender in sold["tenders"]] == ["free"]


@pytest.mark.timeout(300)
def test_the_demo_plays_a_story_on_each_feed_of_a_folder(real_feeds: Path, tmp_path: Path) -> None:
    """Two adults and a child by national rail, and a bus ride that is free: on paper, on the platform, read back."""
    if not all((real_feeds / f"{name}.zip").exists() for name in ("romania-rail", "zakroczym-bus")):
        pytest.skip("real feeds: romania-rail.zip and zakroczym-bus.zip are not both in the folder")
    wanted = {"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software"}
    where = ("--out", str(tmp_path / "out"), "--data", str(tmp_path / "none"))
    what = ("--real-feeds", str(real_feeds.absolute()), "--story", "rail", "--story", "bus")
    done = subprocess.run(
        [sys.executable, "-m", "kiosk", "demo", *where, *what],
        env={**os.environ, **wanted}, cwd=tmp_path, capture_output=True, text=True, timeout=280, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    rail, bus = (story["sales"][0] for story in report["stories"])
    assert rail["what"][0]["title"].startswith("Bucureşti Nord")
    assert rail["price"]["minor"] > 0
    assert bus["price"] == {"minor": 0, "currency": "PLN"}
    for sale in (rail, bus):
        tickets = [each for each in sale["documents"] if each["kind"] == "ticket"]
        assert len(tickets) == 3
        for ticket in tickets:
            read = [code.text for code in zxingcpp.read_barcodes(Image.open(ticket["png"]).convert("L"))]
            assert read == [ticket["secret"]]
