package bare

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/google/uuid"

	"medbill/internal/store"
)

// State is every row of the tenant at one moment, by table and key.
type State struct {
	tables []store.Table
	rows   map[string]map[string][]any
}

// State reads every table that names a tenant. tables are those of the schema.
func (d *DB) State(ctx context.Context, tables []store.Table) (State, error) {
	s := State{rows: map[string]map[string][]any{}}
	for _, t := range withParentsFirst(tables) {
		if names(t)[0] != "tenant_id" {
			continue
		}
		s.tables = append(s.tables, t)
		rows := map[string][]any{}
		err := d.engine.query(ctx, "SELECT "+strings.Join(names(t), ", ")+" FROM "+t.Name+" WHERE tenant_id = ?", []any{d.tenant}, func(scan func(...any) error) error {
			values := make([]any, len(t.Columns))
			into := make([]any, len(values))
			for i := range values {
				into[i] = &values[i]
			}
			err := scan(into...)
			rows[fmt.Sprintf("%q", keyed(t, values))] = values
			return err
		})
		if err != nil {
			return s, err
		}
		s.rows[t.Name] = rows
	}
	return s, nil
}

// Counts gives how many rows the tenant has in every table that names one. tables are those of the schema.
func (d *DB) Counts(ctx context.Context, tables []store.Table) (map[string]int, error) {
	counts := map[string]int{}
	for _, t := range tables {
		if names(t)[0] != "tenant_id" {
			continue
		}
		err := d.engine.query(ctx, "SELECT count(*) FROM "+t.Name+" WHERE tenant_id = ?", []any{d.tenant}, func(scan func(...any) error) error {
			var count int
			err := scan(&count)
			counts[t.Name] = count
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return counts, nil
}

func names(t store.Table) []string {
	list := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		list[i] = c.Name
	}
	return list
}

// keyed gives the values of a row's key.
func keyed(t store.Table, values []any) []any {
	key := make([]any, len(t.Key))
	for i, name := range t.Key {
		key[i] = values[slices.Index(names(t), name)]
	}
	return key
}

// withParentsFirst orders tables so that what a foreign key leads to comes before it.
func withParentsFirst(tables []store.Table) []store.Table {
	var ordered []store.Table
	placed := map[string]bool{}
	var place func(t store.Table)
	place = func(t store.Table) {
		if placed[t.Name] {
			return
		}
		placed[t.Name] = true
		for _, parent := range t.Parents {
			if i := slices.IndexFunc(tables, func(t store.Table) bool { return t.Name == parent }); i >= 0 {
				place(tables[i])
			}
		}
		ordered = append(ordered, t)
	}
	for _, t := range tables {
		place(t)
	}
	return ordered
}

// Left is what a transaction left: the rows that it wrote, those that it changed and those that it took away.
type Left struct {
	Inserted, Updated, Deleted int
	Tables                     []string // those it touched
	statements                 []statement
}

// Until gives what was left between two states: a statement for each row, by its key.
func (s State) Until(after State) Left {
	var l Left
	var gone, made, changed []statement
	for _, t := range after.tables {
		before, now := s.rows[t.Name], after.rows[t.Name]
		where := " WHERE " + strings.Join(t.Key, " = ? AND ") + " = ?"
		touched := false
		for _, key := range slices.Sorted(maps.Keys(before)) {
			if _, stays := now[key]; !stays {
				gone, touched = append(gone, statement{"DELETE FROM " + t.Name + where, keyed(t, before[key])}), true
			}
		}
		for _, key := range slices.Sorted(maps.Keys(now)) {
			values := now[key]
			old, was := before[key]
			if !was {
				made = append(made, statement{"INSERT INTO " + t.Name + " (" + strings.Join(names(t), ", ") + ") VALUES " + list(values), values})
				touched = true
				continue
			}
			var set []string
			var args []any
			for i, name := range names(t) {
				if old[i] != values[i] {
					set, args = append(set, name+" = ?"), append(args, values[i])
				}
			}
			if len(set) > 0 {
				changed, touched = append(changed, statement{"UPDATE " + t.Name + " SET " + strings.Join(set, ", ") + where, append(args, keyed(t, values)...)}), true
			}
		}
		if touched {
			l.Tables = append(l.Tables, t.Name)
		}
	}
	slices.Reverse(gone) // a foreign key is given up before what it leads to
	l.Inserted, l.Updated, l.Deleted = len(made), len(changed), len(gone)
	l.statements = slices.Concat(gone, made, changed)
	return l
}

var ids = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

// Of gives the same rows as another transaction leaves them, one that is about what has other names: each of from becomes the one of to at
// its place, and every id that is not among from becomes a new one.
func (l Left) Of(from, to []string) Left {
	var pairs []string
	for i := range from {
		pairs = append(pairs, from[i], to[i])
	}
	seen := map[string]bool{}
	for _, s := range l.statements {
		for _, arg := range s.args {
			text, _ := arg.(string)
			for _, id := range ids.FindAllString(text, -1) {
				if !seen[id] && !slices.Contains(from, id) {
					seen[id] = true
					pairs = append(pairs, id, uuid.Must(uuid.NewV7()).String())
				}
			}
		}
	}
	rename := strings.NewReplacer(pairs...)
	renamed := l
	renamed.statements = make([]statement, len(l.statements))
	for i, s := range l.statements {
		args := slices.Clone(s.args)
		for j := range args {
			if text, is := args[j].(string); is {
				args[j] = rename.Replace(text)
			}
		}
		renamed.statements[i] = statement{s.text, args}
	}
	return renamed
}

// Leave writes, changes and takes away rows in one transaction. It fails where one that is to be changed or taken away is not there.
func (d *DB) Leave(ctx context.Context, l Left) error { return d.engine.run(ctx, l.statements) }

// ClaimNames gives what the rows of a patient's one claim are called by: the claim's id and number, and the ids of its charges in the order
// of their codes.
func (d *DB) ClaimNames(ctx context.Context, patient string) ([]string, error) {
	var all []string
	for _, text := range []string{
		"SELECT id FROM claims WHERE tenant_id = ? AND patient_id = ?", "SELECT number FROM claims WHERE tenant_id = ? AND patient_id = ?",
		"SELECT id FROM charges WHERE tenant_id = ? AND patient_id = ? ORDER BY code",
	} {
		found, err := d.column(ctx, text, d.tenant, patient)
		if err != nil {
			return nil, err
		}
		for _, name := range found {
			all = append(all, name.(string))
		}
	}
	return all, nil
}
