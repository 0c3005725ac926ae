package graph

import (
	"context"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"
)

const (
	cachedQueriesMax    = 500
	cachedQueryBytesMax = 16 << 10
)

// queries remembers parsed and validated queries by their text: clients send the same few over and over. When it is full
// it starts again, which costs less than knowing the oldest. A long query is not worth its memory.
type queries struct {
	mu     sync.RWMutex
	parsed map[string]*ast.QueryDocument
}

// Get gives a query that was added.
func (q *queries) Get(_ context.Context, text string) (*ast.QueryDocument, bool) {
	q.mu.RLock()
	defer q.mu.RUnlock()
	d, ok := q.parsed[text]
	return d, ok
}

// Add remembers a valid query.
func (q *queries) Add(_ context.Context, text string, d *ast.QueryDocument) {
	if len(text) > cachedQueryBytesMax {
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.parsed == nil || len(q.parsed) >= cachedQueriesMax {
		q.parsed = make(map[string]*ast.QueryDocument, cachedQueriesMax)
	}
	q.parsed[text] = d
}
