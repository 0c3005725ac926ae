package store

import (
	"context"
	"runtime"
	"sync"
	"testing"
)

// Reads that come while a group is written share the next commit.
func TestReadsShareACommit(t *testing.T) {
	const readers = 50
	var groups []int
	began, arrived := make(chan struct{}), make(chan struct{})
	a := newAuditor(nil, sqliteDialect, func(events []auditEvent) error {
		if len(groups) == 0 {
			close(began)
			<-arrived // the first write takes until everybody waits
		}
		groups = append(groups, len(events))
		return nil
	})
	var wait sync.WaitGroup
	wait.Go(func() {
		if err := a.add(context.Background(), make([]auditEvent, 1)); err != nil {
			t.Error(err)
		}
	})
	<-began
	for range readers {
		wait.Go(func() {
			if err := a.add(context.Background(), make([]auditEvent, 1)); err != nil {
				t.Error(err)
			}
		})
	}
	for len(a.queue) < readers {
		runtime.Gosched()
	}
	close(arrived)
	wait.Wait()
	if len(groups) != 2 || groups[0] != 1 || groups[1] != readers {
		t.Errorf("%d reads were written in groups of %v", readers+1, groups)
	}
	if err := a.close(); err != nil {
		t.Error(err)
	}
}

// A reader that goes away does not wait, and what it asked for is recorded all the same.
func TestReaderThatLeavesDoesNotWait(t *testing.T) {
	release := make(chan struct{})
	wrote := 0
	a := newAuditor(nil, sqliteDialect, func(events []auditEvent) error {
		<-release
		wrote += len(events)
		return nil
	})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := a.add(ctx, make([]auditEvent, 1)); err == nil {
		t.Error("a reader that left got its answer")
	}
	close(release)
	if err := a.close(); err != nil || wrote > 1 {
		t.Errorf("%d events were written: %v", wrote, err)
	}
}
