-- The sector: who is in it, what standards there are and whom they apply to, who adopted what, and the record of it all.

CREATE TABLE organisation (
    id TEXT NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    -- The name in lower case, as Rust writes it: search and order are the same on both engines.
    name_key TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('COUNCIL', 'COMBINED_AUTHORITY', 'CENTRAL_DEPARTMENT', 'SUPPLIER', 'CHARITY', 'UNIVERSITY', 'OTHER')),
    tier TEXT CHECK (tier IN ('COUNTY', 'DISTRICT', 'UNITARY', 'METROPOLITAN', 'LONDON', 'SCOTTISH', 'WELSH', 'NORTHERN_IRISH')),
    nation TEXT CHECK (nation IN ('ENGLAND', 'SCOTLAND', 'WALES', 'NORTHERN_IRELAND')),
    region TEXT,
    -- Persons; -1 where it is not known, so that an order by it needs no rule for nulls.
    population BIGINT NOT NULL CHECK (population >= -1),
    opened_on DATE,
    closed_on DATE,
    version BIGINT NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    CHECK (closed_on >= opened_on)
);
CREATE INDEX organisation_by_name ON organisation (name_key, id);
CREATE INDEX organisation_by_population ON organisation (population, id);

CREATE TABLE external_id (
    scheme TEXT NOT NULL,
    code TEXT NOT NULL,
    organisation_id TEXT NOT NULL REFERENCES organisation (id),
    alias BOOLEAN NOT NULL,
    PRIMARY KEY (scheme, code)
);
CREATE INDEX external_id_by_code ON external_id (code);
CREATE INDEX external_id_by_organisation ON external_id (organisation_id);

CREATE TABLE succession (
    predecessor_id TEXT NOT NULL REFERENCES organisation (id),
    successor_id TEXT NOT NULL REFERENCES organisation (id),
    starts_on DATE NOT NULL,
    PRIMARY KEY (predecessor_id, successor_id),
    CHECK (predecessor_id <> successor_id)
);
CREATE INDEX succession_by_successor ON succession (successor_id);
CREATE INDEX succession_by_day ON succession (starts_on);

CREATE TABLE "group" (
    id TEXT NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('NATION', 'REGION', 'KIND', 'TIER', 'COMBINED_AUTHORITY', 'FAMILY'))
);

CREATE TABLE group_member (
    group_id TEXT NOT NULL REFERENCES "group" (id),
    organisation_id TEXT NOT NULL REFERENCES organisation (id),
    id TEXT NOT NULL,
    from_on DATE,
    to_on DATE,
    PRIMARY KEY (group_id, organisation_id, id),
    CHECK (to_on >= from_on)
);
CREATE INDEX group_member_by_organisation ON group_member (organisation_id);

CREATE TABLE standard (
    id TEXT NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    title_key TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('DATA', 'TECHNICAL', 'DESIGN', 'PRACTICE')),
    -- The stage reached by the last dated row of standard_stage, kept in the transaction that writes those.
    stage TEXT NOT NULL CHECK (stage IN ('PROPOSED', 'TRIAL', 'RECOMMENDED', 'REQUIRED', 'DEPRECATED', 'WITHDRAWN')),
    summary TEXT NOT NULL,
    url TEXT,
    expiry_months INTEGER NOT NULL CHECK (expiry_months >= 0),
    supersedes_id TEXT REFERENCES standard (id),
    -- The file or person that the standard's words come from.
    source TEXT NOT NULL,
    version BIGINT NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX standard_by_title ON standard (title_key, id);
CREATE INDEX standard_by_supersedes ON standard (supersedes_id);

CREATE TABLE standard_stage (
    standard_id TEXT NOT NULL REFERENCES standard (id),
    stage TEXT NOT NULL CHECK (stage IN ('PROPOSED', 'TRIAL', 'RECOMMENDED', 'REQUIRED', 'DEPRECATED', 'WITHDRAWN')),
    starts_on DATE,
    PRIMARY KEY (standard_id, stage)
);

CREATE TABLE standard_version (
    standard_id TEXT NOT NULL REFERENCES standard (id),
    label TEXT NOT NULL,
    released_on DATE,
    url TEXT,
    PRIMARY KEY (standard_id, label)
);

CREATE TABLE provision (
    standard_id TEXT NOT NULL REFERENCES standard (id),
    id TEXT NOT NULL,
    target_kind TEXT,
    target_group_id TEXT REFERENCES "group" (id),
    target_organisation_id TEXT REFERENCES organisation (id),
    reason TEXT NOT NULL CHECK (reason IN ('STATUTORY', 'ENCOURAGED', 'EXPECTED', 'PROSPECTIVE', 'EXPERIMENTAL')),
    from_on DATE,
    to_on DATE,
    excluded BOOLEAN NOT NULL,
    note TEXT,
    -- What makes it the same provision when its file is read again.
    source_key TEXT NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    PRIMARY KEY (standard_id, id),
    UNIQUE (standard_id, source_key),
    CHECK ((CASE WHEN target_kind IS NULL THEN 0 ELSE 1 END)
         + (CASE WHEN target_group_id IS NULL THEN 0 ELSE 1 END)
         + (CASE WHEN target_organisation_id IS NULL THEN 0 ELSE 1 END) = 1),
    CHECK (to_on >= from_on)
);
CREATE INDEX provision_by_group ON provision (target_group_id);
CREATE INDEX provision_by_organisation ON provision (target_organisation_id);

-- Append-only. Keyed by what it belongs to first, so that one standard's events lie together and a distributed
-- database can keep them on one node.
CREATE TABLE adoption_event (
    standard_id TEXT NOT NULL REFERENCES standard (id),
    organisation_id TEXT NOT NULL REFERENCES organisation (id),
    id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('CONSIDERING', 'PLEDGED', 'PILOTING', 'ADOPTED', 'LAPSED', 'DECLINED', 'EXEMPT')),
    effective_on DATE NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    expires_on DATE,
    grade TEXT NOT NULL CHECK (grade IN ('SELF_DECLARED', 'PEER', 'DOCUMENT', 'AUTOMATIC_CHECK')),
    standing TEXT NOT NULL CHECK (standing IN ('CONFIRMED', 'CLAIMED', 'CONTESTED')),
    evidence_url TEXT,
    checked_on DATE,
    source TEXT NOT NULL,
    note TEXT,
    version_label TEXT,
    corrects_id TEXT,
    recorded_by TEXT NOT NULL,
    source_key TEXT,
    PRIMARY KEY (standard_id, organisation_id, id),
    UNIQUE (standard_id, source_key),
    CHECK (expires_on > effective_on)
);
CREATE INDEX adoption_event_by_organisation ON adoption_event (organisation_id, standard_id);

CREATE TABLE snapshot (
    standard_id TEXT NOT NULL REFERENCES standard (id),
    id TEXT NOT NULL,
    method TEXT NOT NULL,
    method_version INTEGER NOT NULL,
    as_of DATE NOT NULL,
    known_at TIMESTAMP NOT NULL,
    eligible BIGINT NOT NULL,
    adopted BIGINT NOT NULL,
    exempt BIGINT NOT NULL,
    unknown BIGINT NOT NULL,
    -- The whole figure, by state and by group, as JSON.
    body TEXT NOT NULL,
    PRIMARY KEY (standard_id, id)
);
CREATE INDEX snapshot_by_day ON snapshot (standard_id, method, as_of);

CREATE TABLE job_run (
    job TEXT NOT NULL,
    slot TIMESTAMP NOT NULL,
    id TEXT NOT NULL UNIQUE,
    as_of DATE NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('QUEUED', 'RUNNING', 'DONE', 'FAILED')),
    requested_by TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    lease_until TIMESTAMP,
    started_at TIMESTAMP,
    finished_at TIMESTAMP,
    read_rows BIGINT,
    written_rows BIGINT,
    unchanged_rows BIGINT,
    error TEXT,
    PRIMARY KEY (job, slot)
);
CREATE INDEX job_run_by_state ON job_run (state, slot);

CREATE TABLE token (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    secret_hash TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL CHECK (role IN ('EDITOR', 'SIGNATORY', 'LEAD', 'ANALYST', 'ADMIN')),
    organisation_id TEXT REFERENCES organisation (id),
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    revoked_at TIMESTAMP
);
CREATE INDEX token_by_organisation ON token (organisation_id);

CREATE TABLE idempotency (
    actor TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    input_hash TEXT NOT NULL,
    answer TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (actor, idempotency_key)
);
CREATE INDEX idempotency_by_age ON idempotency (created_at);

-- The record. It refers to things by name only: it outlives them, and no write waits for another because of it.
CREATE TABLE change (
    id TEXT NOT NULL PRIMARY KEY,
    changed_at TIMESTAMP NOT NULL,
    actor TEXT NOT NULL,
    organisation_id TEXT,
    action TEXT NOT NULL,
    thing_kind TEXT NOT NULL,
    thing_id TEXT NOT NULL,
    before_json TEXT,
    after_json TEXT,
    reason TEXT,
    hash TEXT NOT NULL
);
CREATE INDEX change_by_thing ON change (thing_kind, thing_id);
