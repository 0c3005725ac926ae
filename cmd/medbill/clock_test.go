package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"medbill/internal/auth"
	"medbill/internal/store/storetest"
	"medbill/models"
)

// standingAt serves a practice whose clock stands, until the function that is given is called.
func standingAt(ctx context.Context, t *testing.T, dir, url string, at time.Time) (*server, func(auth.Role) string, func()) {
	t.Helper()
	serve := serveCommand{place: place{Data: dir, Database: url}, Addr: "127.0.0.1:0", Dev: true, Clock: at}
	var log lockedBuffer
	s, err := serve.start(ctx, streams{}, logger(streams{&log, &log}, slog.LevelInfo))
	if err != nil {
		t.Fatal(err)
	}
	token := func(role auth.Role) string {
		token, err := tokenCommand{Tenant: "standing", Role: string(role), TTL: time.Hour}.sign(s.keys)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	return s, token, func() {
		if err := s.stop(); err != nil {
			t.Error(err)
		}
	}
}

const (
	sentAt   = "2026-03-03T09:00:00Z"
	visitDue = "2026-03-04T09:00:00Z" // a visit without a coverage waits a day for one
)

// TestWhatIsDueIsDoneAtItsOwnTime holds that a server whose clock stands does nothing that is due later, that a move past the
// moment does it as of that moment, and that the clock goes on where it stood when the server is started again.
func TestWhatIsDueIsDoneAtItsOwnTime(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		ctx, cancel := context.WithTimeout(context.Background(), runTimeout)
		defer cancel()
		dir := t.TempDir()
		start, err := time.Parse(time.RFC3339, sentAt)
		if err != nil {
			t.Fatal(err)
		}
		s, token, stop := standingAt(ctx, t, dir, url, start)
		day, practice := 24, models.OrganizationID("practice")
		if _, err := s.office.SaveTenant(ctx, operator("standing"), models.SettingsChange{PracticeID: &practice, SelfPayHours: &day}); err != nil {
			t.Fatal(err)
		}
		admin := token(auth.RoleAdmin)
		x := &played{T: t, s: s, admin: admin}
		x.put(x.setting()...)
		x.visits("SELF-1", []string{"99214"}, "")
		x.send("DELETE", "/fhir/R4/Coverage/self-1-acme", "")
		x.clock(admin, "", http.StatusOK, sentAt)
		x.clock(admin, sentAt, http.StatusOK, sentAt) // what is due is done
		if got := x.search("Invoice?patient=Patient/self-1").Len(); got != 0 {
			t.Errorf("%d invoices are issued before their time", got)
		}
		x.clock(admin, "2026-09-01T00:00:00Z", http.StatusOK, "2026-09-01T00:00:00Z") // a token is good by the machine's clock
		invoice := x.search("Invoice?patient=Patient/self-1").At(0).Get("resource")
		if got := invoice.In("meta", "lastUpdated").Text(); !strings.HasPrefix(got, strings.TrimSuffix(visitDue, "Z")) {
			t.Errorf("the invoice was issued at %q, want %s", got, visitDue)
		}
		stop()

		s, token, stop = standingAt(ctx, t, dir, url, start)
		defer stop()
		x = &played{T: t, s: s, admin: token(auth.RoleAdmin)}
		x.clock(x.admin, "", http.StatusOK, "2026-09-01T00:00:00Z")
		x.clock(x.admin, sentAt, http.StatusConflict, "forward only")
		x.clock(x.admin, "yesterday", http.StatusBadRequest, "write the moment")
		x.clock(token(auth.RoleManager), "2026-10-01T00:00:00Z", http.StatusForbidden, "operation")
		x.clock("", "2026-10-01T00:00:00Z", http.StatusUnauthorized, "token")
		x.clock(x.admin, "", http.StatusOK, "2026-09-01T00:00:00Z")
	})
}

// clock asks the clock, or moves it, and holds what comes back.
func (x *played) clock(token, to string, status int, want string) {
	x.Helper()
	method, body := "GET", ""
	if to != "" {
		method, body = "POST", fmt.Sprintf(`{"now":%q}`, to)
	}
	request, err := http.NewRequestWithContext(context.Background(), method, x.s.base+"/clock", strings.NewReader(body))
	if err != nil {
		x.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		x.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var text strings.Builder
	if err := response.Write(&text); err != nil {
		x.Fatal(err)
	}
	if response.StatusCode != status || !strings.Contains(text.String(), want) {
		x.Errorf("%s /clock %s: HTTP %d, want %d and %q in %s", method, to, response.StatusCode, status, want, text.String())
	}
}

func TestAClockOfTheMachineHasNoDoor(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), runTimeout)
	defer cancel()
	s, token, stop := standingAt(ctx, t, t.TempDir(), "", time.Time{})
	defer stop()
	x := &played{T: t, s: s}
	x.clock(token(auth.RoleAdmin), "", http.StatusNotFound, "nothing at this address")
	x.clock(token(auth.RoleAdmin), sentAt, http.StatusNotFound, "nothing at this address")
}

func TestOnlyADevelopmentServerHasAClockThatStands(t *testing.T) {
	for _, args := range [][]string{{"--issuer", "https://x.example", "--audience", "x", "--jwks", "x"}, {"--dev", "--no-work"}} {
		if got := said(t, append([]string{"serve", "--data", t.TempDir(), "--clock", sentAt}, args...)...); !strings.Contains(got, "--clock (MEDBILL_CLOCK)") {
			t.Errorf("%v: a clock that stands is not refused: %s", args, got)
		}
	}
}
