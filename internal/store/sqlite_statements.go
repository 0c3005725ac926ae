package store

import (
	"context"
	"database/sql/driver"
	"strings"
)

// statementConnector opens connections that keep the statements they have prepared: reading the text of a statement takes
// SQLite longer than running it, and the driver reads it each time.
type statementConnector struct {
	driver.Connector
	told func(query string) // nil but in tests
}

// Connect opens a connection.
func (c statementConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &statementConn{sqliteConn: conn.(sqliteConn), idle: map[string]sqliteStatement{}, told: c.told}, nil
}

// sqliteConn is what the driver's connections can do and database/sql asks for.
type sqliteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

type sqliteStatement interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

type sqliteRows interface {
	driver.Rows
	driver.RowsColumnTypeDatabaseTypeName
	driver.RowsColumnTypeLength
	driver.RowsColumnTypeNullable
	driver.RowsColumnTypePrecisionScale
	driver.RowsColumnTypeScanType
}

// statementConn is used by one goroutine at a time, as database/sql promises. A statement is taken out of idle while it
// runs, so that the same text can run again before its rows are closed.
type statementConn struct {
	sqliteConn
	idle map[string]sqliteStatement
	told func(query string)
}

const (
	statementsMax     = 300
	statementBytesMax = 8192 // a longer text is a rare one: all that is known of a case is read by one of half of that
)

// Unwrap gives the driver's own connection.
func (c *statementConn) Unwrap() driver.Conn { return c.sqliteConn }

// isKept reports whether the statement is likely to come again: not a schema change, a setting or a script.
func isKept(query string) bool {
	if len(query) > statementBytesMax || strings.Contains(query, ";") {
		return false
	}
	switch {
	case strings.HasPrefix(query, "SELECT "), strings.HasPrefix(query, "WITH "), strings.HasPrefix(query, "INSERT "), strings.HasPrefix(query, "UPDATE "), strings.HasPrefix(query, "DELETE "):
		return true
	}
	return false
}

func (c *statementConn) take(ctx context.Context, query string) (sqliteStatement, error) {
	if statement, ok := c.idle[query]; ok {
		delete(c.idle, query)
		return statement, nil
	}
	statement, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	return statement.(sqliteStatement), nil
}

func (c *statementConn) giveBack(query string, statement sqliteStatement) error {
	if _, taken := c.idle[query]; taken {
		return statement.Close()
	}
	if len(c.idle) >= statementsMax {
		for text, old := range c.idle {
			delete(c.idle, text)
			if err := old.Close(); err != nil {
				return err
			}
			break
		}
	}
	c.idle[query] = statement
	return nil
}

func (c *statementConn) tell(query string) {
	if c.told != nil {
		c.told(query)
	}
}

// ExecContext runs a statement.
func (c *statementConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	c.tell(query)
	if !isKept(query) {
		return c.sqliteConn.ExecContext(ctx, query, args)
	}
	statement, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	result, err := statement.ExecContext(ctx, args)
	if err != nil {
		_ = statement.Close() // the first error counts
		return nil, err
	}
	return result, c.giveBack(query, statement)
}

// QueryContext runs a query; its statement comes back when the rows are closed.
func (c *statementConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	c.tell(query)
	if !isKept(query) {
		return c.sqliteConn.QueryContext(ctx, query, args)
	}
	statement, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := statement.QueryContext(ctx, args)
	if err != nil {
		_ = statement.Close() // the first error counts
		return nil, err
	}
	return &statementRows{sqliteRows: rows.(sqliteRows), conn: c, query: query, statement: statement}, nil
}

// Close ends the statements and the connection.
func (c *statementConn) Close() error {
	for text, statement := range c.idle {
		delete(c.idle, text)
		_ = statement.Close() // the connection goes anyway
	}
	return c.sqliteConn.Close()
}

type statementRows struct {
	sqliteRows
	conn      *statementConn
	query     string
	statement sqliteStatement
}

// Close ends the rows and gives the statement back.
func (r *statementRows) Close() error {
	if r.statement == nil {
		return nil
	}
	statement := r.statement
	r.statement = nil
	if err := r.sqliteRows.Close(); err != nil {
		_ = statement.Close() // the first error counts
		return err
	}
	return r.conn.giveBack(r.query, statement)
}
