package store

import (
	"context"
	"runtime"
	"sync"
	"testing"

	"medbill/models"
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
	for a.parts() < readers {
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

// parts counts what waits for a group.
func (a *auditor) parts() (n int) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	for _, line := range a.waiting {
		n += len(line)
	}
	return n
}

// However much one tenant reads, another one's read is in the group after the one that is under way.
func TestTenantsShareTheGroupsOfTheAudit(t *testing.T) {
	var groups []map[models.TenantID]int
	began, arrived := make(chan struct{}), make(chan struct{})
	a := newAuditor(nil, sqliteDialect, func(events []auditEvent) error {
		if len(groups) == 0 {
			close(began)
			<-arrived // the first write takes until everybody waits
		}
		group := map[models.TenantID]int{}
		for _, e := range events {
			group[e.tenant]++
		}
		groups = append(groups, group)
		return nil
	})
	var wait sync.WaitGroup
	reads := func(tenant models.TenantID, requests, events int) {
		for range requests {
			wait.Go(func() {
				list := make([]auditEvent, events)
				for i := range list {
					list[i].tenant = tenant
				}
				if err := a.add(context.Background(), list); err != nil {
					t.Error(err)
				}
			})
		}
	}
	reads("large", 1, 1)
	<-began
	reads("large", 1, 20*auditRowsMax)
	reads("large", 40, 100)
	for a.parts() < 140 {
		runtime.Gosched()
	}
	reads("small", 2, 1)
	for a.parts() < 142 {
		runtime.Gosched()
	}
	close(arrived)
	wait.Wait()
	total := 0
	for i, group := range groups {
		total += group["large"] + group["small"]
		if rows := group["large"] + group["small"]; rows >= auditRowsMax+auditPartMax {
			t.Errorf("group %d has %d rows", i, rows)
		}
	}
	if groups[1]["small"] != 2 {
		t.Errorf("the small tenant's reads are in the groups %v", groups)
	}
	if total != 1+20*auditRowsMax+40*100+2 {
		t.Errorf("%d rows were written", total)
	}
	if err := a.close(); err != nil {
		t.Error(err)
	}
}
