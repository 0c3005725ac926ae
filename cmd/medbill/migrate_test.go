package main

import (
	"context"
	"strings"
	"testing"

	"medbill/cmd/medbill/story"
	"medbill/internal/store/storetest"
)

func TestOnlyCitusIsDistributed(t *testing.T) {
	dir := t.TempDir()
	for database, want := range map[string]string{"": "SQLite is one machine", storetest.BareURL(t, "postgres"): "CREATE EXTENSION citus"} {
		args := []string{"migrate", "--distribute", "--data", dir}
		if database != "" {
			args = append(args, "--database", database)
		}
		if got := said(t, args...); !strings.Contains(got, want) {
			t.Errorf("%q is missing in: %s", want, got)
		}
	}
}

// The whole visit is billed where two machines hold the tenants, and stays right when its tenant gets a part of its own that is
// moved to the other machine, as docs/operations.md says.
func TestAVisitIsBilledOnManyMachines(t *testing.T) {
	url := storetest.CitusURL(t)
	ctx, cancel := context.WithTimeout(context.Background(), runTimeout)
	defer cancel()
	dir := t.TempDir()
	if got := said(t, "migrate", "--distribute", "--data", dir, "--database", url); !strings.Contains(got, `"msg":"distributed"`) {
		t.Fatal(got)
	}
	c := demoCommand{Data: dir, Database: url, Addr: "127.0.0.1:0", Patience: runTimeout}
	s, tokens := served(ctx, t, c)
	tell := func() {
		t.Helper()
		if err := c.play(ctx, s, tokens, func(int, int, story.Step) {}); err != nil {
			t.Fatal(err)
		}
		if got := said(t, "verify", "--data", dir, "--database", url); !strings.HasSuffix(got, "7 journal entries\nclean\n") {
			t.Errorf("verify: %s", got)
		}
	}
	tell()
	hand := storetest.ByHand(t, url)
	shard := hand.Text("SELECT isolate_tenant_to_new_shard('tenants', 'demo', 'CASCADE', shard_transfer_mode => 'block_writes')")
	hand.Do("SELECT citus_move_shard_placement(" + shard + ", s.nodename, s.nodeport, n.nodename, n.nodeport, 'block_writes')" +
		" FROM citus_shards s JOIN pg_dist_node n ON n.nodeport <> s.nodeport WHERE s.shardid = " + shard)
	tell()
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
}
