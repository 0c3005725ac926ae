-- Releases of code systems lie in a file of their own, so that loading one holds up nobody who bills.

-- +goose Up

CREATE TABLE code_releases (
    table_name TEXT NOT NULL,
    name       TEXT NOT NULL,
    kind       TEXT NOT NULL,
    first_day  TEXT NOT NULL,
    last_day   TEXT NOT NULL,
    complete   BOOLEAN NOT NULL,
    row_count  BIGINT NOT NULL CONSTRAINT code_releases_rows_positive CHECK (row_count > 0),
    billable   BIGINT NOT NULL,
    source     TEXT NOT NULL,
    digest     TEXT NOT NULL,
    loaded     BIGINT NOT NULL,
    PRIMARY KEY (table_name, name)
);

CREATE TABLE code_parts (
    table_name TEXT NOT NULL,
    name       TEXT NOT NULL,
    digest     TEXT NOT NULL,
    part       BIGINT NOT NULL,
    body       BLOB NOT NULL,
    PRIMARY KEY (table_name, name, digest, part)
);
