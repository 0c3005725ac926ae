package main

import (
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"medbill/internal/auth"
	"medbill/internal/store/storetest"
)

// A replica that is a moment behind is read while a crowd works; it is killed and comes back, and nobody but the monitor notices: no
// answer fails, the probe stays well, and the books are clean.
func TestACrowdWorksWithAReplica(t *testing.T) {
	if testing.Short() {
		t.Skip("starts several processes; run without -short")
	}
	cluster, replica := storetest.Replicated(t)
	for _, statement := range []string{"ALTER SYSTEM SET recovery_min_apply_delay = '200ms'", "SELECT pg_reload_conf()"} {
		if err := replica.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	h := &house{t: t, binary: built(t), dir: t.TempDir(), url: cluster.URL("medbill")}
	played, out := demo(t.Context(), h.binary, h.dir, h.url)
	if err := played.Run(); err != nil {
		t.Fatalf("the story fails: %v\n%s", err, out)
	}
	p := h.serve("--read-database", replica.URL("medbill"))
	p.await("/metrics", "medbill_replica_used 1\n")
	keys, err := auth.CreateDevKeys(h.dir)
	if err == nil {
		h.tokens, err = roleTokens(keys)
	}
	if err != nil {
		t.Fatal(err)
	}
	crowd := gather(t, "http://"+p.addr, h.tokens, false)
	time.Sleep(3 * time.Second)
	replica.Halt(false)
	p.await("/metrics", "medbill_replica_used 0\n")
	p.await("/readyz", `"database":true`)
	time.Sleep(2 * time.Second)
	if err := replica.Resume(); err != nil {
		t.Fatal(err)
	}
	p.await("/metrics", "medbill_replica_used 1\n")
	reads := counter(t, p.addr, "medbill_replica_reads_total")
	reader, err := tokenCommand{Tenant: "reader", Role: string(auth.RoleAdmin), TTL: demoTokenTTL}.sign(keys)
	if err != nil {
		t.Fatal(err)
	}
	for range 200 { // the crowd writes all the time, and a busy machine leaves it with reads of what it has just written
		request, err := http.NewRequest(http.MethodGet, "http://"+p.addr+"/fhir/R4/Patient", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+reader)
		if response, err := http.DefaultClient.Do(request); err == nil {
			_ = response.Body.Close()
		}
		if time.Sleep(50 * time.Millisecond); counter(t, p.addr, "medbill_replica_reads_total") > reads {
			break
		}
	}
	if now := counter(t, p.addr, "medbill_replica_reads_total"); now <= reads || reads == 0 {
		t.Errorf("%v reads of the replica, then %v", reads, now)
	}
	if passed := counter(t, p.addr, "medbill_replica_passed_total"); passed == 0 {
		t.Error("no read went to the primary")
	}
	crowd.leave()
	p.await("/metrics", "medbill_jobs_waiting 0\n")
	p.await("/metrics", "medbill_jobs_lost_total 0\n")
	p.stop()
	log := p.log.String()
	if n := strings.Count(log, "replica not used"); n < 1 || n > 3 || strings.Contains(log, "database away") {
		t.Errorf("the log has %d lines of the replica:\n%.3000s", n, log)
	}
	h.verify()
	crowd.faults = slices.DeleteFunc(crowd.faults, func(fault string) bool { // what another client has just written
		return strings.HasPrefix(fault, "GET /fhir/R4/Encounter/") && strings.Contains(fault, ": 404,")
	})
	crowd.check(h.url)
	if len(crowd.busy) > 0 {
		t.Errorf("clients were told to come again: %v", crowd.busy)
	}
	if got := said(t, "serve", "--dev", "--data", h.dir, "--read-database", h.url); !strings.Contains(got, "--read-database (MEDBILL_READ_DATABASE)") {
		t.Errorf("a replica of SQLite: %s", got)
	}
}

// counter reads a metric.
func counter(t *testing.T, addr, name string) float64 {
	t.Helper()
	response, err := http.Get("http://" + addr + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`(?m)^` + name + ` (\S+)$`).FindSubmatch(content)
	if found == nil {
		t.Fatalf("there is no metric %s", name)
	}
	value, err := strconv.ParseFloat(string(found[1]), 64)
	if err != nil {
		t.Fatal(err)
	}
	return value
}
