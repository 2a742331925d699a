-- The eighth edition: signed orders, backups and drills, and what happens after an older book was put back.

-- The key with which this book signs what an order carries to PortOne and back (custom_data). It lies in the book, and so in
-- its sealed backups: it has to survive the PC. It signs, and opens nothing.
CREATE TABLE order_key (
    one        INTEGER PRIMARY KEY CHECK (one = 1),
    key        BLOB    NOT NULL CHECK (length(key) = 32),
    at         INTEGER NOT NULL,
    actor      INTEGER NOT NULL REFERENCES staff (id),
    request_id TEXT    NOT NULL
) STRICT;

-- Each backup and each drill, good or not.
CREATE TABLE backup_run (
    id           INTEGER PRIMARY KEY,
    kind         TEXT    NOT NULL CHECK (kind IN ('backup', 'drill')),
    file         TEXT,                                             -- its name; null: it did not come that far
    transactions INTEGER,
    head         TEXT,                                             -- the last hash in it, in hex
    fault        TEXT,                                             -- a word; null: good
    at           INTEGER NOT NULL,
    actor        INTEGER NOT NULL REFERENCES staff (id),
    approver     INTEGER REFERENCES staff (id),
    request_id   TEXT    NOT NULL
) STRICT;
CREATE INDEX backup_run_by_kind ON backup_run (kind, id) WHERE fault IS NULL;

-- This book was put back from a backup. Until PortOne was asked about what came after it, no charge is started.
CREATE TABLE restore (
    id           INTEGER PRIMARY KEY,
    file         TEXT    NOT NULL,
    made_at      INTEGER NOT NULL,                                 -- when the backup was made
    transactions INTEGER NOT NULL,                                 -- how many it had
    head         TEXT    NOT NULL,
    ask_from     INTEGER NOT NULL,                                 -- PortOne is asked for everything since
    aside        TEXT,                                             -- the file name of the book that was put aside
    lost_known   INTEGER NOT NULL CHECK (lost_known IN (0, 1)),    -- the put-aside book could be read: see restore_lost
    last_member  INTEGER NOT NULL,                                 -- a number above it is another person than in the lost book
    at           INTEGER NOT NULL,
    actor        INTEGER NOT NULL REFERENCES staff (id),
    approver     INTEGER REFERENCES staff (id),
    request_id   TEXT    NOT NULL UNIQUE
) STRICT;

-- What the put-aside book has that the backup has not: nothing here can bring it back by itself.
CREATE TABLE restore_lost (
    restore_id INTEGER NOT NULL REFERENCES restore (id),
    seq        INTEGER NOT NULL,                                   -- its place in the book that was put aside
    kind       TEXT    NOT NULL,
    member_id  INTEGER NOT NULL,                                   -- a number in that book; may be nobody in this one
    paid       INTEGER NOT NULL,
    bonus      INTEGER NOT NULL,
    charge_id  TEXT,
    lost_at    INTEGER NOT NULL,
    actor      INTEGER NOT NULL REFERENCES staff (id),
    request_id TEXT    NOT NULL,
    PRIMARY KEY (restore_id, seq)
) STRICT, WITHOUT ROWID;

-- PortOne answered, all pages: charges may be started again.
CREATE TABLE restore_asked (
    restore_id INTEGER PRIMARY KEY REFERENCES restore (id),
    payments   INTEGER NOT NULL,                                   -- ours, by their merchant_uid
    known      INTEGER NOT NULL,                                   -- of charges that the backup has
    at         INTEGER NOT NULL,
    actor      INTEGER NOT NULL REFERENCES staff (id),
    request_id TEXT    NOT NULL
) STRICT;

-- A payment under our own kind of order whose charge this book does not know: found after a restore, or by a day's comparison.
CREATE TABLE orphan (
    imp_uid      TEXT    PRIMARY KEY,
    restore_id   INTEGER REFERENCES restore (id),                  -- null: nothing here says that this book was put back
    merchant_uid TEXT    NOT NULL,
    won          INTEGER NOT NULL CHECK (won > 0),
    pay_method   TEXT,
    pg_provider  TEXT    NOT NULL,
    pg_id        TEXT    NOT NULL,
    started_at   INTEGER NOT NULL,
    paid_at      INTEGER NOT NULL,
    charge_id    TEXT,                                             -- what the order carried, where its signature is ours
    member_id    INTEGER,                                          -- the same; a number in the book that was lost
    at           INTEGER NOT NULL,
    actor        INTEGER NOT NULL REFERENCES staff (id),
    request_id   TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX orphan_by_order ON orphan (merchant_uid);

-- What a manager decided about one, and what PortOne said: it goes back, it went back. One that was credited has a charge.
CREATE TABLE orphan_end (
    imp_uid    TEXT    NOT NULL REFERENCES orphan (imp_uid),
    how        TEXT    NOT NULL CHECK (how IN ('refund', 'cancelled')),
    at         INTEGER NOT NULL,
    actor      INTEGER NOT NULL REFERENCES staff (id),
    approver   INTEGER REFERENCES staff (id),
    request_id TEXT    NOT NULL,
    PRIMARY KEY (imp_uid, how)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER order_key_is_append_only_update BEFORE UPDATE ON order_key
BEGIN SELECT RAISE(ABORT, 'append-only: order_key'); END;
CREATE TRIGGER order_key_is_append_only_delete BEFORE DELETE ON order_key
BEGIN SELECT RAISE(ABORT, 'append-only: order_key'); END;
CREATE TRIGGER backup_run_is_append_only_update BEFORE UPDATE ON backup_run
BEGIN SELECT RAISE(ABORT, 'append-only: backup_run'); END;
CREATE TRIGGER backup_run_is_append_only_delete BEFORE DELETE ON backup_run
BEGIN SELECT RAISE(ABORT, 'append-only: backup_run'); END;
CREATE TRIGGER restore_is_append_only_update BEFORE UPDATE ON restore
BEGIN SELECT RAISE(ABORT, 'append-only: restore'); END;
CREATE TRIGGER restore_is_append_only_delete BEFORE DELETE ON restore
BEGIN SELECT RAISE(ABORT, 'append-only: restore'); END;
CREATE TRIGGER restore_lost_is_append_only_update BEFORE UPDATE ON restore_lost
BEGIN SELECT RAISE(ABORT, 'append-only: restore_lost'); END;
CREATE TRIGGER restore_lost_is_append_only_delete BEFORE DELETE ON restore_lost
BEGIN SELECT RAISE(ABORT, 'append-only: restore_lost'); END;
CREATE TRIGGER restore_asked_is_append_only_update BEFORE UPDATE ON restore_asked
BEGIN SELECT RAISE(ABORT, 'append-only: restore_asked'); END;
CREATE TRIGGER restore_asked_is_append_only_delete BEFORE DELETE ON restore_asked
BEGIN SELECT RAISE(ABORT, 'append-only: restore_asked'); END;
CREATE TRIGGER orphan_is_append_only_update BEFORE UPDATE ON orphan
BEGIN SELECT RAISE(ABORT, 'append-only: orphan'); END;
CREATE TRIGGER orphan_is_append_only_delete BEFORE DELETE ON orphan
BEGIN SELECT RAISE(ABORT, 'append-only: orphan'); END;
CREATE TRIGGER orphan_end_is_append_only_update BEFORE UPDATE ON orphan_end
BEGIN SELECT RAISE(ABORT, 'append-only: orphan_end'); END;
CREATE TRIGGER orphan_end_is_append_only_delete BEFORE DELETE ON orphan_end
BEGIN SELECT RAISE(ABORT, 'append-only: orphan_end'); END;
