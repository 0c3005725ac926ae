package storetest

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"medbill/internal/store"
)

// wideColumns lead to much: to a tenant, to a type of its documents, to what shares a state. An index that is asked for these alone
// reads a part of the tenant that grows with it.
var wideColumns = []string{"tenant_id", "type", "param", "deleted", "external", "target_type", "state", "status", "kind", "account", "method", "resolved"}

// narrow are the indexes that hold only what waits for something, so that to read one for a tenant is to read what is asked
// for; and those of the tenants, who have one row each.
var narrow = []string{"cases_due", "cases_due_next", "step_tries_pkey", "sqlite_autoindex_step_tries_1", "cases_unsent", "claims_unsent", "claims_silent", "charges_unsent", "charges_revenue", "charges_waiting", "outbox_unnumbered", "work_items_open", "work_items_case",
	"work_items_waiting", "work_items_due", "work_items_amount", "work_items_priority", "work_items_queue", "work_items_kind", "work_items_role", "work_items_patient", "work_items_claim", "work_items_assignee", "work_items_taken", "work_items_snoozed", "work_tallies_pkey", "sqlite_autoindex_work_tallies_1", "sqlite_autoindex_tenants_1", "tenants_pkey", "own_bases_pkey", "idempotency_keys_created"}

// foreign are tables whose statements are not ours, or that hold next to nothing.
var foreign = []string{"goose_db_version", "migration_files", "own_bases", "pg_catalog", "pg_stat", "pg_class", "pg_settings", "sqlite_schema", "sqlite_master", "pragma_"}

// Wides gives, for each statement that may read a whole table, a whole tenant or all of a type, what is wrong with it and its plan.
// The plans are those for any value, made as the store's own connections make them, by each of the figures that a database may have.
func Wides(t testing.TB, db *store.DB, url string, texts []string) []string {
	t.Helper()
	var all []string
	figures(t, url, func(figures string) {
		for _, wide := range wides(t, db, url, texts, figures) {
			all = append(all, "by "+figures+", "+wide)
		}
	})
	return all
}

func wides(t testing.TB, db *store.DB, url string, texts []string, figures string) []string {
	t.Helper()
	explain := explainSQLite
	if databaseOf(url) == "postgres" {
		explain = explainerOf(t, db, url)
	}
	var wides []string
	for _, text := range texts {
		if !isOurs(text) || isAllowed(text, allowed) || figures == noFigures && isAllowed(text, allowedWithoutFigures) {
			continue
		}
		if wrong := explain(t, db, text); wrong != "" {
			wides = append(wides, text+"\n "+wrong)
		}
	}
	return wides
}

func isAllowed(text string, allowed map[string]string) bool {
	for words := range allowed {
		if strings.Contains(text, words) {
			return true
		}
	}
	return false
}

func isOurs(text string) bool {
	verb, _, _ := strings.Cut(strings.TrimSpace(text), " ")
	if !slices.Contains([]string{"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"}, strings.ToUpper(verb)) || strings.Contains(text, "1 = 0") || strings.Contains(text, ";") {
		return false
	}
	return !slices.ContainsFunc(foreign, func(word string) bool { return strings.Contains(text, word) })
}

// isNarrow reports whether an index is led down by a column that is not wide.
func isNarrow(index string, columns []string) bool {
	return slices.Contains(narrow, index) || slices.ContainsFunc(columns, func(c string) bool { return !slices.Contains(wideColumns, c) })
}

// step is a line of SQLite's plan.
type step struct {
	id, parent int
	text       string
}

var sqliteAsked = regexp.MustCompile(`(\w+)[=<>]+\?`)

func explainSQLite(t testing.TB, db *store.DB, text string) string {
	var steps []step
	View(t, Session(db), func(v *store.View) error {
		args := make([]any, strings.Count(text, "?"))
		for i := range args {
			args[i] = "x"
		}
		return v.Rows(func(row store.Row) error {
			var s step
			var unused int
			err := row.Scan(&s.id, &s.parent, &unused, &s.text)
			steps = append(steps, s)
			return err
		}, "EXPLAIN QUERY PLAN "+text, args...)
	})
	var plan []string
	for _, s := range steps {
		plan = append(plan, s.text)
	}
	if !isLongByItsIndex(text, strings.Join(plan, "\n")) {
		return "long spans are not read by date_keys_long in\n  " + strings.Join(plan, "\n  ")
	}
	for _, s := range steps {
		if isWideStep(s, steps, strings.Contains(text, "LIMIT")) {
			return s.text + " in\n  " + strings.Join(plan, "\n  ")
		}
	}
	return ""
}

// isWideStep reports whether a step reads a part of a tenant that grows with it. One that walks along an index is broken off where
// the statement has a limit, unless its rows are first sorted.
func isWideStep(s step, steps []step, limited bool) bool {
	if strings.HasPrefix(s.text, "SCAN ") {
		name := strings.Fields(s.text)[1]
		isTable := !strings.Contains(s.text, "VALUES") && !strings.Contains(s.text, "CONSTANT ROW") && !slices.ContainsFunc(steps, func(o step) bool {
			return strings.HasSuffix(o.text, " "+name) && (strings.HasPrefix(o.text, "CO-ROUTINE") || strings.HasPrefix(o.text, "MATERIALIZE"))
		})
		return isTable && !slices.ContainsFunc(narrow, func(index string) bool { return strings.Contains(s.text, index) })
	}
	if !strings.HasPrefix(s.text, "SEARCH ") {
		return false
	}
	var columns []string
	for _, found := range sqliteAsked.FindAllStringSubmatch(s.text, -1) {
		columns = append(columns, found[1])
	}
	if slices.Contains(columns, "rowid") || slices.ContainsFunc(narrow, func(index string) bool { return strings.Contains(s.text, index+" ") }) || isNarrow("", columns) {
		return false
	}
	isSorted := slices.ContainsFunc(steps, func(o step) bool {
		return o.parent == s.parent && o.text == "USE TEMP B-TREE FOR ORDER BY"
	})
	return !limited || isSorted
}

// isLongByItsIndex reports whether a plan finds spans that are long by the index of those, where the statement asks for them.
func isLongByItsIndex(text, plan string) bool {
	return !strings.Contains(text, "k.high > k.low +") || strings.Contains(plan, "date_keys_long")
}

// node is a part of PostgreSQL's plan.
type node struct {
	Type  string `json:"Node Type"`
	Index string `json:"Index Name"`
	Table string `json:"Relation Name"`
	Asked string `json:"Index Cond"`
	Role  string `json:"Parent Relationship"`
	Join  string `json:"Join Type"`
	Plans []node
}

// explainerOf opens a connection that plans as the store's do.
func explainerOf(t testing.TB, db *store.DB, url string) func(testing.TB, *store.DB, string) string {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	var settings []string
	View(t, Session(db), func(v *store.View) (err error) {
		settings, err = store.Column[string](v, "SELECT 'SET ' || name || ' = ' || quote_literal(setting) FROM pg_settings WHERE source = 'client' AND name IN ('jit', 'plan_cache_mode') OR name LIKE 'enable%'")
		return err
	})
	for _, setting := range settings {
		if _, err := conn.Exec(context.Background(), setting); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := conn.Exec(context.Background(), "SET plan_cache_mode = force_generic_plan"); err != nil {
		t.Fatal(err)
	}
	rows, err := conn.Query(context.Background(), "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND pg_relation_size(c.oid) = 0"+
		" UNION SELECT i.indexname FROM pg_indexes i WHERE i.schemaname = 'public' AND pg_relation_size(quote_ident(i.tablename)::regclass) = 0")
	if err != nil {
		t.Fatal(err)
	}
	empty, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	return func(t testing.TB, _ *store.DB, text string) string {
		n++
		name := fmt.Sprintf("p%d", n)
		description, err := conn.Prepare(t.Context(), name, text)
		if err != nil {
			return "cannot be prepared: " + err.Error()
		}
		explain := "EXECUTE " + name
		if count := len(description.ParamOIDs); count > 0 {
			explain += "(" + strings.TrimSuffix(strings.Repeat("NULL,", count), ",") + ")"
		}
		var content []byte
		if err := conn.QueryRow(t.Context(), "EXPLAIN (FORMAT JSON) "+explain, pgx.QueryExecModeSimpleProtocol).Scan(&content); err != nil {
			return "cannot be explained: " + err.Error()
		}
		var plans []struct{ Plan node }
		if err := json.Unmarshal(content, &plans); err != nil {
			return err.Error()
		}
		wide := wideNode(plans[0].Plan, false, empty)
		if !isLongByItsIndex(text, string(content)) {
			wide = "long spans are not read by date_keys_long"
		}
		if wide == "" {
			return ""
		}
		rows, err := conn.Query(t.Context(), "EXPLAIN "+explain, pgx.QueryExecModeSimpleProtocol)
		if err != nil {
			return err.Error()
		}
		lines, _ := pgx.CollectRows(rows, pgx.RowTo[string])
		return wide + " in\n  " + strings.Join(lines, "\n  ")
	}
}

var postgresAsked = regexp.MustCompile(`\(*(\w+) (?:=|<|>|<=|>=) `)

// wideNode names the node that reads a part of a tenant that grows with it. limited says that a limit above breaks it off; of empty
// tables and their indexes nothing can be said.
func wideNode(n node, limited bool, empty []string) string {
	if slices.Contains(empty, n.Table) || slices.Contains(empty, n.Index) {
		return ""
	}
	switch n.Type {
	case "Seq Scan":
		return "Seq Scan on " + n.Table
	case "Index Scan", "Index Only Scan", "Bitmap Index Scan":
		var columns []string
		for _, found := range postgresAsked.FindAllStringSubmatch(n.Asked, -1) {
			columns = append(columns, found[1])
		}
		if !isNarrow(n.Index, columns) && (!limited || n.Type == "Bitmap Index Scan") {
			return n.Type + " using " + n.Index + " " + n.Asked
		}
	case "Limit":
		limited = true
	case "Sort", "Incremental Sort", "Hash", "Aggregate", "HashAggregate", "Materialize", "SetOp", "WindowAgg", "Memoize", "BitmapAnd", "BitmapOr", "Bitmap Heap Scan":
		limited = false
	}
	for i, child := range n.Plans {
		isStreamed := limited && (child.Role == "Outer" || child.Role == "Subquery" || child.Role == "Member" || n.Type == "Limit")
		if strings.Contains(n.Type, "Join") || i > 0 && n.Type == "Nested Loop" {
			isStreamed = false
		}
		if wide := wideNode(child, isStreamed, empty); wide != "" {
			return wide
		}
	}
	return ""
}

const noFigures = "no figures"

// figures calls check in each state of what PostgreSQL knows of its tables in which a plan has to be good, one after the other: nothing; what it
// saw when there was next to nothing; and many tenants who have next to nothing each, as who comes new seems to be. SQLite has one,
// the figures of the migration.

func figures(t testing.TB, url string, check func(figures string)) {
	t.Helper()
	if databaseOf(url) == "sqlite" {
		check("the figures of the migration")
		return
	}
	hand := ByHand(t, url)
	hand.Do("ANALYZE")
	hand.Do(grow)
	check("figures of before it grew")
	hand.Do("DELETE FROM pg_statistic WHERE starelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)")
	hand.Do("UPDATE pg_class SET reltuples = -1, relpages = 0 WHERE relnamespace = 'public'::regnamespace")
	check(noFigures)
	hand.Do("ANALYZE")
	check("figures of many small tenants")
}

// grow gives 50 other tenants what the tenants have, and then has each table grow to thousands of rows by copies under other keys.
const grow = `DO $$
DECLARE
  name TEXT;
  columns TEXT;
  copies TEXT;
  count BIGINT;
BEGIN
  SET LOCAL session_replication_role = replica;
  FOR name IN SELECT c.table_name FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
    WHERE c.table_schema = 'public' AND c.column_name = 'tenant_id' AND t.table_type = 'BASE TABLE' AND c.table_name <> 'tenants'
  LOOP
    EXECUTE format('ALTER TABLE %I SET (autovacuum_enabled = false)', name);
    SELECT string_agg(quote_ident(column_name), ', '),
      string_agg(CASE WHEN data_type = 'text' AND column_name NOT IN ('type', 'param', 'target_type')
        AND NOT EXISTS (SELECT 1 FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = ANY(k.conkey)
          WHERE k.conrelid = name::regclass AND k.contype = 'c' AND a.attname = column_name)
        THEN quote_ident(column_name) || ' || g' ELSE quote_ident(column_name) END, ', ')
      INTO columns, copies FROM information_schema.columns
      WHERE table_schema = 'public' AND table_name = name AND column_name <> 'tenant_id';
    EXECUTE format('SELECT count(*) FROM %I', name) INTO count;
    EXECUTE format('INSERT INTO %I (tenant_id, %s) SELECT tenant_id || g, %s FROM %I CROSS JOIN generate_series(1, 50) g ON CONFLICT DO NOTHING', name, columns, columns, name);
    EXECUTE format('INSERT INTO %I (tenant_id, %s) SELECT tenant_id, %s FROM %I CROSS JOIN generate_series(1, %s) g WHERE tenant_id !~ ''[0-9]$'' ON CONFLICT DO NOTHING',
      name, columns, copies, name, 10000 / greatest(count, 1));
  END LOOP;
END $$`

// allowed are statements that may read much, by words of their text, and why.
var allowed = map[string]string{
	"state IN ('draft', 'held', 'ready', 'rejected-syntax', 'rejected')": "claims that are not sent yet are few, and by their states or by claims_unsent they are the same ones",
	"AS first WHERE at <":                    "it reads the tenant's first thousands of rows and no more",
	"FROM work_tallies WHERE":                "they are folded into few",
	"ORDER BY tenant_id LIMIT 1":             "the next tenant",
	"FROM journal_entries e JOIN postings p": "a report adds up what a tenant has posted until a day",
	"AS amount FROM postings p":              "the same, of all days",
	"AND c.sent >= ":                         "a report counts the claims and answers of some months",
	"sum(j.first_pass)":                      "the same",
	"sum(d.denied * d.billed)":               "the same",
	"AND NOT a.posted":                       "the same",
	"AND kind = 'appeal'":                    "the same of appeals, which are few",
	"LIMIT 10001) t":                         "it counts so far and no farther, and a type that has no more may be read whole for it",
}

// allowedWithoutFigures are statements that may read much until the database first looked at its tables, which it does within a
// minute of the first rows: it takes a type of a tenant for one row then, and to read that for cheaper than to look ten up.
var allowedWithoutFigures = map[string]string{
	"= ANY(":    "a list of keys",
	"k.updated": "documents by when they were written: to read them by id and sort them seems as cheap",
}
