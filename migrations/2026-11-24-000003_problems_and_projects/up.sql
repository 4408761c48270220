-- What bodies declare and promise, the problems they share, the projects that solve them, and who is told what.

-- Declaration ---------------------------------------------------------------------------------------------------------

CREATE TABLE declaration (
    id TEXT NOT NULL PRIMARY KEY,
    -- 1, 2, 3 …
    number INTEGER NOT NULL UNIQUE,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    published_on DATE NOT NULL,
    version BIGINT NOT NULL
);

CREATE TABLE signature (
    id TEXT NOT NULL PRIMARY KEY,
    declaration_id TEXT NOT NULL REFERENCES declaration (id),
    organisation_id TEXT NOT NULL REFERENCES organisation (id),
    signed_on DATE NOT NULL,
    -- Who signed, as the record names them.
    signed_by TEXT NOT NULL,
    withdrawn_on DATE,
    reason TEXT,
    version BIGINT NOT NULL,
    CHECK (withdrawn_on >= signed_on)
);
CREATE UNIQUE INDEX signature_once ON signature (organisation_id, declaration_id) WHERE withdrawn_on IS NULL;
CREATE INDEX signature_by_declaration ON signature (declaration_id);

CREATE TABLE commitment (
    id TEXT NOT NULL PRIMARY KEY,
    organisation_id TEXT NOT NULL REFERENCES organisation (id),
    text TEXT NOT NULL,
    -- The part of the declaration it follows from.
    principle TEXT,
    made_on DATE NOT NULL,
    due_on DATE NOT NULL,
    project_id TEXT,
    standard_id TEXT REFERENCES standard (id),
    outcome TEXT CHECK (outcome IN ('KEPT', 'LATE', 'DROPPED', 'EXPLAINED')),
    outcome_on DATE,
    explanation TEXT,
    reminded_at TIMESTAMP,
    version BIGINT NOT NULL,
    CHECK ((outcome IS NULL) = (outcome_on IS NULL))
);
CREATE INDEX commitment_by_organisation ON commitment (organisation_id, id);
CREATE INDEX commitment_by_due ON commitment (due_on);

-- Problems ------------------------------------------------------------------------------------------------------------

-- As its newest revision says it.
CREATE TABLE problem (
    id TEXT NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    -- Who raised it; NULL for the unit.
    organisation_id TEXT REFERENCES organisation (id),
    state TEXT NOT NULL CHECK (state IN ('PROPOSED', 'GATHERING', 'BEING_SOLVED', 'SOLVED', 'PARKED')),
    parked_reason TEXT,
    -- What it was merged into: it is read there.
    merged_into_id TEXT REFERENCES problem (id),
    revision INTEGER NOT NULL,
    title TEXT NOT NULL,
    title_key TEXT NOT NULL,
    summary TEXT NOT NULL,
    why TEXT NOT NULL,
    affected TEXT NOT NULL,
    burden TEXT NOT NULL,
    -- A code of the taxonomy of services.
    service TEXT,
    -- Lower-case words with a blank between them, in order.
    tags TEXT NOT NULL,
    standard_id TEXT REFERENCES standard (id),
    -- Derived: how many bodies back it, and how many projects that are neither stopped nor retired work on it.
    backers BIGINT NOT NULL,
    projects BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX problem_by_title ON problem (title_key, id);
CREATE INDEX problem_by_state ON problem (state, id);
CREATE INDEX problem_by_backers ON problem (backers, id);
CREATE INDEX problem_by_updated ON problem (updated_at, id);

CREATE TABLE problem_revision (
    problem_id TEXT NOT NULL REFERENCES problem (id),
    number INTEGER NOT NULL,
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    why TEXT NOT NULL,
    affected TEXT NOT NULL,
    burden TEXT NOT NULL,
    service TEXT,
    tags TEXT NOT NULL,
    standard_id TEXT REFERENCES standard (id),
    -- Who wrote it, as the record names them, and for whom.
    written_by TEXT NOT NULL,
    organisation_id TEXT REFERENCES organisation (id),
    note TEXT,
    -- The revision whose text this one brings back.
    restores INTEGER,
    written_at TIMESTAMP NOT NULL,
    PRIMARY KEY (problem_id, number)
);

CREATE TABLE problem_tag (
    problem_id TEXT NOT NULL REFERENCES problem (id),
    tag TEXT NOT NULL,
    PRIMARY KEY (problem_id, tag)
);
CREATE INDEX problem_tag_by_tag ON problem_tag (tag, problem_id);

CREATE TABLE backing (
    problem_id TEXT NOT NULL REFERENCES problem (id),
    id TEXT NOT NULL,
    organisation_id TEXT NOT NULL REFERENCES organisation (id),
    willingness TEXT NOT NULL CHECK (willingness IN ('FOLLOW', 'TEST', 'JOIN', 'FUND')),
    note TEXT,
    backed_at TIMESTAMP NOT NULL,
    -- By then somebody has to have answered it.
    reply_by DATE NOT NULL,
    answer TEXT,
    answered_at TIMESTAMP,
    escalated_at TIMESTAMP,
    withdrawn_at TIMESTAMP,
    version BIGINT NOT NULL,
    PRIMARY KEY (problem_id, id),
    UNIQUE (problem_id, organisation_id)
);
CREATE INDEX backing_by_organisation ON backing (organisation_id, problem_id);
CREATE INDEX backing_waiting ON backing (reply_by) WHERE answered_at IS NULL AND escalated_at IS NULL AND withdrawn_at IS NULL;

CREATE TABLE problem_merge (
    id TEXT NOT NULL PRIMARY KEY,
    problem_id TEXT NOT NULL REFERENCES problem (id),
    into_id TEXT NOT NULL REFERENCES problem (id),
    merged_at TIMESTAMP NOT NULL,
    reason TEXT,
    -- What it moved, as JSON: enough to undo it.
    moved TEXT NOT NULL,
    undone_at TIMESTAMP,
    version BIGINT NOT NULL
);
CREATE INDEX problem_merge_by_problem ON problem_merge (problem_id);
CREATE INDEX problem_merge_by_into ON problem_merge (into_id);

-- What people said of a pair that was suggested as similar.
CREATE TABLE similar_judgement (
    problem_id TEXT NOT NULL REFERENCES problem (id),
    id TEXT NOT NULL,
    similar_id TEXT NOT NULL REFERENCES problem (id),
    accepted BOOLEAN NOT NULL,
    judged_by TEXT NOT NULL,
    judged_at TIMESTAMP NOT NULL,
    PRIMARY KEY (problem_id, id)
);

CREATE TABLE suggestion (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('QUESTION', 'IDEA')),
    problem_id TEXT REFERENCES problem (id),
    project_id TEXT,
    text TEXT NOT NULL,
    -- For whom it was written, where somebody signed in.
    organisation_id TEXT REFERENCES organisation (id),
    -- Whoever has the secret of the receipt sees what became of it.
    receipt_hash TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('AWAITING', 'ANSWERED', 'DECLINED', 'SPAM')),
    answer TEXT,
    answered_at TIMESTAMP,
    created_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX suggestion_by_state ON suggestion (state, id);
CREATE INDEX suggestion_by_problem ON suggestion (problem_id);
CREATE INDEX suggestion_by_project ON suggestion (project_id);

-- Projects ------------------------------------------------------------------------------------------------------------

CREATE TABLE project (
    id TEXT NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    title_key TEXT NOT NULL,
    -- What a search looks through: title, summary and why it stopped, in lower case.
    search_key TEXT NOT NULL,
    summary TEXT NOT NULL,
    url TEXT,
    phase TEXT NOT NULL CHECK (phase IN ('DISCOVERY', 'ALPHA', 'BETA', 'LIVE', 'RETIRED', 'STOPPED')),
    phase_since DATE NOT NULL,
    started_on DATE NOT NULL,
    stopped_reason TEXT,
    -- A status is expected every so many days.
    cadence_days INTEGER NOT NULL,
    -- Derived: the active lead, the number of active participants, and the newest status.
    lead_id TEXT REFERENCES organisation (id),
    participants BIGINT NOT NULL,
    status_id TEXT,
    status_at TIMESTAMP,
    -- The file it was imported from, and its name there.
    source TEXT,
    source_key TEXT UNIQUE,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL,
    CHECK (cadence_days > 0)
);
CREATE INDEX project_by_title ON project (title_key, id);
CREATE INDEX project_by_phase ON project (phase, id);
CREATE INDEX project_by_lead ON project (lead_id, id);
CREATE INDEX project_by_status ON project (status_at, id);

CREATE TABLE project_problem (
    project_id TEXT NOT NULL REFERENCES project (id),
    problem_id TEXT NOT NULL REFERENCES problem (id),
    PRIMARY KEY (project_id, problem_id)
);
CREATE INDEX project_problem_by_problem ON project_problem (problem_id);

CREATE TABLE phase_change (
    project_id TEXT NOT NULL REFERENCES project (id),
    id TEXT NOT NULL,
    from_phase TEXT,
    to_phase TEXT NOT NULL,
    changed_on DATE NOT NULL,
    reason TEXT,
    changed_by TEXT NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    PRIMARY KEY (project_id, id)
);

-- What must hold before a project enters a phase.
CREATE TABLE gate (
    project_id TEXT NOT NULL REFERENCES project (id),
    phase TEXT NOT NULL,
    condition TEXT NOT NULL
        CHECK (condition IN ('PARTICIPANTS', 'ALL_ANSWERED', 'OUTPUTS', 'READY_OUTPUTS', 'MILESTONES', 'FRESH_STATUS')),
    -- How many, where the condition counts.
    least INTEGER NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (project_id, phase, condition)
);

CREATE TABLE participation (
    project_id TEXT NOT NULL REFERENCES project (id),
    id TEXT NOT NULL,
    organisation_id TEXT NOT NULL REFERENCES organisation (id),
    role TEXT NOT NULL CHECK (role IN ('LEAD', 'PARTNER', 'FUNDER', 'SUPPLIER', 'TESTER', 'OBSERVER')),
    state TEXT NOT NULL CHECK (state IN ('INVITED', 'REQUESTED', 'ACTIVE', 'DECLINED', 'WITHDRAWN', 'LEFT')),
    message TEXT,
    -- Who invited or asked, and who answered, as the record names them.
    proposed_by TEXT NOT NULL,
    proposed_at TIMESTAMP NOT NULL,
    answered_by TEXT,
    answered_at TIMESTAMP,
    from_on DATE,
    to_on DATE,
    reason TEXT,
    version BIGINT NOT NULL,
    PRIMARY KEY (project_id, id),
    CHECK (state <> 'ACTIVE' OR (from_on IS NOT NULL AND answered_by IS NOT NULL))
);
CREATE UNIQUE INDEX participation_once ON participation (project_id, organisation_id) WHERE state = 'ACTIVE';
CREATE UNIQUE INDEX participation_asked ON participation (project_id, organisation_id) WHERE state IN ('INVITED', 'REQUESTED');
CREATE UNIQUE INDEX participation_to_lead ON participation (project_id) WHERE state = 'INVITED' AND role = 'LEAD';
CREATE UNIQUE INDEX participation_lead ON participation (project_id) WHERE state = 'ACTIVE' AND role = 'LEAD';
CREATE INDEX participation_by_organisation ON participation (organisation_id, project_id);

CREATE TABLE contribution (
    project_id TEXT NOT NULL REFERENCES project (id),
    id TEXT NOT NULL,
    -- Who gives it; NULL where that is no organisation of the register, and the source names it.
    organisation_id TEXT REFERENCES organisation (id),
    kind TEXT NOT NULL CHECK (kind IN ('MONEY', 'DAYS')),
    -- Pence, or days.
    pledged BIGINT NOT NULL,
    given BIGINT NOT NULL,
    pledged_on DATE NOT NULL,
    note TEXT,
    source TEXT,
    version BIGINT NOT NULL,
    PRIMARY KEY (project_id, id),
    CHECK (organisation_id IS NOT NULL OR source IS NOT NULL),
    CHECK (pledged >= 0 AND given >= 0)
);
CREATE INDEX contribution_by_organisation ON contribution (organisation_id, project_id);

CREATE TABLE milestone (
    project_id TEXT NOT NULL REFERENCES project (id),
    id TEXT NOT NULL,
    title TEXT NOT NULL,
    due_on DATE NOT NULL,
    -- When it was due as first said.
    first_due_on DATE NOT NULL,
    done_on DATE,
    version BIGINT NOT NULL,
    PRIMARY KEY (project_id, id)
);

CREATE TABLE output (
    project_id TEXT NOT NULL REFERENCES project (id),
    id TEXT NOT NULL,
    title TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('CODE', 'DOCUMENT', 'STANDARD', 'DATA')),
    url TEXT NOT NULL,
    licence TEXT NOT NULL,
    readiness TEXT NOT NULL CHECK (readiness IN ('DRAFT', 'TESTED', 'READY')),
    ready_on DATE,
    standard_id TEXT REFERENCES standard (id),
    published_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (project_id, id),
    CHECK ((readiness = 'READY') = (ready_on IS NOT NULL))
);
CREATE INDEX output_by_standard ON output (standard_id);

-- Status --------------------------------------------------------------------------------------------------------------

CREATE TABLE status_update (
    project_id TEXT NOT NULL REFERENCES project (id),
    id TEXT NOT NULL,
    posted_at TIMESTAMP NOT NULL,
    posted_by TEXT NOT NULL,
    organisation_id TEXT REFERENCES organisation (id),
    delivery TEXT NOT NULL CHECK (delivery IN ('GREEN', 'AMBER', 'RED')),
    money TEXT NOT NULL CHECK (money IN ('GREEN', 'AMBER', 'RED')),
    people TEXT NOT NULL CHECK (people IN ('GREEN', 'AMBER', 'RED')),
    reuse TEXT NOT NULL CHECK (reuse IN ('GREEN', 'AMBER', 'RED')),
    headline TEXT NOT NULL,
    next_step TEXT NOT NULL,
    -- That nothing changed was said in one touch.
    unchanged BOOLEAN NOT NULL,
    -- The update it puts right.
    corrects_id TEXT,
    -- The moment it speaks of: when it was posted, or what it puts right was.
    stands_at TIMESTAMP NOT NULL,
    PRIMARY KEY (project_id, id)
);
CREATE INDEX status_update_by_time ON status_update (project_id, stands_at);
CREATE UNIQUE INDEX status_update_corrected_once ON status_update (project_id, corrects_id)
    WHERE corrects_id IS NOT NULL;

CREATE TABLE ask (
    project_id TEXT NOT NULL REFERENCES project (id),
    id TEXT NOT NULL,
    status_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('MONEY', 'PEOPLE', 'SKILL', 'TESTING', 'DATA', 'ADVICE')),
    text TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('OPEN', 'ANSWERED', 'CLOSED')),
    opened_at TIMESTAMP NOT NULL,
    closed_at TIMESTAMP,
    version BIGINT NOT NULL,
    PRIMARY KEY (project_id, id)
);
CREATE INDEX ask_by_id ON ask (id);

-- To whom an ask went, why, and what they offered.
CREATE TABLE ask_route (
    project_id TEXT NOT NULL,
    ask_id TEXT NOT NULL,
    organisation_id TEXT NOT NULL REFERENCES organisation (id),
    reason TEXT NOT NULL CHECK (reason IN ('BACKS_PROBLEM', 'CAN_HELP', 'CAME_FORWARD')),
    offer TEXT,
    offered_at TIMESTAMP,
    PRIMARY KEY (project_id, ask_id, organisation_id)
);
CREATE INDEX ask_route_by_organisation ON ask_route (organisation_id, ask_id);

-- The kinds of work with which an organisation said it can help.
CREATE TABLE help_offer (
    organisation_id TEXT NOT NULL REFERENCES organisation (id),
    kind TEXT NOT NULL CHECK (kind IN ('MONEY', 'PEOPLE', 'SKILL', 'TESTING', 'DATA', 'ADVICE')),
    PRIMARY KEY (organisation_id, kind)
);
CREATE INDEX help_offer_by_kind ON help_offer (kind, organisation_id);

-- What does not fit the colours that a project shows, with its evidence.
CREATE TABLE flag (
    project_id TEXT NOT NULL REFERENCES project (id),
    id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('GREEN_BUT_SLIPPING', 'SILENT', 'RISING_RISK')),
    -- Sentences, as a JSON list.
    evidence TEXT NOT NULL,
    raised_at TIMESTAMP NOT NULL,
    answer TEXT,
    answered_by TEXT,
    answered_at TIMESTAMP,
    cleared_at TIMESTAMP,
    version BIGINT NOT NULL,
    PRIMARY KEY (project_id, id)
);
CREATE UNIQUE INDEX flag_once ON flag (project_id, kind) WHERE cleared_at IS NULL;

-- Who was reminded of a status that is due, since the last one.
CREATE TABLE nudge (
    project_id TEXT NOT NULL REFERENCES project (id),
    -- The status after which it was sent; empty where there was none.
    after_status_id TEXT NOT NULL,
    step TEXT NOT NULL CHECK (step IN ('LEAD', 'SPONSOR', 'UNIT')),
    sent_at TIMESTAMP NOT NULL,
    PRIMARY KEY (project_id, after_status_id, step)
);

-- Who is told what ----------------------------------------------------------------------------------------------------

-- As before, with more kinds, and the thing each is about.
CREATE TABLE notice_anew (
    id TEXT NOT NULL PRIMARY KEY,
    organisation_id TEXT REFERENCES organisation (id),
    -- The organisation concerned.
    about_id TEXT NOT NULL REFERENCES organisation (id),
    kind TEXT NOT NULL CHECK (kind IN ('NO_EDITOR', 'NO_LEAD', 'BACKING_WAITS', 'PARTICIPATION_ASKED',
        'PARTICIPATION_ANSWERED', 'PROJECT_WITHOUT_LEAD', 'STATUS_DUE', 'ASK_OPENED', 'ASK_OFFERED', 'FLAG_RAISED',
        'OUTPUT_READY', 'COMMITMENT_DUE', 'WEBHOOK_PAUSED')),
    thing_kind TEXT,
    thing_id TEXT,
    -- What the message names beside, such as the title of the thing.
    detail TEXT,
    created_at TIMESTAMP NOT NULL
);
INSERT INTO notice_anew (id, organisation_id, about_id, kind, created_at)
    SELECT id, organisation_id, about_id, kind, created_at FROM notice;
DROP TABLE notice;
ALTER TABLE notice_anew RENAME TO notice;
CREATE INDEX notice_by_organisation ON notice (organisation_id, id);

CREATE TABLE subscription (
    person_id TEXT NOT NULL REFERENCES person (id),
    id TEXT NOT NULL,
    thing_kind TEXT NOT NULL CHECK (thing_kind IN ('PROBLEM', 'PROJECT', 'STANDARD', 'ORGANISATION')),
    thing_id TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (person_id, id),
    UNIQUE (person_id, thing_kind, thing_id)
);
CREATE INDEX subscription_by_thing ON subscription (thing_id);

-- How a person hears of what they subscribed to.
CREATE TABLE digest (
    person_id TEXT NOT NULL PRIMARY KEY REFERENCES person (id),
    every TEXT NOT NULL CHECK (every IN ('DAY', 'WEEK', 'NEVER')),
    -- Changes up to this place in the record are told.
    told_to BIGINT NOT NULL,
    -- When it was last looked whether there is something to tell.
    looked_at TIMESTAMP NOT NULL,
    -- While a mail is under way: from where it tells, and when it is taken for lost.
    claimed_from BIGINT,
    claimed_until TIMESTAMP,
    sent_at TIMESTAMP,
    version BIGINT NOT NULL,
    CHECK ((claimed_from IS NULL) = (claimed_until IS NULL))
);

-- The links that end a digest: one a mail, of which only the hash is kept.
CREATE TABLE unsubscribe_link (
    secret_hash TEXT NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES person (id),
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX unsubscribe_link_by_person ON unsubscribe_link (person_id);

CREATE TABLE webhook (
    id TEXT NOT NULL PRIMARY KEY,
    -- Whose it is; NULL for the unit's.
    organisation_id TEXT REFERENCES organisation (id),
    url TEXT NOT NULL,
    -- Kept as it is, since it signs what is sent; it opens nothing here.
    secret TEXT NOT NULL,
    -- What it tells of; NULL for all that everybody may see.
    thing_kind TEXT CHECK (thing_kind IN ('PROBLEM', 'PROJECT', 'STANDARD', 'ORGANISATION')),
    thing_id TEXT,
    state TEXT NOT NULL CHECK (state IN ('ACTIVE', 'PAUSED')),
    -- Changes up to this place in the record are delivered.
    told_to BIGINT NOT NULL,
    -- How often in a row it failed, and since when.
    failures INTEGER NOT NULL,
    failing_since TIMESTAMP,
    next_try_at TIMESTAMP NOT NULL,
    created_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL,
    CHECK ((thing_kind IS NULL) = (thing_id IS NULL))
);
CREATE INDEX webhook_by_organisation ON webhook (organisation_id);
CREATE INDEX webhook_due ON webhook (next_try_at) WHERE state = 'ACTIVE';

CREATE TABLE delivery (
    webhook_id TEXT NOT NULL REFERENCES webhook (id),
    id TEXT NOT NULL,
    -- The places in the record of its first and last change.
    first BIGINT NOT NULL,
    last BIGINT NOT NULL,
    attempt INTEGER NOT NULL,
    tried_at TIMESTAMP NOT NULL,
    -- The answer's status; NULL where there was none.
    status INTEGER,
    error TEXT,
    duration_ms BIGINT NOT NULL,
    PRIMARY KEY (webhook_id, id)
);
CREATE INDEX delivery_by_time ON delivery (tried_at);

-- What a change is part of: the first part of its key, by which all changes of a problem, a project or a standard are
-- read in their order.
ALTER TABLE sealed ADD COLUMN subject_id TEXT NOT NULL DEFAULT '';
UPDATE sealed SET subject_id = substr(thing_id, 1, 36);
CREATE INDEX sealed_by_subject ON sealed (subject_id, sequence);
