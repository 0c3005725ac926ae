package main

import (
	"context"
	"fmt"
)

// backupCommand is `medbill backup`.
type backupCommand struct {
	place
	To string `help:"Folder for the copy, without a database yet." placeholder:"DIR" required:""`
}

// Run copies the embedded database, also beside the server that works on it.
func (c backupCommand) Run(ctx context.Context, out streams) error {
	if err := c.settings().CheckData(); err != nil {
		return err
	}
	db, err := c.beside(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	out.tell("copying the database")
	if err := db.BackUp(ctx, c.To); err != nil {
		return err
	}
	fmt.Fprintf(out.out, "copied into %s; see with 'medbill verify --data %s' that it is whole\n", c.To, quoted(c.To))
	return nil
}
