// Package migrations holds the schema of both databases as forward-only SQL files with the same names in both folders, so
// that a version means the same thing everywhere.
package migrations

import "embed"

//go:embed sqlite/*.sql postgres/*.sql sqlite_audit/*.sql
var files embed.FS

// Files gives the folders sqlite, postgres and sqlite_audit.
func Files() embed.FS { return files }
