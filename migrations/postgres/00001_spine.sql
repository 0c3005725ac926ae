-- The spine: documents with their search keys, the books, the ledger. tenant_id leads every key, so that the same schema
-- is isolated by tenant and can be distributed by it. Money is whole cents, instants are microseconds since 1970 UTC,
-- days are ISO text. No JSON functions, no column type that the two databases read differently.

-- +goose Up

CREATE TABLE tenants (
    tenant_id   TEXT COLLATE "C" NOT NULL,
    name        TEXT COLLATE "C" NOT NULL,
    time_zone   TEXT COLLATE "C" NOT NULL,
    practice_id TEXT COLLATE "C" NOT NULL,
    go_live     TEXT COLLATE "C" NOT NULL,
    auto_submit BOOLEAN NOT NULL,
    due_days    BIGINT NOT NULL CHECK (due_days >= 0),
    created     BIGINT NOT NULL,
    PRIMARY KEY (tenant_id)
);

CREATE TABLE documents (
    tenant_id TEXT COLLATE "C" NOT NULL,
    type      TEXT COLLATE "C" NOT NULL,
    id        TEXT COLLATE "C" NOT NULL,
    version   BIGINT NOT NULL CHECK (version > 0),
    updated   BIGINT NOT NULL,
    deleted   BOOLEAN NOT NULL,
    external  BOOLEAN NOT NULL,
    digest    TEXT COLLATE "C" NOT NULL,
    body      TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, type, id)
);
CREATE INDEX documents_updated ON documents (tenant_id, type, updated, id);

CREATE TABLE document_history (
    tenant_id TEXT COLLATE "C" NOT NULL,
    type      TEXT COLLATE "C" NOT NULL,
    id        TEXT COLLATE "C" NOT NULL,
    version   BIGINT NOT NULL,
    updated   BIGINT NOT NULL,
    deleted   BOOLEAN NOT NULL,
    external  BOOLEAN NOT NULL,
    digest    TEXT COLLATE "C" NOT NULL,
    body      TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, type, id, version)
);

-- What a client sent of a document that we render: the base on which every later rendering is laid.
CREATE TABLE sent_documents (
    tenant_id TEXT COLLATE "C" NOT NULL,
    type      TEXT COLLATE "C" NOT NULL,
    id        TEXT COLLATE "C" NOT NULL,
    body      TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, type, id)
);

CREATE TABLE token_keys (
    tenant_id TEXT COLLATE "C" NOT NULL,
    type      TEXT COLLATE "C" NOT NULL,
    param     TEXT COLLATE "C" NOT NULL,
    code      TEXT COLLATE "C" NOT NULL,
    system    TEXT COLLATE "C" NOT NULL,
    id        TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, type, param, code, system, id)
);
CREATE INDEX token_keys_document ON token_keys (tenant_id, id);

CREATE TABLE string_keys (
    tenant_id TEXT COLLATE "C" NOT NULL,
    type      TEXT COLLATE "C" NOT NULL,
    param     TEXT COLLATE "C" NOT NULL,
    value     TEXT COLLATE "C" NOT NULL,
    exact     TEXT COLLATE "C" NOT NULL,
    id        TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, type, param, value, exact, id)
);
CREATE INDEX string_keys_document ON string_keys (tenant_id, id);

CREATE TABLE date_keys (
    tenant_id TEXT COLLATE "C" NOT NULL,
    type      TEXT COLLATE "C" NOT NULL,
    param     TEXT COLLATE "C" NOT NULL,
    low       BIGINT NOT NULL,
    high      BIGINT NOT NULL,
    id        TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, type, param, low, high, id)
);
CREATE INDEX date_keys_document ON date_keys (tenant_id, id);

CREATE TABLE number_keys (
    tenant_id TEXT COLLATE "C" NOT NULL,
    type      TEXT COLLATE "C" NOT NULL,
    param     TEXT COLLATE "C" NOT NULL,
    low       BIGINT NOT NULL,
    high      BIGINT NOT NULL,
    system    TEXT COLLATE "C" NOT NULL,
    code      TEXT COLLATE "C" NOT NULL,
    unit      TEXT COLLATE "C" NOT NULL,
    id        TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, type, param, low, high, system, code, unit, id)
);
CREATE INDEX number_keys_document ON number_keys (tenant_id, id);

CREATE TABLE reference_keys (
    tenant_id   TEXT COLLATE "C" NOT NULL,
    type        TEXT COLLATE "C" NOT NULL,
    param       TEXT COLLATE "C" NOT NULL,
    target_type TEXT COLLATE "C" NOT NULL,
    target_id   TEXT COLLATE "C" NOT NULL,
    url         TEXT COLLATE "C" NOT NULL,
    id          TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, target_id, type, param, target_type, url, id)
);
CREATE INDEX reference_keys_document ON reference_keys (tenant_id, id);

-- A conditional write first takes the row of its criteria, so that two of them meet on it and one sees the other.
CREATE TABLE condition_locks (
    tenant_id TEXT COLLATE "C" NOT NULL,
    type      TEXT COLLATE "C" NOT NULL,
    criteria  TEXT COLLATE "C" NOT NULL,
    taken     BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, type, criteria)
);

CREATE TABLE audit_events (
    tenant_id TEXT COLLATE "C" NOT NULL,
    id        TEXT COLLATE "C" NOT NULL,
    at        BIGINT NOT NULL,
    subject   TEXT COLLATE "C" NOT NULL,
    action    TEXT COLLATE "C" NOT NULL CHECK (action IN ('create', 'read', 'update', 'delete', 'search', 'history')),
    type      TEXT COLLATE "C" NOT NULL,
    record    TEXT COLLATE "C" NOT NULL,
    version   BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

CREATE TABLE visits (
    tenant_id        TEXT COLLATE "C" NOT NULL,
    id               TEXT COLLATE "C" NOT NULL,
    patient_id       TEXT COLLATE "C" NOT NULL,
    state            TEXT COLLATE "C" NOT NULL CHECK (state IN ('coding', 'pricing', 'charged', 'billed', 'voided', 'held')),
    service_date     TEXT COLLATE "C" NOT NULL,
    end_date         TEXT COLLATE "C" NOT NULL,
    place_of_service TEXT COLLATE "C" NOT NULL,
    rendering_id     TEXT COLLATE "C" NOT NULL,
    billing_id       TEXT COLLATE "C" NOT NULL,
    coded_by         TEXT COLLATE "C" NOT NULL CHECK (coded_by IN ('', 'ehr', 'coder')),
    created          BIGINT NOT NULL,
    updated          BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX visits_patient ON visits (tenant_id, patient_id, service_date);

CREATE TABLE visit_diagnoses (
    tenant_id TEXT COLLATE "C" NOT NULL,
    visit_id  TEXT COLLATE "C" NOT NULL,
    sequence  BIGINT NOT NULL,
    code      TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, visit_id, sequence),
    FOREIGN KEY (tenant_id, visit_id) REFERENCES visits (tenant_id, id)
);

CREATE TABLE charges (
    tenant_id    TEXT COLLATE "C" NOT NULL,
    id           TEXT COLLATE "C" NOT NULL,
    visit_id     TEXT COLLATE "C" NOT NULL,
    patient_id   TEXT COLLATE "C" NOT NULL,
    sequence     BIGINT NOT NULL,
    status       TEXT COLLATE "C" NOT NULL CHECK (status IN ('planned', 'billable', 'billed', 'aborted')),
    system       TEXT COLLATE "C" NOT NULL,
    code         TEXT COLLATE "C" NOT NULL,
    modifiers    TEXT COLLATE "C" NOT NULL,
    units        BIGINT NOT NULL CHECK (units > 0),
    pointers     TEXT COLLATE "C" NOT NULL,
    service_date TEXT COLLATE "C" NOT NULL,
    rendering_id TEXT COLLATE "C" NOT NULL,
    source       TEXT COLLATE "C" NOT NULL,
    unit_price   BIGINT NOT NULL,
    billed       BIGINT NOT NULL,
    self_pay     BOOLEAN NOT NULL,
    created      BIGINT NOT NULL,
    updated      BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CHECK (billed >= 0 AND unit_price >= 0)
);
CREATE INDEX charges_visit ON charges (tenant_id, visit_id, sequence);

CREATE TABLE prices (
    tenant_id     TEXT COLLATE "C" NOT NULL,
    definition_id TEXT COLLATE "C" NOT NULL,
    sequence      BIGINT NOT NULL,
    system        TEXT COLLATE "C" NOT NULL,
    code          TEXT COLLATE "C" NOT NULL,
    modifiers     TEXT COLLATE "C" NOT NULL,
    payer_id      TEXT COLLATE "C" NOT NULL,
    from_date     TEXT COLLATE "C" NOT NULL,
    until_date    TEXT COLLATE "C" NOT NULL,
    amount        BIGINT NOT NULL CHECK (amount > 0),
    PRIMARY KEY (tenant_id, definition_id, sequence)
);
CREATE INDEX prices_code ON prices (tenant_id, code);

CREATE TABLE claims (
    tenant_id        TEXT COLLATE "C" NOT NULL,
    id               TEXT COLLATE "C" NOT NULL,
    number           TEXT COLLATE "C" NOT NULL,
    visit_id         TEXT COLLATE "C" NOT NULL,
    patient_id       TEXT COLLATE "C" NOT NULL,
    coverage_id      TEXT COLLATE "C" NOT NULL,
    insurer_id       TEXT COLLATE "C" NOT NULL,
    billing_id       TEXT COLLATE "C" NOT NULL,
    rendering_id     TEXT COLLATE "C" NOT NULL,
    state            TEXT COLLATE "C" NOT NULL CHECK (state IN ('draft', 'held', 'ready', 'transmitted', 'adjudicated', 'entered-in-error')),
    position         BIGINT NOT NULL CHECK (position > 0),
    part             BIGINT NOT NULL CHECK (part > 0),
    service_from     TEXT COLLATE "C" NOT NULL,
    service_until    TEXT COLLATE "C" NOT NULL,
    place_of_service TEXT COLLATE "C" NOT NULL,
    billed           BIGINT NOT NULL,
    cause            TEXT COLLATE "C" NOT NULL,
    created          BIGINT NOT NULL,
    updated          BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, number),
    UNIQUE (tenant_id, cause)
);
CREATE INDEX claims_visit ON claims (tenant_id, visit_id);
CREATE INDEX claims_patient ON claims (tenant_id, patient_id, service_from);
CREATE INDEX claims_insurer ON claims (tenant_id, insurer_id, state, id);
CREATE INDEX claims_state ON claims (tenant_id, state, id);
CREATE INDEX claims_held ON claims (tenant_id, visit_id) WHERE state = 'held';

CREATE TABLE claim_lines (
    tenant_id    TEXT COLLATE "C" NOT NULL,
    claim_id     TEXT COLLATE "C" NOT NULL,
    sequence     BIGINT NOT NULL CHECK (sequence > 0),
    charge_id    TEXT COLLATE "C" NOT NULL,
    system       TEXT COLLATE "C" NOT NULL,
    code         TEXT COLLATE "C" NOT NULL,
    modifiers    TEXT COLLATE "C" NOT NULL,
    units        BIGINT NOT NULL,
    pointers     TEXT COLLATE "C" NOT NULL,
    service_date TEXT COLLATE "C" NOT NULL,
    billed       BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, claim_id, sequence),
    FOREIGN KEY (tenant_id, claim_id) REFERENCES claims (tenant_id, id)
);
CREATE INDEX claim_lines_charge ON claim_lines (tenant_id, charge_id);

CREATE TABLE claim_diagnoses (
    tenant_id TEXT COLLATE "C" NOT NULL,
    claim_id  TEXT COLLATE "C" NOT NULL,
    sequence  BIGINT NOT NULL,
    code      TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, claim_id, sequence),
    FOREIGN KEY (tenant_id, claim_id) REFERENCES claims (tenant_id, id)
);

CREATE TABLE claim_findings (
    tenant_id TEXT COLLATE "C" NOT NULL,
    claim_id  TEXT COLLATE "C" NOT NULL,
    sequence  BIGINT NOT NULL,
    rule      TEXT COLLATE "C" NOT NULL,
    severity  TEXT COLLATE "C" NOT NULL CHECK (severity IN ('error', 'warning')),
    path      TEXT COLLATE "C" NOT NULL,
    text      TEXT COLLATE "C" NOT NULL,
    remedy    TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, claim_id, sequence),
    FOREIGN KEY (tenant_id, claim_id) REFERENCES claims (tenant_id, id)
);

CREATE TABLE answers (
    tenant_id  TEXT COLLATE "C" NOT NULL,
    id         TEXT COLLATE "C" NOT NULL,
    claim_id   TEXT COLLATE "C" NOT NULL,
    payer_id   TEXT COLLATE "C" NOT NULL,
    answer_key TEXT COLLATE "C" NOT NULL,
    body_hash  TEXT COLLATE "C" NOT NULL,
    review     BOOLEAN NOT NULL,
    billed     BIGINT NOT NULL,
    paid       BIGINT NOT NULL,
    created    BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, claim_id, payer_id, answer_key),
    FOREIGN KEY (tenant_id, claim_id) REFERENCES claims (tenant_id, id)
);
CREATE INDEX answers_payer ON answers (tenant_id, payer_id, id);

CREATE TABLE answer_lines (
    tenant_id     TEXT COLLATE "C" NOT NULL,
    answer_id     TEXT COLLATE "C" NOT NULL,
    line_sequence BIGINT NOT NULL,
    charge_id     TEXT COLLATE "C" NOT NULL,
    billed        BIGINT NOT NULL,
    allowed       BIGINT,
    paid          BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, answer_id, line_sequence),
    FOREIGN KEY (tenant_id, answer_id) REFERENCES answers (tenant_id, id)
);

CREATE TABLE adjustments (
    tenant_id     TEXT COLLATE "C" NOT NULL,
    answer_id     TEXT COLLATE "C" NOT NULL,
    sequence      BIGINT NOT NULL,
    line_sequence BIGINT NOT NULL,
    group_code    TEXT COLLATE "C" NOT NULL CHECK (group_code IN ('CO', 'PR', 'OA', 'PI')),
    reason_code   TEXT COLLATE "C" NOT NULL,
    amount        BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, answer_id, sequence),
    FOREIGN KEY (tenant_id, answer_id) REFERENCES answers (tenant_id, id)
);

CREATE TABLE journal_entries (
    tenant_id TEXT COLLATE "C" NOT NULL,
    id        TEXT COLLATE "C" NOT NULL,
    kind      TEXT COLLATE "C" NOT NULL CHECK (kind IN ('charge', 'answer', 'patient-responsibility', 'payment', 'reversal')),
    cause     TEXT COLLATE "C" NOT NULL,
    reverses  TEXT COLLATE "C" NOT NULL,
    posted    BIGINT NOT NULL,
    digest    TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, cause)
);

CREATE TABLE postings (
    tenant_id  TEXT COLLATE "C" NOT NULL,
    entry_id   TEXT COLLATE "C" NOT NULL,
    sequence   BIGINT NOT NULL,
    account    TEXT COLLATE "C" NOT NULL,
    amount     BIGINT NOT NULL CHECK (amount <> 0),
    patient_id TEXT COLLATE "C" NOT NULL,
    visit_id   TEXT COLLATE "C" NOT NULL,
    charge_id  TEXT COLLATE "C" NOT NULL,
    claim_id   TEXT COLLATE "C" NOT NULL,
    payer_id   TEXT COLLATE "C" NOT NULL,
    answer_id  TEXT COLLATE "C" NOT NULL,
    payment_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, entry_id, sequence),
    FOREIGN KEY (tenant_id, entry_id) REFERENCES journal_entries (tenant_id, id)
);
CREATE INDEX postings_patient ON postings (tenant_id, patient_id, account);
CREATE INDEX postings_charge ON postings (tenant_id, charge_id);
CREATE INDEX postings_claim ON postings (tenant_id, claim_id);

-- The journal only grows: a mistake is reversed by another entry, never changed.
-- +goose StatementBegin
CREATE FUNCTION refuse_journal_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the journal only grows'; END $$;
-- +goose StatementEnd
CREATE TRIGGER journal_entries_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_journal_change();
CREATE TRIGGER postings_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON postings
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_journal_change();

CREATE TABLE accounts (
    tenant_id  TEXT COLLATE "C" NOT NULL,
    id         TEXT COLLATE "C" NOT NULL,
    patient_id TEXT COLLATE "C" NOT NULL,
    created    BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, patient_id)
);

CREATE TABLE invoices (
    tenant_id  TEXT COLLATE "C" NOT NULL,
    id         TEXT COLLATE "C" NOT NULL,
    number     TEXT COLLATE "C" NOT NULL,
    patient_id TEXT COLLATE "C" NOT NULL,
    visit_id   TEXT COLLATE "C" NOT NULL,
    account_id TEXT COLLATE "C" NOT NULL,
    issuer_id  TEXT COLLATE "C" NOT NULL,
    status     TEXT COLLATE "C" NOT NULL CHECK (status IN ('issued', 'balanced', 'cancelled')),
    issued     TEXT COLLATE "C" NOT NULL,
    due_date   TEXT COLLATE "C" NOT NULL,
    billed     BIGINT NOT NULL,
    due        BIGINT NOT NULL,
    earlier    BIGINT NOT NULL,
    cause      TEXT COLLATE "C" NOT NULL,
    created    BIGINT NOT NULL,
    updated    BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, number),
    UNIQUE (tenant_id, cause)
);
CREATE INDEX invoices_patient ON invoices (tenant_id, patient_id);
CREATE INDEX invoices_visit ON invoices (tenant_id, visit_id);

CREATE TABLE invoice_lines (
    tenant_id    TEXT COLLATE "C" NOT NULL,
    invoice_id   TEXT COLLATE "C" NOT NULL,
    sequence     BIGINT NOT NULL,
    charge_id    TEXT COLLATE "C" NOT NULL,
    billed       BIGINT NOT NULL,
    adjusted     BIGINT NOT NULL,
    payer_paid   BIGINT NOT NULL,
    deductible   BIGINT NOT NULL,
    coinsurance  BIGINT NOT NULL,
    copay        BIGINT NOT NULL,
    patient_paid BIGINT NOT NULL,
    due          BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, invoice_id, sequence),
    FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoices (tenant_id, id)
);

CREATE TABLE payments (
    tenant_id       TEXT COLLATE "C" NOT NULL,
    id              TEXT COLLATE "C" NOT NULL,
    patient_id      TEXT COLLATE "C" NOT NULL,
    invoice_id      TEXT COLLATE "C" NOT NULL,
    amount          BIGINT NOT NULL CHECK (amount > 0),
    method          TEXT COLLATE "C" NOT NULL CHECK (method IN ('card', 'cash', 'check', 'ach')),
    reference       TEXT COLLATE "C" NOT NULL,
    idempotency_key TEXT COLLATE "C" NOT NULL,
    body_hash       TEXT COLLATE "C" NOT NULL,
    received        BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, idempotency_key)
);
CREATE INDEX payments_invoice ON payments (tenant_id, invoice_id);

CREATE TABLE work_items (
    tenant_id  TEXT COLLATE "C" NOT NULL,
    id         TEXT COLLATE "C" NOT NULL,
    kind       TEXT COLLATE "C" NOT NULL,
    status     TEXT COLLATE "C" NOT NULL CHECK (status IN ('requested', 'completed', 'cancelled')),
    subject    TEXT COLLATE "C" NOT NULL,
    patient_id TEXT COLLATE "C" NOT NULL,
    reason     TEXT COLLATE "C" NOT NULL,
    created    BIGINT NOT NULL,
    updated    BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX work_items_open ON work_items (tenant_id, kind, subject) WHERE status = 'requested';
CREATE INDEX work_items_waiting ON work_items (tenant_id, id) WHERE status = 'requested';

-- Encounters that billing done elsewhere names: they open no case, whichever arrives first.
CREATE TABLE external_visits (
    tenant_id TEXT COLLATE "C" NOT NULL,
    visit_id  TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, visit_id)
);
