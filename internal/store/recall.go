package store

import (
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm/schema"
)

// memory is what a transaction has read, by question. Within a transaction the database answers a question the same way until
// the transaction itself writes to a table, so it is asked once.
type memory map[string]*remembered

type remembered struct {
	answer any
	tables []string
	parts  []Part // of what is collected and kept up to what is written
}

// Recall gives what read gives. In a transaction a question about a table is asked once, until something is written to the
// table; question has to tell each answer from every other. What it gives is shared and must not be changed.
func Recall[T any](v *View, table, question string, read func() (T, error)) (T, error) {
	return recall(v, table+" "+question, func() (T, *remembered, error) {
		answer, err := read()
		return answer, &remembered{answer: answer, tables: []string{table}}, err
	})
}

// Collected gives what Collect reads into the parts of a T. In a transaction it is read once: rows that are saved are saved in it
// too, and only a statement of another kind on one of its tables has it read again. A row that is saved brings nothing with it
// that hangs on it: where that can be there already, it has to be written by another kind of statement. What it gives is shared
// and must not be changed.
func Collected[T any](v *View, question string, parts func(*T) []Part) (*T, error) {
	return CollectedAfter(v, question, Asked{}, parts)
}

// CollectedAfter is Collected with a query of whose tables there are rows among the parts.
func CollectedAfter[T any](v *View, question string, first Asked, parts func(*T) []Part) (*T, error) {
	return recall(v, question, func() (*T, *remembered, error) {
		answer := new(T)
		of := parts(answer)
		tables := make([]string, len(of))
		for i, p := range of {
			s, err := p.shape(v)
			if err != nil {
				return nil, nil, err
			}
			tables[i] = s.table
		}
		return answer, &remembered{answer, tables, of}, collect(v, first, of)
	})
}

// Known gives what Collected gives where the transaction has read it already.
func Known[T any](v *View, question string) (*T, bool) {
	if !v.recalls {
		return nil, false
	}
	kept, ok := (*Local[memory](v))[question]
	if !ok {
		return nil, false
	}
	return kept.answer.(*T), true
}

// AlsoKnown has what a question was answered with known as the answer to another one.
func AlsoKnown(v *View, question, other string) {
	if kept, ok := (*Local[memory](v))[question]; ok {
		(*Local[memory](v))[other] = kept
	}
}

func recall[T any](v *View, question string, read func() (T, *remembered, error)) (T, error) {
	if v.recalls {
		if known, ok := (*Local[memory](v))[question]; ok {
			return known.answer.(T), nil
		}
	}
	answer, kept, err := read()
	if err != nil || !v.recalls {
		return answer, err
	}
	if *Local[memory](v) == nil {
		*Local[memory](v) = memory{}
	}
	(*Local[memory](v))[question] = kept
	return answer, nil
}

// Forget drops what was read of tables that are about to be written.
func (tx *Tx) Forget(tables ...string) {
	tx.forget(func(table string) bool { return slices.Contains(tables, table) })
}

// forgetIn drops what was read of the tables that a statement names.
func (tx *Tx) forgetIn(query string) {
	tx.forget(func(table string) bool { return strings.Contains(query, table) })
}

func (tx *Tx) forget(concerns func(table string) bool) {
	for question, kept := range *Local[memory](tx.View) {
		if slices.ContainsFunc(kept.tables, concerns) {
			delete(*Local[memory](tx.View), question)
		}
	}
}

// saved brings what was read up to rows that are saved, or gone: what is collected is kept, and anything else is forgotten.
func saved[R any](tx *Tx, rows []R, gone bool) error {
	s, err := shapeOf[R](tx.View)
	if err != nil {
		return err
	}
	for question, kept := range *Local[memory](tx.View) {
		if !slices.Contains(kept.tables, s.table) {
			continue
		}
		isKept := false
		for _, p := range kept.parts {
			if mine, ok := p.(*part[R]); ok && mine.belongs != nil {
				mine.keep(tx, s.keys, rows, gone)
				isKept = true
			}
		}
		if !isKept {
			delete(*Local[memory](tx.View), question)
		}
	}
	return nil
}

// keep puts rows into the list, or takes them out of it where they are gone or do not belong to it any more.
func (p *part[R]) keep(tx *Tx, keys []*schema.Field, rows []R, gone bool) {
	written := make(map[string]bool, len(rows))
	for _, row := range rows {
		written[keyOf(tx, keys, row)] = true
	}
	*p.into = slices.DeleteFunc(*p.into, func(row R) bool { return written[keyOf(tx, keys, row)] })
	for _, row := range rows {
		if !gone && p.belongs(row) {
			*p.into = append(*p.into, row)
		}
	}
}

// keyOf tells a row from the others of its table.
func keyOf[R any](tx *Tx, keys []*schema.Field, row R) string {
	var key []byte
	for _, value := range values(tx.ctx, keys, []R{row}) {
		key = fmt.Appendf(key, "%q ", fmt.Sprint(value))
	}
	return string(key)
}
