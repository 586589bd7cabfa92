"""Whatever a feed's files hold, it is read or refused with a sentence; nothing else happens."""

from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.platforms.embedded.config import FileRefusedError
from kiosk.platforms.embedded.feed_import import import_feed
from kiosk.platforms.embedded.places import PlaceIndex
from kiosk.platforms.embedded.timetable import Timetable

NOISE = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["", "-1", "0", "9999999999999999999", "1e9", "25:61:00", "24:00:00", "\ufeff", '"', '"a\nb"', "\x00", "\u202e",
         ",,,,", "A", "t1", "s", "r1", "1", "20261301", "20260229", "NaN", "inf", "Europe/Berlin", "../x", "🚆"]
    ),
)  # fmt: skip
EXTRA = {
    "frequencies.txt": "trip_id,start_time,end_time,headway_secs\nt1,06:00:00,07:00:00,1200\n",
    "transfers.txt": "from_stop_id,to_stop_id,transfer_type,min_transfer_time\nC,C,2,60\n",
    "translations.txt": "table_name,field_name,language,translation,record_id\nstops,stop_name,zh,阿,A\n",
    "calendar_dates.txt": "service_id,date,exception_type\ns,20260701,2\n",
    "stop_areas.txt": "area_id,stop_id\n1,A\n",
    "fare_products.txt": "fare_product_id,amount,currency\np,1.00,EUR\n",
    "fare_leg_rules.txt": "fare_product_id,from_area_id,to_area_id\np,1,1\n",
}


def spoiled(text: str, row: int, column: int, noise: str) -> str:
    """Put noise into one field of one row."""
    lines = text.splitlines()
    fields = lines[row % len(lines)].split(",")
    fields[column % len(fields)] = noise
    lines[row % len(lines)] = ",".join(fields)
    return "\n".join(lines) + "\n"


@settings(max_examples=120, deadline=None, derandomize=True, database=None)
@given(data=st.data())
def test_a_spoiled_feed_is_read_or_refused(data: Any) -> None:
    from_small = dict(SMALL)
    for _ in range(data.draw(st.integers(1, 3))):
        name = data.draw(st.sampled_from(sorted(from_small)))
        row, column = data.draw(st.integers(0, 8)), data.draw(st.integers(0, 12))
        from_small[name] = spoiled(from_small[name], row, column, data.draw(NOISE))
    with TemporaryDirectory() as made:
        folder = Path(made) / "feed"
        folder.mkdir()
        for name, text in from_small.items():
            (folder / name).write_text(text, encoding="utf-8")
        try:
            import_feed(folder, Path(made) / "t.sqlite")
        except FileRefusedError:
            return
        timetable = Timetable(Path(made) / "t.sqlite")
        index = PlaceIndex(timetable.places)
        for stored in timetable.places:
            list(islice(timetable.board(stored.number, datetime(2026, 7, 1, tzinfo=UTC)), 20))
            assert not any(char in stored.place.name.default for char in "\x00\u202e\n")
            index.search(stored.place.name.default, "zh", 5)
        timetable.close()


SMALL = {
    "agency.txt": "agency_id,agency_name,agency_timezone\n1,Test,Europe/Berlin\n",
    "stops.txt": "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\n"
    "S,Alpha,50.0,8.0,1,\nA,Alpha,50.0,8.0,0,S\nB,Beta,50.1,8.0,0,\nC,Gamma,50.2,8.0,0,\n",
    "routes.txt": "route_id,agency_id,route_short_name,route_type\nr1,1,R 1,2\n",
    "calendar.txt": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
    "s,1,1,1,1,1,1,1,20260101,20261231\n",
    "trips.txt": "route_id,service_id,trip_id,trip_headsign\nr1,s,t1,Gamma\n",
    "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
    "t1,08:00:00,08:00:00,A,1\nt1,08:10:00,08:11:00,B,2\nt1,08:20:00,08:21:00,C,3\n",
    **EXTRA,
}
