package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"

	"medbill/models"
)

const (
	workersMax     = 8
	jobTimeout     = 10 * time.Second
	jobRescueAfter = 12 * time.Second // a killed worker's job is taken up again after it
	jobRetryMax    = 5 * time.Minute
	jobAttemptsMax = 40
	pollEmbedded   = 100 * time.Millisecond
	pollListening  = time.Second // the rare notification that is lost
	fetchCooldown  = 20 * time.Millisecond
)

// step is the one kind of job River knows; which use case it is stands in the arguments, always with its tenant.
type step struct {
	Step    models.JobKind  `json:"step"`
	Tenant  models.TenantID `json:"tenant"`
	Subject string          `json:"subject"`
}

// Kind is River's name of the job.
func (step) Kind() string { return "step" }

// jobs is the queue: inserts share the transaction that asks for the step, workers take them afterwards.
type jobs struct {
	client   *river.Client[*sql.Tx]
	migrator interface {
		Migrate(ctx context.Context, direction rivermigrate.Direction, opts *rivermigrate.MigrateOpts) (*rivermigrate.MigrateResult, error)
	}
	start func(ctx context.Context, config *river.Config) (stop func(context.Context) error, err error)
	free  func(ctx context.Context) error
}

// newSQLiteJobs shares the one write connection: a second one would wait for the first inside its transaction.
func newSQLiteJobs(writer *sql.DB) (*jobs, error) {
	driver := riversqlite.New(writer)
	client, err := river.NewClient(driver, &river.Config{Logger: quiet})
	if err != nil {
		return nil, err
	}
	migrator, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: quiet})
	if err != nil {
		return nil, err
	}
	return &jobs{
		client:   client,
		migrator: migrator,
		start: func(ctx context.Context, config *river.Config) (func(context.Context) error, error) {
			config.FetchPollInterval = pollEmbedded
			worker, err := river.NewClient(driver, config)
			if err != nil {
				return nil, err
			}
			return worker.Stop, worker.Start(ctx)
		},
		// This process is the only one: what runs according to the table was killed with its process.
		free: func(ctx context.Context) error {
			_, err := writer.ExecContext(ctx, "UPDATE river_job SET state = 'available' WHERE state = 'running'")
			if err != nil {
				return err
			}
			_, err = writer.ExecContext(ctx, "DELETE FROM river_leader")
			return err
		},
	}, nil
}

func newPostgresJobs(pool *sql.DB, listener *pgxpool.Pool) (*jobs, error) {
	driver := riverdatabasesql.New(pool)
	client, err := river.NewClient(driver, &river.Config{Logger: quiet})
	if err != nil {
		return nil, err
	}
	migrator, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: quiet})
	if err != nil {
		return nil, err
	}
	return &jobs{
		client:   client,
		migrator: migrator,
		start: func(ctx context.Context, config *river.Config) (func(context.Context) error, error) {
			config.FetchPollInterval = pollListening
			worker, err := river.NewClient(riverpgxv5.New(listener), config)
			if err != nil {
				return nil, err
			}
			return worker.Stop, worker.Start(ctx)
		},
		free: func(context.Context) error { return nil },
	}, nil
}

var quiet = slog.New(slog.DiscardHandler)

// Enqueue asks for a step of this tenant; it stands or falls with the transaction.
func (tx *Tx) Enqueue(kind models.JobKind, subject string) error {
	conn, ok := tx.conn.Statement.ConnPool.(*sql.Tx)
	if !ok {
		return errors.New("enqueue outside of a transaction")
	}
	tx.db.statements.Add(1)
	_, err := tx.db.jobs.client.InsertTx(tx.conn.Statement.Context, conn, step{kind, tx.actor.Tenant, subject}, &river.InsertOpts{MaxAttempts: jobAttemptsMax})
	return err
}

// Steps says what to do for each kind of job. A step may be called again after it succeeded.
type Steps map[models.JobKind]func(ctx context.Context, job models.Job) error

// Work takes jobs until stop is called, which lets those under way finish. A job that gives an error comes again, later
// each time.
func (db *DB) Work(ctx context.Context, steps Steps, log *slog.Logger) (stop func(context.Context) error, err error) {
	if err := db.jobs.free(ctx); err != nil {
		return nil, fmt.Errorf("free the jobs of the last process: %w", err)
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, &worker{steps: steps})
	return db.jobs.start(ctx, &river.Config{
		Queues:               map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: workersMax}},
		Workers:              workers,
		Logger:               quiet,
		ErrorHandler:         &failures{log},
		FetchCooldown:        fetchCooldown,
		JobTimeout:           jobTimeout,
		RescueStuckJobsAfter: jobRescueAfter,
	})
}

type worker struct {
	river.WorkerDefaults[step]
	steps Steps
}

// Work runs the step.
func (w *worker) Work(ctx context.Context, job *river.Job[step]) error {
	do, ok := w.steps[job.Args.Step]
	if !ok {
		return fmt.Errorf("no step is called %s", job.Args.Step)
	}
	return do(ctx, models.Job{Kind: job.Args.Step, Tenant: job.Args.Tenant, Subject: job.Args.Subject})
}

// NextRetry waits a little longer after each failure.
func (w *worker) NextRetry(job *river.Job[step]) time.Time {
	wait := min(100*time.Millisecond<<min(job.Attempt, 16), jobRetryMax)
	return time.Now().Add(wait)
}

// failures writes to the log what a job gave; ids and codes only.
type failures struct{ log *slog.Logger }

// HandleError logs an error.
func (f *failures) HandleError(_ context.Context, job *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	f.log.Warn("step failed", "job", job.ID, "attempt", job.Attempt, "error", err.Error())
	return nil
}

// HandlePanic logs a panic without its value, which may hold anything.
func (f *failures) HandlePanic(_ context.Context, job *rivertype.JobRow, _ any, trace string) *river.ErrorHandlerResult {
	f.log.Error("step panicked", "job", job.ID, "attempt", job.Attempt, "trace", trace)
	return nil
}

// WaitingJobs counts what is still to be done in every tenant.
func (db *DB) WaitingJobs(ctx context.Context) (int64, error) {
	var n int64
	err := db.read.WithContext(ctx).Raw("SELECT count(*) FROM river_job WHERE state IN ('available', 'running', 'retryable', 'scheduled')").Scan(&n).Error
	return n, err
}
