-- People and what they may do, the keys of machines, and the record put in an order that nobody can rewrite.

CREATE TABLE person (
    id TEXT NOT NULL PRIMARY KEY,
    -- Who vouches for the person, and under which name: NULL once the person is erased.
    issuer TEXT,
    subject TEXT,
    -- In lower case; only an address that the issuer verified.
    email TEXT,
    name TEXT,
    -- Hexadecimal; the record holds digests of the personal fields with this salt. Erased with them.
    salt TEXT,
    created_at TIMESTAMP NOT NULL,
    erased_at TIMESTAMP,
    version BIGINT NOT NULL,
    UNIQUE (issuer, subject)
);
CREATE INDEX person_by_email ON person (email);

-- A membership without an organisation is of the unit's own.
CREATE TABLE membership (
    id TEXT NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES person (id),
    organisation_id TEXT REFERENCES organisation (id),
    role TEXT NOT NULL CHECK (role IN ('EDITOR', 'SIGNATORY', 'LEAD', 'ANALYST', 'ADMIN')),
    from_on DATE NOT NULL,
    to_on DATE,
    version BIGINT NOT NULL,
    CHECK (to_on >= from_on),
    CHECK ((organisation_id IS NULL) = (role IN ('ANALYST', 'ADMIN')))
);
CREATE INDEX membership_by_person ON membership (person_id);
CREATE INDEX membership_by_organisation ON membership (organisation_id);

CREATE TABLE invitation (
    id TEXT NOT NULL PRIMARY KEY,
    organisation_id TEXT REFERENCES organisation (id),
    role TEXT NOT NULL CHECK (role IN ('EDITOR', 'SIGNATORY', 'LEAD', 'ANALYST', 'ADMIN')),
    -- Whom it is for, in lower case; NULL for whoever has the link, or once that person is erased.
    email TEXT,
    salt TEXT,
    secret_hash TEXT NOT NULL UNIQUE,
    -- Who invites, as the record names them, and whether for the unit or for the organisation itself.
    invited_by TEXT NOT NULL,
    by_unit BOOLEAN NOT NULL,
    -- The last day of the membership to come is the day before.
    until_on DATE,
    state TEXT NOT NULL CHECK (state IN ('PENDING', 'ACCEPTED', 'DECLINED', 'WITHDRAWN')),
    person_id TEXT REFERENCES person (id),
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX invitation_by_organisation ON invitation (organisation_id);
CREATE INDEX invitation_by_email ON invitation (email);
CREATE INDEX invitation_by_person ON invitation (person_id);

-- A browser that a person signed in with. Only hashes of its secrets are kept.
CREATE TABLE session (
    id TEXT NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES person (id),
    secret_hash TEXT NOT NULL UNIQUE,
    -- The secret before the last rotation: requests under way still come with it.
    former_hash TEXT UNIQUE,
    rotated_at TIMESTAMP NOT NULL,
    created_at TIMESTAMP NOT NULL,
    seen_at TIMESTAMP NOT NULL
);
CREATE INDEX session_by_person ON session (person_id);
CREATE INDEX session_by_age ON session (created_at);

-- How an organisation is reached: for its own members and the unit.
CREATE TABLE contact (
    organisation_id TEXT NOT NULL PRIMARY KEY REFERENCES organisation (id),
    name TEXT,
    email TEXT,
    phone TEXT,
    salt TEXT NOT NULL,
    version BIGINT NOT NULL,
    updated_at TIMESTAMP NOT NULL
);

-- What an organisation's lead or the unit has to be told. Without an organisation it is for the unit.
CREATE TABLE notice (
    id TEXT NOT NULL PRIMARY KEY,
    organisation_id TEXT REFERENCES organisation (id),
    about_id TEXT NOT NULL REFERENCES organisation (id),
    kind TEXT NOT NULL CHECK (kind IN ('NO_EDITOR', 'NO_LEAD')),
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX notice_by_organisation ON notice (organisation_id, id);

-- What somebody asked to do and might not.
CREATE TABLE refusal (
    id TEXT NOT NULL PRIMARY KEY,
    refused_at TIMESTAMP NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    code TEXT NOT NULL
);

ALTER TABLE token ADD COLUMN scopes TEXT NOT NULL DEFAULT 'READ STATUS ADOPTION IMPORT JOBS';
-- The membership whose holder issued it: the token dies with it. NULL for one the operator issued. (Not a reference:
-- SQLite does not drop columns that refer.)
ALTER TABLE token ADD COLUMN membership_id TEXT;
ALTER TABLE token ADD COLUMN used_at TIMESTAMP;
ALTER TABLE token ADD COLUMN version BIGINT NOT NULL DEFAULT 1;

-- Changes that no seal holds yet: a row comes with its change, in the same transaction, and goes with the seal.
CREATE TABLE unsealed (
    change_id TEXT NOT NULL PRIMARY KEY
);
INSERT INTO unsealed (change_id) SELECT id FROM change;

-- The order of the record, without gaps from 1.
CREATE TABLE sealed (
    sequence BIGINT NOT NULL PRIMARY KEY,
    change_id TEXT NOT NULL UNIQUE,
    seal BIGINT NOT NULL,
    -- As in the change itself: the changes of a body, a thing or a kind are read in their order, a page at a time.
    organisation_id TEXT,
    thing_kind TEXT NOT NULL,
    thing_id TEXT NOT NULL
);
CREATE INDEX sealed_by_organisation ON sealed (organisation_id, sequence);
CREATE INDEX sealed_by_kind ON sealed (thing_kind, sequence);
CREATE INDEX sealed_by_thing ON sealed (thing_id, sequence);

-- One batch of changes: numbers without gaps from 0. All hashes are SHA-256 in hexadecimal.
CREATE TABLE seal (
    number BIGINT NOT NULL PRIMARY KEY,
    -- The sequence of its first and last change.
    first BIGINT NOT NULL,
    last BIGINT NOT NULL,
    -- The Merkle root of the hashes of its changes.
    root TEXT NOT NULL,
    -- The hash of the seal before it; of no text for the first.
    previous TEXT NOT NULL,
    sealed_at TIMESTAMP NOT NULL,
    -- The hash of all the above.
    hash TEXT NOT NULL,
    -- The Merkle root of the hashes of all seals up to this one: what is published.
    head TEXT NOT NULL,
    CHECK (first > 0 AND last >= first)
);
CREATE INDEX seal_by_time ON seal (sealed_at);

-- The complete nodes of the Merkle tree over all seals above its leaves, so that a proof reads few rows.
CREATE TABLE seal_node (
    level INTEGER NOT NULL,
    place BIGINT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (level, place)
);
CREATE INDEX change_by_organisation ON change (organisation_id);
