package auth_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"medbill/internal/auth"
	"medbill/internal/clock/clocktest"
)

func TestDevTokenHoldsAtItsOwnServerOnly(t *testing.T) {
	here, elsewhere := devKeys(t, t.TempDir()), devKeys(t, t.TempDir())
	token, err := here.Sign(canaryClaims())
	if err != nil {
		t.Fatal(err)
	}
	p, err := devVerifier(t, here).Verify(t.Context(), token)
	if err != nil || p.Tenant != "canary-clinic" || p.Organization != "payer-7" {
		t.Errorf("at home: %+v, %v; want the principal", p, err)
	}
	refused(t, devVerifier(t, elsewhere), token, "does not publish")
}

func TestDevKeysAreMadeOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	var starts sync.WaitGroup
	made := make([]auth.DevKeys, 8)
	for n := range made {
		starts.Go(func() { made[n] = devKeys(t, dir) })
	}
	starts.Wait()
	token, err := made[0].Sign(canaryClaims())
	if err != nil {
		t.Fatal(err)
	}
	for n, keys := range append(made, devKeys(t, dir)) {
		if _, err := devVerifier(t, keys).Verify(t.Context(), token); err != nil {
			t.Errorf("start %d: %v, want the same key as the first", n, err)
		}
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("the data folder has %v, %v; want dev alone", entries, err)
	}
}

func TestDevKeyIsReadableByItsOwnerOnly(t *testing.T) {
	dir := t.TempDir()
	devKeys(t, dir)
	for name, want := range map[string]fs.FileMode{"dev": 0o700, "dev/key.pem": 0o600} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v; want mode %v", name, info.Mode(), err, want)
		}
	}
}

func TestWithoutDevKeysTheTextSaysHowToMakeThem(t *testing.T) {
	_, err := auth.OpenDevKeys(t.TempDir())
	if !errors.Is(err, auth.ErrNoDevKeys) || !strings.Contains(err.Error(), "serve --dev") || !strings.Contains(err.Error(), "medbill demo") {
		t.Errorf("error = %v, want ErrNoDevKeys that names serve --dev and demo", err)
	}
	if _, err := (auth.DevKeys{}).Sign(canaryClaims()); !errors.Is(err, auth.ErrNoDevKeys) {
		t.Errorf("Sign without keys: %v, want ErrNoDevKeys", err)
	}
}

func TestDamagedDevKeysAreNotReplaced(t *testing.T) {
	for _, name := range []string{"key.pem", "jwks.json", "issuer.json"} {
		dir, other := t.TempDir(), t.TempDir()
		devKeys(t, dir)
		devKeys(t, other)
		path := filepath.Join(dir, "dev", name)
		if err := os.WriteFile(path, []byte("{}"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := auth.CreateDevKeys(dir); err == nil || errors.Is(err, auth.ErrNoDevKeys) {
			t.Errorf("%s damaged: %v, want refused", name, err)
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if _, err := auth.CreateDevKeys(dir); err == nil || errors.Is(err, auth.ErrNoDevKeys) {
			t.Errorf("%s removed: %v, want refused", name, err)
		}
		content, err := os.ReadFile(filepath.Join(other, "dev", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := auth.OpenDevKeys(dir); name != "issuer.json" && err == nil {
			t.Errorf("%s of another folder: accepted, want refused", name)
		}
	}
}

func TestSignRefusesWhatVerifyWould(t *testing.T) {
	keys := devKeys(t, t.TempDir())
	for name, change := range map[string]func(*auth.Claims){
		"no tenant":            func(c *auth.Claims) { c.Tenant = "" },
		"tenant with a blank":  func(c *auth.Claims) { c.Tenant = "canary clinic" },
		"no subject":           func(c *auth.Claims) { c.Subject = "" },
		"no expiry":            func(c *auth.Claims) { c.Expires = time.Time{} },
		"expired when issued":  func(c *auth.Claims) { c.Expires = c.Issued },
		"patient by reference": func(c *auth.Claims) { c.Patient = "Patient/zzyzx" },
		"organization too long": func(c *auth.Claims) {
			c.Organization = "7777777777777777777777777777777777777777777777777777777777777777a"
		},
	} {
		claims := canaryClaims()
		change(&claims)
		if _, err := keys.Sign(claims); err == nil {
			t.Errorf("%s: signed, want refused", name)
		}
	}
}

func canaryClaims() auth.Claims {
	return auth.Claims{
		Tenant: "canary-clinic", Subject: "canary-payer", Scope: "system/Claim.rs", Organization: "payer-7",
		Issued: start, Expires: start.Add(time.Hour),
	}
}

func devKeys(t *testing.T, dir string) auth.DevKeys {
	t.Helper()
	keys, err := auth.CreateDevKeys(dir)
	if err != nil {
		t.Error(err)
	}
	return keys
}

func devVerifier(t *testing.T, keys auth.DevKeys) *auth.Verifier {
	t.Helper()
	config := keys.Config()
	config.Clock = clocktest.At(start).Clock()
	v, err := auth.NewVerifier(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
