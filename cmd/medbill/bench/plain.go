package bench

import (
	"context"
	"errors"

	"medbill/internal/store"
	"medbill/internal/store/bare"
)

const plainConnections = 32

// PlainName is the name of the database of bare SQL.
const PlainName = "bare"

// Plain makes a database beside those of the servers and opens it for bare SQL.
func Plain(ctx context.Context, e Engine) (*bare.DB, error) {
	url, err := e.Make(PlainName)
	if err != nil {
		return nil, err
	}
	db, err := store.Open(ctx, store.Config{URL: url})
	if err != nil {
		return nil, err
	}
	if err := errors.Join(db.Migrate(ctx), db.Close()); err != nil {
		return nil, err
	}
	return bare.Open(ctx, url, tenant, plainConnections)
}
