package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"sync"
	"time"

	"medbill/internal/turns"
	"medbill/models"
	"medbill/models/fault"
)

// auditEvent is who did what to which record when. A search has no record.
type auditEvent struct {
	tenant  models.TenantID
	id      string
	at      models.Instant
	subject string
	action  models.AuditAction
	typ     string
	record  string
	version int64
}

func (e auditEvent) args() []any {
	return []any{e.tenant, e.id, e.at, e.subject, e.action, e.typ, e.record, e.version}
}

const insertAudit = "INSERT INTO audit_events (tenant_id, id, at, subject, action, type, record, version) VALUES "

// Audit records what the transaction does; it is committed with it. A version that it made is told by the outbox too.
func (tx *Tx) Audit(action models.AuditAction, typ, record string, version int64) {
	tx.audits = append(tx.audits, auditEvent{tx.actor.Tenant, newID(), tx.now, tx.actor.Subject, action, typ, record, version})
}

func (tx *Tx) writeAudits() error {
	if err := tx.tellChanges(); err != nil {
		return err
	}
	rows := make([][]any, len(tx.audits))
	for i, e := range tx.audits {
		rows[i] = e.args()[1:]
	}
	tx.audits = nil // a rehearsal comes here before its end
	return tx.InsertRows("audit_events", "id, at, subject, action, type, record, version", rows, "")
}

const auditRowsMax = 500 // in one commit of reads

// RecordRead writes into the audit that the actor read a record, searched a type or saw a history, and returns when that is
// durable: reads that come at the same time share one commit. An audit that cannot be written gives Busy, and then the
// answer must not leave.
func (s *Session) RecordRead(ctx context.Context, action models.AuditAction, typ, record string) error {
	return s.RecordReads(ctx, action, []models.Ref{{Type: typ, ID: record}})
}

// RecordReads is RecordRead of several records at once.
func (s *Session) RecordReads(ctx context.Context, action models.AuditAction, refs []models.Ref) error {
	if len(refs) == 0 {
		return nil
	}
	now := s.db.Now()
	events := make([]auditEvent, len(refs))
	for i, ref := range refs {
		events[i] = auditEvent{s.actor.Tenant, newID(), now, s.actor.Subject, action, ref.Type, ref.ID, 0}
	}
	if g, ok := ctx.Value(gatherKey{}).(*gathered); ok {
		g.add(s.db.audit, events)
		return nil
	}
	return s.db.audit.add(ctx, events)
}

type gatherKey struct{}

// gathered are the reads of one request that consists of several.
type gathered struct {
	mutex  sync.Mutex
	audit  *auditor
	events []auditEvent
	shown  int64 // where the log of the primary stood after the last read of it
}

// wasShown gives up to where the reads of a request, which may be nil, go back to no replica that has less.
func (g *gathered) wasShown() int64 {
	if g == nil {
		return 0
	}
	g.mutex.Lock()
	defer g.mutex.Unlock()
	return g.shown
}

func (g *gathered) show(position int64) {
	if g == nil {
		return
	}
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.shown = max(g.shown, position)
}

// Gather gives a context in which reads are only noted, and record, which writes all of them into the audit in one commit.
// For a request of many reads: its answer must not leave before record has given nil.
func Gather(ctx context.Context) (inside context.Context, record func() error) {
	g := &gathered{}
	return context.WithValue(ctx, gatherKey{}, g), func() error { return g.record(ctx) }
}

func (g *gathered) add(audit *auditor, events []auditEvent) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.audit, g.events = audit, append(g.events, events...)
}

func (g *gathered) record(ctx context.Context) error {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	if len(g.events) == 0 {
		return nil
	}
	events := g.events
	g.events = nil
	return g.audit.add(ctx, events)
}

// RecordRead writes into the audit of the transaction that the actor read a record or searched a type within it.
func (tx *Tx) RecordRead(action models.AuditAction, typ, record string) {
	tx.Audit(action, typ, record, 0)
}

// auditor gathers reads and commits them in groups. The tenants that have reads waiting share each group, a part of a request of
// one and then of the next, so that one who reads very much keeps nobody else's reads waiting for longer than the group that is
// under way and the next one.
type auditor struct {
	health
	refusals
	dialect dialect
	write   func([]auditEvent) error
	done    chan struct{} // closed: what was taken on is answered

	mutex   sync.Mutex
	came    *sync.Cond
	waiting map[models.TenantID][]pendingAudit
	turns   []models.TenantID // of those that have some waiting
	closed  bool
}

// pendingAudit is a request's events, or a part of them where they are very many.
type pendingAudit struct {
	events []auditEvent
	wrote  chan error // holds the answer, so that the writer waits for nobody
}

const (
	auditPartMax    = 100  // events
	auditWaitingMax = 4096 // parts of one tenant
)

func newAuditor(pool *sql.DB, d dialect, write func([]auditEvent) error) *auditor {
	a := &auditor{dialect: d, write: write, waiting: map[models.TenantID][]pendingAudit{}, done: make(chan struct{})}
	a.came = sync.NewCond(&a.mutex)
	a.pool = pool
	go a.run()
	return a
}

var errNoAudit = fault.New(fault.Busy, "transient", "The read could not be recorded in the audit; try again.")

// add gives nil when the events, which are of one tenant, are durable. After close it refuses.
func (a *auditor) add(ctx context.Context, events []auditEvent) error {
	return turns.Aside(ctx, func() error { return a.await(ctx, events) })
}

func (a *auditor) await(ctx context.Context, events []auditEvent) error {
	var parts []pendingAudit
	for part := range slices.Chunk(events, auditPartMax) {
		p := pendingAudit{part, make(chan error, 1)}
		if !a.put(p) {
			return errNoAudit
		}
		parts = append(parts, p)
	}
	for _, p := range parts {
		select {
		case err := <-p.wrote:
			if err != nil {
				return &fault.Fault{Kind: fault.Busy, Issues: errNoAudit.Issues, Err: plain(err)}
			}
		case <-ctx.Done():
			return ended(ctx, ctx.Err())
		}
	}
	return nil
}

// put lets events wait for the next group, unless it is over or too many of the tenant wait.
func (a *auditor) put(p pendingAudit) bool {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	tenant := p.events[0].tenant
	line := a.waiting[tenant]
	if a.closed || len(line) >= auditWaitingMax {
		return false
	}
	if len(line) == 0 {
		a.turns = append(a.turns, tenant)
	}
	a.waiting[tenant] = append(line, p)
	a.came.Signal()
	return true
}

// run writes what has gathered while the last group was written, and what is left when it is told to stop.
func (a *auditor) run() {
	defer close(a.done)
	for {
		group := a.next()
		if len(group) == 0 {
			return
		}
		a.commit(group)
	}
}

// next waits for a group; none at the end.
func (a *auditor) next() (group []pendingAudit) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	for len(a.turns) == 0 && !a.closed {
		a.came.Wait()
	}
	for rows := 0; len(a.turns) > 0 && rows < auditRowsMax; {
		tenant := a.turns[0]
		a.turns = a.turns[1:]
		p := a.waiting[tenant][0]
		group, rows = append(group, p), rows+len(p.events)
		if a.waiting[tenant] = a.waiting[tenant][1:]; len(a.waiting[tenant]) > 0 {
			a.turns = append(a.turns, tenant)
		} else {
			delete(a.waiting, tenant)
		}
	}
	return group
}

// commit writes a group and answers it. A row that cannot be written fails those of its own request and nobody else's: a group
// that fails for one is written in halves.
func (a *auditor) commit(group []pendingAudit) {
	var events []auditEvent
	for _, p := range group {
		events = append(events, p.events...)
	}
	err := a.write(events)
	if err != nil && len(group) > 1 && !a.dialect.isAway(err) && !isEnd(err) {
		half := len(group) / 2
		a.commit(group[:half])
		a.commit(group[half:])
		return
	}
	a.health.note(err)
	if err != nil {
		a.refusals.note("audit not written", err)
	}
	for _, p := range group {
		p.wrote <- err
	}
}

// close writes what was taken on and ends the writer.
func (a *auditor) close() error {
	a.mutex.Lock()
	a.closed = true
	a.came.Signal()
	a.mutex.Unlock()
	<-a.done
	return nil
}

const auditWriteTimeout = 10 * time.Second

func sqliteAuditWriter(file *sql.DB) func([]auditEvent) error {
	return func(events []auditEvent) error {
		ctx, cancel := context.WithTimeout(context.Background(), auditWriteTimeout)
		defer cancel()
		tx, err := file.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		for _, e := range events {
			if _, err := tx.ExecContext(ctx, insertAudit+"(?,?,?,?,?,?,?,?)", e.args()...); err != nil {
				return errors.Join(err, tx.Rollback())
			}
		}
		return tx.Commit()
	}
}

const insertAuditArrays = "INSERT INTO audit_events (tenant_id, id, at, subject, action, type, record, version) " +
	"SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[])"

func postgresAuditWriter(pool *sql.DB) func([]auditEvent) error {
	return func(events []auditEvent) error {
		ctx, cancel := context.WithTimeout(context.Background(), auditWriteTimeout)
		defer cancel()
		_, err := pool.ExecContext(ctx, insertAuditArrays, auditArrays(events)...)
		return err
	}
}

// auditArrays gives one array per column.
func auditArrays(events []auditEvent) []any {
	n := len(events)
	tenants, ids, subjects := make([]string, n), make([]string, n), make([]string, n)
	actions, types, records := make([]string, n), make([]string, n), make([]string, n)
	ats, versions := make([]int64, n), make([]int64, n)
	for i, e := range events {
		tenants[i], ids[i], subjects[i] = string(e.tenant), e.id, e.subject
		actions[i], types[i], records[i] = string(e.action), e.typ, e.record
		ats[i], versions[i] = int64(e.at), e.version
	}
	return []any{tenants, ids, ats, subjects, actions, types, records, versions}
}
