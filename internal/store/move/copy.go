package move

import (
	"iter"
	"slices"

	"medbill/internal/store"
)

// each reads the tables of both sides and calls missing for what the target does not have. It refuses what only the target has, and
// what differs (ErrOther). counted, where there is one, is called for each row of the source; else a table is left where the target
// has no more of it.
func (m *mover) each(v *store.View, missing func(row) error, counted func()) error {
	for _, t := range m.tables {
		if err := m.merge(v, tableOf(t), missing, counted); err != nil {
			return err
		}
	}
	return nil
}

func (m *mover) merge(v *store.View, t table, missing func(row) error, counted func()) error {
	source, target := begin(m.source(v, t)), begin(m.target(t))
	defer source.stop()
	defer target.stop()
	for source.ok && (target.ok || counted != nil) {
		switch {
		case source.err != nil:
			return source.err
		case target.ok && target.err != nil:
			return target.err
		}
		order := -1
		if target.ok {
			order = t.compare(source.row, target.row)
		}
		switch {
		case order > 0, order == 0 && !slices.Equal(source.row, target.row):
			return ErrOther
		case order == 0:
			target.next()
		default:
			if err := missing(source.row); err != nil {
				return err
			}
		}
		if counted != nil {
			counted()
		}
		source.next()
	}
	if target.ok && target.err == nil {
		return ErrOther
	}
	return target.err
}

// source gives the rows that are moved.
func (m *mover) source(v *store.View, t table) iter.Seq2[row, error] {
	rows := t.all(func(after row) ([]row, error) { return t.page(v, after) })
	return m.withFile(m.from, t, rows)
}

// target gives the rows that are there, each page as it is now.
func (m *mover) target(t table) iter.Seq2[row, error] {
	rows := t.all(func(after row) (page []row, err error) {
		err = m.to.View(m.ctx, func(v *store.View) (err error) {
			page, err = t.page(v, after)
			return err
		})
		return page, err
	})
	return m.withFile(m.to, t, rows)
}

// withFile adds the rows of the audit of reads.
func (m *mover) withFile(s *store.Session, t table, rows iter.Seq2[row, error]) iter.Seq2[row, error] {
	if t.Name != audit {
		return rows
	}
	return t.both(rows, t.all(func(after row) (page []row, err error) {
		err = s.AuditFile(m.ctx, func(v *store.View) (err error) {
			page, err = t.page(v, after)
			return err
		})
		return page, err
	}))
}

// copy writes what is missing, some hundreds of rows in a transaction, and the tenant itself last, with its waiting work.
func (m *mover) copy(v *store.View) error {
	for _, t := range m.tables {
		b := &batch{m: m, table: tableOf(t)}
		if err := m.merge(v, b.table, b.add, m.count); err != nil {
			return err
		}
		if err := b.write(); err != nil {
			return err
		}
	}
	return nil
}

// batch are rows of one table that are still to be written.
type batch struct {
	m     *mover
	table table
	rows  []row
	bytes int
}

func (b *batch) add(r row) error {
	b.rows = append(b.rows, r)
	for _, value := range r {
		if text, ok := value.(string); ok {
			b.bytes += len(text)
		}
	}
	if len(b.rows) < pageMax && b.bytes < pageBytesMax {
		return nil
	}
	return b.write()
}

func (b *batch) write() error {
	if len(b.rows) == 0 {
		return nil
	}
	insert := "INSERT INTO " + b.table.Name + " (" + b.table.columns() + ") VALUES " + store.Placeholders(len(b.rows), len(b.table.Columns))
	args := slices.Concat(b.rows...)
	b.rows, b.bytes = nil, 0
	return b.m.to.Update(b.m.ctx, func(tx *store.Tx) error {
		if b.table.Name == tenants {
			tx.Wake() // what is due stands in the cases, which came before
		}
		return tx.Write(insert, args...)
	})
}
