package main

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"medbill/cmd/medbill/story"
	"medbill/internal/auth"
	"medbill/internal/store/storetest"
)

// Two servers and a worker behind a PgBouncer in transaction mode, which has fewer connections than they, play a visit to its paid
// bill and then work for a crowd: what is acknowledged is there, once, and the books are clean. Who does not say that there is a
// PgBouncer is told to.
func TestTheStoryIsPlayedThroughPgBouncer(t *testing.T) {
	if testing.Short() {
		t.Skip("starts several processes; run without -short")
	}
	cluster := ownCluster(t)
	through := storetest.Pooler(t, cluster, 8)
	h := &house{t: t, binary: built(t), dir: t.TempDir(), url: through.URL("medbill")}
	if err := run(t.Context(), []string{"migrate", "--data", h.dir, "--database", h.url}, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), "--pool transaction") {
		t.Errorf("without --pool: %v, want a word about it", err)
	}
	t.Setenv("MEDBILL_POOL", "transaction")
	said(t, "tenant", story.Tenant, "--data", h.dir, "--database", h.url, "--name", "Zzyzx Road Clinic", "--time-zone", "America/Los_Angeles",
		"--practice", "demo-practice", "--self-pay-hours", "0")
	one, two := h.serve("--no-work"), h.serve()
	h.work()
	keys, err := auth.CreateDevKeys(h.dir)
	if err == nil {
		h.tokens, err = roleTokens(keys)
	}
	if err == nil {
		ctx, cancel := context.WithTimeout(t.Context(), runTimeout)
		defer cancel()
		err = playStory(ctx, "http://"+one.addr, h.dir, h.tokens, time.Minute, func(int, int, story.Step) {})
	}
	if err != nil {
		t.Fatal(err)
	}
	bases := []string{"http://" + one.addr, "http://" + two.addr}
	crowd := gather(t, bases[0], h.tokens, false)
	for flips := range 300 { // whoever asks again asks the other one
		crowd.base.Store(&bases[flips%2])
		time.Sleep(20 * time.Millisecond)
	}
	crowd.leave()
	two.await("/metrics", "medbill_jobs_waiting 0\n")
	two.await("/metrics", "medbill_jobs_lost_total 0\n")
	for _, p := range []*process{one, two} {
		p.stop()
		if log := p.log.String(); strings.Contains(log, `"level":"WARN"`) || strings.Contains(log, `"level":"ERROR"`) {
			t.Errorf("the log warns:\n%.2000s", log)
		}
	}
	h.url = cluster.URL("medbill") // PgBouncer 1.18 was seen to be gone when all who were connected had left at once
	h.verify()
	crowd.check(h.url)
}
