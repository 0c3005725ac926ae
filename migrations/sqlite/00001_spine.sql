-- The spine: documents with their search keys, the books, the ledger. tenant_id leads every key, so that the same schema
-- is isolated by tenant and can be distributed by it. Money is whole cents, instants are microseconds since 1970 UTC,
-- days are ISO text. No JSON functions, no column type that the two databases read differently.

-- +goose Up

CREATE TABLE tenants (
    tenant_id      TEXT NOT NULL,
    name           TEXT NOT NULL,
    time_zone      TEXT NOT NULL,
    practice_id    TEXT NOT NULL,
    go_live        TEXT NOT NULL,
    auto_submit    BOOLEAN NOT NULL,
    due_days       BIGINT NOT NULL CONSTRAINT tenants_due_days_not_negative CHECK (due_days >= 0),
    self_pay_hours BIGINT NOT NULL CONSTRAINT tenants_self_pay_hours_not_negative CHECK (self_pay_hours >= 0),
    review_share   BIGINT NOT NULL CONSTRAINT tenants_review_share_of_a_hundred CHECK (review_share BETWEEN 0 AND 100),
    write_off_max  BIGINT NOT NULL CONSTRAINT tenants_write_off_max_not_negative CHECK (write_off_max >= 0),
    closed_through TEXT NOT NULL,
    closed_at      BIGINT NOT NULL,
    payer_edition  TEXT NOT NULL,
    rule_edition   TEXT NOT NULL,
    rate_edition   TEXT NOT NULL,
    created        BIGINT NOT NULL,
    PRIMARY KEY (tenant_id)
);

-- How a payer is reached that is not left at the default, FHIR.
CREATE TABLE payer_connections (
    tenant_id TEXT NOT NULL,
    payer_id  TEXT NOT NULL,
    kind      TEXT NOT NULL CONSTRAINT payer_connections_kind_known CHECK (kind IN ('fhir', 'folder')),
    PRIMARY KEY (tenant_id, payer_id)
);

-- The payer directory. payer_edition in tenants says which edition of it, of the facts and of the enrolments is here.
CREATE TABLE payers (
    tenant_id    TEXT NOT NULL,
    id           TEXT NOT NULL,
    name         TEXT NOT NULL,
    aliases      TEXT NOT NULL,
    identifiers  TEXT NOT NULL,
    transactions TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

-- What a payer wants, on days of service. The sequence is the line of the file that said so.
CREATE TABLE payer_facts (
    tenant_id  TEXT NOT NULL,
    payer_id   TEXT NOT NULL,
    subject    TEXT NOT NULL CONSTRAINT payer_facts_subject_known CHECK (subject IN ('eligibility', 'eligibility-days', 'filing-limit', 'corrected-filing-limit', 'secondary-filing-limit', 'answer-days', 'appeal-limit',
        'takes-replacement', 'takes-void', 'member-id', 'taxonomy', 'authorization', 'drug', 'telehealth', 'modifier', 'covered-diagnosis', 'frequency', 'age')),
    sequence   BIGINT NOT NULL,
    code       TEXT NOT NULL,
    value      TEXT NOT NULL,
    from_date  TEXT NOT NULL,
    until_date TEXT NOT NULL,
    PRIMARY KEY (tenant_id, payer_id, subject, sequence)
);

-- On which days a payer takes claims from a provider.
CREATE TABLE enrolments (
    tenant_id  TEXT NOT NULL,
    payer_id   TEXT NOT NULL,
    sequence   BIGINT NOT NULL,
    npi        TEXT NOT NULL,
    from_date  TEXT NOT NULL,
    until_date TEXT NOT NULL,
    PRIMARY KEY (tenant_id, payer_id, sequence)
);

-- What payers agreed to allow. rate_edition in tenants says which edition of the contracts and of their rates is here. Values with four
-- decimals are whole numbers of their last place.
CREATE TABLE contracts (
    tenant_id       TEXT NOT NULL,
    id              TEXT NOT NULL,
    payer_id        TEXT NOT NULL,
    name            TEXT NOT NULL,
    from_date       TEXT NOT NULL,
    until_date      TEXT NOT NULL,
    lesser          TEXT NOT NULL CONSTRAINT contracts_lesser_known CHECK (lesser IN ('never', 'line', 'claim')),
    policy          TEXT NOT NULL CONSTRAINT contracts_policy_known CHECK (policy IN ('medicare', 'none')),
    tolerance       BIGINT NOT NULL CONSTRAINT contracts_tolerance_not_negative CHECK (tolerance >= 0),
    tolerance_share BIGINT NOT NULL CONSTRAINT contracts_tolerance_share_of_all CHECK (tolerance_share BETWEEN 0 AND 10000),
    dispute_days    BIGINT NOT NULL CONSTRAINT contracts_dispute_days_counted CHECK (dispute_days > 0),
    locality        TEXT NOT NULL,
    schedule_day    TEXT NOT NULL,
    conversion      BIGINT NOT NULL CONSTRAINT contracts_conversion_not_negative CHECK (conversion >= 0),
    base            BIGINT NOT NULL CONSTRAINT contracts_base_not_negative CHECK (base >= 0),
    PRIMARY KEY (tenant_id, id)
);

CREATE TABLE contract_rates (
    tenant_id   TEXT NOT NULL,
    contract_id TEXT NOT NULL,
    sequence    BIGINT NOT NULL,
    kind        TEXT NOT NULL CONSTRAINT contract_rates_kind_known CHECK (kind IN ('flat', 'per-unit', 'percent-of-charge', 'percent-of-medicare', 'case',
        'per-diem', 'drg', 'modifier')),
    code        TEXT NOT NULL,
    modifiers   TEXT NOT NULL,
    place       TEXT NOT NULL,
    provider    TEXT NOT NULL,
    value       BIGINT NOT NULL CONSTRAINT contract_rates_value_not_negative CHECK (value >= 0),
    from_date   TEXT NOT NULL,
    until_date  TEXT NOT NULL,
    PRIMARY KEY (tenant_id, contract_id, sequence)
);

-- The rules that a practice writes, a row a version: what it says never changes. rule_edition in tenants says which edition of those that
-- are on is here.
CREATE TABLE practice_rules (
    tenant_id   TEXT NOT NULL,
    id          TEXT NOT NULL,
    version     BIGINT NOT NULL CONSTRAINT practice_rules_version_counted CHECK (version > 0),
    title       TEXT NOT NULL,
    text        TEXT NOT NULL,
    condition   TEXT NOT NULL,
    reach       TEXT NOT NULL CONSTRAINT practice_rules_reach_known CHECK (reach IN ('claim', 'line')),
    action      TEXT NOT NULL CONSTRAINT practice_rules_action_known CHECK (action IN ('error', 'hold', 'warning', 'set-modifier', 'route')),
    argument    TEXT NOT NULL,
    from_date   TEXT NOT NULL,
    until_date  TEXT NOT NULL,
    examples    TEXT NOT NULL,
    state       TEXT NOT NULL CONSTRAINT practice_rules_state_known CHECK (state IN ('draft', 'on', 'off')),
    saved_by    TEXT NOT NULL,
    saved       BIGINT NOT NULL,
    switched_by TEXT NOT NULL,
    switched    BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id, version)
);
CREATE UNIQUE INDEX practice_rules_on ON practice_rules (tenant_id, id) WHERE state = 'on';

-- The addresses under which records are ours, whoever serves: workers and checks need them too.
CREATE TABLE own_bases (
    base TEXT NOT NULL,
    PRIMARY KEY (base)
);

CREATE TABLE documents (
    tenant_id TEXT NOT NULL,
    type      TEXT NOT NULL,
    id        TEXT NOT NULL,
    version   BIGINT NOT NULL CONSTRAINT documents_version_positive CHECK (version > 0),
    updated   BIGINT NOT NULL,
    deleted   BOOLEAN NOT NULL,
    external  BOOLEAN NOT NULL,
    digest    TEXT NOT NULL,
    body      TEXT NOT NULL,
    PRIMARY KEY (tenant_id, type, id)
);
CREATE INDEX documents_updated ON documents (tenant_id, type, updated, id) WHERE deleted = FALSE;

CREATE TABLE document_history (
    tenant_id TEXT NOT NULL,
    type      TEXT NOT NULL,
    id        TEXT NOT NULL,
    version   BIGINT NOT NULL,
    updated   BIGINT NOT NULL,
    deleted   BOOLEAN NOT NULL,
    external  BOOLEAN NOT NULL,
    digest    TEXT NOT NULL,
    body      TEXT NOT NULL,
    PRIMARY KEY (tenant_id, type, id, version)
);

-- What a client sent of a document that we render: the base on which every later rendering is laid.
CREATE TABLE sent_documents (
    tenant_id TEXT NOT NULL,
    type      TEXT NOT NULL,
    id        TEXT NOT NULL,
    body      TEXT NOT NULL,
    PRIMARY KEY (tenant_id, type, id)
);

-- The keys of a parameter stand in the order of their values and then of the documents, so that a list sorted by it is read
-- in its order.
CREATE TABLE token_keys (
    tenant_id TEXT NOT NULL,
    type      TEXT NOT NULL,
    param     TEXT NOT NULL,
    code      TEXT NOT NULL,
    system    TEXT NOT NULL,
    id        TEXT NOT NULL,
    PRIMARY KEY (tenant_id, type, param, code, id, system)
) WITHOUT ROWID;
CREATE INDEX token_keys_document ON token_keys (tenant_id, id);

CREATE TABLE string_keys (
    tenant_id TEXT NOT NULL,
    type      TEXT NOT NULL,
    param     TEXT NOT NULL,
    value     TEXT NOT NULL,
    exact     TEXT NOT NULL,
    id        TEXT NOT NULL,
    PRIMARY KEY (tenant_id, type, param, value, id, exact)
) WITHOUT ROWID;
CREATE INDEX string_keys_document ON string_keys (tenant_id, id);

-- Spans of instants and of civil days; *_by says which of the two the document tells, and so which of them counts.
CREATE TABLE date_keys (
    tenant_id TEXT NOT NULL,
    type      TEXT NOT NULL,
    param     TEXT NOT NULL,
    low       BIGINT NOT NULL,
    high      BIGINT NOT NULL,
    low_day   BIGINT NOT NULL,
    high_day  BIGINT NOT NULL,
    low_by    TEXT NOT NULL CONSTRAINT date_keys_low_by_known CHECK (low_by IN ('both', 'time', 'day')),
    high_by   TEXT NOT NULL CONSTRAINT date_keys_high_by_known CHECK (high_by IN ('both', 'time', 'day')),
    id        TEXT NOT NULL,
    PRIMARY KEY (tenant_id, type, param, low, id, high, low_day, high_day, low_by, high_by)
) WITHOUT ROWID;
CREATE INDEX date_keys_document ON date_keys (tenant_id, id);
-- Spans of more than 32 days: what ends after an instant begins at most that long before it, or is one of them.
CREATE INDEX date_keys_long ON date_keys (tenant_id, type, param, low, id, high, low_day, high_day, low_by, high_by) WHERE high > low + 2764800000000;

CREATE TABLE number_keys (
    tenant_id TEXT NOT NULL,
    type      TEXT NOT NULL,
    param     TEXT NOT NULL,
    low       BIGINT NOT NULL,
    high      BIGINT NOT NULL,
    system    TEXT NOT NULL,
    code      TEXT NOT NULL,
    unit      TEXT NOT NULL,
    id        TEXT NOT NULL,
    PRIMARY KEY (tenant_id, type, param, low, id, high, system, code, unit)
) WITHOUT ROWID;
CREATE INDEX number_keys_document ON number_keys (tenant_id, id);

-- A row for each place that a document refers to, with all parameters that find it there, each between bars. A resolved key is not
-- in the document itself: it names the record by an identifier, and this is the one that had it when the document was written.
CREATE TABLE reference_keys (
    tenant_id   TEXT NOT NULL,
    type        TEXT NOT NULL,
    target_type TEXT NOT NULL,
    target_id   TEXT NOT NULL,
    url         TEXT NOT NULL,
    id          TEXT NOT NULL,
    params      TEXT NOT NULL,
    resolved    BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (tenant_id, target_id, type, target_type, url, id, params)
) WITHOUT ROWID;
CREATE INDEX reference_keys_document ON reference_keys (tenant_id, id);

-- A conditional write first takes the row of its criteria, so that two of them meet on it and one sees the other.
CREATE TABLE condition_locks (
    tenant_id TEXT NOT NULL,
    type      TEXT NOT NULL,
    criteria  TEXT NOT NULL,
    taken     BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, type, criteria)
);

-- What a transaction changed, for whoever listens: `type/id/version` each, a blank between them, and `/deleted` behind what is gone.
-- Written with the documents, numbered for its tenant without a gap after the commit, in which order is known only then.
CREATE TABLE outbox (
    tenant_id TEXT NOT NULL,
    id        TEXT NOT NULL,
    sequence  BIGINT,
    at        BIGINT NOT NULL,
    changes   TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, sequence)
) WITHOUT ROWID;
CREATE INDEX outbox_unnumbered ON outbox (tenant_id, id) WHERE sequence IS NULL;

CREATE TABLE audit_events (
    tenant_id TEXT NOT NULL,
    id        TEXT NOT NULL,
    at        BIGINT NOT NULL,
    subject   TEXT NOT NULL,
    action    TEXT NOT NULL CONSTRAINT audit_events_action_known CHECK (action IN ('create', 'read', 'update', 'delete', 'search', 'history')),
    type      TEXT NOT NULL,
    record    TEXT NOT NULL,
    version   BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;

-- What is billed together, by what opened it. The step that is due stands here and nowhere else.
CREATE TABLE cases (
    tenant_id        TEXT NOT NULL,
    id               TEXT NOT NULL,
    patient_id       TEXT NOT NULL,
    state            TEXT NOT NULL CONSTRAINT cases_state_known CHECK (state IN ('new', 'not-ours', 'waiting', 'held', 'ready', 'sent', 'patient', 'closed', 'voided')),
    reason           TEXT NOT NULL,
    due              TEXT NOT NULL CONSTRAINT cases_due_known CHECK (due IN ('', 'plan', 'bill')),
    due_at           BIGINT NOT NULL,
    service_date     TEXT NOT NULL,
    end_date         TEXT NOT NULL,
    place_of_service TEXT NOT NULL,
    rendering_id     TEXT NOT NULL,
    rendering_npi    TEXT NOT NULL,
    billing_id       TEXT NOT NULL,
    location_id      TEXT NOT NULL,
    stay             TEXT NOT NULL,
    coded_by         TEXT NOT NULL CONSTRAINT cases_coded_by_known CHECK (coded_by IN ('', 'ehr', 'coder', 'draft')),
    chart            TEXT NOT NULL,
    created          BIGINT NOT NULL,
    updated          BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;
CREATE INDEX cases_patient ON cases (tenant_id, patient_id, id);
CREATE INDEX cases_state ON cases (tenant_id, state, id);
CREATE INDEX cases_due ON cases (due_at, tenant_id, id) WHERE due <> '';
CREATE INDEX cases_due_next ON cases (tenant_id, due_at, id) WHERE due <> '';

-- How often the step of a case failed that is due since due_at, and when it is tried again.
CREATE TABLE step_tries (
    tenant_id TEXT NOT NULL,
    case_id   TEXT NOT NULL,
    due_at    BIGINT NOT NULL,
    tries     BIGINT NOT NULL CONSTRAINT step_tries_counted CHECK (tries > 0),
    next_at   BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, case_id)
);

-- Who changes what a case is made of and who plans it meet on a row of these: one of them sees the other. It is a row of its
-- own, so that one who comes while the case is not committed yet waits for it. Who takes a step takes the row.
CREATE TABLE case_locks (
    tenant_id TEXT NOT NULL,
    subject   TEXT NOT NULL,
    taken     BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, subject)
) WITHOUT ROWID;

CREATE TABLE case_diagnoses (
    tenant_id    TEXT NOT NULL,
    case_id      TEXT NOT NULL,
    sequence     BIGINT NOT NULL,
    code         TEXT NOT NULL,
    roles        TEXT NOT NULL,
    on_admission TEXT NOT NULL,
    package      TEXT NOT NULL,
    PRIMARY KEY (tenant_id, case_id, sequence),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id)
) WITHOUT ROWID;

CREATE TABLE charges (
    tenant_id     TEXT NOT NULL,
    id            TEXT NOT NULL,
    case_id       TEXT NOT NULL,
    patient_id    TEXT NOT NULL,
    sequence      BIGINT NOT NULL,
    state         TEXT NOT NULL CONSTRAINT charges_state_known CHECK (state IN ('planned', 'billable', 'posted', 'billed', 'coming', 'leaving', 'aborted', 'entered-in-error')),
    system        TEXT NOT NULL,
    code          TEXT NOT NULL,
    revenue       TEXT NOT NULL,
    modifiers     TEXT NOT NULL,
    units         BIGINT NOT NULL CONSTRAINT charges_units_counted CHECK (units >= 0),
    measure       TEXT NOT NULL CONSTRAINT charges_measure_known CHECK (measure IN ('', 'MJ')),
    drug_ndc      TEXT NOT NULL,
    drug_unit     TEXT NOT NULL CONSTRAINT charges_drug_unit_known CHECK (drug_unit = '' OR drug_unit IN ('F2', 'GR', 'ME', 'ML', 'UN')),
    drug_quantity BIGINT NOT NULL,
    pointers      TEXT NOT NULL,
    service_date  TEXT NOT NULL,
    rendering_id  TEXT NOT NULL,
    rendering_npi TEXT NOT NULL,
    source        TEXT NOT NULL,
    stated        BIGINT,
    unit_price    BIGINT,
    billed        BIGINT NOT NULL CONSTRAINT charges_billed_not_negative CHECK (billed >= 0),
    payer_id      TEXT NOT NULL,
    posting       BIGINT NOT NULL,
    created       BIGINT NOT NULL,
    updated       BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;
CREATE INDEX charges_case ON charges (tenant_id, case_id, sequence);
CREATE INDEX charges_unsent ON charges (tenant_id, code) WHERE state IN ('planned', 'billable', 'posted');
CREATE INDEX charges_revenue ON charges (tenant_id, revenue) WHERE state IN ('planned', 'billable', 'posted') AND revenue <> '';
CREATE INDEX charges_waiting ON charges (created, tenant_id, id) WHERE state = 'billable';
CREATE INDEX charges_source ON charges (tenant_id, source);

-- The versions of the price lists that a practice loads by name. A version ends the day before the next one begins.
CREATE TABLE fee_schedules (
    tenant_id  TEXT NOT NULL,
    id         TEXT NOT NULL,
    name       TEXT NOT NULL,
    payer_id   TEXT NOT NULL,
    from_date  TEXT NOT NULL,
    until_date TEXT NOT NULL,
    prices     BIGINT NOT NULL,
    created    BIGINT NOT NULL,
    updated    BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, name, from_date)
);

-- What a version of a schedule, or a ChargeItemDefinition, says a service costs. The days are those on which it holds.
CREATE TABLE prices (
    tenant_id   TEXT NOT NULL,
    schedule_id TEXT NOT NULL,
    sequence    BIGINT NOT NULL,
    system      TEXT NOT NULL,
    code        TEXT NOT NULL,
    modifiers   TEXT NOT NULL,
    payer_id    TEXT NOT NULL,
    from_date   TEXT NOT NULL,
    until_date  TEXT NOT NULL,
    amount      BIGINT NOT NULL CONSTRAINT prices_amount_not_negative CHECK (amount >= 0),
    PRIMARY KEY (tenant_id, schedule_id, sequence)
);
CREATE INDEX prices_code ON prices (tenant_id, code);

CREATE TABLE claims (
    tenant_id        TEXT NOT NULL,
    id               TEXT NOT NULL,
    number           TEXT NOT NULL,
    type             TEXT NOT NULL CONSTRAINT claims_type_known CHECK (type IN ('professional', 'institutional')),
    case_id          TEXT NOT NULL,
    patient_id       TEXT NOT NULL,
    coverage_id      TEXT NOT NULL,
    insurer_id       TEXT NOT NULL,
    billing_id       TEXT NOT NULL,
    rendering_id     TEXT NOT NULL,
    rendering_npi    TEXT NOT NULL,
    state            TEXT NOT NULL CONSTRAINT claims_state_known CHECK (state IN ('draft', 'held', 'ready', 'transmitted', 'received', 'accepted', 'pending', 'info-requested', 'lost', 'finalized-no-era',
        'rejected-syntax', 'rejected',
        'partly-adjudicated', 'adjudicated', 'reversed', 'replacement-pending', 'replaced', 'void-pending', 'voided', 'forwarded', 'entered-in-error')),
    position         BIGINT NOT NULL CONSTRAINT claims_position_counted CHECK (position > 0),
    part             BIGINT NOT NULL CONSTRAINT claims_part_counted CHECK (part > 0),
    service_from     TEXT NOT NULL,
    service_until    TEXT NOT NULL,
    place_of_service TEXT NOT NULL,
    stay             TEXT NOT NULL,
    billed           BIGINT NOT NULL,
    frequency        TEXT NOT NULL CONSTRAINT claims_frequency_known CHECK (frequency IN ('', '1', '7', '8')),
    replaces         TEXT NOT NULL,
    payer_number     TEXT NOT NULL,
    prior            TEXT NOT NULL,
    authorizations   TEXT NOT NULL,
    authorized       TEXT NOT NULL,
    sent             TEXT NOT NULL,
    answer_due       BIGINT NOT NULL,
    known_as         TEXT NOT NULL,
    moves            TEXT NOT NULL,
    cause            TEXT NOT NULL,
    created          BIGINT NOT NULL,
    updated          BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, cause)
) WITHOUT ROWID;
CREATE INDEX claims_case ON claims (tenant_id, case_id);
CREATE INDEX claims_number ON claims (tenant_id, number);
CREATE INDEX claims_patient ON claims (tenant_id, patient_id, service_from);
CREATE INDEX claims_service ON claims (tenant_id, service_from, id);
CREATE INDEX claims_insurer ON claims (tenant_id, insurer_id, state, id);
CREATE INDEX claims_state ON claims (tenant_id, state, id);
CREATE INDEX claims_unsent ON claims (tenant_id, case_id) WHERE state IN ('draft', 'held', 'ready', 'rejected-syntax', 'rejected');
CREATE INDEX claims_silent ON claims (answer_due, tenant_id, id) WHERE answer_due > 0;

CREATE TABLE claim_lines (
    tenant_id     TEXT NOT NULL,
    claim_id      TEXT NOT NULL,
    sequence      BIGINT NOT NULL CONSTRAINT claim_lines_sequence_counted CHECK (sequence > 0),
    charge_id     TEXT NOT NULL,
    system        TEXT NOT NULL,
    code          TEXT NOT NULL,
    revenue       TEXT NOT NULL,
    modifiers     TEXT NOT NULL,
    added         TEXT NOT NULL,
    units         BIGINT NOT NULL,
    measure       TEXT NOT NULL CONSTRAINT claim_lines_measure_known CHECK (measure IN ('', 'MJ')),
    drug_ndc      TEXT NOT NULL,
    drug_unit     TEXT NOT NULL CONSTRAINT claim_lines_drug_unit_known CHECK (drug_unit = '' OR drug_unit IN ('F2', 'GR', 'ME', 'ML', 'UN')),
    drug_quantity BIGINT NOT NULL,
    pointers      TEXT NOT NULL,
    service_date  TEXT NOT NULL,
    rendering_id  TEXT NOT NULL,
    rendering_npi TEXT NOT NULL,
    billed        BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, claim_id, sequence),
    FOREIGN KEY (tenant_id, claim_id) REFERENCES claims (tenant_id, id)
) WITHOUT ROWID;
CREATE INDEX claim_lines_charge ON claim_lines (tenant_id, charge_id);
CREATE INDEX claim_lines_rendering ON claim_lines (tenant_id, rendering_id);

CREATE TABLE claim_diagnoses (
    tenant_id    TEXT NOT NULL,
    claim_id     TEXT NOT NULL,
    sequence     BIGINT NOT NULL,
    code         TEXT NOT NULL,
    roles        TEXT NOT NULL,
    on_admission TEXT NOT NULL,
    package      TEXT NOT NULL,
    PRIMARY KEY (tenant_id, claim_id, sequence),
    FOREIGN KEY (tenant_id, claim_id) REFERENCES claims (tenant_id, id)
) WITHOUT ROWID;

CREATE TABLE claim_findings (
    tenant_id TEXT NOT NULL,
    claim_id  TEXT NOT NULL,
    sequence  BIGINT NOT NULL,
    rule      TEXT NOT NULL,
    severity  TEXT NOT NULL CONSTRAINT claim_findings_severity_known CHECK (severity IN ('error', 'warning', 'information')),
    path      TEXT NOT NULL,
    text      TEXT NOT NULL,
    remedy    TEXT NOT NULL,
    position  TEXT NOT NULL,
    source    TEXT NOT NULL,
    mark      TEXT NOT NULL,
    override_role   TEXT NOT NULL CONSTRAINT claim_findings_override_role_known CHECK (override_role = '' OR override_role IN ('coder', 'biller', 'frontdesk', 'manager', 'ehr')),
    override_by     TEXT NOT NULL,
    override_at     INTEGER NOT NULL,
    override_reason TEXT NOT NULL,
    PRIMARY KEY (tenant_id, claim_id, sequence),
    FOREIGN KEY (tenant_id, claim_id) REFERENCES claims (tenant_id, id)
) WITHOUT ROWID;

CREATE TABLE answers (
    tenant_id  TEXT NOT NULL,
    id         TEXT NOT NULL,
    claim_id   TEXT NOT NULL,
    claim_type TEXT NOT NULL CONSTRAINT answers_claim_type_known CHECK (claim_type IN ('professional', 'institutional')),
    case_id    TEXT NOT NULL,
    patient_id TEXT NOT NULL,
    billing_id TEXT NOT NULL,
    payer_id   TEXT NOT NULL,
    kind       TEXT NOT NULL CONSTRAINT answers_kind_known CHECK (kind IN ('original', 'interim', 'acknowledgement', 'reversal', 'correction')),
    outcome    TEXT NOT NULL CONSTRAINT answers_outcome_known CHECK (outcome IN ('queued', 'complete', 'error', 'partial')),
    status     TEXT NOT NULL,
    answer_key TEXT NOT NULL,
    category   TEXT NOT NULL,
    trace      TEXT NOT NULL,
    source     TEXT NOT NULL CONSTRAINT answers_source_known CHECK (source IN ('fhir', 'file', 'paper')),
    body_hash  TEXT NOT NULL,
    posted     BOOLEAN NOT NULL,
    reverses   TEXT NOT NULL,
    reversed_by TEXT NOT NULL,
    next_payer TEXT NOT NULL,
    passed_on  BOOLEAN NOT NULL,
    crossover_carrier TEXT NOT NULL,
    unplaced   BOOLEAN NOT NULL,
    shielded   BOOLEAN NOT NULL,
    review     BOOLEAN NOT NULL,
    effective  TEXT NOT NULL,
    remarks    TEXT NOT NULL,
    billed     BIGINT NOT NULL,
    paid       BIGINT NOT NULL,
    created    BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, claim_id, payer_id, answer_key, status, trace),
    FOREIGN KEY (tenant_id, claim_id) REFERENCES claims (tenant_id, id)
) WITHOUT ROWID;
CREATE INDEX answers_case ON answers (tenant_id, case_id);
CREATE INDEX answers_payer ON answers (tenant_id, payer_id, id);
CREATE INDEX answers_trace ON answers (tenant_id, payer_id, trace) WHERE trace <> '';

-- Answers that name no claim of ours which the payer has, until a person says which.
CREATE TABLE unmatched_answers (
    tenant_id  TEXT NOT NULL,
    id         TEXT NOT NULL,
    payer_id   TEXT NOT NULL,
    kind       TEXT NOT NULL CONSTRAINT unmatched_answers_kind_known CHECK (kind IN ('original', 'interim', 'acknowledgement', 'reversal', 'correction')),
    status     TEXT NOT NULL,
    answer_key TEXT NOT NULL,
    trace      TEXT NOT NULL,
    body_hash  TEXT NOT NULL,
    paid       BIGINT NOT NULL,
    claim_id   TEXT NOT NULL,
    is_left    BOOLEAN NOT NULL,
    created    BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, payer_id, answer_key, status, trace)
) WITHOUT ROWID;
CREATE INDEX unmatched_answers_payer ON unmatched_answers (tenant_id, payer_id, trace);

CREATE TABLE answer_lines (
    tenant_id     TEXT NOT NULL,
    answer_id     TEXT NOT NULL,
    line_sequence BIGINT NOT NULL,
    charge_id     TEXT NOT NULL,
    billed        BIGINT NOT NULL,
    allowed       BIGINT,
    paid          BIGINT NOT NULL,
    refused       BIGINT NOT NULL,
    remarks       TEXT NOT NULL,
    PRIMARY KEY (tenant_id, answer_id, line_sequence),
    FOREIGN KEY (tenant_id, answer_id) REFERENCES answers (tenant_id, id)
) WITHOUT ROWID;

CREATE TABLE adjustments (
    tenant_id     TEXT NOT NULL,
    answer_id     TEXT NOT NULL,
    sequence      BIGINT NOT NULL,
    line_sequence BIGINT NOT NULL,
    group_code    TEXT NOT NULL CONSTRAINT adjustments_group_known CHECK (group_code IN ('CO', 'PR', 'OA', 'PI')),
    reason_code   TEXT NOT NULL,
    remark_code   TEXT NOT NULL,
    amount        BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, answer_id, sequence),
    FOREIGN KEY (tenant_id, answer_id) REFERENCES answers (tenant_id, id)
) WITHOUT ROWID;

-- Questions to payers about plans.
CREATE TABLE coverage_checks (
    tenant_id   TEXT NOT NULL,
    id          TEXT NOT NULL,
    coverage_id TEXT NOT NULL,
    patient_id  TEXT NOT NULL,
    payer_id    TEXT NOT NULL,
    service     TEXT NOT NULL,
    day         TEXT NOT NULL,
    asked       TEXT NOT NULL,
    cause       TEXT NOT NULL,
    state       TEXT NOT NULL CONSTRAINT coverage_checks_state_known CHECK (state IN ('planned', 'asked', 'delayed', 'answered', 'refused', 'dropped')),
    tries       BIGINT NOT NULL,
    due_at      BIGINT NOT NULL,
    response_id TEXT NOT NULL,
    in_force    TEXT NOT NULL CONSTRAINT coverage_checks_in_force_known CHECK (in_force IN ('', 'yes', 'no')),
    period_from TEXT NOT NULL,
    period_to   TEXT NOT NULL,
    others      TEXT NOT NULL,
    latest      BOOLEAN NOT NULL,
    created     BIGINT NOT NULL,
    updated     BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;
CREATE INDEX coverage_checks_due ON coverage_checks (due_at, tenant_id, id) WHERE due_at > 0;
CREATE INDEX coverage_checks_coverage ON coverage_checks (tenant_id, coverage_id, service, day);
CREATE INDEX coverage_checks_payer ON coverage_checks (tenant_id, payer_id, id);
CREATE INDEX coverage_checks_latest ON coverage_checks (tenant_id, patient_id) WHERE latest = TRUE;

-- Requests to payers to allow services before they are done.
CREATE TABLE authorizations (
    tenant_id   TEXT NOT NULL,
    id          TEXT NOT NULL,
    number      TEXT NOT NULL,
    patient_id  TEXT NOT NULL,
    coverage_id TEXT NOT NULL,
    payer_id    TEXT NOT NULL,
    urgent      BOOLEAN NOT NULL,
    state       TEXT NOT NULL CONSTRAINT authorizations_state_known CHECK (state IN ('asked', 'pended', 'approved', 'partly', 'denied', 'refused', 'dropped')),
    services    TEXT NOT NULL,
    response_id TEXT NOT NULL,
    decides     TEXT NOT NULL,
    tries       BIGINT NOT NULL,
    due_at      BIGINT NOT NULL,
    created     BIGINT NOT NULL,
    updated     BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;
CREATE INDEX authorizations_due ON authorizations (due_at, tenant_id, id) WHERE due_at > 0;
CREATE INDEX authorizations_patient ON authorizations (tenant_id, patient_id, id);
CREATE INDEX authorizations_number ON authorizations (tenant_id, number);
-- What a practice told patients who pay for themselves that services will be charged, each with its document. case_id is the visit that was billed and for which it counts.
CREATE TABLE good_faith_estimates (
    tenant_id      TEXT NOT NULL,
    id             TEXT NOT NULL,
    number         TEXT NOT NULL,
    patient_id     TEXT NOT NULL,
    appointment_id TEXT NOT NULL,
    practice_id    TEXT NOT NULL,
    rendering_id   TEXT NOT NULL,
    place          TEXT NOT NULL,
    day            TEXT NOT NULL,
    made           TEXT NOT NULL,
    total          BIGINT NOT NULL,
    prepayment     BIGINT NOT NULL,
    lines          TEXT NOT NULL,
    case_id        TEXT NOT NULL,
    created        BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, number)
) WITHOUT ROWID;
CREATE INDEX good_faith_estimates_patient ON good_faith_estimates (tenant_id, patient_id, day);
CREATE INDEX good_faith_estimates_appointment ON good_faith_estimates (tenant_id, appointment_id) WHERE appointment_id <> '';
CREATE INDEX good_faith_estimates_case ON good_faith_estimates (tenant_id, case_id) WHERE case_id <> '';

CREATE TABLE remittances (
    tenant_id TEXT NOT NULL,
    id        TEXT NOT NULL,
    payer_id  TEXT NOT NULL,
    trace     TEXT NOT NULL,
    outcome   TEXT NOT NULL CONSTRAINT remittances_outcome_known CHECK (outcome IN ('queued', 'complete')),
    day       TEXT NOT NULL,
    amount    BIGINT NOT NULL,
    method    TEXT NOT NULL CONSTRAINT remittances_method_known CHECK (method IN ('', 'ACH', 'CHK', 'FWT', 'BOP', 'NON')),
    source    TEXT NOT NULL CONSTRAINT remittances_source_known CHECK (source IN ('fhir', 'file', 'paper')),
    body_hash TEXT NOT NULL,
    due_at    BIGINT NOT NULL,
    created   BIGINT NOT NULL,
    updated   BIGINT NOT NULL,
    deposit_id  TEXT NOT NULL,
    deposit_due BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, payer_id, trace)
) WITHOUT ROWID;
CREATE INDEX remittances_due ON remittances (due_at, tenant_id, id) WHERE due_at > 0;
CREATE INDEX remittances_undeposited ON remittances (deposit_due, tenant_id, id) WHERE deposit_due > 0;
CREATE INDEX remittances_open ON remittances (tenant_id, payer_id, day, id) WHERE deposit_id = '' AND outcome = 'complete';
CREATE INDEX remittances_trace ON remittances (tenant_id, trace, id);
CREATE INDEX remittances_day ON remittances (tenant_id, day, id);

CREATE TABLE remittance_details (
    tenant_id     TEXT NOT NULL,
    remittance_id TEXT NOT NULL,
    sequence      BIGINT NOT NULL,
    claim_id      TEXT NOT NULL,
    answer_id     TEXT NOT NULL,
    code          TEXT NOT NULL,
    reference     TEXT NOT NULL,
    amount        BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, remittance_id, sequence),
    FOREIGN KEY (tenant_id, remittance_id) REFERENCES remittances (tenant_id, id)
) WITHOUT ROWID;
CREATE INDEX remittance_details_reference ON remittance_details (tenant_id, reference) WHERE reference <> '';

-- What the bank says came in, and what of it pays what. line_key is the bank's line, so that a file twice is each deposit once.
CREATE TABLE deposits (
    tenant_id TEXT NOT NULL,
    id        TEXT NOT NULL,
    day       TEXT NOT NULL,
    amount    BIGINT NOT NULL CONSTRAINT deposits_amount_positive CHECK (amount > 0),
    trace     TEXT NOT NULL,
    payer_id  TEXT NOT NULL,
    reference TEXT NOT NULL,
    text      TEXT NOT NULL,
    source    TEXT NOT NULL CONSTRAINT deposits_source_known CHECK (source IN ('json', 'csv', 'bai2', 'ccd')),
    line_key  TEXT NOT NULL,
    state     TEXT NOT NULL CONSTRAINT deposits_state_known CHECK (state IN ('unmatched', 'matched')),
    matchings BIGINT NOT NULL,
    created   BIGINT NOT NULL,
    updated   BIGINT NOT NULL,
    ask_due   BIGINT NOT NULL,
    ask_tries BIGINT NOT NULL,
    asked     TEXT NOT NULL CONSTRAINT deposits_asked_known CHECK (asked IN ('', 'no-number', 'away', 'unknown', 'other', 'unreadable', 'refused', 'told')),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, line_key)
) WITHOUT ROWID;
CREATE UNIQUE INDEX deposits_reference ON deposits (tenant_id, reference) WHERE reference <> '';
CREATE INDEX deposits_day ON deposits (tenant_id, day, id);
CREATE INDEX deposits_unmatched ON deposits (tenant_id, day, id) WHERE state = 'unmatched';
CREATE INDEX deposits_asks ON deposits (ask_due, tenant_id, id) WHERE ask_due > 0;
CREATE INDEX deposits_trace ON deposits (tenant_id, trace, id) WHERE trace <> '';

CREATE TABLE deposit_matches (
    tenant_id     TEXT NOT NULL,
    deposit_id    TEXT NOT NULL,
    sequence      BIGINT NOT NULL,
    pays          TEXT NOT NULL CONSTRAINT deposit_matches_pays_known CHECK (pays IN ('remittance', 'card', 'till')),
    remittance_id TEXT NOT NULL,
    amount        BIGINT NOT NULL CONSTRAINT deposit_matches_amount_positive CHECK (amount > 0),
    fee           BIGINT NOT NULL CONSTRAINT deposit_matches_fee_of_cards CHECK (fee >= 0 AND (pays = 'card' OR fee = 0)),
    PRIMARY KEY (tenant_id, deposit_id, sequence),
    FOREIGN KEY (tenant_id, deposit_id) REFERENCES deposits (tenant_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX deposit_matches_remittance ON deposit_matches (tenant_id, remittance_id) WHERE remittance_id <> '';

-- What was due before the practice moved in, by the number that another system gave it. due is what a patient still owes of a balance
-- without a payer, for which no invoice asks.
CREATE TABLE openings (
    tenant_id    TEXT NOT NULL,
    number       TEXT NOT NULL,
    charge_id    TEXT NOT NULL,
    patient_id   TEXT NOT NULL,
    payer_id     TEXT NOT NULL,
    coverage_id  TEXT NOT NULL,
    payer_number TEXT NOT NULL,
    service_date TEXT NOT NULL,
    system       TEXT NOT NULL,
    code         TEXT NOT NULL,
    amount       BIGINT NOT NULL CONSTRAINT openings_amount_positive CHECK (amount > 0),
    due          BIGINT NOT NULL CONSTRAINT openings_due_of_patients CHECK (due BETWEEN 0 AND amount AND (payer_id = '' OR due = 0)),
    recipient    TEXT NOT NULL,
    created      BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, number),
    UNIQUE (tenant_id, charge_id)
) WITHOUT ROWID;
CREATE INDEX openings_patient ON openings (tenant_id, patient_id);
CREATE INDEX openings_asked ON openings (tenant_id, recipient) WHERE due > 0;

CREATE TABLE journal_entries (
    tenant_id TEXT NOT NULL,
    id        TEXT NOT NULL,
    kind      TEXT NOT NULL CONSTRAINT journal_entries_kind_known CHECK (kind IN ('charge', 'answer', 'patient-responsibility', 'payment', 'allocation', 'deallocation', 'payment-returned', 'refund', 'refund-paid', 'fee', 'write-off', 'write-off-reverted', 'transfer', 'provider-adjustment', 'over-short', 'opening', 'deposit', 'deposit-match', 'reversal')),
    cause     TEXT NOT NULL,
    reverses  TEXT NOT NULL,
    effective TEXT NOT NULL,
    posted    BIGINT NOT NULL,
    digest    TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, cause)
) WITHOUT ROWID;
CREATE INDEX journal_entries_effective ON journal_entries (tenant_id, effective, id);

CREATE TABLE postings (
    tenant_id     TEXT NOT NULL,
    entry_id      TEXT NOT NULL,
    sequence      BIGINT NOT NULL,
    account       TEXT NOT NULL CONSTRAINT postings_account_known CHECK (account IN ('Contra:Small-balance', 'Contra:Charity', 'Contra:Self-pay-discount', 'Contra:Prompt-pay', 'Contra:Bad-debt', 'Liability:Refunds-payable', 'Income:Fees',
        'AR:Insurance', 'AR:Patient', 'Clearing:ERA', 'Cash:Card-clearing', 'Cash:Drawer', 'Cash:Bank', 'Liability:Patient-credits',
        'Revenue:Gross', 'Contra:Contractual', 'Contra:Bundled', 'Contra:Sequestration', 'Contra:Denial-writeoff', 'Contra:Administrative', 'Receivable:Payer',
        'Liability:Insurance-overpayment', 'Liability:Payer-forward-balance', 'Liability:Suspense', 'Income:Payer-interest', 'Income:Incentive', 'Expense:Penalties', 'Expense:Processor-fees', 'Liability:Unmatched-receipts', 'Expense:Over-short', 'Equity:Opening')),
    amount        BIGINT NOT NULL CONSTRAINT postings_amount_moves CHECK (amount <> 0),
    patient_id    TEXT NOT NULL,
    case_id       TEXT NOT NULL,
    charge_id     TEXT NOT NULL,
    claim_id      TEXT NOT NULL,
    payer_id      TEXT NOT NULL,
    answer_id     TEXT NOT NULL,
    remittance_id TEXT NOT NULL,
    payment_id    TEXT NOT NULL,
    invoice_id    TEXT NOT NULL,
    rendering_id  TEXT NOT NULL,
    location_id   TEXT NOT NULL,
    PRIMARY KEY (tenant_id, entry_id, sequence),
    FOREIGN KEY (tenant_id, entry_id) REFERENCES journal_entries (tenant_id, id)
) WITHOUT ROWID;
CREATE INDEX postings_patient ON postings (tenant_id, patient_id, account);
-- All that a report reads of what is open of a charge at a debtor.
CREATE INDEX postings_receivable ON postings (tenant_id, account, charge_id, payer_id, patient_id, amount) WHERE account IN ('AR:Insurance', 'AR:Patient');
CREATE INDEX postings_charge ON postings (tenant_id, charge_id);
CREATE INDEX postings_claim ON postings (tenant_id, claim_id);
CREATE INDEX postings_overpaid ON postings (tenant_id, payer_id, remittance_id) WHERE account = 'Liability:Insurance-overpayment';

-- The journal only grows: a mistake is reversed by another entry, never changed.
-- +goose StatementBegin
CREATE TRIGGER journal_entries_no_update BEFORE UPDATE ON journal_entries
BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER journal_entries_no_delete BEFORE DELETE ON journal_entries
BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER postings_no_update BEFORE UPDATE ON postings
BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER postings_no_delete BEFORE DELETE ON postings
BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END;
-- +goose StatementEnd

CREATE TABLE accounts (
    tenant_id  TEXT NOT NULL,
    id         TEXT NOT NULL,
    patient_id TEXT NOT NULL,
    created    BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, patient_id)
) WITHOUT ROWID;

-- Who answers for what is due on an account, as its document says.
CREATE TABLE guarantors (
    tenant_id  TEXT NOT NULL,
    account_id TEXT NOT NULL,
    sequence   BIGINT NOT NULL,
    party      TEXT NOT NULL,
    period_from TEXT NOT NULL,
    period_to   TEXT NOT NULL,
    on_hold    BOOLEAN NOT NULL,
    PRIMARY KEY (tenant_id, account_id, sequence)
) WITHOUT ROWID;
CREATE INDEX guarantors_party ON guarantors (tenant_id, party);

CREATE TABLE invoices (
    tenant_id  TEXT NOT NULL,
    id         TEXT NOT NULL,
    number     TEXT NOT NULL,
    case_id    TEXT NOT NULL,
    patient_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    recipient  TEXT NOT NULL,
    issuer_id  TEXT NOT NULL,
    status     TEXT NOT NULL CONSTRAINT invoices_status_known CHECK (status IN ('issued', 'balanced', 'cancelled')),
    issued     TEXT NOT NULL,
    due_date   TEXT NOT NULL,
    billed     BIGINT NOT NULL,
    net        BIGINT NOT NULL,
    credit     BIGINT NOT NULL,
    due        BIGINT NOT NULL,
    earlier    BIGINT NOT NULL,
    cause      TEXT NOT NULL,
    created    BIGINT NOT NULL,
    updated    BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, number),
    UNIQUE (tenant_id, cause)
) WITHOUT ROWID;
CREATE INDEX invoices_patient ON invoices (tenant_id, patient_id);
CREATE INDEX invoices_asked ON invoices (tenant_id, recipient) WHERE status = 'issued' AND due > 0;
CREATE INDEX invoices_case ON invoices (tenant_id, case_id);

CREATE TABLE invoice_lines (
    tenant_id    TEXT NOT NULL,
    invoice_id   TEXT NOT NULL,
    sequence     BIGINT NOT NULL,
    charge_id    TEXT NOT NULL,
    service_date TEXT NOT NULL,
    billed       BIGINT NOT NULL,
    adjusted     BIGINT NOT NULL,
    payer_paid   BIGINT NOT NULL,
    deductible   BIGINT NOT NULL,
    coinsurance  BIGINT NOT NULL,
    copay        BIGINT NOT NULL,
    net          BIGINT NOT NULL,
    due          BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, invoice_id, sequence),
    FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoices (tenant_id, id)
) WITHOUT ROWID;

CREATE TABLE payments (
    tenant_id       TEXT NOT NULL,
    id              TEXT NOT NULL,
    patient_id      TEXT NOT NULL,
    purpose         TEXT NOT NULL,
    recipient_id    TEXT NOT NULL,
    amount          BIGINT NOT NULL CONSTRAINT payments_amount_positive CHECK (amount > 0),
    method          TEXT NOT NULL CONSTRAINT payments_method_known CHECK (method IN ('card', 'cash', 'check', 'ach', 'other')),
    processor       TEXT NOT NULL,
    reference       TEXT NOT NULL,
    till            TEXT NOT NULL,
    state           TEXT NOT NULL CONSTRAINT payments_state_known CHECK (state IN ('pending', 'succeeded', 'failed', 'disputed', 'refunded')),
    day             TEXT NOT NULL,
    unapplied       BIGINT NOT NULL CONSTRAINT payments_unapplied_of_it CHECK (unapplied >= 0 AND unapplied <= amount),
    refunded        BIGINT NOT NULL CONSTRAINT payments_refunded_of_it CHECK (refunded >= 0 AND refunded <= amount),
    moves           BIGINT NOT NULL,
    caller          TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    body_hash       TEXT NOT NULL,
    received        BIGINT NOT NULL,
    updated         BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, caller, idempotency_key)
) WITHOUT ROWID;
CREATE INDEX payments_patient ON payments (tenant_id, patient_id, id);
CREATE INDEX payments_till ON payments (tenant_id, till, day) WHERE method IN ('cash', 'check', 'other');
CREATE INDEX payments_credit ON payments (tenant_id, patient_id, id) WHERE unapplied > 0;
-- A processor's reference names one movement of money, whoever tells of it and how often.
CREATE UNIQUE INDEX payments_processor ON payments (tenant_id, method, reference) WHERE method IN ('card', 'ach') AND reference <> '';

-- What of payments pays which charges.
CREATE TABLE allocations (
    tenant_id  TEXT NOT NULL,
    payment_id TEXT NOT NULL,
    charge_id  TEXT NOT NULL,
    invoice_id TEXT NOT NULL,
    patient_id TEXT NOT NULL,
    case_id    TEXT NOT NULL,
    amount     BIGINT NOT NULL CONSTRAINT allocations_amount_not_negative CHECK (amount >= 0),
    PRIMARY KEY (tenant_id, payment_id, charge_id, invoice_id)
) WITHOUT ROWID;
CREATE INDEX allocations_charge ON allocations (tenant_id, charge_id);
CREATE INDEX allocations_invoice ON allocations (tenant_id, invoice_id);

-- What of payments goes back to patients.
CREATE TABLE refunds (
    tenant_id  TEXT NOT NULL,
    id         TEXT NOT NULL,
    payment_id TEXT NOT NULL,
    patient_id TEXT NOT NULL,
    amount     BIGINT NOT NULL CONSTRAINT refunds_amount_positive CHECK (amount > 0),
    state      TEXT NOT NULL CONSTRAINT refunds_state_known CHECK (state IN ('approved', 'paid', 'cancelled')),
    reason     TEXT NOT NULL,
    reference  TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    day        TEXT NOT NULL,
    till       TEXT NOT NULL,
    paid_day   TEXT NOT NULL,
    end_reason TEXT NOT NULL,
    ended_by   TEXT NOT NULL,
    created    BIGINT NOT NULL,
    updated    BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;
CREATE INDEX refunds_patient ON refunds (tenant_id, patient_id, id);
CREATE INDEX refunds_till ON refunds (tenant_id, till, paid_day) WHERE state = 'paid';

-- What patients are not asked for any more.
CREATE TABLE write_offs (
    tenant_id  TEXT NOT NULL,
    id         TEXT NOT NULL,
    patient_id TEXT NOT NULL,
    invoice_id TEXT NOT NULL,
    case_id    TEXT NOT NULL,
    kind       TEXT NOT NULL CONSTRAINT write_offs_kind_known CHECK (kind IN ('small-balance', 'charity', 'self-pay-discount', 'prompt-pay', 'bad-debt', 'administrative')),
    amount     BIGINT NOT NULL CONSTRAINT write_offs_amount_not_negative CHECK (amount >= 0),
    reason     TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    day        TEXT NOT NULL,
    moves      BIGINT NOT NULL,
    lines      TEXT NOT NULL,
    created    BIGINT NOT NULL,
    updated    BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;
CREATE INDEX write_offs_patient ON write_offs (tenant_id, patient_id, id);
CREATE INDEX write_offs_case ON write_offs (tenant_id, case_id);

-- What guarantors were sent. A cause is sent once.
CREATE TABLE statements (
    tenant_id TEXT NOT NULL,
    id        TEXT NOT NULL,
    guarantor TEXT NOT NULL,
    day       TEXT NOT NULL,
    step      TEXT NOT NULL CONSTRAINT statements_step_known CHECK (step IN ('day-0', 'day-30', 'day-60', 'day-90', 'plan-part')),
    amount    BIGINT NOT NULL CONSTRAINT statements_amount_positive CHECK (amount > 0),
    lines     TEXT NOT NULL,
    latest    BOOLEAN NOT NULL,
    cause     TEXT NOT NULL,
    created   BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, cause)
) WITHOUT ROWID;
CREATE INDEX statements_guarantor ON statements (tenant_id, guarantor, id);

-- Why guarantors are sent none.
CREATE TABLE statement_holds (
    tenant_id  TEXT NOT NULL,
    id         TEXT NOT NULL,
    guarantor  TEXT NOT NULL,
    kind       TEXT NOT NULL CONSTRAINT statement_holds_kind_known CHECK (kind IN ('dispute', 'estimate-dispute', 'deceased', 'bankruptcy', 'bad-address', 'collections', 'manual')),
    about      TEXT NOT NULL,
    held_from  TEXT NOT NULL,
    held_until TEXT NOT NULL,
    reason     TEXT NOT NULL,
    held_by    TEXT NOT NULL,
    lifted     TEXT NOT NULL,
    lifted_by  TEXT NOT NULL,
    created    BIGINT NOT NULL,
    updated    BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;
CREATE INDEX statement_holds_guarantor ON statement_holds (tenant_id, guarantor, id);

CREATE TABLE payment_plans (
    tenant_id TEXT NOT NULL,
    id        TEXT NOT NULL,
    guarantor TEXT NOT NULL,
    state     TEXT NOT NULL CONSTRAINT payment_plans_state_known CHECK (state IN ('active', 'kept', 'broken', 'replaced', 'ended')),
    amount    BIGINT NOT NULL CONSTRAINT payment_plans_amount_positive CHECK (amount > 0),
    covers    TEXT NOT NULL,
    made_by   TEXT NOT NULL,
    created   BIGINT NOT NULL,
    updated   BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;
CREATE INDEX payment_plans_guarantor ON payment_plans (tenant_id, guarantor, id);
-- One at a time.
CREATE UNIQUE INDEX payment_plans_active ON payment_plans (tenant_id, guarantor) WHERE state = 'active';

CREATE TABLE payment_plan_parts (
    tenant_id TEXT NOT NULL,
    plan_id   TEXT NOT NULL,
    sequence  BIGINT NOT NULL,
    day       TEXT NOT NULL,
    amount    BIGINT NOT NULL CONSTRAINT payment_plan_parts_amount_positive CHECK (amount > 0),
    PRIMARY KEY (tenant_id, plan_id, sequence),
    FOREIGN KEY (tenant_id, plan_id) REFERENCES payment_plans (tenant_id, id)
) WITHOUT ROWID;

-- What processors told, each thing once; payment_id is the payment that it is about, '' until that is known.
CREATE TABLE processor_events (
    tenant_id  TEXT NOT NULL,
    processor  TEXT NOT NULL,
    event_id   TEXT NOT NULL,
    type       TEXT NOT NULL CONSTRAINT processor_events_type_known CHECK (type IN ('payment.succeeded', 'payment.failed', 'payment.disputed', 'payment.refunded', 'payment.dispute-won', 'payment.dispute-lost', 'payout')),
    reference  TEXT NOT NULL,
    amount     BIGINT NOT NULL CONSTRAINT processor_events_amount_positive CHECK (amount > 0),
    patient_id TEXT NOT NULL,
    payment_id TEXT NOT NULL,
    fee        BIGINT NOT NULL CONSTRAINT processor_events_fee_of_payouts CHECK (fee >= 0 AND (type = 'payout' OR fee = 0)),
    deposit_id TEXT NOT NULL CONSTRAINT processor_events_deposit_of_payouts CHECK (type = 'payout' OR deposit_id = ''),
    body_hash  TEXT NOT NULL,
    created    BIGINT NOT NULL,
    received   BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, processor, event_id)
) WITHOUT ROWID;
CREATE INDEX processor_events_reference ON processor_events (tenant_id, processor, reference);
CREATE INDEX processor_events_payouts ON processor_events (tenant_id, created) WHERE type = 'payout' AND deposit_id = '';
CREATE INDEX processor_events_deposit ON processor_events (tenant_id, deposit_id) WHERE deposit_id <> '';
CREATE INDEX processor_events_unmatched ON processor_events (tenant_id, patient_id) WHERE payment_id = '' AND patient_id <> '';

-- What was in a till at the end of a day, beside what payments say should have been.
CREATE TABLE till_closes (
    tenant_id       TEXT NOT NULL,
    till            TEXT NOT NULL,
    day             TEXT NOT NULL,
    id              TEXT NOT NULL,
    expected_cash   BIGINT NOT NULL,
    expected_checks BIGINT NOT NULL,
    expected_other  BIGINT NOT NULL,
    cash            BIGINT NOT NULL CONSTRAINT till_closes_cash_counted CHECK (cash >= 0),
    checks          BIGINT NOT NULL CONSTRAINT till_closes_checks_counted CHECK (checks >= 0),
    other           BIGINT NOT NULL CONSTRAINT till_closes_other_counted CHECK (other >= 0),
    who             TEXT NOT NULL,
    closed          BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, till, day)
) WITHOUT ROWID;

-- What a call under a client's own key did, and each entry of a Bundle, so that the same call again does nothing and gives the
-- same.
CREATE TABLE idempotency_keys (
    tenant_id  TEXT NOT NULL,
    caller     TEXT NOT NULL,
    key        TEXT NOT NULL,
    entry      BIGINT NOT NULL DEFAULT 0,
    operation  TEXT NOT NULL,
    input_hash TEXT NOT NULL,
    status     BIGINT NOT NULL,
    type       TEXT NOT NULL,
    record     TEXT NOT NULL,
    version    BIGINT NOT NULL,
    created    BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, caller, key, entry)
) WITHOUT ROWID;
CREATE INDEX idempotency_keys_created ON idempotency_keys (created);

CREATE TABLE work_items (
    tenant_id     TEXT NOT NULL,
    id            TEXT NOT NULL,
    kind          TEXT NOT NULL CONSTRAINT work_items_kind_known CHECK (kind IN ('code-visit', 'price-service', 'clarify-coverage', 'duplicate-visit', 'unfinished-visit',
        'clarify-patient', 'changed-after-coding', 'late-charge', 'changed-after-sent', 'coverage-changed', 'cancelled-visit', 'correct-claim', 'rejected-claim', 'eligibility-failed', 'authorization-needed', 'authorization-pended', 'estimate-due', 'over-estimate', 'credit-balance', 'clarify-guarantor',
        'review-answer', 'no-answer', 'info-requested', 'appeal', 'underpaid', 'overpayment-to-payer', 'unmatched-answer', 'unbalanced-remittance', 'review-adjustment', 'deposit-without-remittance', 'remittance-without-deposit', 'unmatched-payment', 'payment-disputed', 'passed-on', 'next-payer', 'protected-patient', 'place-charge', 'failed-step', 'coder-query', 'on-hold', 'second-review', 'patient-dispute', 'broken-plan', 'collections', 'returned-mail')),
    category      TEXT NOT NULL,
    role          TEXT NOT NULL CONSTRAINT work_items_role_known CHECK (role IN ('coder', 'biller', 'frontdesk', 'manager', 'ehr')),
    priority      BIGINT NOT NULL,
    status        TEXT NOT NULL CONSTRAINT work_items_status_known CHECK (status IN ('requested', 'completed', 'rejected')),
    case_id       TEXT NOT NULL,
    subject       TEXT NOT NULL,
    patient_id    TEXT NOT NULL,
    claim_id      TEXT NOT NULL,
    payer_id      TEXT NOT NULL,
    provider_id   TEXT NOT NULL,
    reason        TEXT NOT NULL,
    reasons       TEXT NOT NULL,
    cause         TEXT NOT NULL,
    amount        BIGINT NOT NULL,
    due           TEXT NOT NULL,
    assignee      TEXT NOT NULL,
    taken_by      TEXT NOT NULL,
    taken_until   BIGINT NOT NULL,
    snoozed_until BIGINT NOT NULL,
    labels        TEXT NOT NULL,
    notes         TEXT NOT NULL,
    given         TEXT NOT NULL,
    decision      TEXT NOT NULL CONSTRAINT work_items_decision_known CHECK (decision IN ('', 'code', 'price', 'recheck', 'resend', 'attach', 'accept', 'ignore', 'release', 'retry', 'answer', 'agree', 'match', 'appeal', 'undo', 'write-off', 'bill-patient', 'give-back', 'refund', 'revert', 'won', 'lost', 'replace', 'void')),
    version       BIGINT NOT NULL,
    created       BIGINT NOT NULL,
    updated       BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX work_items_open ON work_items (tenant_id, kind, subject) WHERE status = 'requested';
CREATE INDEX work_items_case ON work_items (tenant_id, case_id) WHERE status IN ('requested', 'rejected');
CREATE INDEX work_items_waiting ON work_items (tenant_id, id) WHERE status = 'requested';
CREATE INDEX work_items_due ON work_items (tenant_id, due, id) WHERE status = 'requested';
CREATE INDEX work_items_amount ON work_items (tenant_id, amount, id) WHERE status = 'requested';
CREATE INDEX work_items_priority ON work_items (tenant_id, priority, due, id) WHERE status = 'requested';
CREATE INDEX work_items_kind ON work_items (tenant_id, kind, due, id) WHERE status = 'requested';
CREATE INDEX work_items_role ON work_items (tenant_id, role, due, id) WHERE status = 'requested';
CREATE INDEX work_items_patient ON work_items (tenant_id, patient_id) WHERE status = 'requested' AND patient_id <> '';
CREATE INDEX work_items_claim ON work_items (tenant_id, claim_id) WHERE status = 'requested' AND claim_id <> '';
CREATE INDEX work_items_assignee ON work_items (tenant_id, assignee, kind, category, snoozed_until) WHERE status = 'requested' AND assignee <> '';
CREATE INDEX work_items_taken ON work_items (tenant_id, taken_by) WHERE status = 'requested' AND taken_by <> '';
CREATE INDEX work_items_snoozed ON work_items (tenant_id, snoozed_until) WHERE status = 'requested' AND snoozed_until > 0;
CREATE INDEX work_items_queue ON work_items (tenant_id, kind, category, created) WHERE status = 'requested';
CREATE INDEX work_items_decided ON work_items (tenant_id, subject) WHERE decision <> '';
CREATE INDEX work_items_failed ON work_items (tenant_id, id) WHERE kind = 'failed-step';
CREATE INDEX work_items_documents ON work_items (tenant_id, payer_id, id) WHERE category = 'documents';

CREATE TABLE work_events (
    tenant_id TEXT NOT NULL,
    work_id   TEXT NOT NULL,
    sequence  BIGINT NOT NULL,
    action    TEXT NOT NULL CONSTRAINT work_events_action_known CHECK (action IN ('opened', 'changed', 'taken', 'given-back', 'assigned', 'snoozed', 'noted', 'labelled', 'overridden', 'decided', 'closed')),
    who       TEXT NOT NULL,
    at        BIGINT NOT NULL,
    text      TEXT NOT NULL,
    PRIMARY KEY (tenant_id, work_id, sequence)
);

CREATE TABLE coding_words (
    tenant_id   TEXT NOT NULL,
    id          TEXT NOT NULL,
    case_id     TEXT NOT NULL,
    patient_id  TEXT NOT NULL,
    kind        TEXT NOT NULL CONSTRAINT coding_words_kind_known CHECK (kind IN ('coded', 'agreed', 'recoded')),
    who         TEXT NOT NULL,
    at          BIGINT NOT NULL,
    of          TEXT NOT NULL,
    provider_id TEXT NOT NULL,
    diagnoses   TEXT NOT NULL,
    services    TEXT NOT NULL,
    sources     TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX coding_words_case ON coding_words (tenant_id, case_id, id);
CREATE INDEX coding_words_provider ON coding_words (tenant_id, provider_id, id);
CREATE INDEX coding_words_day ON coding_words (tenant_id, at, id);

CREATE TABLE work_tallies (
    tenant_id TEXT NOT NULL,
    id        TEXT NOT NULL,
    kind      TEXT NOT NULL,
    category  TEXT NOT NULL,
    due       TEXT NOT NULL,
    items     BIGINT NOT NULL,
    amount    BIGINT NOT NULL,
    folded    BOOLEAN NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

-- What the planner assumes: rows of the table, then how many share the first column of the index, the first two and so on.
-- Without it SQLite takes the tenant for a narrow choice, like any first column, and reads all keys of a tenant where an
-- index leads to ten. The figures are those of a large tenant and stay as they are, so that plans do too.
-- https://sqlite.org/fileformat2.html#stat1tab
ANALYZE;
DELETE FROM sqlite_stat1;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('documents', 'sqlite_autoindex_documents_1', '1000000 1000000 50000 1'),
    ('documents', 'documents_updated', '1000000 1000000 50000 2 1'),
    ('token_keys', 'token_keys', '8000000 8000000 400000 50000 20 1 1'),
    ('token_keys', 'token_keys_document', '8000000 8000000 8'),
    ('string_keys', 'string_keys', '2000000 2000000 200000 50000 5 1 1'),
    ('string_keys', 'string_keys_document', '2000000 2000000 2'),
    ('date_keys', 'date_keys', '2000000 2000000 200000 50000 5 1 1 1 1 1 1'),
    ('date_keys', 'date_keys_document', '2000000 2000000 2'),
    ('date_keys', 'date_keys_long', '200000 200000 20000 5000 5 1 1 1 1 1 1'),
    ('number_keys', 'number_keys', '500000 500000 50000 50000 20 1 1 1 1 1'),
    ('number_keys', 'number_keys_document', '500000 500000 2'),
    ('reference_keys', 'reference_keys', '4000000 4000000 25 10 10 10 1 1'),
    ('reference_keys', 'reference_keys_document', '4000000 4000000 4'),
    ('outbox', 'outbox', '1000000 1000000 1'),
    ('outbox', 'sqlite_autoindex_outbox_2', '1000000 1000000 1'),
    ('outbox', 'outbox_unnumbered', '100 100 1'),
    ('charges', 'charges', '600000 600000 1'),
    ('cases', 'cases', '200000 200000 1'),
    ('cases', 'cases_patient', '200000 200000 5 1'),
    ('cases', 'cases_state', '200000 200000 25000 1'),
    ('cases', 'cases_due', '100 1 1 1'),
    ('cases', 'cases_due_next', '100 100 1 1'),
    ('step_tries', 'sqlite_autoindex_step_tries_1', '10 10 1'),
    ('charges', 'charges_case', '600000 600000 3 1'),
    ('charges', 'charges_unsent', '20000 20000 20'),
    ('charges', 'charges_revenue', '20000 20000 200'),
    ('charges', 'charges_waiting', '1000 1 1 1'),
    ('charges', 'charges_source', '600000 600000 1'),
    ('fee_schedules', 'sqlite_autoindex_fee_schedules_1', '100 100 1'),
    ('fee_schedules', 'sqlite_autoindex_fee_schedules_2', '100 100 4 1'),
    ('prices', 'sqlite_autoindex_prices_1', '10000 10000 1 1'),
    ('prices', 'prices_code', '10000 10000 2'),
    ('claims', 'claims', '200000 200000 1'),
    ('claims', 'sqlite_autoindex_claims_2', '200000 200000 1'),
    ('claims', 'claims_case', '200000 200000 2'),
    ('claims', 'claims_patient', '200000 200000 6 2'),
    ('claims', 'claims_number', '200000 200000 2'),
    ('claims', 'claims_service', '200000 200000 300 1'),
    ('claims', 'claims_insurer', '200000 200000 20000 4000 1'),
    ('claims', 'claims_state', '200000 200000 40000 1'),
    ('claims', 'claims_unsent', '20000 20000 1'),
    ('claims', 'claims_silent', '20000 2 2 1'),
    ('claim_lines', 'claim_lines', '600000 600000 3 1'),
    ('claim_lines', 'claim_lines_charge', '600000 600000 1'),
    ('claim_lines', 'claim_lines_rendering', '600000 600000 20000'),
    ('answers', 'answers', '200000 200000 1'),
    ('answers', 'sqlite_autoindex_answers_2', '200000 200000 1 1 1 1 1'),
    ('answers', 'answers_case', '200000 200000 1'),
    ('answers', 'answers_payer', '200000 200000 20000 1'),
    ('answers', 'answers_trace', '100000 100000 50000 30'),
    ('unmatched_answers', 'unmatched_answers', '1000 1000 1'),
    ('unmatched_answers', 'sqlite_autoindex_unmatched_answers_2', '1000 1000 50 1 1 1'),
    ('unmatched_answers', 'unmatched_answers_payer', '1000 1000 50 2'),
    ('authorizations', 'authorizations', '20000 20000 1'),
    ('authorizations', 'authorizations_due', '100 1 1 1'),
    ('authorizations', 'authorizations_patient', '20000 20000 2 1'),
    ('authorizations', 'authorizations_number', '20000 20000 1'),
    ('coverage_checks', 'coverage_checks', '100000 100000 1'),
    ('coverage_checks', 'coverage_checks_due', '100 1 1 1'),
    ('coverage_checks', 'coverage_checks_coverage', '100000 100000 4 2 1'),
    ('coverage_checks', 'coverage_checks_payer', '100000 100000 5000 1'),
    ('coverage_checks', 'coverage_checks_latest', '40000 40000 2'),
    ('good_faith_estimates', 'good_faith_estimates', '20000 20000 1'),
    ('good_faith_estimates', 'sqlite_autoindex_good_faith_estimates_2', '20000 20000 1'),
    ('good_faith_estimates', 'good_faith_estimates_patient', '20000 20000 3 1'),
    ('good_faith_estimates', 'good_faith_estimates_appointment', '20000 20000 1'),
    ('good_faith_estimates', 'good_faith_estimates_case', '20000 20000 1'),
    ('remittances', 'remittances', '3000 3000 1'),
    ('remittances', 'sqlite_autoindex_remittances_2', '3000 3000 150 1'),
    ('remittances', 'remittances_due', '30 2 1 1'),
    ('remittances', 'remittances_undeposited', '300 2 1 1'),
    ('remittances', 'remittances_open', '300 300 15 2 1'),
    ('remittances', 'remittances_trace', '3000 3000 1 1'),
    ('remittances', 'remittances_day', '3000 3000 10 1'),
    ('deposits', 'deposits', '5000 5000 1'),
    ('deposits', 'sqlite_autoindex_deposits_2', '5000 5000 1'),
    ('deposits', 'deposits_reference', '5000 5000 1'),
    ('deposits', 'deposits_day', '5000 5000 10 1'),
    ('deposits', 'deposits_unmatched', '300 300 2 1'),
    ('deposits', 'deposits_asks', '50 2 1 1'),
    ('deposits', 'deposits_trace', '4000 4000 1 1'),
    ('deposit_matches', 'deposit_matches', '5000 5000 1 1'),
    ('deposit_matches', 'deposit_matches_remittance', '4000 4000 1'),
    ('remittance_details', 'remittance_details', '100000 100000 30 1'),
    ('remittance_details', 'remittance_details_reference', '3000 3000 2'),
    ('journal_entries', 'journal_entries', '700000 700000 1'),
    ('journal_entries', 'sqlite_autoindex_journal_entries_2', '700000 700000 1'),
    ('journal_entries', 'journal_entries_effective', '700000 700000 700 1'),
    ('postings', 'postings', '2000000 2000000 3 1'),
    ('postings', 'postings_patient', '2000000 2000000 60 10'),
    ('postings', 'postings_charge', '2000000 2000000 8'),
    ('postings', 'postings_claim', '2000000 2000000 25'),
    ('openings', 'openings', '20000 20000 1'),
    ('openings', 'sqlite_autoindex_openings_2', '20000 20000 1'),
    ('openings', 'openings_patient', '20000 20000 2'),
    ('guarantors', 'guarantors', '20000 20000 1 1'),
    ('guarantors', 'guarantors_party', '20000 20000 2'),
    ('openings', 'openings_asked', '5000 5000 2'),
    ('invoices', 'invoices', '100000 100000 1'),
    ('invoices', 'sqlite_autoindex_invoices_2', '100000 100000 1'),
    ('invoices', 'sqlite_autoindex_invoices_3', '100000 100000 1'),
    ('invoices', 'invoices_patient', '100000 100000 3'),
    ('invoices', 'invoices_asked', '20000 20000 2'),
    ('invoices', 'invoices_case', '100000 100000 1'),
    ('payments', 'payments', '100000 100000 1'),
    ('payments', 'sqlite_autoindex_payments_2', '100000 100000 1000 1'),
    ('payments', 'payments_patient', '100000 100000 10 1'),
    ('payments', 'payments_credit', '1000 1000 2 1'),
    ('allocations', 'allocations', '100000 100000 3 1 1'),
    ('allocations', 'allocations_charge', '100000 100000 1'),
    ('allocations', 'allocations_invoice', '100000 100000 3'),
    ('refunds', 'refunds', '1000 1000 1'),
    ('refunds', 'refunds_patient', '1000 1000 2 1'),
    ('write_offs', 'write_offs', '1000 1000 1'),
    ('write_offs', 'write_offs_patient', '1000 1000 2 1'),
    ('write_offs', 'write_offs_case', '1000 1000 1'),
    ('payments', 'payments_processor', '80000 80000 40000 1'),
    ('statements', 'statements', '100000 100000 1'),
    ('statements', 'sqlite_autoindex_statements_2', '100000 100000 1'),
    ('statements', 'statements_guarantor', '100000 100000 4 1'),
    ('statement_holds', 'statement_holds', '2000 2000 1'),
    ('statement_holds', 'statement_holds_guarantor', '2000 2000 2 1'),
    ('payment_plans', 'payment_plans', '2000 2000 1'),
    ('payment_plans', 'payment_plans_guarantor', '2000 2000 2 1'),
    ('payment_plans', 'payment_plans_active', '1000 1000 1'),
    ('payment_plan_parts', 'payment_plan_parts', '12000 12000 6 1'),
    ('payments', 'payments_till', '20000 10000 20'),
    ('till_closes', 'till_closes', '1000 500 1'),
    ('processor_events', 'processor_events', '80000 80000 40000 1'),
    ('processor_events', 'processor_events_reference', '80000 80000 40000 1'),
    ('processor_events', 'processor_events_unmatched', '10 10 1'),
    ('idempotency_keys', 'idempotency_keys', '10000 10000 1000 1'),
    ('idempotency_keys', 'idempotency_keys_created', '10000 1'),
    ('work_items', 'sqlite_autoindex_work_items_1', '100000 100000 1'),
    ('work_items', 'work_items_open', '1000 1000 200 1'),
    ('work_items', 'work_items_case', '1000 1000 1'),
    ('work_items', 'work_items_failed', '10 10 1'),
    ('work_items', 'work_items_documents', '200 200 10 1'),
    ('work_items', 'work_items_waiting', '1000 1000 1'),
    ('work_items', 'work_items_due', '1000 1000 50 1'),
    ('work_items', 'work_items_amount', '1000 1000 10 1'),
    ('work_items', 'work_items_priority', '1000 1000 300 20 1'),
    ('work_items', 'work_items_kind', '1000 1000 100 20 1'),
    ('work_items', 'work_items_role', '1000 1000 250 20 1'),
    ('work_items', 'work_items_patient', '1000 1000 2'),
    ('work_items', 'work_items_claim', '1000 1000 2'),
    ('work_items', 'work_items_assignee', '200 200 20 10 8 8'),
    ('work_items', 'work_items_taken', '50 50 5'),
    ('work_items', 'work_items_snoozed', '100 100 1'),
    ('work_items', 'work_items_queue', '1000 1000 900 900 1'),
    ('work_tallies', 'sqlite_autoindex_work_tallies_1', '500 500 1'),
    ('practice_rules', 'sqlite_autoindex_practice_rules_1', '1000 1000 10 1'),
    ('practice_rules', 'practice_rules_on', '100 100 1'),
    ('coding_words', 'sqlite_autoindex_coding_words_1', '100000 100000 1'),
    ('coding_words', 'coding_words_case', '100000 100000 2 1'),
    ('coding_words', 'coding_words_provider', '100000 100000 2000 1'),
    ('coding_words', 'coding_words_day', '100000 100000 2 1'),
    ('work_events', 'sqlite_autoindex_work_events_1', '400000 400000 4 1');
ANALYZE sqlite_schema;
