-- The shop's people, in a file of their own: they are the shop's, not one book's.
-- Rows are only added, but for `pin` and `pin_try`.

CREATE TABLE person (
    id         INTEGER PRIMARY KEY CHECK (id > 1),                 -- 1 is the machine itself, in every book
    at         INTEGER NOT NULL,
    actor      INTEGER NOT NULL REFERENCES person (id),
    approver   INTEGER REFERENCES person (id),
    request_id TEXT    NOT NULL
) STRICT;

CREATE TABLE person_version (
    person_id  INTEGER NOT NULL REFERENCES person (id),
    version    INTEGER NOT NULL CHECK (version > 0),
    name       TEXT    NOT NULL,
    role       TEXT    NOT NULL CHECK (role IN ('clerk', 'manager', 'owner')),
    active     INTEGER NOT NULL CHECK (active IN (0, 1)),
    at         INTEGER NOT NULL,
    actor      INTEGER NOT NULL REFERENCES person (id),
    approver   INTEGER REFERENCES person (id),
    request_id TEXT    NOT NULL,
    PRIMARY KEY (person_id, version)
) STRICT, WITHOUT ROWID;

-- The PIN in force, as a PHC string. An older one is of use to nobody but a thief, so it is overwritten; who set it and
-- when stands in `people_event`.
CREATE TABLE pin (
    person_id  INTEGER PRIMARY KEY REFERENCES person (id),
    hash       TEXT    NOT NULL
) STRICT;

-- Wrong PINs in a row, written before each check, so that ending the program gives no try for nothing.
CREATE TABLE pin_try (
    person_id  INTEGER PRIMARY KEY REFERENCES person (id),
    failed     INTEGER NOT NULL CHECK (failed >= 0)
) STRICT;

-- Who came, who was refused, who approved what, who changed whom.
CREATE TABLE people_event (
    id         INTEGER PRIMARY KEY,
    at         INTEGER NOT NULL,
    person_id  INTEGER NOT NULL REFERENCES person (id),
    kind       TEXT    NOT NULL,
    detail     TEXT    NOT NULL,
    actor      INTEGER NOT NULL REFERENCES person (id),
    approver   INTEGER REFERENCES person (id),
    request_id TEXT    NOT NULL
) STRICT;
CREATE INDEX people_event_by_person ON people_event (person_id, id);

-- After how many idle minutes the screen is locked, by version.
CREATE TABLE idle_rule (
    version    INTEGER PRIMARY KEY,
    minutes    INTEGER NOT NULL CHECK (minutes BETWEEN 1 AND 240),
    at         INTEGER NOT NULL,
    actor      INTEGER NOT NULL REFERENCES person (id),
    approver   INTEGER REFERENCES person (id),
    request_id TEXT    NOT NULL
) STRICT;

-- As in the books: a change may be repeated. No digest is made of a PIN.
CREATE TABLE people_request (
    kind       TEXT    NOT NULL,
    request_id TEXT    NOT NULL,
    digest     BLOB    NOT NULL,
    person_id  INTEGER NOT NULL REFERENCES person (id),
    at         INTEGER NOT NULL,
    actor      INTEGER NOT NULL REFERENCES person (id),
    PRIMARY KEY (kind, request_id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER person_is_append_only_update BEFORE UPDATE ON person
BEGIN SELECT RAISE(ABORT, 'append-only: person'); END;
CREATE TRIGGER person_is_append_only_delete BEFORE DELETE ON person
BEGIN SELECT RAISE(ABORT, 'append-only: person'); END;
CREATE TRIGGER person_version_is_append_only_update BEFORE UPDATE ON person_version
BEGIN SELECT RAISE(ABORT, 'append-only: person_version'); END;
CREATE TRIGGER person_version_is_append_only_delete BEFORE DELETE ON person_version
BEGIN SELECT RAISE(ABORT, 'append-only: person_version'); END;
CREATE TRIGGER people_event_is_append_only_update BEFORE UPDATE ON people_event
BEGIN SELECT RAISE(ABORT, 'append-only: people_event'); END;
CREATE TRIGGER people_event_is_append_only_delete BEFORE DELETE ON people_event
BEGIN SELECT RAISE(ABORT, 'append-only: people_event'); END;
CREATE TRIGGER idle_rule_is_append_only_update BEFORE UPDATE ON idle_rule
BEGIN SELECT RAISE(ABORT, 'append-only: idle_rule'); END;
CREATE TRIGGER idle_rule_is_append_only_delete BEFORE DELETE ON idle_rule
BEGIN SELECT RAISE(ABORT, 'append-only: idle_rule'); END;
CREATE TRIGGER people_request_is_append_only_update BEFORE UPDATE ON people_request
BEGIN SELECT RAISE(ABORT, 'append-only: people_request'); END;
CREATE TRIGGER people_request_is_append_only_delete BEFORE DELETE ON people_request
BEGIN SELECT RAISE(ABORT, 'append-only: people_request'); END;
