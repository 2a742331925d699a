-- Time: how long points last, what went without being used, and bonus rules with conditions.

-- How long paid points last, by version; the newest is in force, and one without months and days ends it. There is none
-- until the owner accepts one: paid points then never go.
CREATE TABLE expiry_rule (
    version    INTEGER PRIMARY KEY,
    months     INTEGER NOT NULL CHECK (months BETWEEN 0 AND 120),
    days       INTEGER NOT NULL CHECK (days BETWEEN 0 AND 3650),
    pg         TEXT,                                               -- whose rule it is: PortOne's word for the payment company
    source     TEXT    NOT NULL,                                   -- where it stands, as the owner was shown it
    at         INTEGER NOT NULL,
    actor      INTEGER NOT NULL REFERENCES staff (id),             -- who accepted it
    approver   INTEGER REFERENCES staff (id),
    request_id TEXT    NOT NULL,
    CHECK (months = 0 OR days = 0)
) STRICT;

-- What a bonus rule's version offers: each line is a condition and what it gives, and the line that gives most counts.
-- A version without lines is of the first edition: its own percent and min_won are its only line. There is no column for
-- the way of paying on purpose: favouring one is against 여신전문금융업법 §19.
CREATE TABLE bonus_offer (
    version    INTEGER NOT NULL REFERENCES bonus_rule (version),
    line       INTEGER NOT NULL CHECK (line >= 0),
    from_won   INTEGER NOT NULL CHECK (from_won >= 0),
    percent    INTEGER NOT NULL CHECK (percent BETWEEN 0 AND 100),
    points     INTEGER NOT NULL CHECK (points >= 0),
    first_only INTEGER NOT NULL CHECK (first_only IN (0, 1)),      -- for a member's first charge alone
    from_day   TEXT,                                               -- the shop's days, both included
    until_day  TEXT,
    actor      INTEGER NOT NULL REFERENCES staff (id),
    request_id TEXT    NOT NULL,
    PRIMARY KEY (version, line),
    CHECK ((percent > 0) + (points > 0) = 1)
) STRICT, WITHOUT ROWID;

-- What a charge was promised when it was started, beside its bonus.
ALTER TABLE charge ADD COLUMN expiry_rule INTEGER REFERENCES expiry_rule (version);
-- The bonus of a first charge is given once. This is given instead where another charge had it first.
ALTER TABLE charge ADD COLUMN bonus_unless_first INTEGER CHECK (bonus_unless_first >= 0);

-- What goes next, found among any number of lots.
CREATE INDEX lot_left_paid_goes ON lot_left (paid_expires_at, lot_id) WHERE paid > 0 AND paid_expires_at IS NOT NULL;
CREATE INDEX lot_left_bonus_goes ON lot_left (bonus_expires_at, lot_id)
    WHERE bonus > 0 AND bonus_expires_at IS NOT NULL;

-- The rule "a part of a lot goes once for each date": the value is the lot and the date.
CREATE UNIQUE INDEX goes_once ON txn_fact (name, value) WHERE name IN ('expires_paid', 'expires_bonus');
-- The rule "a member's first charge is rewarded once": the value is the member.
CREATE UNIQUE INDEX first_once ON txn_fact (value) WHERE name = 'first_charge';

CREATE TRIGGER expiry_rule_is_append_only_update BEFORE UPDATE ON expiry_rule
BEGIN SELECT RAISE(ABORT, 'append-only: expiry_rule'); END;
CREATE TRIGGER expiry_rule_is_append_only_delete BEFORE DELETE ON expiry_rule
BEGIN SELECT RAISE(ABORT, 'append-only: expiry_rule'); END;
CREATE TRIGGER bonus_offer_is_append_only_update BEFORE UPDATE ON bonus_offer
BEGIN SELECT RAISE(ABORT, 'append-only: bonus_offer'); END;
CREATE TRIGGER bonus_offer_is_append_only_delete BEFORE DELETE ON bonus_offer
BEGIN SELECT RAISE(ABORT, 'append-only: bonus_offer'); END;
