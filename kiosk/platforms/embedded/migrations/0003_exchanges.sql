-- Tickets that took the place of others: a part keeps its id, its old secret is gone; what it is from then on stands in
-- the exchange, which is made at most once per exchanging sale and never changes.
CREATE TABLE exchange (
    code TEXT NOT NULL REFERENCES booking, sale_id TEXT PRIMARY KEY, digest TEXT NOT NULL, body BLOB NOT NULL,
    done_us INTEGER NOT NULL
) STRICT;
CREATE INDEX exchange_code ON exchange (code);
CREATE TRIGGER exchange_stays BEFORE DELETE ON exchange BEGIN SELECT RAISE(ABORT, 'an exchange is never deleted'); END;
CREATE TRIGGER exchange_fixed BEFORE UPDATE ON exchange BEGIN SELECT RAISE(ABORT, 'an exchange never changes'); END;
ALTER TABLE part ADD COLUMN sold_in TEXT NOT NULL DEFAULT '';
