-- Reusable media (a chip by its UID, or a printed code) with the tickets and the gift card behind them, and gift cards as
-- a book of entries: what was put on, charged and given back under whose reference, each at most once, none ever changed.
CREATE TABLE gift_card (
    id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, currency TEXT NOT NULL, expires_us INTEGER
) STRICT;
CREATE TABLE gift_entry (
    card INTEGER NOT NULL REFERENCES gift_card, reference TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('issue', 'charge', 'back', 'closed')), minor INTEGER NOT NULL, at_us INTEGER NOT NULL,
    PRIMARY KEY (card, reference, kind)
) STRICT;
CREATE TRIGGER gift_entry_stays BEFORE DELETE ON gift_entry BEGIN SELECT RAISE(ABORT, 'an entry is never deleted'); END;
CREATE TRIGGER gift_entry_fixed BEFORE UPDATE ON gift_entry BEGIN SELECT RAISE(ABORT, 'an entry never changes'); END;
CREATE TABLE medium (
    kind TEXT NOT NULL, identifier TEXT NOT NULL, is_active INTEGER NOT NULL, expires_us INTEGER,
    card INTEGER REFERENCES gift_card, PRIMARY KEY (kind, identifier)
) STRICT;
CREATE TABLE medium_part (
    kind TEXT NOT NULL, identifier TEXT NOT NULL, code TEXT NOT NULL, part_id TEXT NOT NULL,
    PRIMARY KEY (kind, identifier, code, part_id),
    FOREIGN KEY (kind, identifier) REFERENCES medium, FOREIGN KEY (code, part_id) REFERENCES part
) STRICT;
