-- The third edition: people keep their number when their name or role changes.

-- What the shop's register of people says of somebody who stands in this book, by version; the first one is `staff`
-- itself. Old rows show the name that is in force.
CREATE TABLE staff_version (
    staff_id   INTEGER NOT NULL REFERENCES staff (id),
    version    INTEGER NOT NULL CHECK (version > 1),
    name       TEXT    NOT NULL,
    role       TEXT    NOT NULL CHECK (role IN ('clerk', 'manager', 'owner')),
    at         INTEGER NOT NULL,
    actor      INTEGER NOT NULL REFERENCES staff (id),
    request_id TEXT    NOT NULL,
    PRIMARY KEY (staff_id, version)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER staff_version_is_append_only_update BEFORE UPDATE ON staff_version
BEGIN SELECT RAISE(ABORT, 'append-only: staff_version'); END;
CREATE TRIGGER staff_version_is_append_only_delete BEFORE DELETE ON staff_version
BEGIN SELECT RAISE(ABORT, 'append-only: staff_version'); END;

-- Everybody by the newest version.
CREATE VIEW staff_now AS
SELECT staff.id AS id,
    coalesce((SELECT name FROM staff_version WHERE staff_id = staff.id ORDER BY version DESC LIMIT 1), staff.name) AS name,
    coalesce((SELECT role FROM staff_version WHERE staff_id = staff.id ORDER BY version DESC LIMIT 1), staff.role) AS role
FROM staff;
