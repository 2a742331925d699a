-- The day's close: the drawer's counts, what was compared with it, and the days that are closed.

-- The drawer was counted. A count again is another row, and all of them stay. `change_won` is the money for change that
-- was in the drawer before the first customer.
CREATE TABLE cash_count (
    id            INTEGER PRIMARY KEY,
    business_date TEXT    NOT NULL,
    counted       INTEGER NOT NULL CHECK (counted >= 0),
    change_won    INTEGER NOT NULL CHECK (change_won >= 0),
    at            INTEGER NOT NULL,
    actor         INTEGER NOT NULL REFERENCES staff (id),
    approver      INTEGER REFERENCES staff (id),
    request_id    TEXT    NOT NULL
) STRICT;
CREATE INDEX cash_count_by_day ON cash_count (business_date, id);

-- The day's payments beside those of another source. `sums` is JSON; `hash` is over the row, its differences and the
-- comparison before.
CREATE TABLE day_comparison (
    place         INTEGER PRIMARY KEY,
    business_date TEXT    NOT NULL,
    source        TEXT    NOT NULL CHECK (source IN ('portone', 'file')),
    window_from   INTEGER NOT NULL,                                -- PortOne's clock; included
    window_to     INTEGER NOT NULL CHECK (window_to >= window_from), -- not included
    sums          TEXT    NOT NULL,
    at            INTEGER NOT NULL,
    actor         INTEGER NOT NULL REFERENCES staff (id),
    approver      INTEGER REFERENCES staff (id),
    request_id    TEXT    NOT NULL,
    hash          BLOB    NOT NULL
) STRICT;
CREATE INDEX day_comparison_by_day ON day_comparison (business_date, place);

CREATE TABLE day_difference (
    comparison      INTEGER NOT NULL REFERENCES day_comparison (place),
    line            INTEGER NOT NULL,
    kind            TEXT    NOT NULL,
    imp_uid         TEXT,
    merchant_uid    TEXT,
    charge_id       TEXT,
    approval_number TEXT,
    book_won        INTEGER,
    other_won       INTEGER,
    at              INTEGER,                                       -- when it was paid
    actor           INTEGER NOT NULL REFERENCES staff (id),
    request_id      TEXT    NOT NULL,
    PRIMARY KEY (comparison, line)
) STRICT, WITHOUT ROWID;

-- A closed day. `transactions` and `head` are the chain as it stood; `hash` is over the row, the day's counts, and the
-- close before. Without a comparison the day was closed while PortOne did not answer: it follows as a row of its own.
CREATE TABLE day_close (
    business_date TEXT    PRIMARY KEY,
    place         INTEGER NOT NULL UNIQUE,
    count_id      INTEGER NOT NULL REFERENCES cash_count (id),
    counted       INTEGER NOT NULL,
    expected      INTEGER NOT NULL,
    sums          TEXT    NOT NULL,                                -- JSON: by kind and by account
    comparison    INTEGER REFERENCES day_comparison (place),
    open_charges  INTEGER NOT NULL CHECK (open_charges >= 0),
    window_from   INTEGER NOT NULL,
    window_to     INTEGER NOT NULL CHECK (window_to >= window_from),
    transactions  INTEGER NOT NULL CHECK (transactions >= 0),
    head          BLOB    NOT NULL,
    last_audit    INTEGER NOT NULL,                                -- the last row of `audit`: what follows is the next close's
    at            INTEGER NOT NULL,
    actor         INTEGER NOT NULL REFERENCES staff (id),
    approver      INTEGER REFERENCES staff (id),
    request_id    TEXT    NOT NULL,
    hash          BLOB    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX payment_by_paid_at ON payment (paid_at);

CREATE TRIGGER cash_count_is_append_only_update BEFORE UPDATE ON cash_count
BEGIN SELECT RAISE(ABORT, 'append-only: cash_count'); END;
CREATE TRIGGER cash_count_is_append_only_delete BEFORE DELETE ON cash_count
BEGIN SELECT RAISE(ABORT, 'append-only: cash_count'); END;
CREATE TRIGGER day_comparison_is_append_only_update BEFORE UPDATE ON day_comparison
BEGIN SELECT RAISE(ABORT, 'append-only: day_comparison'); END;
CREATE TRIGGER day_comparison_is_append_only_delete BEFORE DELETE ON day_comparison
BEGIN SELECT RAISE(ABORT, 'append-only: day_comparison'); END;
CREATE TRIGGER day_difference_is_append_only_update BEFORE UPDATE ON day_difference
BEGIN SELECT RAISE(ABORT, 'append-only: day_difference'); END;
CREATE TRIGGER day_difference_is_append_only_delete BEFORE DELETE ON day_difference
BEGIN SELECT RAISE(ABORT, 'append-only: day_difference'); END;
CREATE TRIGGER day_close_is_append_only_update BEFORE UPDATE ON day_close
BEGIN SELECT RAISE(ABORT, 'append-only: day_close'); END;
CREATE TRIGGER day_close_is_append_only_delete BEFORE DELETE ON day_close
BEGIN SELECT RAISE(ABORT, 'append-only: day_close'); END;
-- Nothing more is written on a day that is closed.
CREATE TRIGGER txn_of_a_closed_day BEFORE INSERT ON txn
WHEN EXISTS (SELECT 1 FROM day_close WHERE business_date = new.business_date)
BEGIN SELECT RAISE(ABORT, 'the day is closed'); END;
