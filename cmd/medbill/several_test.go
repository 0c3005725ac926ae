package main

import (
	"context"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"medbill/cmd/medbill/story"
	"medbill/internal/auth"
	"medbill/internal/store/storetest"
)

// house is several processes on one PostgreSQL, in which the story was played.
type house struct {
	t           *testing.T
	binary, dir string
	url         string
	tokens      story.Tokens
}

func settled(t *testing.T) *house {
	t.Helper()
	if testing.Short() {
		t.Skip("starts several processes; run without -short")
	}
	h := &house{t: t, binary: built(t), dir: t.TempDir(), url: storetest.URL(t, "postgres")}
	played, out := demo(t.Context(), h.binary, h.dir, h.url)
	if err := played.Run(); err != nil {
		t.Fatalf("the story fails: %v\n%s", err, out)
	}
	keys, err := auth.CreateDevKeys(h.dir)
	if err == nil {
		h.tokens, err = roleTokens(keys)
	}
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// serve starts a server.
func (h *house) serve(more ...string) *process {
	h.t.Helper()
	p := &process{t: h.t, binary: h.binary, dir: h.dir, url: h.url, addr: freeAddr(h.t), more: more}
	p.start()
	return p
}

// work starts a process that only works.
func (h *house) work() *process {
	h.t.Helper()
	p := &process{t: h.t, binary: h.binary, dir: h.dir, url: h.url}
	p.cmd = exec.Command(p.binary, "work", "--data", p.dir, "--database", p.url)
	p.cmd.Stdout, p.cmd.Stderr = io.Discard, &p.log
	if err := p.cmd.Start(); err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(p.kill)
	for range 600 {
		if strings.Contains(p.log.String(), "working") {
			return p
		}
		time.Sleep(50 * time.Millisecond)
	}
	h.t.Fatalf("it does not work: %s", p.log.String())
	return nil
}

func (h *house) verify() {
	h.t.Helper()
	if got := said(h.t, "verify", "--data", h.dir, "--database", h.url); !strings.HasSuffix(got, "clean\n") {
		h.t.Errorf("verify: %s", got)
	}
}

// Two servers and two workers on one PostgreSQL are one medbill: what is acknowledged by either is there, once; a key or a
// condition given to one holds for the other; a page of one leads to the next of the other; and one of each that is killed on the way
// changes nothing of that.
func TestSeveralProcessesAreOneMedbill(t *testing.T) {
	h := settled(t)
	one, two := h.serve(), h.serve("--no-work")
	first, second := h.work(), h.work()
	crowd := gather(t, "http://"+one.addr, h.tokens, true)
	bases := []string{"http://" + one.addr, "http://" + two.addr}
	until, flips := time.Now().Add(12*time.Second), 0
	for ; time.Now().Before(until); flips++ { // whoever asks again asks the other one
		crowd.base.Store(&bases[flips%2])
		time.Sleep(20 * time.Millisecond)
		switch flips {
		case 100:
			first.kill()
		case 200:
			one.kill()
			one.start()
		}
	}
	crowd.base.Store(&bases[1])
	crowd.leave()
	two.await("/metrics", "medbill_jobs_waiting 0\n")
	two.await("/metrics", "medbill_jobs_lost_total 0\n")

	ctx, cancel := context.WithTimeout(context.Background(), runTimeout)
	defer cancel()
	admin := h.tokens["admin"]
	seen, pages := map[string]bool{}, 0
	for path := "/fhir/R4/Patient?_count=5&_sort=-_lastUpdated&_elements=id"; path != ""; pages++ {
		page := send(ctx, t, bases[pages%2], admin, "GET", path, "")
		for _, part := range strings.Split(page, `"fullUrl":"`)[1:] {
			url, _, _ := strings.Cut(part, `"`)
			id := url[strings.LastIndex(url, "/")+1:]
			if seen[id] {
				t.Errorf("patient %s is on two pages", id)
			}
			seen[id] = true
		}
		path = next(page)
	}
	patients := storetest.ByHand(t, h.url).Text("SELECT CAST(count(*) AS TEXT) FROM documents WHERE type = 'Patient' AND NOT deleted")
	if fmt.Sprint(len(seen)) != patients || pages < 3 {
		t.Errorf("%d pages have %d patients of %s", pages, len(seen), patients)
	}
	for _, p := range []*process{one, two} {
		p.stop()
	}
	if err := second.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := second.cmd.Wait(); err != nil {
		t.Errorf("a worker stopped by SIGTERM ends with %v", err)
	}
	h.verify()
	crowd.check(h.url)
}

// next gives the path to the next page; "" on the last one.
func next(page string) string {
	_, link, ok := strings.Cut(page, `"relation":"next","url":"`)
	if !ok {
		return ""
	}
	link, _, _ = strings.Cut(link, `"`)
	_, path, _ := strings.Cut(link, "/fhir/R4")
	return "/fhir/R4" + strings.ReplaceAll(path, `\u0026`, "&")
}

// lostMax is how long a step of a worker that was killed may wait for another one.
const lostMax = 5 * time.Second

// A worker that is killed in the middle of its steps leaves nothing to wait for: its transactions end with it.
func TestStepsOfAKilledWorkerAreDoneByAnother(t *testing.T) {
	h := settled(t)
	door := h.serve("--no-work")
	killed := h.work()
	h.work()
	hand := storetest.ByHand(t, h.url)
	if hand.Text("SHOW max_prepared_transactions") == "0" {
		fmt.Println("SKIPPED", t.Name()+": the server prepares no transactions; start it with max_prepared_transactions above 0")
		t.SkipNow()
	}
	crowd := &crowd{t: t, tokens: h.tokens, end: make(chan struct{}), done: map[string][]string{}, busy: map[string]int{}}
	base := "http://" + door.addr
	crowd.base.Store(&base)

	// While nobody can write claims, every step stops in its middle, its case taken.
	hand.Do("BEGIN; LOCK TABLE claims IN EXCLUSIVE MODE; PREPARE TRANSACTION 'held'")
	release := sync.OnceFunc(func() { hand.Do("ROLLBACK PREPARED 'held'") })
	defer release()
	const pushed = 12
	for range pushed {
		crowd.push(0)
	}
	for tries := 0; hand.Text("SELECT CAST(count(*) AS TEXT) FROM pg_locks WHERE relation = 'claims'::regclass AND NOT granted") < "2"; tries++ {
		if tries == 200 {
			t.Fatal("no steps stop")
		}
		time.Sleep(20 * time.Millisecond)
	}
	killed.kill()
	release()
	since := time.Now()
	waiting := func() string { return hand.Text("SELECT CAST(count(*) AS TEXT) FROM cases WHERE due <> ''") }
	for waiting() != "0" && time.Since(since) < 2*lostMax {
		time.Sleep(10 * time.Millisecond)
	}
	took := time.Since(since)
	t.Logf("all of %d steps were done %s after the kill", pushed, took.Round(time.Millisecond))
	if took > lostMax {
		t.Errorf("%s steps were left %s after the kill", waiting(), took)
	}
	if claims := hand.Text("SELECT CAST(count(*) AS TEXT) FROM claims WHERE case_id LIKE 'Encounter/crowd-%'"); claims != fmt.Sprint(pushed) {
		t.Errorf("%d visits have %s claims", pushed, claims)
	}
	h.verify()
}
