-- The local copy of a timetable, written once by feed_import and then only read. Times are seconds after
-- "noon minus 12 hours" of the service day in the agency's zone, so that days with 23 or 25 hours are right.
CREATE TABLE feed (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE place (
    place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, kind TEXT NOT NULL, zone TEXT NOT NULL,
    lat REAL, lon REAL, others TEXT NOT NULL, rank INTEGER NOT NULL DEFAULT 0
) STRICT;
-- A stop is a platform or pole of a place; `id` also finds the place.
CREATE TABLE stop (
    stop INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, place INTEGER NOT NULL, track TEXT NOT NULL, lat REAL, lon REAL
) STRICT;
CREATE TABLE service (service INTEGER PRIMARY KEY, id TEXT NOT NULL, days INTEGER NOT NULL, start INTEGER NOT NULL, until INTEGER NOT NULL) STRICT;
CREATE TABLE service_exception (
    day INTEGER NOT NULL, service INTEGER NOT NULL, is_added INTEGER NOT NULL, PRIMARY KEY (day, service)
) STRICT, WITHOUT ROWID;
CREATE TABLE run (
    run INTEGER PRIMARY KEY, trip_id TEXT NOT NULL, line TEXT NOT NULL, headsign TEXT NOT NULL,
    service INTEGER NOT NULL, zone INTEGER NOT NULL, route TEXT NOT NULL
) STRICT;
CREATE TABLE zone (zone INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
-- flags: 1 no boarding, 2 no alighting
CREATE TABLE call (
    run INTEGER NOT NULL, seq INTEGER NOT NULL, place INTEGER NOT NULL, stop INTEGER NOT NULL, arr INTEGER, dep INTEGER,
    flags INTEGER NOT NULL, PRIMARY KEY (run, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE departure (
    place INTEGER NOT NULL, dep INTEGER NOT NULL, run INTEGER NOT NULL, seq INTEGER NOT NULL, service INTEGER NOT NULL,
    zone INTEGER NOT NULL, PRIMARY KEY (place, dep, run, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE transfer (
    origin INTEGER NOT NULL, destination INTEGER NOT NULL, min_s INTEGER NOT NULL, PRIMARY KEY (origin, destination)
) STRICT, WITHOUT ROWID;
CREATE TABLE stop_area (stop INTEGER NOT NULL, area TEXT NOT NULL, PRIMARY KEY (stop, area)) STRICT, WITHOUT ROWID;
CREATE TABLE fare_leg (
    from_area TEXT NOT NULL, to_area TEXT NOT NULL, product TEXT NOT NULL, rider TEXT NOT NULL, name TEXT NOT NULL,
    amount TEXT NOT NULL, currency TEXT NOT NULL
) STRICT;
