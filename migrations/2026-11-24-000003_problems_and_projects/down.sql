DROP INDEX sealed_by_subject;
ALTER TABLE sealed DROP COLUMN subject_id;
DROP TABLE delivery;
DROP TABLE webhook;
DROP TABLE unsubscribe_link;
DROP TABLE digest;
DROP TABLE subscription;
CREATE TABLE notice_before (
    id TEXT NOT NULL PRIMARY KEY,
    organisation_id TEXT REFERENCES organisation (id),
    about_id TEXT NOT NULL REFERENCES organisation (id),
    kind TEXT NOT NULL CHECK (kind IN ('NO_EDITOR', 'NO_LEAD')),
    created_at TIMESTAMP NOT NULL
);
INSERT INTO notice_before (id, organisation_id, about_id, kind, created_at)
    SELECT id, organisation_id, about_id, kind, created_at FROM notice WHERE kind IN ('NO_EDITOR', 'NO_LEAD');
DROP TABLE notice;
ALTER TABLE notice_before RENAME TO notice;
CREATE INDEX notice_by_organisation ON notice (organisation_id, id);
DROP TABLE nudge;
DROP TABLE flag;
DROP TABLE help_offer;
DROP TABLE ask_route;
DROP TABLE ask;
DROP TABLE status_update;
DROP TABLE output;
DROP TABLE milestone;
DROP TABLE contribution;
DROP TABLE participation;
DROP TABLE gate;
DROP TABLE phase_change;
DROP TABLE project_problem;
DROP TABLE project;
DROP TABLE suggestion;
DROP TABLE similar_judgement;
DROP TABLE problem_merge;
DROP TABLE backing;
DROP TABLE problem_tag;
DROP TABLE problem_revision;
DROP TABLE problem;
DROP TABLE commitment;
DROP TABLE signature;
DROP TABLE declaration;
