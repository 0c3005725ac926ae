package auth_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"medbill/internal/auth"
	"medbill/internal/clock/clocktest"
	"medbill/models/fault"
)

func TestKeyFileIsRotatedByReplacingIt(t *testing.T) {
	old := newIssuer(t, "old")
	v, hand, path := fileVerifier(t, old)
	before := old.sign(t, "old", good())
	if _, err := v.Verify(t.Context(), before); err != nil {
		t.Fatal(err)
	}
	renewed := newIssuer(t, "new")
	renewed.publish(t, path)
	if _, err := v.Verify(t.Context(), renewed.sign(t, "new", good())); err != nil {
		t.Errorf("a token of the new key: %v, want accepted at once", err)
	}
	refused(t, v, before, "does not publish")

	again := newIssuer(t, "new")
	again.publish(t, path)
	after := again.sign(t, "new", good())
	refused(t, v, after, "signature")
	hand.Advance(time.Second)
	if _, err := v.Verify(t.Context(), after); err != nil {
		t.Errorf("another key under the same kid, a second later: %v, want accepted", err)
	}
}

func TestRememberedTokenFallsWithItsKey(t *testing.T) {
	i := newIssuer(t, "a")
	v, hand, path := fileVerifier(t, i)
	token := i.sign(t, "a", good())
	if _, err := v.Verify(t.Context(), token); err != nil {
		t.Fatal(err)
	}
	newIssuer(t, "a").publish(t, path) // the same kid, another key
	hand.Advance(time.Second)
	refused(t, v, token, "signature")
}

func TestUnreadableKeyFileKeepsTheLastKeys(t *testing.T) {
	i := newIssuer(t, "a")
	v, hand, path := fileVerifier(t, i)
	for name, content := range map[string]string{"half written": `{"keys":[{"kty":"EC"`, "empty set": `{"keys":[]}`, "empty": ""} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		hand.Advance(time.Minute)
		if _, err := v.Verify(t.Context(), i.sign(t, "a", good())); err != nil {
			t.Errorf("%s: %v, want the last keys to hold", name, err)
		}
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	hand.Advance(time.Minute)
	if _, err := v.Verify(t.Context(), i.sign(t, "a", good())); err != nil {
		t.Errorf("removed: %v, want the last keys to hold", err)
	}
}

// keyServer publishes an issuer's keys on loopback, counts fetches, and may be down.
type keyServer struct {
	mu      sync.Mutex
	content []byte
	fetches atomic.Int64
}

func (s *keyServer) set(content []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.content = content
}

func (s *keyServer) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	s.fetches.Add(1)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.content == nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	_, _ = w.Write(s.content)
}

func urlVerifier(t *testing.T, handler http.Handler) *auth.Verifier {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	v, err := auth.NewVerifier(t.Context(), auth.Config{
		Issuer: issuerName, Audience: audience, JWKS: server.URL + "/jwks.json", Clock: clocktest.At(start).Clock(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestUnknownKidIsFetchedOnce(t *testing.T) {
	old, renewed := newIssuer(t, "old"), newIssuer(t, "new")
	server := &keyServer{content: old.jwks(t)}
	v := urlVerifier(t, server)
	before := old.sign(t, "old", good())
	if _, err := v.Verify(t.Context(), before); err != nil {
		t.Fatal(err)
	}
	server.set(renewed.jwks(t))
	if _, err := v.Verify(t.Context(), before); err != nil {
		t.Errorf("before anybody noticed the rotation: %v, want remembered", err)
	}
	var callers sync.WaitGroup
	for range 8 {
		callers.Go(func() {
			if _, err := v.Verify(t.Context(), renewed.sign(t, "new", good())); err != nil {
				t.Errorf("a token of the new key: %v, want accepted by all callers", err)
			}
		})
	}
	callers.Wait()
	refused(t, v, before, "does not publish")
	for range 20 {
		refused(t, v, newIssuer(t, "forged").sign(t, "forged", good()), "does not publish")
	}
	if n := server.fetches.Load(); n != 2 {
		t.Errorf("%d fetches, want 2: one at the start and one for the new key", n)
	}
}

func TestServerStartsWhileTheIssuerIsDown(t *testing.T) {
	i := newIssuer(t, "a")
	server := &keyServer{}
	v := urlVerifier(t, server)
	if err := v.Ready(t.Context()); !fault.Is(err, fault.Busy) {
		t.Errorf("Ready = %v, want Busy", err)
	}
	server.set(i.jwks(t))
	if _, err := v.Verify(t.Context(), i.sign(t, "a", good())); err != nil {
		t.Errorf("the first token after the issuer came up: %v, want accepted", err)
	}
	if err := v.Ready(t.Context()); err != nil {
		t.Errorf("Ready = %v, want nil", err)
	}
}

func TestNoKeysAtAllIsBusyNotLogin(t *testing.T) {
	v := urlVerifier(t, &keyServer{})
	for range 3 {
		if _, err := v.Verify(t.Context(), newIssuer(t, "a").sign(t, "a", good())); !fault.Is(err, fault.Busy) {
			t.Errorf("error = %v, want Busy", err)
		}
	}
}

func TestKeysAreNotFollowedOverARedirect(t *testing.T) {
	i := newIssuer(t, "a")
	elsewhere := httptest.NewServer(&keyServer{content: i.jwks(t)})
	defer elsewhere.Close()
	v := urlVerifier(t, http.RedirectHandler(elsewhere.URL, http.StatusFound))
	if _, err := v.Verify(t.Context(), i.sign(t, "a", good())); !fault.Is(err, fault.Busy) {
		t.Errorf("error = %v, want Busy: the keys of the redirect are not taken", err)
	}
}

func TestKeyIsUsedOnlyAsItsIssuerMeant(t *testing.T) {
	i := newIssuer(t, "a")
	plain := string(i.jwks(t))
	for _, c := range []struct{ name, members, says string }{
		{"for signatures", `"use":"sig","alg":"ES256",`, ""},
		{"for encryption", `"use":"enc",`, "for this use"},
		{"for another algorithm", `"alg":"ES384",`, "for this use"},
	} {
		path := filepath.Join(t.TempDir(), "jwks.json")
		changed := strings.Replace(plain, `"kid":`, c.members+`"kid":`, 1)
		if err := os.WriteFile(path, []byte(changed), 0o600); err != nil {
			t.Fatal(err)
		}
		v, err := auth.NewVerifier(t.Context(), auth.Config{
			Issuer: issuerName, Audience: audience, JWKS: path, Clock: clocktest.At(start).Clock(),
		})
		if err != nil {
			t.Fatal(err)
		}
		token := i.sign(t, "a", good())
		if c.says != "" {
			refused(t, v, token, c.says)
		} else if _, err := v.Verify(t.Context(), token); err != nil {
			t.Errorf("%s: %v, want accepted", c.name, err)
		}
	}
}
