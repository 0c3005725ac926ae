package store

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// A pooler in transaction mode, such as PgBouncer, gives each transaction the server's connection that is free. What belongs to a
// session is lost between two of them: settings, prepared statements, LISTEN, locks of the session. So the settings travel with each
// transaction, statements are described once and sent in full, and who works looks in place of listening.

// travelling is sessionSettings as a statement for one transaction. A read by itself is one too, together with what was sent before
// it in the same round trip.
var travelling = func() string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(sessionSettings)) {
		parts = append(parts, "set_config('"+name+"', '"+sessionSettings[name]+"', true)")
	}
	return "SELECT " + strings.Join(parts, ", ")
}()

var errPooled = errors.New("the database URL leads to a pooler such as PgBouncer, which keeps no settings of a session; " +
	"set --pool transaction (MEDBILL_POOL), or name the address of PostgreSQL itself")

// isPoolerRefusal reports whether a connection was refused for settings that PostgreSQL itself takes.
func isPoolerRefusal(err error) bool {
	refusal, ok := errors.AsType[*pgconn.PgError](err)
	return ok && refusal.Code == "08P01" && strings.Contains(refusal.Message, "startup parameter")
}
