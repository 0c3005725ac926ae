package storetest

import (
	"fmt"
	"net/url"
	"testing"

	"medbill/internal/store/throwaway"
)

// CitusURL gives the URL of an empty database on two machines of a Citus cluster, which end with the test. The first one leads, and
// both hold data. Where the binaries on this machine have no Citus, the test is skipped.
func CitusURL(t testing.TB) string {
	t.Helper()
	if !throwaway.HasExtension("citus") {
		fmt.Println("SKIPPED", t.Name()+": the PostgreSQL on this machine has no Citus extension")
		t.SkipNow()
	}
	var machines [2]*throwaway.Cluster
	for i := range machines {
		machine, err := throwaway.Start(false, "shared_preload_libraries=citus", "wal_level=logical", "citus.shard_count=4", "citus.node_conninfo=sslmode=prefer")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(machine.Stop)
		hand := ByHand(t, machine.URL("postgres"))
		hand.Do("CREATE DATABASE medbill")
		ByHand(t, machine.URL("medbill")).Do("CREATE EXTENSION citus")
		machines[i] = machine
	}
	leading := ByHand(t, machines[0].URL("medbill"))
	leading.Do("SELECT citus_set_coordinator_host('127.0.0.1', " + portOf(t, machines[0]) + ")")
	leading.Do("SELECT citus_set_node_property('127.0.0.1', " + portOf(t, machines[0]) + ", 'shouldhaveshards', TRUE)")
	leading.Do("SELECT citus_add_node('127.0.0.1', " + portOf(t, machines[1]) + ")")
	return machines[0].URL("medbill")
}

func portOf(t testing.TB, c *throwaway.Cluster) string {
	u, err := url.Parse(c.URL(""))
	if err != nil {
		t.Fatal(err)
	}
	return u.Port()
}
