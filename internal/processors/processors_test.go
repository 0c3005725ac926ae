package processors_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"medbill/internal/processors"
	"medbill/models"
	"medbill/models/fault"
)

const (
	secret = "whsec_0123456789abcdef"
	other  = "whsec_fedcba9876543210"
)

var at = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// book reads a file of processors; FILE in it is that of the secrets.
func book(t *testing.T, text, secrets string) (*processors.Book, string, error) {
	t.Helper()
	dir := t.TempDir()
	file, path := filepath.Join(dir, "secrets"), filepath.Join(dir, "processors.csv")
	for name, content := range map[string]string{file: secrets, path: "processor,tenant,secret_file\n" + strings.ReplaceAll(text, "FILE", file)} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b, err := processors.Read(path)
	return b, file, err
}

// TestWhoseAProcessorIsIsSaidLineByLine holds that each has a name of its own, a tenant and secrets.
func TestWhoseAProcessorIsIsSaidLineByLine(t *testing.T) {
	for text, want := range map[string]string{
		"cards,clinic,FILE\nach,clinic,FILE\n":         "",
		"cards,clinic,FILE\ncards,other,FILE\n":        "line 3, column processor",
		"a/b,clinic,FILE\n,clinic,FILE\ncards,,FILE\n": "line 2, column processor; line 3, column processor; line 4, column tenant",
		"cards,clinic,FILE-that-is-not-there\n":        "line 2, column secret_file",
	} {
		b, _, err := book(t, text, secret)
		var places []string
		for _, issue := range fault.IssuesAt("", err) {
			places = append(places, issue.Path)
		}
		if got := strings.Join(places, "; "); got != want {
			t.Errorf("%q: wrong at %q, want %q", text, got, want)
		}
		if want == "" && strings.Join(b.Of("clinic"), " ") != "cards ach" {
			t.Errorf("the clinic's are %q", b.Of("clinic"))
		}
	}
	for _, secrets := range []string{"", "\n", "short", strings.Repeat(secret+"\n", 5)} {
		if _, _, err := book(t, "cards,clinic,FILE\n", secrets); err == nil {
			t.Errorf("the secrets %q are taken", secrets)
		}
	}
}

// TestOnlyWhoHasTheSecretIsHeard within five minutes, and by the old and the new one while it is changed.
func TestOnlyWhoHasTheSecretIsHeard(t *testing.T) {
	b, file, err := book(t, "cards,clinic,FILE\n", secret+"\n")
	if err != nil {
		t.Fatal(err)
	}
	body := []byte(`{"id":"evt_1"}`)
	signed := processors.Sign(secret, at, body)
	_, v1, _ := strings.Cut(signed, ",")
	late, _, _ := strings.Cut(processors.Sign(secret, at.Add(time.Minute), body), ",")
	for _, row := range []struct {
		what, name, header string
		body               []byte
		now                time.Time
		isHeard            bool
	}{
		{"signed", "cards", signed, body, at, true},
		{"five minutes ago", "cards", signed, body, at.Add(5 * time.Minute), true},
		{"longer ago", "cards", signed, body, at.Add(5*time.Minute + time.Second), false},
		{"in the future", "cards", signed, body, at.Add(-5*time.Minute - time.Second), false},
		{"unsigned", "cards", "", body, at, false},
		{"without a moment", "cards", v1, body, at, false},
		{"of another moment", "cards", late + "," + v1, body, at, false},
		{"of two moments", "cards", signed + ",t=1", body, at, false},
		{"by another secret", "cards", processors.Sign(other, at, body), body, at, false},
		{"of another body", "cards", signed, []byte(`{"id":"evt_2"}`), at, false},
		{"of nobody", "cheques", signed, body, at, false},
		{"by two secrets", "cards", signed + strings.Replace(processors.Sign(other, at, body), "t=", ",x=", 1), body, at, true},
		{"cut", "cards", signed[:len(signed)-2], body, at, false},
		{"not hexadecimal", "cards", signed[:len(signed)-2] + "zz", body, at, false},
	} {
		p, err := b.Verify(row.name, row.header, row.body, row.now)
		var f *fault.Fault
		if row.isHeard != (err == nil) || err == nil && p.Tenant != "clinic" || err != nil && (!errors.As(err, &f) || f.Kind != fault.Unauthenticated) {
			t.Errorf("%s: %v", row.what, err)
		}
	}
	if err := os.WriteFile(file, []byte(other+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Verify("cards", signed, body, at); err == nil {
		t.Error("an old secret is good")
	}
	if _, err := (*processors.Book)(nil).Verify("cards", signed, body, at); err == nil {
		t.Error("a processor of no file is heard")
	}
}

const whole = `{"id":"evt_1","type":"payment.succeeded","reference":"ch_1","amount":20.00,"currency":"USD","patient":"ann","created":"2026-03-02T09:00:00Z"}`

// TestAnEventSaysWhatItIsAbout, and never a card.
func TestAnEventSaysWhatItIsAbout(t *testing.T) {
	p := processors.Processor{Name: "cards", Tenant: "clinic"}
	e, err := p.ReadEvent([]byte(whole))
	if e.BodyHash = ""; err != nil || e != (models.ProcessorEvent{TenantID: "clinic", Processor: "cards", ID: "evt_1", Type: models.EventSucceeded, Reference: "ch_1", Amount: 2000, PatientID: "ann", Created: models.InstantOf(at)}) {
		t.Errorf("read as %+v, %v", e, err)
	}
	for _, row := range []struct{ from, to, code, path string }{
		{`"evt_1"`, `""`, "value", "id"},
		{`"ch_1"`, `""`, "value", "reference"},
		{`"payment.succeeded"`, `"payment.made"`, "code-invalid", "type"},
		{`20.00`, `0`, "value", "amount"},
		{`20.00`, `20.001`, "money.fraction", "amount"},
		{`"USD"`, `"EUR"`, "money.currency", "currency"},
		{`"2026-03-02T09:00:00Z"`, `"0001-01-01T00:00:00Z"`, "required", "created"},
		{`"ann"`, `"a b"`, "value", "patient"},
		{`"patient":"ann"`, `"tenant":"other"`, "event.tenant", "tenant"},
		{`"ch_1"`, `"4242 4242 4242 4242"`, "card-number", ""},
		{`"patient"`, `"card":{"numbers":["4242424242424242"]},"patient"`, "card-number", ""},
		{`"patient"`, `"pan":4242424242424242,"patient"`, "card-number", ""},
		{`"patient"`, `"4242424242424242":1,"patient"`, "card-number", ""},
		{`"patient"`, `"pan":"\u0034242424242424242","patient"`, "card-number", ""},
		{`}`, `}}`, "invalid", ""},
		{`{`, `[`, "invalid", ""},
	} {
		_, err := p.ReadEvent([]byte(strings.Replace(whole, row.from, row.to, 1)))
		var f *fault.Fault
		if !errors.As(err, &f) || f.Issues[0].Code != row.code || f.Issues[0].Path != row.path {
			t.Errorf("%s for %s: %v, want %s at %q", row.to, row.from, err, row.code, row.path)
		} else if strings.Contains(err.Error(), "4242") {
			t.Errorf("the refusal has the number: %v", err)
		}
	}
}
