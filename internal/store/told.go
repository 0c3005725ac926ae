package store

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// teller is the driver's tracer that tells a test which statements are sent to PostgreSQL, those of a batch too.
type teller struct{ told func(query string) }

// TraceQueryStart tells a statement.
func (t teller) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	t.told(data.SQL)
	return ctx
}

// TraceQueryEnd does nothing.
func (teller) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// TraceBatchStart tells the statements of a batch.
func (t teller) TraceBatchStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceBatchStartData) context.Context {
	for _, queued := range data.Batch.QueuedQueries {
		t.told(queued.SQL)
	}
	return ctx
}

// TraceBatchQuery does nothing.
func (teller) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}

// TraceBatchEnd does nothing.
func (teller) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}
