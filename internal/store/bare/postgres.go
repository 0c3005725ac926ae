package bare

import (
	"context"
	"strconv"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// postgres sends the rows of a transaction in one round trip; pgx prepares and keeps its statements itself.
type postgres struct {
	pool  *pgxpool.Pool
	bound sync.Map // text with ? → text with $1, $2 …
}

func openPostgres(ctx context.Context, url string, connections int) (engine, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	config.MaxConns = int32(min(connections, 100))
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	return &postgres{pool: pool}, nil
}

func (e *postgres) close() { e.pool.Close() }

func (e *postgres) analyze(ctx context.Context) error {
	_, err := e.pool.Exec(ctx, "VACUUM (ANALYZE)")
	return err
}

func (e *postgres) run(ctx context.Context, statements []statement) error {
	return pgx.BeginTxFunc(ctx, e.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead}, func(tx pgx.Tx) error {
		batch := &pgx.Batch{}
		for _, s := range statements {
			batch.Queue(e.bind(s.text), s.args...).Exec(func(done pgconn.CommandTag) error {
				if done.RowsAffected() != 1 {
					return errMissed(s.text, done.RowsAffected())
				}
				return nil
			})
		}
		return tx.SendBatch(ctx, batch).Close()
	})
}

func (e *postgres) fill(ctx context.Context, rows []row) error {
	tables := map[string][][]any{}
	for _, r := range rows {
		tables[r.table] = append(tables[r.table], r.args)
	}
	return pgx.BeginFunc(ctx, e.pool, func(tx pgx.Tx) error {
		for table, rows := range tables {
			if _, err := tx.CopyFrom(ctx, pgx.Identifier{table}, strings.Split(columns[table], ", "), pgx.CopyFromRows(rows)); err != nil {
				return err
			}
		}
		return nil
	})
}

func (e *postgres) audit(ctx context.Context, r row) error {
	_, err := e.pool.Exec(ctx, e.bind(insert(r.table)), r.args...)
	return err
}

func (e *postgres) query(ctx context.Context, text string, args []any, each func(scan func(...any) error) error) error {
	rows, err := e.pool.Query(ctx, e.bind(text), args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// bind writes ? placeholders as PostgreSQL wants them.
func (e *postgres) bind(text string) string {
	if kept, ok := e.bound.Load(text); ok {
		return kept.(string)
	}
	var b strings.Builder
	n := 0
	for _, c := range text {
		if c == '?' {
			n++
			b.WriteString("$" + strconv.Itoa(n))
			continue
		}
		b.WriteRune(c)
	}
	e.bound.Store(text, b.String())
	return b.String()
}
