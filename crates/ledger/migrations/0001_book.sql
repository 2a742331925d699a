-- The book, first edition. This file is released: it is never edited, a change is a new file.
-- Times are milliseconds since 1970-01-01T00:00:00Z. Amounts are whole won or points. Dates are the shop's days.
-- Every row says who (actor) and by which request: itself, or through the transaction that it belongs to. Tables that
-- are derived (balance, lot_left, charge_state, member_key, head) repeat what such rows say, and say no more.

-- What this file is. One row; a file is refused under another mode, shop code or store.
CREATE TABLE stamp (
    one        INTEGER PRIMARY KEY CHECK (one = 1),
    book_id    TEXT    NOT NULL,
    mode       TEXT    NOT NULL CHECK (mode IN ('live', 'test', 'practice')),
    created_at INTEGER NOT NULL,
    actor      INTEGER NOT NULL REFERENCES staff (id),
    request_id TEXT    NOT NULL
) STRICT;

-- PortOne's 고객사 식별코드 and sub-store, once known. One row for ever.
CREATE TABLE shop_stamp (
    one        INTEGER PRIMARY KEY CHECK (one = 1),
    shop_code  TEXT    NOT NULL,
    store      TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    actor      INTEGER NOT NULL REFERENCES staff (id),
    request_id TEXT    NOT NULL
) STRICT;

-- Every write carries an id that its caller made once. The same id with the same content was done before; with
-- other content it is refused. `result` is what was answered.
CREATE TABLE request (
    kind       TEXT    NOT NULL,
    request_id TEXT    NOT NULL,
    digest     BLOB    NOT NULL,
    result     TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    actor      INTEGER NOT NULL REFERENCES staff (id),
    PRIMARY KEY (kind, request_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE staff (
    id         INTEGER PRIMARY KEY,                                -- 1 is the machine itself
    name       TEXT    NOT NULL,
    role       TEXT    NOT NULL CHECK (role IN ('clerk', 'manager', 'owner')),
    created_at INTEGER NOT NULL,
    actor      INTEGER NOT NULL REFERENCES staff (id),
    request_id TEXT    NOT NULL
) STRICT;

-- What was done that moved no points.
CREATE TABLE audit (
    id         INTEGER PRIMARY KEY,
    at         INTEGER NOT NULL,
    actor      INTEGER NOT NULL REFERENCES staff (id),
    action     TEXT    NOT NULL,
    detail     TEXT    NOT NULL,
    request_id TEXT    NOT NULL
) STRICT;

-- Settings by version; the newest is in force.
CREATE TABLE setting (
    key        TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    value      TEXT    NOT NULL,                                   -- JSON
    at         INTEGER NOT NULL,
    actor      INTEGER NOT NULL REFERENCES staff (id),
    request_id TEXT    NOT NULL,
    PRIMARY KEY (key, version)
) STRICT, WITHOUT ROWID;

-- Bonus rules by version; the newest is in force, and 0 percent is none. There is no column for the way of paying
-- on purpose: favouring one is against 여신전문금융업법 §19.
CREATE TABLE bonus_rule (
    version    INTEGER PRIMARY KEY,
    percent    INTEGER NOT NULL CHECK (percent BETWEEN 0 AND 100),
    min_won    INTEGER NOT NULL CHECK (min_won >= 0),
    valid_days INTEGER NOT NULL CHECK (valid_days BETWEEN 1 AND 3650),
    at         INTEGER NOT NULL,
    actor      INTEGER NOT NULL REFERENCES staff (id),
    request_id TEXT    NOT NULL
) STRICT;

-- A member is a number. Who that is stands in the profile.
CREATE TABLE member (
    id         INTEGER PRIMARY KEY,
    created_at INTEGER NOT NULL,
    actor      INTEGER NOT NULL REFERENCES staff (id),
    request_id TEXT    NOT NULL
) STRICT;

-- Versions of name, phone and memo: personal data, which stands here and in member_key alone.
CREATE TABLE member_profile (
    member_id  INTEGER NOT NULL REFERENCES member (id),
    version    INTEGER NOT NULL,
    name       TEXT    NOT NULL,
    phone      TEXT    NOT NULL,                                   -- digits of the domestic form: 01012345678
    memo       TEXT,
    consents   TEXT    NOT NULL,                                   -- JSON list
    at         INTEGER NOT NULL,
    actor      INTEGER NOT NULL REFERENCES staff (id),
    request_id TEXT    NOT NULL,
    PRIMARY KEY (member_id, version)
) STRICT, WITHOUT ROWID;

-- How the newest profile is found: the phone's digits from the end ('tel'), and each end of the name ('name').
-- Made from member_profile, and made again with each version.
CREATE TABLE member_key (
    kind      TEXT    NOT NULL CHECK (kind IN ('tel', 'name')),
    key       TEXT    NOT NULL,
    member_id INTEGER NOT NULL REFERENCES member (id),
    PRIMARY KEY (kind, key, member_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX member_key_by_member ON member_key (member_id);

-- The intent to charge, frozen before anything leaves the machine.
CREATE TABLE charge (
    id               TEXT    PRIMARY KEY,
    merchant_uid     TEXT    NOT NULL UNIQUE,
    member_id        INTEGER NOT NULL REFERENCES member (id),
    won              INTEGER NOT NULL CHECK (won > 0),
    bonus            INTEGER NOT NULL CHECK (bonus >= 0),
    bonus_rule       INTEGER REFERENCES bonus_rule (version),
    bonus_valid_days INTEGER,
    method           TEXT    NOT NULL,
    channel_key      TEXT    NOT NULL,
    pg_provider      TEXT    NOT NULL,
    pg_id            TEXT    NOT NULL,
    at               INTEGER NOT NULL,                             -- PortOne's clock
    actor            INTEGER NOT NULL REFERENCES staff (id),
    request_id       TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX charge_by_member ON charge (member_id, at);

-- Each thing that happened to a charge.
CREATE TABLE charge_event (
    id         INTEGER PRIMARY KEY,
    charge_id  TEXT    NOT NULL REFERENCES charge (id),
    at         INTEGER NOT NULL,
    kind       TEXT    NOT NULL,
    detail     TEXT,
    actor      INTEGER NOT NULL REFERENCES staff (id),
    request_id TEXT    NOT NULL
) STRICT;
CREATE INDEX charge_event_by_charge ON charge_event (charge_id, id);

-- Where a charge stands now: what the events lead to.
CREATE TABLE charge_state (
    charge_id    TEXT    PRIMARY KEY REFERENCES charge (id),
    state        TEXT    NOT NULL CHECK (state IN
                     ('open', 'awaiting_deposit', 'unknown', 'failed', 'voided', 'disputed', 'credited')),
    reason       TEXT,
    reason_text  TEXT,
    deposit      TEXT,                                             -- JSON: where to pay into
    looked_up_at INTEGER,
    look_at      INTEGER,                                          -- when to ask again; null: never
    silent       INTEGER NOT NULL DEFAULT 0 CHECK (silent >= 0),   -- questions without an answer, in a row
    abandoned    INTEGER NOT NULL DEFAULT 0 CHECK (abandoned IN (0, 1)),
    late         INTEGER NOT NULL DEFAULT 0 CHECK (late IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX charge_state_due ON charge_state (look_at) WHERE look_at IS NOT NULL;
CREATE INDEX charge_state_by_state ON charge_state (state) WHERE state <> 'credited';

-- What PortOne confirmed. The primary key is the rule "a payment is credited at most once".
CREATE TABLE payment (
    imp_uid      TEXT    PRIMARY KEY,
    charge_id    TEXT    NOT NULL UNIQUE REFERENCES charge (id),
    txn_seq      INTEGER NOT NULL UNIQUE REFERENCES txn (seq),
    won          INTEGER NOT NULL CHECK (won > 0),
    pg_provider  TEXT    NOT NULL,
    pg_id        TEXT    NOT NULL,
    pg_tid       TEXT,
    pay_method   TEXT,
    apply_num    TEXT,
    card_name    TEXT,
    card_number  TEXT,                                             -- masked by PortOne
    receipt_url  TEXT,
    sandbox      INTEGER NOT NULL CHECK (sandbox IN (0, 1)),
    paid_at      INTEGER NOT NULL,                                 -- PortOne's clock
    looked_up_at INTEGER NOT NULL,                                 -- PortOne's clock
    answer_hash  BLOB    NOT NULL,                                 -- SHA-256 over all that was said
    actor        INTEGER NOT NULL REFERENCES staff (id),
    request_id   TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

-- A payment that was made but may not be credited.
CREATE TABLE dispute (
    imp_uid    TEXT    NOT NULL,
    charge_id  TEXT    NOT NULL REFERENCES charge (id),
    reason     TEXT    NOT NULL,
    won        INTEGER,
    at         INTEGER NOT NULL,
    actor      INTEGER NOT NULL REFERENCES staff (id),
    request_id TEXT    NOT NULL,
    PRIMARY KEY (imp_uid, reason)
) STRICT, WITHOUT ROWID;
CREATE INDEX dispute_by_charge ON dispute (charge_id);

-- Nothing is left to do about a disputed payment: all of it was given back, or it was credited after all.
CREATE TABLE dispute_end (
    imp_uid    TEXT    NOT NULL,
    reason     TEXT    NOT NULL,
    how        TEXT    NOT NULL CHECK (how IN ('cancelled', 'credited')),
    at         INTEGER NOT NULL,
    actor      INTEGER NOT NULL REFERENCES staff (id),
    request_id TEXT    NOT NULL,
    PRIMARY KEY (imp_uid, reason),
    FOREIGN KEY (imp_uid, reason) REFERENCES dispute (imp_uid, reason)
) STRICT, WITHOUT ROWID;

-- Disputes that somebody has to see to.
CREATE VIEW open_dispute AS
SELECT * FROM dispute
WHERE NOT EXISTS (SELECT 1 FROM dispute_end
                  WHERE dispute_end.imp_uid = dispute.imp_uid AND dispute_end.reason = dispute.reason);

-- A transaction ("txn", since TRANSACTION is a word of SQL). `seq` has no gaps.
CREATE TABLE txn (
    seq           INTEGER PRIMARY KEY,
    id            TEXT    NOT NULL UNIQUE,
    kind          TEXT    NOT NULL CHECK (kind IN ('loading', 'spending', 'refund', 'reversal', 'clawback',
                                                   'expiry', 'adjustment', 'merge', 'opening')),
    member_id     INTEGER NOT NULL REFERENCES member (id),
    charge_id     TEXT    UNIQUE REFERENCES charge (id),           -- the rule "a charge is credited at most once"
    reverses      INTEGER UNIQUE REFERENCES txn (seq),             -- the rule "a use is taken back at most once"
    balance_after INTEGER NOT NULL CHECK (balance_after >= 0),     -- the member's points after it
    at            INTEGER NOT NULL,
    business_date TEXT    NOT NULL,
    actor         INTEGER NOT NULL REFERENCES staff (id),
    approver      INTEGER REFERENCES staff (id),
    request_id    TEXT    NOT NULL,
    note_hash     BLOB,                                            -- salted hash of the free text, which can be erased
    hash          BLOB    NOT NULL                                 -- SHA-256 over all of it and the hash before
) STRICT;
CREATE INDEX txn_by_member ON txn (member_id, seq);
CREATE INDEX txn_by_day ON txn (business_date, seq);

-- Free text of a transaction.
CREATE TABLE txn_note (
    txn_seq INTEGER PRIMARY KEY REFERENCES txn (seq),
    salt    BLOB    NOT NULL,
    text    TEXT    NOT NULL
) STRICT;

-- Every transaction's postings sum to zero. A member's points are what the shop owes: negative.
CREATE TABLE posting (
    txn_seq   INTEGER NOT NULL REFERENCES txn (seq),
    line      INTEGER NOT NULL,
    account   TEXT    NOT NULL CHECK (account IN ('pg', 'cash', 'bank', 'paid', 'bonus', 'held', 'debt', 'bonus_cost',
                                                  'sales', 'breakage', 'refund_fee', 'suspense', 'opening')),
    member_id INTEGER REFERENCES member (id),
    amount    INTEGER NOT NULL CHECK (amount <> 0),
    PRIMARY KEY (txn_seq, line),
    CHECK ((account IN ('paid', 'bonus', 'held', 'debt')) = (member_id IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- The points that one loading made.
CREATE TABLE lot (
    id               TEXT    PRIMARY KEY,
    txn_seq          INTEGER NOT NULL UNIQUE REFERENCES txn (seq),
    member_id        INTEGER NOT NULL REFERENCES member (id),
    paid             INTEGER NOT NULL CHECK (paid >= 0),
    bonus            INTEGER NOT NULL CHECK (bonus >= 0),
    paid_expires_at  INTEGER,
    bonus_expires_at INTEGER,
    bonus_rule       INTEGER REFERENCES bonus_rule (version)
) STRICT, WITHOUT ROWID;

-- What a transaction took from a lot; negative: put back.
CREATE TABLE lot_use (
    txn_seq INTEGER NOT NULL REFERENCES txn (seq),
    lot_id  TEXT    NOT NULL REFERENCES lot (id),
    paid    INTEGER NOT NULL,
    bonus   INTEGER NOT NULL,
    PRIMARY KEY (txn_seq, lot_id)
) STRICT, WITHOUT ROWID;

-- A later date of expiry: points that come back into a lot which has gone meanwhile get seven days.
CREATE TABLE lot_expiry (
    txn_seq          INTEGER NOT NULL REFERENCES txn (seq),
    lot_id           TEXT    NOT NULL REFERENCES lot (id),
    paid_expires_at  INTEGER,
    bonus_expires_at INTEGER,
    PRIMARY KEY (txn_seq, lot_id)
) STRICT, WITHOUT ROWID;

-- What is left of each lot: derived, checked against lot and lot_use by the audit.
CREATE TABLE lot_left (
    lot_id           TEXT    PRIMARY KEY REFERENCES lot (id),
    member_id        INTEGER NOT NULL REFERENCES member (id),
    paid             INTEGER NOT NULL CHECK (paid >= 0),
    bonus            INTEGER NOT NULL CHECK (bonus >= 0),
    paid_expires_at  INTEGER,
    bonus_expires_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX lot_left_by_member ON lot_left (member_id) WHERE paid + bonus > 0;

-- Each member's balance: derived, checked against the postings by the audit.
CREATE TABLE balance (
    member_id INTEGER PRIMARY KEY REFERENCES member (id),
    paid      INTEGER NOT NULL CHECK (paid >= 0),
    bonus     INTEGER NOT NULL CHECK (bonus >= 0),
    last_at   INTEGER                                              -- the last transaction
) STRICT;

-- How many transactions there are and the last hash, in the same commit, so that a missing newest row is noticed.
CREATE TABLE head (
    one          INTEGER PRIMARY KEY CHECK (one = 1),
    transactions INTEGER NOT NULL CHECK (transactions >= 0),
    hash         BLOB    NOT NULL
) STRICT;
INSERT INTO head (one, transactions, hash) VALUES (1, 0, zeroblob(32));

-- The machine itself: timers and look-ups that nobody pressed a key for.
INSERT INTO staff (id, name, role, created_at, actor, request_id) VALUES (1, '자동', 'clerk', 0, 1, 'first');

-- Rows are only added. (recursive_triggers is on, so that INSERT OR REPLACE is caught too.)
CREATE TRIGGER stamp_is_append_only_update BEFORE UPDATE ON stamp
BEGIN SELECT RAISE(ABORT, 'append-only: stamp'); END;
CREATE TRIGGER stamp_is_append_only_delete BEFORE DELETE ON stamp
BEGIN SELECT RAISE(ABORT, 'append-only: stamp'); END;
CREATE TRIGGER shop_stamp_is_append_only_update BEFORE UPDATE ON shop_stamp
BEGIN SELECT RAISE(ABORT, 'append-only: shop_stamp'); END;
CREATE TRIGGER shop_stamp_is_append_only_delete BEFORE DELETE ON shop_stamp
BEGIN SELECT RAISE(ABORT, 'append-only: shop_stamp'); END;
CREATE TRIGGER request_is_append_only_update BEFORE UPDATE ON request
BEGIN SELECT RAISE(ABORT, 'append-only: request'); END;
CREATE TRIGGER request_is_append_only_delete BEFORE DELETE ON request
BEGIN SELECT RAISE(ABORT, 'append-only: request'); END;
CREATE TRIGGER staff_is_append_only_update BEFORE UPDATE ON staff
BEGIN SELECT RAISE(ABORT, 'append-only: staff'); END;
CREATE TRIGGER staff_is_append_only_delete BEFORE DELETE ON staff
BEGIN SELECT RAISE(ABORT, 'append-only: staff'); END;
CREATE TRIGGER audit_is_append_only_update BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'append-only: audit'); END;
CREATE TRIGGER audit_is_append_only_delete BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'append-only: audit'); END;
CREATE TRIGGER setting_is_append_only_update BEFORE UPDATE ON setting
BEGIN SELECT RAISE(ABORT, 'append-only: setting'); END;
CREATE TRIGGER setting_is_append_only_delete BEFORE DELETE ON setting
BEGIN SELECT RAISE(ABORT, 'append-only: setting'); END;
CREATE TRIGGER bonus_rule_is_append_only_update BEFORE UPDATE ON bonus_rule
BEGIN SELECT RAISE(ABORT, 'append-only: bonus_rule'); END;
CREATE TRIGGER bonus_rule_is_append_only_delete BEFORE DELETE ON bonus_rule
BEGIN SELECT RAISE(ABORT, 'append-only: bonus_rule'); END;
CREATE TRIGGER member_is_append_only_update BEFORE UPDATE ON member
BEGIN SELECT RAISE(ABORT, 'append-only: member'); END;
CREATE TRIGGER member_is_append_only_delete BEFORE DELETE ON member
BEGIN SELECT RAISE(ABORT, 'append-only: member'); END;
CREATE TRIGGER member_profile_is_append_only_update BEFORE UPDATE ON member_profile
BEGIN SELECT RAISE(ABORT, 'append-only: member_profile'); END;
CREATE TRIGGER member_profile_is_append_only_delete BEFORE DELETE ON member_profile
BEGIN SELECT RAISE(ABORT, 'append-only: member_profile'); END;
CREATE TRIGGER charge_is_append_only_update BEFORE UPDATE ON charge
BEGIN SELECT RAISE(ABORT, 'append-only: charge'); END;
CREATE TRIGGER charge_is_append_only_delete BEFORE DELETE ON charge
BEGIN SELECT RAISE(ABORT, 'append-only: charge'); END;
CREATE TRIGGER charge_event_is_append_only_update BEFORE UPDATE ON charge_event
BEGIN SELECT RAISE(ABORT, 'append-only: charge_event'); END;
CREATE TRIGGER charge_event_is_append_only_delete BEFORE DELETE ON charge_event
BEGIN SELECT RAISE(ABORT, 'append-only: charge_event'); END;
CREATE TRIGGER payment_is_append_only_update BEFORE UPDATE ON payment
BEGIN SELECT RAISE(ABORT, 'append-only: payment'); END;
CREATE TRIGGER payment_is_append_only_delete BEFORE DELETE ON payment
BEGIN SELECT RAISE(ABORT, 'append-only: payment'); END;
CREATE TRIGGER dispute_is_append_only_update BEFORE UPDATE ON dispute
BEGIN SELECT RAISE(ABORT, 'append-only: dispute'); END;
CREATE TRIGGER dispute_is_append_only_delete BEFORE DELETE ON dispute
BEGIN SELECT RAISE(ABORT, 'append-only: dispute'); END;
CREATE TRIGGER dispute_end_is_append_only_update BEFORE UPDATE ON dispute_end
BEGIN SELECT RAISE(ABORT, 'append-only: dispute_end'); END;
CREATE TRIGGER dispute_end_is_append_only_delete BEFORE DELETE ON dispute_end
BEGIN SELECT RAISE(ABORT, 'append-only: dispute_end'); END;
CREATE TRIGGER txn_is_append_only_update BEFORE UPDATE ON txn
BEGIN SELECT RAISE(ABORT, 'append-only: txn'); END;
CREATE TRIGGER txn_is_append_only_delete BEFORE DELETE ON txn
BEGIN SELECT RAISE(ABORT, 'append-only: txn'); END;
CREATE TRIGGER txn_note_is_append_only_update BEFORE UPDATE ON txn_note
BEGIN SELECT RAISE(ABORT, 'append-only: txn_note'); END;
CREATE TRIGGER txn_note_is_append_only_delete BEFORE DELETE ON txn_note
BEGIN SELECT RAISE(ABORT, 'append-only: txn_note'); END;
CREATE TRIGGER posting_is_append_only_update BEFORE UPDATE ON posting
BEGIN SELECT RAISE(ABORT, 'append-only: posting'); END;
CREATE TRIGGER posting_is_append_only_delete BEFORE DELETE ON posting
BEGIN SELECT RAISE(ABORT, 'append-only: posting'); END;
CREATE TRIGGER lot_is_append_only_update BEFORE UPDATE ON lot
BEGIN SELECT RAISE(ABORT, 'append-only: lot'); END;
CREATE TRIGGER lot_is_append_only_delete BEFORE DELETE ON lot
BEGIN SELECT RAISE(ABORT, 'append-only: lot'); END;
CREATE TRIGGER lot_use_is_append_only_update BEFORE UPDATE ON lot_use
BEGIN SELECT RAISE(ABORT, 'append-only: lot_use'); END;
CREATE TRIGGER lot_use_is_append_only_delete BEFORE DELETE ON lot_use
BEGIN SELECT RAISE(ABORT, 'append-only: lot_use'); END;
CREATE TRIGGER lot_expiry_is_append_only_update BEFORE UPDATE ON lot_expiry
BEGIN SELECT RAISE(ABORT, 'append-only: lot_expiry'); END;
CREATE TRIGGER lot_expiry_is_append_only_delete BEFORE DELETE ON lot_expiry
BEGIN SELECT RAISE(ABORT, 'append-only: lot_expiry'); END;
CREATE TRIGGER head_is_never_deleted BEFORE DELETE ON head
BEGIN SELECT RAISE(ABORT, 'never deleted: head'); END;
CREATE TRIGGER balance_is_never_deleted BEFORE DELETE ON balance
BEGIN SELECT RAISE(ABORT, 'never deleted: balance'); END;
CREATE TRIGGER lot_left_is_never_deleted BEFORE DELETE ON lot_left
BEGIN SELECT RAISE(ABORT, 'never deleted: lot_left'); END;
CREATE TRIGGER charge_state_is_never_deleted BEFORE DELETE ON charge_state
BEGIN SELECT RAISE(ABORT, 'never deleted: charge_state'); END;
-- A transaction is written once and whole, at the end of the book.
CREATE TRIGGER txn_follows_the_last BEFORE INSERT ON txn
WHEN new.seq <> (SELECT transactions + 1 FROM head)
BEGIN SELECT RAISE(ABORT, 'a gap: txn'); END;
CREATE TRIGGER head_never_goes_back BEFORE UPDATE ON head
WHEN new.transactions <> old.transactions + 1
BEGIN SELECT RAISE(ABORT, 'the head moves by one'); END;
