-- What the server keeps: units of capacity taken, bookings under the terminal's own codes, prints and cancellations.
-- A unit is a seat (seat set) or one of a slot's places (seat empty); a seat is taken at most once per slot.
CREATE TABLE hold (id TEXT PRIMARY KEY, expires_us INTEGER NOT NULL, offer_ids TEXT NOT NULL) STRICT;
CREATE TABLE booking (
    code TEXT PRIMARY KEY, sale_id TEXT NOT NULL, digest TEXT NOT NULL, channel TEXT NOT NULL, body BLOB NOT NULL,
    paid_minor INTEGER NOT NULL, currency TEXT NOT NULL, sold_us INTEGER NOT NULL, confirmed_us INTEGER NOT NULL
) STRICT;
CREATE TABLE part (
    code TEXT NOT NULL REFERENCES booking, part_id TEXT NOT NULL, offer_id TEXT NOT NULL, secret TEXT NOT NULL UNIQUE,
    position INTEGER NOT NULL, cancelled_us INTEGER, reason TEXT NOT NULL DEFAULT '', PRIMARY KEY (code, part_id)
) STRICT;
CREATE TABLE unit (
    slot_id TEXT NOT NULL, part_id TEXT NOT NULL, seat TEXT NOT NULL DEFAULT '', hold_id TEXT REFERENCES hold ON DELETE CASCADE,
    code TEXT REFERENCES booking, CHECK ((hold_id IS NULL) <> (code IS NULL))
) STRICT;
CREATE UNIQUE INDEX unit_seat ON unit (slot_id, seat) WHERE seat <> '';
CREATE INDEX unit_slot ON unit (slot_id);
CREATE INDEX unit_hold ON unit (hold_id) WHERE hold_id IS NOT NULL;
CREATE INDEX unit_code ON unit (code, part_id) WHERE code IS NOT NULL;
CREATE TABLE print (
    code TEXT NOT NULL, part_id TEXT NOT NULL, copy INTEGER NOT NULL, printed_us INTEGER NOT NULL,
    PRIMARY KEY (code, part_id, copy)
) STRICT;
CREATE TRIGGER booking_stays BEFORE DELETE ON booking BEGIN SELECT RAISE(ABORT, 'a booking is never deleted'); END;
CREATE TRIGGER booking_fixed BEFORE UPDATE ON booking BEGIN SELECT RAISE(ABORT, 'a booking never changes'); END;
