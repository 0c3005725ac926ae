-- Reads are recorded in a file of their own, so that a read never waits for a write of the books.

-- +goose Up

CREATE TABLE audit_events (
    tenant_id TEXT NOT NULL,
    id        TEXT NOT NULL,
    at        BIGINT NOT NULL,
    subject   TEXT NOT NULL,
    action    TEXT NOT NULL CONSTRAINT audit_events_action_known CHECK (action IN ('read', 'search', 'history')),
    type      TEXT NOT NULL,
    record    TEXT NOT NULL,
    version   BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;
