-- Money back: the rules by version, what was to be given back, and what happened to it.

-- Refund rules by version. `parameters` is JSON of whole numbers; `source` says where a rule comes from, `certainty` how
-- sure that is. Which of them the shop follows is the setting `refund_rule`; each loading carries the version that was in
-- force as its fact `refund_rule`. A loading without that fact was made before there were rules: version 1 then.
CREATE TABLE refund_rule (
    version      INTEGER PRIMARY KEY,
    kind         TEXT    NOT NULL CHECK (kind IN ('gift', 'continuous')),
    name         TEXT    NOT NULL,
    source       TEXT    NOT NULL,
    certainty    TEXT    NOT NULL,
    effective_on TEXT    NOT NULL,                                 -- the shop's day from which it holds
    parameters   TEXT    NOT NULL,
    at           INTEGER NOT NULL,
    actor        INTEGER NOT NULL REFERENCES staff (id),
    approver     INTEGER REFERENCES staff (id),
    request_id   TEXT    NOT NULL
) STRICT;
INSERT INTO refund_rule (version, kind, name, source, certainty, effective_on, parameters, at, actor, request_id) VALUES
    (1, 'gift', '선불 포인트 (신유형 상품권 기준)',
     '공정거래위원회 신유형 상품권 표준약관: 7일 안 청약철회, 60 %(1만원 이하 80 %) 이상 사용 시 잔액, 유효기간 뒤 90 %(5만원 초과 95 %)',
     '표준약관을 옮긴 것으로, 조문과 시행일은 매장이 확인해야 합니다.', '2025-09-16',
     '{"full_days":7,"threshold_percent":60,"small_won":10000,"small_threshold_percent":80,"expired_small_won":50000,"expired_small_percent":90,"expired_percent":95,"fee_percent":0}',
     0, 1, 'first'),
    (2, 'continuous', '계속거래 (미용·네일·헬스 등)',
     '방문판매법의 계속거래 해지와 위약금 산정기준: 언제든 해지, 위약금 10 %, 사용분은 할인된 값으로',
     '위약금은 업종마다 달라 통상 10 %로 두었습니다. 매장이 확인해야 합니다.', '2012-08-18',
     '{"full_days":7,"threshold_percent":0,"small_won":0,"small_threshold_percent":0,"expired_small_won":50000,"expired_small_percent":90,"expired_percent":95,"fee_percent":10}',
     0, 1, 'first');

-- What is to be given back, frozen before anything leaves the machine.
CREATE TABLE refund (
    id         TEXT    PRIMARY KEY,
    member_id  INTEGER NOT NULL REFERENCES member (id),
    charge_id  TEXT    REFERENCES charge (id),                     -- null: points that no payment stands behind
    imp_uid    TEXT,                                               -- the payment
    lot_id     TEXT    REFERENCES lot (id),                        -- null: a payment that was never credited
    way        TEXT    NOT NULL CHECK (way IN ('pg', 'cash', 'bank')),
    won        INTEGER NOT NULL CHECK (won > 0),                   -- what goes back; never none, which PortOne reads as all
    paid       INTEGER NOT NULL CHECK (paid >= 0),                 -- points taken from the lot
    bonus      INTEGER NOT NULL CHECK (bonus >= 0),
    expired    INTEGER NOT NULL CHECK (expired >= 0),              -- paid points that had expired before
    fee        INTEGER NOT NULL CHECK (fee >= 0),                  -- what the shop keeps
    claim      INTEGER NOT NULL CHECK (claim IN (0, 1)),           -- 0: of goodwill
    basis      TEXT    NOT NULL,
    rule       INTEGER REFERENCES refund_rule (version),
    arithmetic TEXT    NOT NULL,                                   -- JSON: the steps
    at         INTEGER NOT NULL,
    actor      INTEGER NOT NULL REFERENCES staff (id),
    approver   INTEGER REFERENCES staff (id),
    request_id TEXT    NOT NULL,
    CHECK (way <> 'pg' OR (charge_id IS NOT NULL AND imp_uid IS NOT NULL)),
    CHECK (CASE WHEN lot_id IS NULL THEN paid + bonus + expired + fee = 0 ELSE paid + expired = won + fee END)
) STRICT, WITHOUT ROWID;
CREATE INDEX refund_by_member ON refund (member_id, at);
CREATE INDEX refund_by_charge ON refund (charge_id);
CREATE INDEX refund_by_payment ON refund (imp_uid);
CREATE INDEX refund_by_lot ON refund (lot_id);

-- Each thing that happened to a refund. What the payment company said stands here word for word.
CREATE TABLE refund_event (
    id         INTEGER PRIMARY KEY,
    refund_id  TEXT    NOT NULL REFERENCES refund (id),
    at         INTEGER NOT NULL,
    kind       TEXT    NOT NULL,
    detail     TEXT,
    actor      INTEGER NOT NULL REFERENCES staff (id),
    request_id TEXT    NOT NULL
) STRICT;
CREATE INDEX refund_event_by_refund ON refund_event (refund_id, id);

-- Where a refund stands now: what the events lead to.
CREATE TABLE refund_state (
    refund_id    TEXT    PRIMARY KEY REFERENCES refund (id),
    imp_uid      TEXT,
    charge_id    TEXT    REFERENCES charge (id),
    state        TEXT    NOT NULL CHECK (state IN
                     ('holding', 'sent', 'unknown', 'pending', 'posted', 'released', 'refused')),
    said         TEXT    CHECK (said IN ('accepted', 'refused', 'lost')),  -- PortOne's answer to the last cancel
    checksum     INTEGER CHECK (checksum > 0),                     -- what could be cancelled before ours: sent with each try
    cancelled    INTEGER CHECK (cancelled >= 0),                   -- what was cancelled before ours
    sent_at      INTEGER,
    tries        INTEGER NOT NULL DEFAULT 0,
    why          TEXT,                                             -- why it was refused, as a code
    looked_up_at INTEGER,
    landed_late  INTEGER NOT NULL DEFAULT 0 CHECK (landed_late IN (0, 1))
) STRICT, WITHOUT ROWID;
-- Two refunds of one payment at a time: the second's checksum would be wrong, and the first's landing could be the other's.
CREATE UNIQUE INDEX refund_one_at_a_time ON refund_state (imp_uid)
    WHERE state IN ('holding', 'sent', 'unknown', 'pending');
CREATE INDEX refund_state_open ON refund_state (charge_id)
    WHERE state IN ('holding', 'sent', 'unknown', 'pending');

-- Where a deposit goes back to, while it is on its way and no longer: the row is deleted with the refund's end. (Deleted
-- rows leave no trace in the file: secure_delete.)
CREATE TABLE refund_account (
    refund_id  TEXT    PRIMARY KEY REFERENCES refund (id),
    bank       TEXT    NOT NULL,
    number     TEXT    NOT NULL,
    holder     TEXT    NOT NULL,
    actor      INTEGER NOT NULL REFERENCES staff (id),
    request_id TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

-- Who approved a charge above the shop's limit.
ALTER TABLE charge ADD COLUMN approver INTEGER REFERENCES staff (id);

-- What PortOne last said was cancelled of a payment that is disputed.
CREATE TABLE disputed_seen (
    imp_uid   TEXT    PRIMARY KEY,
    cancelled INTEGER NOT NULL CHECK (cancelled >= 0)
) STRICT, WITHOUT ROWID;

-- Why a payment that was never credited goes back. No transaction is written for it, so that its note has no other place;
-- it is deleted with the person.
CREATE TABLE refund_note (
    refund_id  TEXT    PRIMARY KEY REFERENCES refund (id),
    text       TEXT    NOT NULL,
    actor      INTEGER NOT NULL REFERENCES staff (id),
    request_id TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

-- A season's credited charges are looked at every day, the others now: these are found without them.
CREATE INDEX charge_state_due_uncredited ON charge_state (look_at) WHERE look_at IS NOT NULL AND state <> 'credited';

-- A refund holds once and ends once; a cancel made elsewhere is taken back once.
CREATE UNIQUE INDEX txn_fact_refund_once ON txn_fact (value) WHERE name = 'refund_once';
CREATE UNIQUE INDEX txn_fact_cancellation_once ON txn_fact (value) WHERE name = 'cancellation';

CREATE TRIGGER refund_rule_is_append_only_update BEFORE UPDATE ON refund_rule
BEGIN SELECT RAISE(ABORT, 'append-only: refund_rule'); END;
CREATE TRIGGER refund_rule_is_append_only_delete BEFORE DELETE ON refund_rule
BEGIN SELECT RAISE(ABORT, 'append-only: refund_rule'); END;
CREATE TRIGGER refund_is_append_only_update BEFORE UPDATE ON refund
BEGIN SELECT RAISE(ABORT, 'append-only: refund'); END;
CREATE TRIGGER refund_is_append_only_delete BEFORE DELETE ON refund
BEGIN SELECT RAISE(ABORT, 'append-only: refund'); END;
CREATE TRIGGER refund_event_is_append_only_update BEFORE UPDATE ON refund_event
BEGIN SELECT RAISE(ABORT, 'append-only: refund_event'); END;
CREATE TRIGGER refund_event_is_append_only_delete BEFORE DELETE ON refund_event
BEGIN SELECT RAISE(ABORT, 'append-only: refund_event'); END;
CREATE TRIGGER refund_state_is_never_deleted BEFORE DELETE ON refund_state
BEGIN SELECT RAISE(ABORT, 'never deleted: refund_state'); END;
CREATE TRIGGER refund_note_is_append_only_update BEFORE UPDATE ON refund_note
BEGIN SELECT RAISE(ABORT, 'append-only: refund_note'); END;
-- What ended does not begin again.
CREATE TRIGGER refund_state_ends_once BEFORE UPDATE OF state ON refund_state
WHEN old.state IN ('posted', 'released', 'refused') AND new.state <> old.state
BEGIN SELECT RAISE(ABORT, 'a refund ends once'); END;
-- Never more than was paid, whatever the program thinks.
CREATE TRIGGER refund_never_above_the_payment BEFORE INSERT ON refund
WHEN new.imp_uid IS NOT NULL AND new.won > coalesce(
        (SELECT won FROM payment WHERE imp_uid = new.imp_uid),
        (SELECT max(won) FROM dispute WHERE imp_uid = new.imp_uid), 0)
    - (SELECT coalesce(sum(refund.won), 0) FROM refund
       JOIN refund_state ON refund_state.refund_id = refund.id
       WHERE refund.imp_uid = new.imp_uid AND refund_state.state NOT IN ('released', 'refused'))
    -- What was cancelled elsewhere, but for what the customer came to owe of it: that may have been paid since.
    + (SELECT coalesce(sum(amount), 0) FROM txn_fact JOIN posting ON posting.txn_seq = txn_fact.txn_seq
       WHERE txn_fact.name = 'clawback_of' AND txn_fact.value = new.imp_uid AND account IN ('pg', 'debt'))
BEGIN SELECT RAISE(ABORT, 'refunds above the payment'); END;
