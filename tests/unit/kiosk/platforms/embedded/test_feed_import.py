"""Real feeds are untidy and are read; hostile ones are refused with a sentence."""

import sqlite3
import zipfile
from datetime import date
from typing import Any

import pytest

from kiosk.domain.catalogue import PlaceKind
from kiosk.platforms.embedded.config import FileRefusedError
from kiosk.platforms.embedded.feed_import import import_feed
from kiosk.platforms.embedded.feed_values import parse_time


def calls(timetable: Any, trip_id: Any) -> Any:
    row = timetable._db.execute("SELECT run FROM run WHERE trip_id = ? AND run IN (SELECT run FROM call)", (trip_id,))
    return [(call.arr, call.dep) for call in timetable.run(row.fetchone()[0])[1]]


def test_reads_a_folder_with_byte_order_mark_and_carriage_returns(small_feed: Any, timetable_of: Any) -> None:
    feed = {name: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode() for name, text in small_feed.items()}
    timetable = timetable_of(feed)
    assert [each.place.name.default for each in timetable.places] == ["Alpha", "Beta", "Gamma", "Delta", "Epsilon"]
    assert {each.place.kind for each in timetable.places} == {PlaceKind.STATION}


def test_reads_a_zip_whose_files_lie_in_a_folder(small_feed: Any, zip_feed: Any, tmp_path: Any) -> None:
    import_feed(zip_feed(small_feed), tmp_path / "t.sqlite")
    with sqlite3.connect(tmp_path / "t.sqlite") as db:
        assert db.execute("SELECT count(*) FROM call").fetchone() == (6,)
    db.close()


def test_takes_the_lone_time_of_a_call_for_both(small_feed: Any, timetable_of: Any) -> None:
    small_feed["stop_times.txt"] = small_feed["stop_times.txt"].replace("t1,08:00:00,08:00:00,A", "t1,,08:00:00,A")
    small_feed["stop_times.txt"] = small_feed["stop_times.txt"].replace("08:30:00,08:30:00,D", "08:30:00,,D")
    assert calls(timetable_of(small_feed), "t1")[0] == (28_800, 28_800)


def test_fills_missing_times_evenly(small_feed: Any, timetable_of: Any) -> None:
    text = small_feed["stop_times.txt"]
    small_feed["stop_times.txt"] = text.replace("08:10:00,08:11:00,B", ",,B").replace("08:20:00,08:21:00,C,3", ",,C,3")
    assert calls(timetable_of(small_feed), "t1") == [
        (28_800, 28_800), (29_400, 29_400), (30_000, 30_000), (30_600, 30_600),
    ]  # fmt: skip


def test_leaves_out_a_trip_whose_end_has_no_time(small_feed: Any, timetable_of: Any) -> None:
    small_feed["stop_times.txt"] = small_feed["stop_times.txt"].replace("08:30:00,08:30:00,D", ",,D")
    timetable = timetable_of(small_feed)
    assert timetable._db.execute("SELECT count(*) FROM call").fetchone() == (2,)


def test_names_a_run_after_its_last_stop_where_the_feed_gives_no_headsign(small_feed: Any, timetable_of: Any) -> None:
    timetable = timetable_of(small_feed)
    assert [row[0] for row in timetable._db.execute("SELECT headsign FROM run ORDER BY run")] == ["Delta", "Epsilon"]


def test_leaves_out_and_counts_what_leads_nowhere(small_feed: Any, timetable_of: Any) -> None:
    small_feed["stop_times.txt"] += "no-trip,09:00:00,09:00:00,A,1\nt1,09:00:00,09:00:00,no-stop,9\n"
    small_feed["trips.txt"] += "no-route,s,t3,X\nr1,no-service,t4,X\n"
    timetable = timetable_of(small_feed)
    assert timetable._db.execute("SELECT value FROM feed WHERE name = 'left_out'").fetchone() == ("4",)


def test_reads_platforms_of_a_station_and_joins_poles_of_one_name(small_feed: Any, timetable_of: Any) -> None:
    small_feed["stops.txt"] = (
        "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station,platform_code\n"
        "S,Central,50.0,8.0,1,,\nA,Central,50.0,8.0,0,S,4\nB,Mill,50.1,8.0,0,,\nC,Mill,50.101,8.0,0,,\n"
        "D,Mill,50.9,8.0,0,,\nE,Orphan,50.2,8.3,0,gone,\nX,Door,50.0,8.0,2,S,\n"
    )
    timetable = timetable_of(small_feed)
    assert [(each.place.id, each.place.name.default) for each in timetable.places] == [
        ("S", "Central"), ("B", "Mill"), ("D", "Mill"), ("E", "Orphan"),
    ]  # fmt: skip
    assert timetable.number("A") == timetable.number("S")
    assert timetable.number("C") == timetable.number("B")
    assert timetable.number("X") is None
    assert timetable.track(timetable.run(0)[1][0].stop) == "4"


def test_reads_names_in_other_languages_in_both_forms(small_feed: Any, timetable_of: Any) -> None:
    small_feed["translations.txt"] = (
        "table_name,field_name,language,translation,record_id,field_value\n"
        "stops,stop_name,zh,阿尔法,A,\nstops,stop_name,ar,بيتا,,Beta\nroutes,route_long_name,zh,不,A,\n"
    )
    timetable = timetable_of(small_feed)
    assert timetable.places[0].place.name.text("zh") == "阿尔法"
    assert timetable.places[1].place.name.text("ar") == "بيتا"
    small_feed["translations.txt"] = "trans_id,lang,translation\nAlpha,zh,阿\n"
    assert timetable_of(small_feed).places[0].place.name.text("zh-CN") == "阿"


def test_takes_control_and_direction_characters_out_of_names(small_feed: Any, timetable_of: Any) -> None:
    small_feed["stops.txt"] = (
        small_feed["stops.txt"].replace("Alpha", "Al\u202epha\x07 \u200f ") + "F," + "x" * 500 + ",1,1\n"
    )
    names = [each.place.name.default for each in timetable_of(small_feed).places]
    assert names[0] == "Alpha"
    assert names[-1] == "x" * 120


def test_calendar_dates_alone_make_a_calendar(small_feed: Any, timetable_of: Any) -> None:
    del small_feed["calendar.txt"]
    small_feed["calendar_dates.txt"] = "service_id,date,exception_type\ns,20260701,1\ns,20260702,2\n"
    timetable = timetable_of(small_feed)
    assert timetable.days.running(date(2026, 7, 1).toordinal()) == {0}
    assert timetable.days.running(date(2026, 7, 2).toordinal()) == frozenset()


REFUSALS = {
    "a missing file": ({"stops.txt": None}, "stops.txt"),
    "no calendar at all": ({"calendar.txt": None}, "calendar.txt"),
    "a missing column": ({"stops.txt": "stop_name\nx\n"}, "column stop_id"),
    "an unknown zone": ({"agency.txt": "agency_id,agency_timezone\n1,Mars/Olympus\n"}, "agency.txt, line 2"),
    "no agency": ({"agency.txt": "agency_id,agency_timezone\n"}, "no agency"),
    "a time that is none": (
        {"stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nt1,soon,8:00,A,1\n"},
        "stop_times.txt, line 2",
    ),
    "a time beyond all trips": (
        {"stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nt1,999:00:00,,A,1\n"},
        "stop_times.txt, line 2",
    ),
    "a date that is none": ({"calendar_dates.txt": "service_id,date,exception_type\ns,20261341,1\n"}, "line 2"),
    "a route type that is none": ({"routes.txt": "route_id,route_type\nr1,train\n"}, "routes.txt, line 2"),
    "another encoding": ({"stops.txt": b"stop_id,stop_name\nA,\xe4\xf6\n"}, "UTF-8"),
    "a line without end": ({"stops.txt": "stop_id,stop_name\nA," + "x" * 30_000}, "longer than"),
    "a headway of nothing": (
        {"frequencies.txt": "trip_id,start_time,end_time,headway_secs\nt1,08:00:00,09:00:00,0\n"},
        "frequencies.txt, line 2",
    ),
    "a number beyond all bounds": (
        {"stop_times.txt": f"trip_id,arrival_time,departure_time,stop_id,stop_sequence\nt1,8:00,8:00,A,{10**30}\n"},
        "beyond all bounds",
    ),
}


@pytest.mark.parametrize("case", sorted(REFUSALS))
def test_refuses_with_file_line_and_remedy(case: Any, small_feed: Any, write_feed: Any, tmp_path: Any) -> None:
    changes, sentence = REFUSALS[case]
    feed = {name: text for name, text in (small_feed | changes).items() if text is not None}
    with pytest.raises(FileRefusedError, match=sentence) as caught:
        import_feed(write_feed(feed), tmp_path / "t.sqlite")
    assert caught.value.remedy
    assert not (tmp_path / "t.sqlite").exists()
    assert not list(tmp_path.glob("*.part"))


def test_refuses_what_is_no_feed(tmp_path: Any) -> None:
    with pytest.raises(FileRefusedError, match="no such file"):
        import_feed(tmp_path / "nowhere.zip", tmp_path / "t.sqlite")
    (tmp_path / "x.zip").write_bytes(b"PK\x03\x04 not really")
    with pytest.raises(FileRefusedError, match="neither a folder nor a zip"):
        import_feed(tmp_path / "x.zip", tmp_path / "t.sqlite")


def test_refuses_a_zip_that_unpacks_beyond_measure(
    small_feed: Any, zip_feed: Any, tmp_path: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr("kiosk.platforms.embedded.feed_source.FILE_BYTES_MAX", 1_000_000)
    small_feed["shapes.txt"] = ""
    small_feed["stops.txt"] += "".join(f"P{index},Place {index},1,1\n" for index in range(60_000))
    with pytest.raises(FileRefusedError, match="more than any real feed"):
        import_feed(zip_feed(small_feed), tmp_path / "t.sqlite")


def test_refuses_a_zip_that_lies_about_its_sizes(
    small_feed: Any, zip_feed: Any, tmp_path: Any, monkeypatch: Any
) -> None:
    path = zip_feed(small_feed | {"stops.txt": "stop_id,stop_name\n" + "A,Alpha\n" * 200_000})
    monkeypatch.setattr("kiosk.platforms.embedded.feed_source.FEED_BYTES_MAX", 1_000_000)
    with pytest.raises(FileRefusedError, match="more than any real feed"):
        import_feed(path, tmp_path / "t.sqlite")


def test_refuses_a_damaged_zip(small_feed: Any, zip_feed: Any, tmp_path: Any) -> None:
    path = zip_feed(small_feed)
    with zipfile.ZipFile(path) as archive:
        info = next(each for each in archive.infolist() if each.filename.endswith("stop_times.txt"))
    content = bytearray(path.read_bytes())
    for offset in range(info.header_offset + 60, info.header_offset + 90):
        content[offset] ^= 0xFF
    path.write_bytes(bytes(content))
    with pytest.raises(FileRefusedError, match="stop_times"):
        import_feed(path, tmp_path / "t.sqlite")


@pytest.mark.parametrize(
    ("text", "seconds"), [("8:05:30", 29_130), (" 25:00:00 ", 90_000), ("07:10", 25_800), ("", None)]
)
def test_reads_times_as_feeds_write_them(text: Any, seconds: Any) -> None:
    assert parse_time(text) == seconds


@pytest.mark.parametrize("text", ["8", "aa:bb:cc", "08:60:00", "-1:00:00", "\u0660\u0668:00:00", "1:2:3:4"])
def test_refuses_times_that_are_none(text: Any) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the importer makes the sentence
        parse_time(text)
