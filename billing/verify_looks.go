package billing

import (
	"context"
	"sync"

	"medbill/internal/store"
	"medbill/internal/store/documents"
	"medbill/internal/store/journal"
	"medbill/models"
)

// lookersMax bounds how many parts are held in memory at once.
const lookersMax = 8

// look is one part of what is to be compared, some hundreds of records.
type look struct {
	records int
	do      func(*verifier) error
	by      verifier      // who did it, with what was found
	done    chan struct{} // closed when it is
}

// looks hands out the parts as they are read.
type looks struct {
	ctx         context.Context
	todo, order chan *look
}

// lookAt reads all there is on one view, has it compared on the others, and gives the parts in the order in which they were read.
func lookAt(ctx context.Context, reader *store.View, lookers []*store.View, seen func(*look)) error {
	ctx, end := context.WithCancelCause(ctx)
	l := &looks{ctx, make(chan *look), make(chan *look, 2*len(lookers))}
	var all sync.WaitGroup
	all.Go(func() {
		defer close(l.order)
		defer close(l.todo)
		if err := l.read(reader); err != nil {
			end(err)
		}
	})
	for _, view := range lookers {
		all.Go(func() {
			for one := range l.todo {
				one.by.view = view
				if err := one.do(&one.by); err != nil {
					end(err)
				}
				one.do = nil // and with it the records
				close(one.done)
			}
		})
	}
	for one := range l.order {
		select {
		case <-one.done:
			seen(one)
		case <-ctx.Done():
		}
	}
	all.Wait()
	defer end(nil)
	return context.Cause(ctx)
}

// read asks for a look at each part.
func (l *looks) read(v *store.View) error {
	for _, part := range []func() error{
		func() error {
			return documents.EachPage(v, func(page []models.Document) error {
				return l.ask(len(page), func(c *verifier) error { return c.documents(page) })
			})
		},
		func() error {
			return documents.EachPastPage(v, func(page []models.Document) error {
				return l.ask(len(page), func(c *verifier) error { return c.pasts(page) })
			})
		},
		func() error {
			return journal.EachPage(v, func(page []models.Entry) error {
				return l.ask(len(page), func(c *verifier) error { return c.entries(page) })
			})
		},
		func() error { return l.ask(0, (*verifier).missing) },
		func() error {
			return journal.EachOwed(v, func(page []journal.Owed) error {
				return l.ask(0, func(c *verifier) error { return c.cases(page) })
			}, models.AccountARInsurance, models.AccountARPatient)
		},
	} {
		if err := part(); err != nil {
			return err
		}
	}
	return nil
}

// ask waits until somebody takes the part.
func (l *looks) ask(records int, do func(*verifier) error) error {
	one := &look{records: records, do: do, done: make(chan struct{})}
	for _, to := range []chan *look{l.order, l.todo} {
		select {
		case to <- one:
		case <-l.ctx.Done():
			return context.Cause(l.ctx)
		}
	}
	return nil
}
