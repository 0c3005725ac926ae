package store

import (
	"context"
	"errors"

	"gorm.io/gorm"
)

// Moment runs fn with n views that all see the same moment, each for one goroutine at a time: a long comparison on which more
// than one processor works. Nobody waits for it, and it changes nothing. n stays below what the pool holds.
func (s *Session) Moment(ctx context.Context, n int, fn func([]*View) error) error {
	return s.turn(ctx, s.db.readTurns, func() error {
		s.db.moment.Lock() // two that each wait for the connections of the other would wait for good
		defer s.db.moment.Unlock()
		conns, err := s.db.transactions(ctx, n)
		defer func() {
			for _, conn := range conns {
				conn.Rollback()
			}
		}()
		if err == nil {
			err = fn(s.views(conns))
		}
		return s.db.translate(err)
	})
}

// transactions opens n reading transactions of one moment. Those that it gives with an error are to be ended too.
func (db *DB) transactions(ctx context.Context, n int) ([]*gorm.DB, error) {
	if !db.dialect.embedded {
		return postgresMoment(ctx, db.read, n)
	}
	for {
		conns, err := sqliteMoment(ctx, db.read, n)
		if !errors.Is(err, errMoved) {
			return conns, err
		}
		for _, conn := range conns {
			conn.Rollback()
		}
	}
}

func (s *Session) views(conns []*gorm.DB) []*View {
	views := make([]*View, len(conns))
	for i, conn := range conns {
		views[i] = &View{db: s.db, conn: conn, actor: s.actor}
	}
	return views
}

// errMoved says that somebody wrote while the transactions of one moment were opened.
var errMoved = errors.New("the moment is over")

// sqliteMoment opens reading transactions that see the same, as nobody wrote between the first and the last of them: a
// connection beside them tells. https://sqlite.org/pragma.html#pragma_data_version
func sqliteMoment(ctx context.Context, db *gorm.DB, n int) (conns []*gorm.DB, err error) {
	err = db.WithContext(ctx).Connection(func(beside *gorm.DB) error {
		var before, after int64
		if err := beside.Raw("PRAGMA data_version").Scan(&before).Error; err != nil {
			return err
		}
		for range n {
			conn := db.WithContext(ctx).Begin(sqliteDialect.snapshot)
			if conn.Error != nil {
				return conn.Error
			}
			conns = append(conns, conn)
			var tables int // what a transaction sees begins with its first read
			if err := conn.Raw("SELECT count(*) FROM sqlite_schema").Scan(&tables).Error; err != nil {
				return err
			}
		}
		if err := beside.Raw("PRAGMA data_version").Scan(&after).Error; err != nil {
			return err
		}
		if before != after {
			return errMoved
		}
		return nil
	})
	return conns, err
}

// postgresMoment opens reading transactions that see what the first of them sees.
// https://www.postgresql.org/docs/15/functions-admin.html#FUNCTIONS-SNAPSHOT-SYNCHRONIZATION
func postgresMoment(ctx context.Context, db *gorm.DB, n int) (conns []*gorm.DB, err error) {
	var name string
	for len(conns) < n {
		conn := db.WithContext(ctx).Begin(postgresDialect.snapshot)
		if conn.Error != nil {
			return conns, conn.Error
		}
		conns = append(conns, conn)
		if name == "" {
			err = conn.Raw("SELECT pg_export_snapshot()").Scan(&name).Error
		} else {
			err = conn.Exec("SET TRANSACTION SNAPSHOT '" + name + "'").Error // it takes no placeholder, and the name is the server's
		}
		if err != nil {
			return conns, err
		}
	}
	return conns, nil
}
