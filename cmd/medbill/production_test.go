package main

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"medbill/internal/auth"
)

// production gives the settings of a server that takes the tokens of an issuer, whose key set is a file.
func production(t *testing.T) serveCommand {
	t.Helper()
	keys, err := auth.CreateDevKeys(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return serveCommand{
		place: place{Data: filepath.Join(t.TempDir(), "data")}, Addr: "127.0.0.1:0", Issuer: keys.Issuer, Audience: keys.Audience, JWKS: keys.JWKS,
	}
}

// freeAddress gives an address at which nobody listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}

func statusOf(ctx context.Context, t *testing.T, address string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	return response.StatusCode
}

func TestProductionOffersMetricsOnlyWhereTheyAreAskedFor(t *testing.T) {
	apart := freeAddress(t)
	for _, row := range []struct {
		name     string
		change   func(*serveCommand)
		api, own int // what /metrics answers there; 0 where there is no such address
	}{
		{"by itself", func(*serveCommand) {}, http.StatusNotFound, 0},
		{"on the API's address", func(c *serveCommand) { c.Metrics = true }, http.StatusOK, 0},
		{"on an address of their own", func(c *serveCommand) { c.MetricsAddr = apart }, http.StatusNotFound, http.StatusOK},
		{"on both", func(c *serveCommand) { c.Metrics, c.MetricsAddr = true, apart }, http.StatusOK, http.StatusOK},
		{"development", func(c *serveCommand) { c.Dev, c.Issuer, c.Audience, c.JWKS = true, "", "", "" }, http.StatusOK, 0},
	} {
		c := production(t)
		row.change(&c)
		s, err := c.start(t.Context(), streams{}, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatalf("%s: %v", row.name, err)
		}
		if got := statusOf(t.Context(), t, s.base+"/metrics"); got != row.api {
			t.Errorf("%s: the API answers /metrics with %d, want %d", row.name, got, row.api)
		}
		if row.own != 0 {
			if got := statusOf(t.Context(), t, "http://"+apart+"/metrics"); got != row.own {
				t.Errorf("%s: the metrics' address answers %d, want %d", row.name, got, row.own)
			}
		}
		if err := s.stop(); err != nil {
			t.Errorf("%s: %v", row.name, err)
		}
	}
}

// A database that a newer version has migrated cannot be taken back, so a mistake is to be noticed before.
func TestAWrongSettingIsNoticedBeforeTheDataIsTouched(t *testing.T) {
	busy, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = busy.Close() }()
	empty := filepath.Join(t.TempDir(), "empty.json")
	if err := os.WriteFile(empty, []byte(`{"keys":[]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name, setting string
		change        func(*serveCommand)
	}{
		{"a key set that is not there", "--jwks (MEDBILL_JWKS): ", func(c *serveCommand) { c.JWKS = filepath.Join(c.Data, "none.json") }},
		{"a key set that is a folder", "--jwks", func(c *serveCommand) { c.JWKS = filepath.Dir(empty) }},
		{"a key set without keys", "--jwks", func(c *serveCommand) { c.JWKS = empty }},
		{"an address that is taken", "--addr", func(c *serveCommand) { c.Addr = busy.Addr().String() }},
		{"an address of the metrics that is taken", "--metrics-addr", func(c *serveCommand) { c.MetricsAddr = busy.Addr().String() }},
		{"a cursor key that is none", "--cursor-key", func(c *serveCommand) { c.CursorKey = "0123" }},
		{"no issuer", "--issuer", func(c *serveCommand) { c.Issuer = "" }},
	} {
		c := production(t)
		row.change(&c)
		s, err := c.start(t.Context(), streams{}, slog.New(slog.DiscardHandler))
		if err == nil {
			_ = s.stop()
			t.Errorf("%s: accepted, want refused", row.name)
			continue
		}
		if text := explain(err); !strings.Contains(text, row.setting) {
			t.Errorf("%s: %q does not name %s", row.name, text, row.setting)
		}
		if _, err := os.Stat(c.Data); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: the data folder was made (%v)", row.name, err)
		}
	}
}
