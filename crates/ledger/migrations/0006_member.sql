-- Members in full: more ways to be found, opening balances, two members made one, and a person who is forgotten.

-- How the newest profile is found besides member_key: each end of the name in initial consonants ('jamo', from two on), and
-- each word of the memo ('memo'). Derived, like member_key; what stood in the book before is filled in by the program.
CREATE TABLE member_word (
    kind      TEXT    NOT NULL CHECK (kind IN ('jamo', 'memo')),
    key       TEXT    NOT NULL,
    member_id INTEGER NOT NULL REFERENCES member (id),
    PRIMARY KEY (kind, key, member_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX member_word_by_member ON member_word (member_id);

-- A member who turned out to be another one: the points are there now, and nothing new is written here.
CREATE TABLE member_merge (
    member_id  INTEGER PRIMARY KEY REFERENCES member (id),
    into_id    INTEGER NOT NULL REFERENCES member (id) CHECK (into_id <> member_id),
    at         INTEGER NOT NULL,
    actor      INTEGER NOT NULL REFERENCES staff (id),
    approver   INTEGER REFERENCES staff (id),
    request_id TEXT    NOT NULL
) STRICT;
CREATE INDEX member_merge_by_target ON member_merge (into_id);

-- A member whose person was forgotten. The number and the sums stay.
CREATE TABLE erasure (
    member_id  INTEGER PRIMARY KEY REFERENCES member (id),
    at         INTEGER NOT NULL,
    actor      INTEGER NOT NULL REFERENCES staff (id),
    approver   INTEGER REFERENCES staff (id),
    request_id TEXT    NOT NULL
) STRICT;

-- A request whose digest was forgotten with a person: a hash over a name and a number gives both to whoever tries all
-- numbers. It is known that it was made, so that a repeat does not do it again.
CREATE TABLE forgotten_request (
    kind       TEXT    NOT NULL,
    asked      TEXT    NOT NULL,
    member_id  INTEGER NOT NULL REFERENCES erasure (member_id),
    actor      INTEGER NOT NULL REFERENCES staff (id),
    request_id TEXT    NOT NULL,
    PRIMARY KEY (kind, asked)
) STRICT, WITHOUT ROWID;

-- A file whose balances were taken over, by its digest: whoever was forgotten since would come back with it as somebody new.
CREATE TABLE imported_file (
    digest     BLOB    PRIMARY KEY,
    at         INTEGER NOT NULL,
    actor      INTEGER NOT NULL REFERENCES staff (id),
    request_id TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TRIGGER imported_file_is_append_only_update BEFORE UPDATE ON imported_file
BEGIN SELECT RAISE(ABORT, 'append-only: imported_file'); END;
CREATE TRIGGER imported_file_is_append_only_delete BEFORE DELETE ON imported_file
BEGIN SELECT RAISE(ABORT, 'append-only: imported_file'); END;

-- What a member brought from the shop's old book is brought once; and a lot moves to another member once.
CREATE UNIQUE INDEX txn_fact_opening_once ON txn_fact (value) WHERE name = 'opening_of';
CREATE UNIQUE INDEX txn_fact_from_lot_once ON txn_fact (value) WHERE name = 'from_lot';

CREATE TRIGGER member_merge_is_append_only_update BEFORE UPDATE ON member_merge
BEGIN SELECT RAISE(ABORT, 'append-only: member_merge'); END;
CREATE TRIGGER member_merge_is_append_only_delete BEFORE DELETE ON member_merge
BEGIN SELECT RAISE(ABORT, 'append-only: member_merge'); END;
CREATE TRIGGER erasure_is_append_only_update BEFORE UPDATE ON erasure
BEGIN SELECT RAISE(ABORT, 'append-only: erasure'); END;
CREATE TRIGGER erasure_is_append_only_delete BEFORE DELETE ON erasure
BEGIN SELECT RAISE(ABORT, 'append-only: erasure'); END;
CREATE TRIGGER forgotten_request_is_append_only_update BEFORE UPDATE ON forgotten_request
BEGIN SELECT RAISE(ABORT, 'append-only: forgotten_request'); END;
CREATE TRIGGER forgotten_request_is_append_only_delete BEFORE DELETE ON forgotten_request
BEGIN SELECT RAISE(ABORT, 'append-only: forgotten_request'); END;

-- What an erasure deletes, and nothing else does: profiles, free text, digests. The chain holds a salted hash of the text,
-- and its salt goes with it.
DROP TRIGGER member_profile_is_append_only_delete;
CREATE TRIGGER member_profile_is_append_only_delete BEFORE DELETE ON member_profile
WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE member_id = old.member_id)
BEGIN SELECT RAISE(ABORT, 'append-only: member_profile'); END;
DROP TRIGGER txn_note_is_append_only_delete;
CREATE TRIGGER txn_note_is_append_only_delete BEFORE DELETE ON txn_note
WHEN NOT EXISTS (SELECT 1 FROM txn JOIN erasure ON erasure.member_id = txn.member_id WHERE txn.seq = old.txn_seq)
BEGIN SELECT RAISE(ABORT, 'append-only: txn_note'); END;
DROP TRIGGER request_is_append_only_delete;
CREATE TRIGGER request_is_append_only_delete BEFORE DELETE ON request
WHEN NOT EXISTS (SELECT 1 FROM forgotten_request WHERE kind = old.kind AND asked = old.request_id)
BEGIN SELECT RAISE(ABORT, 'append-only: request'); END;
DROP TRIGGER charge_event_is_append_only_delete;
CREATE TRIGGER charge_event_is_append_only_delete BEFORE DELETE ON charge_event
WHEN NOT EXISTS (SELECT 1 FROM charge JOIN erasure ON erasure.member_id = charge.member_id
                 WHERE charge.id = old.charge_id)
BEGIN SELECT RAISE(ABORT, 'append-only: charge_event'); END;
DROP TRIGGER refund_event_is_append_only_delete;
CREATE TRIGGER refund_event_is_append_only_delete BEFORE DELETE ON refund_event
WHEN NOT EXISTS (SELECT 1 FROM refund JOIN erasure ON erasure.member_id = refund.member_id
                 WHERE refund.id = old.refund_id)
BEGIN SELECT RAISE(ABORT, 'append-only: refund_event'); END;
CREATE TRIGGER refund_note_is_append_only_delete BEFORE DELETE ON refund_note
WHEN NOT EXISTS (SELECT 1 FROM refund JOIN erasure ON erasure.member_id = refund.member_id
                 WHERE refund.id = old.refund_id)
BEGIN SELECT RAISE(ABORT, 'append-only: refund_note'); END;
-- Nobody writes about a person who was forgotten.
CREATE TRIGGER member_profile_of_the_erased BEFORE INSERT ON member_profile
WHEN EXISTS (SELECT 1 FROM erasure WHERE member_id = new.member_id)
BEGIN SELECT RAISE(ABORT, 'erased: member_profile'); END;
