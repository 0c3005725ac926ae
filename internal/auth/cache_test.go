package auth

import (
	"crypto/sha256"
	"testing"
	"time"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func entry(name string) *verified {
	return &verified{hash: sha256.Sum256([]byte(name)), principal: Principal{Subject: name}, until: noon.Add(time.Hour)}
}

func TestCacheForgetsTheTokenUsedLongestAgo(t *testing.T) {
	c := newCache(2)
	c.put(entry("first"))
	c.put(entry("second"))
	if _, found := c.get(entry("first").hash, noon); !found {
		t.Fatal("first is gone before the cache is full")
	}
	c.put(entry("third"))
	for name, want := range map[string]bool{"first": true, "second": false, "third": true} {
		if v, found := c.get(entry(name).hash, noon); found != want || found && v.principal.Subject != name {
			t.Errorf("%s: found = %v, want %v", name, found, want)
		}
	}
}

func TestCacheNeverGrowsPastItsBound(t *testing.T) {
	c := newCache(3)
	for _, name := range []string{"a", "b", "a", "c", "d", "d", "e"} {
		c.put(entry(name))
		if len(c.byHash) > 3 || len(c.byHash) != c.order.Len() {
			t.Fatalf("%d by hash, %d in order, want at most 3 and the same", len(c.byHash), c.order.Len())
		}
	}
	c.drop(entry("e").hash)
	c.drop(entry("never there").hash)
	if len(c.byHash) != 2 || c.order.Len() != 2 {
		t.Errorf("%d by hash, %d in order after a drop, want 2", len(c.byHash), c.order.Len())
	}
}

func TestCacheDropsWhatHasRunOut(t *testing.T) {
	c := newCache(3)
	c.put(entry("a"))
	if _, found := c.get(entry("a").hash, noon.Add(time.Hour)); found || c.order.Len() != 0 {
		t.Errorf("found = %v with %d kept, want it gone at its last moment", found, c.order.Len())
	}
}

func BenchmarkVerify(b *testing.B) {
	keys, err := CreateDevKeys(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	v, err := NewVerifier(b.Context(), keys.Config())
	if err != nil {
		b.Fatal(err)
	}
	token, err := keys.Sign(Claims{Tenant: "canary", Subject: "bench", Scope: "system/*.cruds", Expires: time.Now().Add(time.Hour)})
	if err != nil {
		b.Fatal(err)
	}
	b.Run("remembered", func(b *testing.B) {
		for b.Loop() {
			if _, err := v.Verify(b.Context(), token); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("ES256 in full", func(b *testing.B) {
		for b.Loop() {
			if _, err := v.check(b.Context(), token); err != nil {
				b.Fatal(err)
			}
		}
	})
}
