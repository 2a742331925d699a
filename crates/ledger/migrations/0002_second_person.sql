-- The second edition: who approved, what is held back and owed, and facts sealed with a transaction.

-- The second person, on what moves no points too.
ALTER TABLE audit ADD COLUMN approver INTEGER REFERENCES staff (id);
ALTER TABLE setting ADD COLUMN approver INTEGER REFERENCES staff (id);
ALTER TABLE bonus_rule ADD COLUMN approver INTEGER REFERENCES staff (id);

-- Points that a refund has reserved, and what a member owes the shop since money was taken back whose points were
-- spent: derived like the rest of the row, and checked by the audit.
ALTER TABLE balance ADD COLUMN held INTEGER NOT NULL DEFAULT 0 CHECK (held >= 0);
ALTER TABLE balance ADD COLUMN debt INTEGER NOT NULL DEFAULT 0 CHECK (debt >= 0);

-- More about a transaction, hashed with it: the refund that it belongs to and its phase, the lot that its own came from,
-- the version of a rule. Rules of the kind "once" are unique indexes on a name's values.
CREATE TABLE txn_fact (
    txn_seq INTEGER NOT NULL REFERENCES txn (seq),
    name    TEXT    NOT NULL,
    value   TEXT    NOT NULL,
    PRIMARY KEY (txn_seq, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX txn_fact_by_value ON txn_fact (name, value);

CREATE TRIGGER txn_fact_is_append_only_update BEFORE UPDATE ON txn_fact
BEGIN SELECT RAISE(ABORT, 'append-only: txn_fact'); END;
CREATE TRIGGER txn_fact_is_append_only_delete BEFORE DELETE ON txn_fact
BEGIN SELECT RAISE(ABORT, 'append-only: txn_fact'); END;
