-- 0001 initial: the journal and what hangs on it.
-- Why so: the journal is the truth (append-only by trigger, hash-chained by the writer); everything else can be
-- rebuilt from it and from the second, plain journal file. No personal field stands in clear in any table.

CREATE TABLE journal (
    seq       INTEGER PRIMARY KEY CHECK (seq > 0),
    boot_id   TEXT    NOT NULL,
    mono_ns   INTEGER NOT NULL,
    wall      TEXT    NOT NULL,                 -- RFC 3339, never used for order
    sale_id   TEXT    NOT NULL CHECK (sale_id <> ''),
    actor     TEXT    NOT NULL CHECK (actor <> ''),
    kind      TEXT    NOT NULL CHECK (kind <> ''),
    payload   BLOB    NOT NULL,
    is_final  INTEGER NOT NULL CHECK (is_final IN (0, 1)),
    prev_hash BLOB    NOT NULL CHECK (length(prev_hash) = 32),
    hash      BLOB    NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE INDEX journal_of_sale ON journal (sale_id, seq);

CREATE TRIGGER journal_is_never_changed BEFORE UPDATE ON journal
BEGIN SELECT raise(ABORT, 'the journal is append-only'); END;

CREATE TRIGGER journal_is_never_deleted BEFORE DELETE ON journal
BEGIN SELECT raise(ABORT, 'the journal is append-only'); END;

CREATE TRIGGER journal_has_no_gap BEFORE INSERT ON journal
WHEN NEW.seq <> 1 + coalesce((SELECT max(seq) FROM journal), 0)
BEGIN SELECT raise(ABORT, 'the journal has no gap'); END;

-- Sales not yet at rest: a row while open, gone with the final journal row.
CREATE TABLE open_sale (
    sale_id   TEXT    PRIMARY KEY,
    first_seq INTEGER NOT NULL REFERENCES journal (seq)
) STRICT, WITHOUT ROWID;

-- Messages not yet proven delivered, in the order they were written. `seq` is the head of their transaction.
CREATE TABLE outbox (
    id        INTEGER PRIMARY KEY,
    seq       INTEGER NOT NULL,
    key       TEXT    NOT NULL UNIQUE CHECK (key <> ''),
    stream    TEXT    NOT NULL CHECK (stream <> ''),
    sale_id   TEXT    NOT NULL,
    body      BLOB    NOT NULL,                 -- ready to send; sealed under the sale's key where key_id is not empty
    key_id    BLOB    NOT NULL CHECK (length(key_id) IN (0, 16)),
    due       TEXT    NOT NULL,                 -- RFC 3339 or empty: at once
    digest    BLOB    NOT NULL CHECK (length(digest) = 16),
    attempts  INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    problem   TEXT    NOT NULL DEFAULT ''       -- not empty: parked, the platform refused it
) STRICT;

CREATE INDEX outbox_ready ON outbox (stream, id) WHERE problem = '';
CREATE INDEX outbox_parked ON outbox (id) WHERE problem <> '';
CREATE INDEX outbox_of_sale ON outbox (sale_id) WHERE sale_id <> '';

-- What was proven, so that a key is never used twice; trimmed by age.
CREATE TABLE sent (
    key       TEXT    PRIMARY KEY,
    id        INTEGER NOT NULL,
    sale_id   TEXT    NOT NULL,
    proven_at TEXT    NOT NULL,
    proof     TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER outbox_key_is_used_once BEFORE INSERT ON outbox
WHEN EXISTS (SELECT 1 FROM sent WHERE key = NEW.key)
BEGIN SELECT raise(ABORT, 'UNIQUE: the key was sent'); END;

CREATE TRIGGER outbox_message_is_never_changed BEFORE UPDATE OF id, seq, key, stream, sale_id, body, key_id, digest ON outbox
BEGIN SELECT raise(ABORT, 'a message is never changed'); END;

-- Streams that a cause outside a single message holds up, such as a token that was taken away.
CREATE TABLE blocked_stream (
    stream     TEXT PRIMARY KEY,
    cause      TEXT NOT NULL CHECK (cause <> ''),
    blocked_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The only place personal data lies: sealed with AES-256-GCM under a key that is kept elsewhere.
CREATE TABLE personal (
    sale_id TEXT    NOT NULL CHECK (sale_id <> ''),
    name    TEXT    NOT NULL,
    seq     INTEGER NOT NULL,
    key_id  BLOB    NOT NULL CHECK (length(key_id) = 16),
    sealed  BLOB    NOT NULL,
    PRIMARY KEY (sale_id, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX personal_by_seq ON personal (seq);

-- Last good copies of what the platform gave.
CREATE TABLE snapshot (
    name     TEXT PRIMARY KEY,
    taken_at TEXT NOT NULL,
    digest   BLOB NOT NULL CHECK (length(digest) = 16),
    body     BLOB NOT NULL
) STRICT;

-- Backups this terminal wrote and can still reach when a sale is to be forgotten.
CREATE TABLE backup (
    folder TEXT PRIMARY KEY,
    made_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
