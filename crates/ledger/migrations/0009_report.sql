-- Figures by day, and indexes for looking back.

-- What a day's transactions of one kind add up to, account by account: derived from txn and posting in the same commit,
-- and checked by the audit. `first_seq` and `last_seq` say where in the book a day's rows stand.
CREATE TABLE day_sum (
    business_date TEXT    NOT NULL,
    kind          TEXT    NOT NULL,
    transactions  INTEGER NOT NULL CHECK (transactions > 0),
    first_seq     INTEGER NOT NULL,
    last_seq      INTEGER NOT NULL,
    pg            INTEGER NOT NULL,
    cash          INTEGER NOT NULL,
    bank          INTEGER NOT NULL,
    paid          INTEGER NOT NULL,
    bonus         INTEGER NOT NULL,
    held          INTEGER NOT NULL,
    debt          INTEGER NOT NULL,
    bonus_cost    INTEGER NOT NULL,
    sales         INTEGER NOT NULL,
    breakage      INTEGER NOT NULL,
    refund_fee    INTEGER NOT NULL,
    suspense      INTEGER NOT NULL,
    opening       INTEGER NOT NULL,
    PRIMARY KEY (business_date, kind)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER day_sum_is_never_deleted BEFORE DELETE ON day_sum
BEGIN SELECT RAISE(ABORT, 'never deleted: day_sum'); END;

INSERT INTO day_sum
SELECT business_date, kind, count(DISTINCT seq), min(seq), max(seq),
       sum(CASE account WHEN 'pg' THEN amount ELSE 0 END),
       sum(CASE account WHEN 'cash' THEN amount ELSE 0 END),
       sum(CASE account WHEN 'bank' THEN amount ELSE 0 END),
       sum(CASE account WHEN 'paid' THEN amount ELSE 0 END),
       sum(CASE account WHEN 'bonus' THEN amount ELSE 0 END),
       sum(CASE account WHEN 'held' THEN amount ELSE 0 END),
       sum(CASE account WHEN 'debt' THEN amount ELSE 0 END),
       sum(CASE account WHEN 'bonus_cost' THEN amount ELSE 0 END),
       sum(CASE account WHEN 'sales' THEN amount ELSE 0 END),
       sum(CASE account WHEN 'breakage' THEN amount ELSE 0 END),
       sum(CASE account WHEN 'refund_fee' THEN amount ELSE 0 END),
       sum(CASE account WHEN 'suspense' THEN amount ELSE 0 END),
       sum(CASE account WHEN 'opening' THEN amount ELSE 0 END)
FROM txn LEFT JOIN posting ON posting.txn_seq = txn.seq
GROUP BY business_date, kind;

-- Who did it. (A member's stand in txn_by_member, a day's in txn_by_day.)
CREATE INDEX txn_by_actor ON txn (actor, seq);
-- What happens rarely is found without reading past what happens all day; the two daily kinds need no index, and no
-- write for one.
CREATE INDEX txn_by_rare_kind ON txn (kind, seq) WHERE kind NOT IN ('loading', 'spending');
-- The few who owe the shop something.
CREATE INDEX balance_in_debt ON balance (member_id) WHERE debt > 0;
