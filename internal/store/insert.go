package store

import (
	"strconv"
	"strings"
	"sync"
)

// InsertRows inserts rows of the tenant into a table, without waiting for an answer: columns are named as in SQL and without the
// tenant's, which comes before them; conflict is what ends each statement.
func (tx *Tx) InsertRows(table, columns string, rows [][]any, conflict string) error {
	if len(rows) == 0 {
		return nil
	}
	tx.Forget(table)
	texts := Shared[insertTexts](tx.db)
	for len(rows) > 0 {
		part := rows[:inOneStatement(len(rows))]
		rows = rows[len(part):]
		args := make([]any, 0, len(part)*(len(part[0])+1))
		for _, row := range part {
			args = append(append(args, string(tx.Tenant())), row...)
		}
		if err := tx.later(nil, texts.of(insertText{table, columns, conflict, len(part), len(part[0]) + 1, tx.IsEmbedded()}), args); err != nil {
			return err
		}
	}
	return nil
}

const (
	rowsAlone = 32  // any number up to it has a statement of its own
	rowsMany  = 64  // beyond, statements are of so many,
	rowsMost  = 256 // or of so many
)

// inOneStatement says how many of rows go into the next statement: few different statements are sent, so that a connection keeps
// all of them prepared.
func inOneStatement(rows int) int {
	switch {
	case rows >= rowsMost:
		return rowsMost
	case rows >= rowsMany:
		return rowsMany
	case rows > rowsAlone:
		return rowsAlone
	}
	return rows
}

// insertText is what a statement that inserts is made of.
type insertText struct {
	table, columns, conflict string
	rows, width              int
	embedded                 bool
}

// insertTexts are the statements that were made so far.
type insertTexts struct{ known sync.Map }

func (t *insertTexts) of(key insertText) string {
	if text, ok := t.known.Load(key); ok {
		return text.(string)
	}
	text := key.text()
	t.known.Store(key, text)
	return text
}

func (t insertText) text() string {
	var b strings.Builder
	b.WriteString("INSERT INTO " + t.table + " (tenant_id, " + t.columns + ") VALUES ")
	for i := range t.rows * t.width {
		switch {
		case i == 0:
			b.WriteByte('(')
		case i%t.width == 0:
			b.WriteString("), (")
		default:
			b.WriteString(", ")
		}
		if t.embedded {
			b.WriteByte('?')
		} else {
			b.WriteString("$" + strconv.Itoa(i+1))
		}
	}
	b.WriteString(")" + t.conflict)
	return b.String()
}
