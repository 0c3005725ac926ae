// Package library keeps the releases of code systems and edits, which belong to no tenant, and hands them out by table and day. A
// content lies in parts of a megabyte; a process reads it when somebody needs it first, and keeps it as long as the release stands. What another process loads or drops is seen within seconds. Decision 0047.
package library

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"sync"
	"time"

	"medbill/internal/codes"
	"medbill/internal/store"
	"medbill/models"
	"medbill/models/fault"
)

const (
	partBytes = 1 << 20
	// lookEvery is how old the list of releases may be that a process goes by.
	lookEvery = 5 * time.Second
	// lookWait is how long somebody waits for a newer list who has an older one.
	lookWait = time.Second
	// KnownWithin is how long it takes until every process knows what another one loaded.
	KnownWithin = lookEvery + lookWait
)

// Library is the one of a database; it is safe for concurrent use.
type Library struct {
	db *store.DB

	mu       sync.Mutex
	looked   models.Instant // when the list was read; 0 for never, or when it changed here
	changes  int            // how often it changed here
	looking  chan struct{}  // closed when a look that is under way ends; nil without one
	releases []codes.Release
	contents map[string]*shelf // by digest
}

// shelf is where a content stands that somebody asked for.
type shelf struct {
	once    sync.Once
	content codes.Content
	err     error
}

// kept is the library of a database, made when it is asked for first.
type kept struct {
	once sync.Once
	*Library
}

// Of gives the library of a database.
func Of(db *store.DB) *Library {
	k := store.Shared[kept](db)
	k.once.Do(func() { k.Library = &Library{db: db, contents: map[string]*shelf{}} })
	return k.Library
}

// Releases gives every release that is here, some seconds old at most; older where the database does not answer for a second.
func (l *Library) Releases(ctx context.Context) ([]codes.Release, error) {
	l.mu.Lock()
	if l.looked != 0 && l.db.Now()-l.looked < models.Instant(lookEvery.Microseconds()) {
		defer l.mu.Unlock()
		return l.releases, nil
	}
	if l.looked == 0 { // nothing that is known counts any more
		l.mu.Unlock()
		return l.look(ctx)
	}
	if l.looking == nil {
		l.looking = make(chan struct{})
		go l.lookAgain(context.WithoutCancel(ctx), l.looking)
	}
	looking := l.looking
	l.mu.Unlock()
	select {
	case <-looking:
	case <-time.After(lookWait):
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.releases, nil
}

// lookAgain reads the list anew and tells who waits for it; where it cannot be read, what was here stands for the next seconds.
func (l *Library) lookAgain(ctx context.Context, done chan struct{}) {
	ctx, cancel := context.WithTimeout(ctx, lookEvery)
	defer cancel()
	if _, err := l.look(ctx); err != nil {
		l.mu.Lock()
		if l.looked != 0 { // it did not change here meanwhile
			l.looked = l.db.Now()
		}
		l.mu.Unlock()
	}
	l.mu.Lock()
	l.looking = nil
	l.mu.Unlock()
	close(done)
}

// look reads the list of releases, and lets go of contents that no release has any more.
func (l *Library) look(ctx context.Context) ([]codes.Release, error) {
	for {
		l.mu.Lock()
		changes := l.changes
		l.mu.Unlock()
		list, err := l.list(ctx)
		if err != nil {
			return nil, err
		}
		if l.take(list, changes) {
			return list, nil
		}
	}
}

// take makes a list the one that counts, unless it changed here since changes were counted.
func (l *Library) take(list []codes.Release, changes int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.changes != changes {
		return false
	}
	stands := map[string]bool{}
	for _, r := range list {
		stands[r.Digest] = true
	}
	for digest := range l.contents {
		if !stands[digest] {
			delete(l.contents, digest)
		}
	}
	l.looked, l.releases = l.db.Now(), list
	return true
}

const columns = "table_name, name, kind, first_day, last_day, complete, row_count, billable, source, digest, loaded"

func (l *Library) list(ctx context.Context) ([]codes.Release, error) {
	var list []codes.Release
	err := l.db.ReadCodes(func(q store.Codes) error {
		rows, err := q.QueryContext(ctx, "SELECT "+columns+" FROM code_releases ORDER BY table_name, name")
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }() // rows.Err tells what went wrong
		for rows.Next() {
			var r codes.Release
			if err := rows.Scan(&r.Table, &r.Name, &r.Kind, &r.Span.From, &r.Span.Until, &r.Complete, &r.Rows, &r.Billable, &r.Source, &r.Digest, &r.Loaded); err != nil {
				return err
			}
			list = append(list, r)
		}
		return rows.Err()
	})
	return list, err
}

// content gives what a release holds.
func (l *Library) content(ctx context.Context, r codes.Release) (codes.Content, error) {
	l.mu.Lock()
	s, found := l.contents[r.Digest]
	if !found {
		s = &shelf{}
		l.contents[r.Digest] = s
	}
	l.mu.Unlock()
	s.once.Do(func() { s.content, s.err = l.read(context.WithoutCancel(ctx), r) })
	if s.err != nil {
		l.mu.Lock()
		if l.contents[r.Digest] == s { // the next one tries again
			delete(l.contents, r.Digest)
		}
		l.mu.Unlock()
	}
	return s.content, s.err
}

// ErrNoRelease is a release that is not here.
var ErrNoRelease = fault.New(fault.NotFound, "codes.no-release", "There is no such release; 'medbill codes list' names those that are here.")

// errGone is a release that went between the list and its content.
var errGone = fault.New(fault.Busy, "codes.gone", "A release of a code system is being loaded; try again in some seconds.")

func (l *Library) read(ctx context.Context, r codes.Release) (codes.Content, error) {
	var body bytes.Buffer
	err := l.db.ReadCodes(func(q store.Codes) error {
		rows, err := q.QueryContext(ctx, "SELECT body FROM code_parts WHERE table_name = $1 AND name = $2 AND digest = $3 ORDER BY part", r.Table, r.Name, r.Digest)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }() // rows.Err tells what went wrong
		for rows.Next() {
			var part sql.RawBytes
			if err := rows.Scan(&part); err != nil {
				return err
			}
			body.Write(part)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, err
	}
	if body.Len() == 0 {
		return nil, errGone
	}
	return codes.Decode(r.Kind, body.Bytes())
}

// Open gives the books of some tables for some days: what is in them does not change any more.
func (l *Library) Open(ctx context.Context, days []models.Date, tables ...codes.Table) (codes.Books, error) {
	releases, err := l.Releases(ctx)
	if err != nil {
		return codes.Books{}, err
	}
	contents := map[string]codes.Content{}
	for _, table := range tables {
		for _, day := range days {
			r, standing := codes.On(table, releases, day)
			if _, known := contents[r.Digest]; known || standing == codes.Missing {
				continue
			}
			if contents[r.Digest], err = l.content(ctx, r); err != nil {
				return codes.Books{}, err
			}
		}
	}
	return codes.NewBooks(releases, contents), nil
}

// Kept is a release as it stands here, and whether keeping it changed something.
type Kept struct {
	codes.Release
	Changed bool
}

// Keep adds releases, or replaces those of their tables and names: all of them, each whole, or nothing. One that stands here as it is is
// left alone. told hears how many bytes of how many are written of each.
func (l *Library) Keep(ctx context.Context, editions []codes.Edition, told func(done, of int64)) ([]Kept, error) {
	kept, bodies := make([]Kept, len(editions)), make([][]byte, len(editions))
	for i, e := range editions {
		var err error
		kept[i].Release = e.Release
		if bodies[i], kept[i].Digest, err = codes.Encode(e.Content); err != nil {
			return nil, err
		}
		kept[i].Loaded = l.db.Now()
	}
	var done []Kept
	err := l.db.WriteCodes(ctx, func(q store.Codes) error {
		done = nil
		for i, k := range kept {
			var err error
			if k, err = keep(ctx, q, k.Release, bodies[i], told); err != nil {
				return err
			}
			done = append(done, k)
		}
		return nil
	})
	l.forget()
	return done, err
}

// keep writes one release, unless it stands here as it is.
func keep(ctx context.Context, q store.Codes, r codes.Release, body []byte, told func(done, of int64)) (Kept, error) {
	before, err := one(ctx, q, r.Table, r.Name)
	if err != nil {
		return Kept{}, err
	}
	same := before
	same.Loaded, same.Source = r.Loaded, r.Source
	if same == r {
		return Kept{before, false}, nil
	}
	if err := drop(ctx, q, r); err != nil {
		return Kept{}, err
	}
	_, err = q.ExecContext(ctx, "INSERT INTO code_releases ("+columns+") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
		r.Table, r.Name, r.Kind, r.Span.From, r.Span.Until, r.Complete, r.Rows, r.Billable, r.Source, r.Digest, r.Loaded)
	if err != nil {
		return Kept{}, err
	}
	return Kept{r, true}, putParts(ctx, q, r, body, told)
}

// putParts writes the content of a release.
func putParts(ctx context.Context, q store.Codes, r codes.Release, body []byte, told func(done, of int64)) error {
	for part := 0; part*partBytes < len(body); part++ {
		end := min(len(body), (part+1)*partBytes)
		_, err := q.ExecContext(ctx, "INSERT INTO code_parts (table_name, name, digest, part, body) VALUES ($1, $2, $3, $4, $5)",
			r.Table, r.Name, r.Digest, part, body[part*partBytes:end])
		if err != nil {
			return err
		}
		if told != nil {
			told(int64(end), int64(len(body)))
		}
	}
	return nil
}

// Drop takes a release away. One that is not here is not found.
func (l *Library) Drop(ctx context.Context, table codes.Table, name string) error {
	err := l.db.WriteCodes(ctx, func(q store.Codes) error {
		r, err := one(ctx, q, table, name)
		if err != nil {
			return err
		}
		if r.Digest == "" {
			return ErrNoRelease
		}
		return drop(ctx, q, r)
	})
	l.forget()
	return err
}

// one gives a release, the zero one where it is not here.
func one(ctx context.Context, q store.Codes, table codes.Table, name string) (r codes.Release, err error) {
	err = q.QueryRowContext(ctx, "SELECT "+columns+" FROM code_releases WHERE table_name = $1 AND name = $2", table, name).
		Scan(&r.Table, &r.Name, &r.Kind, &r.Span.From, &r.Span.Until, &r.Complete, &r.Rows, &r.Billable, &r.Source, &r.Digest, &r.Loaded)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return r, err
}

// drop deletes a release with its content.
func drop(ctx context.Context, q store.Codes, r codes.Release) error {
	if _, err := q.ExecContext(ctx, "DELETE FROM code_releases WHERE table_name = $1 AND name = $2", r.Table, r.Name); err != nil {
		return err
	}
	_, err := q.ExecContext(ctx, "DELETE FROM code_parts WHERE table_name = $1 AND name = $2", r.Table, r.Name)
	return err
}

// forget has the list read anew when it is asked for next.
func (l *Library) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.looked = 0
	l.changes++
}
