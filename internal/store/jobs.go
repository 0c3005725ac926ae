package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
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
	insert   func(tx *Tx, job step, options *river.InsertOpts) error
	migrator func(pool *sql.DB) (queueMigrator, error)
	start    func(ctx context.Context, config *river.Config) (stop func(context.Context) error, err error)
	free     func(ctx context.Context) error
}

// queueMigrator brings the queue's own tables up to date.
type queueMigrator interface {
	Migrate(ctx context.Context, direction rivermigrate.Direction, opts *rivermigrate.MigrateOpts) (*rivermigrate.MigrateResult, error)
}

// newSQLiteJobs shares the one write connection: a second one would wait for the first inside its transaction.
func newSQLiteJobs(writer *sql.DB) (*jobs, error) {
	driver := riversqlite.New(writer)
	client, err := river.NewClient(driver, &river.Config{Logger: quiet})
	if err != nil {
		return nil, err
	}
	return &jobs{
		insert: func(tx *Tx, job step, options *river.InsertOpts) error {
			_, err := client.InsertTx(tx.ctx, tx.line.(*sqlLine).tx, job, options)
			return err
		},
		migrator: func(pool *sql.DB) (queueMigrator, error) {
			return rivermigrate.New(riversqlite.New(pool), &rivermigrate.Config{Logger: quiet})
		},
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

func newPostgresJobs(listener *pgxpool.Pool) (*jobs, error) {
	client, err := river.NewClient(riverpgxv5.New(listener), &river.Config{Logger: quiet})
	if err != nil {
		return nil, err
	}
	return &jobs{
		insert: func(tx *Tx, job step, options *river.InsertOpts) error {
			conn, err := tx.line.(*pgxLine).inserting(tx.ctx)
			if err == nil {
				_, err = client.InsertTx(tx.ctx, conn, job, options)
			}
			return err
		},
		migrator: func(pool *sql.DB) (queueMigrator, error) {
			return rivermigrate.New(riverdatabasesql.New(pool), &rivermigrate.Config{Logger: quiet})
		},
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

// ErrNotYet is what a step gives that cannot find what it was asked about: where a commit has two phases, a job may be seen
// before the data it is about. It is asked for again shortly, as often as it takes.
var ErrNotYet = errors.New("what the step is about is not there yet")

const notYetWait = 500 * time.Millisecond

// Enqueue asks for a step of this tenant; it stands or falls with the transaction.
func (tx *Tx) Enqueue(kind models.JobKind, subject string) error {
	return tx.EnqueueAt(kind, subject, 0)
}

// EnqueueAt asks for a step that is to be taken from a moment on.
func (tx *Tx) EnqueueAt(kind models.JobKind, subject string, at models.Instant) error {
	options := &river.InsertOpts{MaxAttempts: jobAttemptsMax}
	if at > tx.now {
		options.ScheduledAt = at.Time()
	}
	return tx.enqueue(kind, subject, options)
}

func (tx *Tx) enqueue(kind models.JobKind, subject string, options *river.InsertOpts) error {
	tx.count()
	return tx.db.jobs.insert(tx, step{kind, tx.actor.Tenant, subject}, options)
}

// Steps says what to do for each kind of job. A step may be called again after it succeeded.
type Steps map[models.JobKind]func(ctx context.Context, job models.Job) error

// Shift is what a process works on. Lost is told of a job that failed for good; Chores are done from time to time.
type Shift struct {
	Steps  Steps
	Lost   func(ctx context.Context, job models.Job) error
	Chores []Chore
}

// Chore is something to be done again and again, beside what is asked for. Several processes may do it at once.
type Chore struct {
	Name  string
	Every time.Duration
	Do    func(ctx context.Context) error
}

// Work takes jobs, does the chores and numbers the outbox until stop is called, which lets those under way finish. A job that
// gives an error comes again, later each time.
func (db *DB) Work(ctx context.Context, shift Shift, log *slog.Logger) (stop func(context.Context) error, err error) {
	if db.beside {
		return nil, errBeside
	}
	if err := db.jobs.free(ctx); err != nil {
		return nil, fmt.Errorf("free the jobs of the last process: %w", err)
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, &worker{steps: shift.Steps})
	stopJobs, err := db.jobs.start(ctx, &river.Config{
		Queues:               map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: workersMax}},
		Workers:              workers,
		Logger:               quiet,
		ErrorHandler:         &failures{log, shift.Lost},
		FetchCooldown:        fetchCooldown,
		JobTimeout:           jobTimeout,
		RescueStuckJobsAfter: jobRescueAfter,
		// What failed for good is counted for ever, so it is kept.
		DiscardedJobRetentionPeriod: -1,
	})
	if err != nil {
		return nil, err
	}
	relaying, stopRelay := context.WithCancel(ctx)
	var relay sync.WaitGroup
	relay.Go(func() { db.relay(relaying, log) })
	for _, chore := range shift.Chores {
		relay.Go(func() { chore.again(relaying, log) })
	}
	return func(ctx context.Context) error {
		stopRelay()
		relay.Wait()
		return stopJobs(ctx)
	}, nil
}

// again does a chore until ctx ends. What fails is done again at the next time.
func (c Chore) again(ctx context.Context, log *slog.Logger) {
	tick := time.NewTicker(c.Every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := c.Do(ctx); err != nil && ctx.Err() == nil {
			log.Warn("chore failed", "chore", c.Name, "error", err.Error())
		}
	}
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
	err := do(ctx, models.Job{Kind: job.Args.Step, Tenant: job.Args.Tenant, Subject: job.Args.Subject})
	if errors.Is(err, ErrNotYet) {
		return river.JobSnooze(notYetWait)
	}
	return err
}

// NextRetry waits a little longer after each failure, by the clock of the queue, which tells it when the try began.
func (w *worker) NextRetry(job *river.Job[step]) time.Time {
	return job.AttemptedAt.Add(min(100*time.Millisecond<<min(job.Attempt, 16), jobRetryMax))
}

// failures writes to the log what a job gave, ids and codes only, and tells of the job that failed for good.
type failures struct {
	log  *slog.Logger
	lost func(ctx context.Context, job models.Job) error
}

// HandleError logs an error.
func (f *failures) HandleError(ctx context.Context, job *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	f.log.Warn("step failed", "job", job.ID, "attempt", job.Attempt, "error", err.Error())
	f.tell(ctx, job)
	return nil
}

// HandlePanic logs a panic without its value, which may hold anything.
func (f *failures) HandlePanic(ctx context.Context, job *rivertype.JobRow, _ any, trace string) *river.ErrorHandlerResult {
	f.log.Error("step panicked", "job", job.ID, "attempt", job.Attempt, "trace", trace)
	f.tell(ctx, job)
	return nil
}

// tell says after the last try that the job will not be tried again.
func (f *failures) tell(ctx context.Context, job *rivertype.JobRow) {
	if f.lost == nil || job.Attempt < job.MaxAttempts {
		return
	}
	var args step
	if err := json.Unmarshal(job.EncodedArgs, &args); err != nil {
		f.log.Error("lost step cannot be read", "job", job.ID)
		return
	}
	told, cancel := context.WithTimeout(context.WithoutCancel(ctx), jobTimeout) // the job's own time may be over
	defer cancel()
	if err := f.lost(told, models.Job{Kind: args.Step, Tenant: args.Tenant, Subject: args.Subject}); err != nil {
		f.log.Error("lost step not recorded", "job", job.ID, "error", err.Error())
	}
}

// EnqueueOnce asks for a step where the same one was not asked for in this way, or is done.
func (tx *Tx) EnqueueOnce(kind models.JobKind, subject string) error {
	return tx.enqueue(kind, subject, &river.InsertOpts{MaxAttempts: jobAttemptsMax, UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: undone}})
}

// undone are the states of a job that is still to come to its end. River's own choice has the completed ones too, for as long
// as it keeps them.
var undone = []rivertype.JobState{rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable, rivertype.JobStateRunning, rivertype.JobStateScheduled}

// LostJobs counts the steps that failed for good, in every tenant.
func (db *DB) LostJobs(ctx context.Context) (int64, error) {
	return db.count(ctx, "SELECT count(*) FROM river_job WHERE state = 'discarded'")
}

// WaitingJobs counts what is to be done now in every tenant; what is asked for later does not wait.
func (db *DB) WaitingJobs(ctx context.Context) (int64, error) {
	return db.count(ctx, "SELECT count(*) FROM river_job WHERE state IN ('available', 'running', 'retryable') OR state = 'scheduled' AND scheduled_at <= ?", db.clock.Now())
}
