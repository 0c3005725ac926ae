// Package migrations holds the schema of both databases as forward-only SQL files with the same names in both folders, so
// that a version means the same thing everywhere.
package migrations

import "embed"

//go:embed sqlite/*.sql postgres/*.sql sqlite_audit/*.sql sqlite_codes/*.sql
var files embed.FS

// Files gives the folders sqlite, postgres, sqlite_audit and sqlite_codes.
func Files() embed.FS { return files }
