package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"medbill/internal/clock"
	"medbill/internal/processors"
	"medbill/models"
)

// TestAProcessorCanBePlayed: what the command sends is signed and read as the server does, the same each time.
func TestAProcessorCanBePlayed(t *testing.T) {
	dir := t.TempDir()
	secret, file := filepath.Join(dir, "secret"), filepath.Join(dir, "processors.csv")
	for name, text := range map[string]string{secret: "whsec_0123456789abcdef\n", file: "processor,tenant,secret_file\ncards,clinic," + secret + "\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	book, err := processors.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	heard := map[string]int{}
	door := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		p, err := book.Verify(strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, "/payments/"), "/events"), r.Header.Get(processors.Header), body, clock.System().Now())
		if err != nil {
			http.Error(w, "unsigned", http.StatusUnauthorized)
			return
		}
		e, err := p.ReadEvent(body)
		if err != nil || e.Type != models.EventRefunded || e.Reference != "ch_1" || e.Amount != 2000 || e.PatientID != "ann" {
			t.Errorf("read as %+v, %v", e, err)
		}
		heard[string(body)]++
	}))
	t.Cleanup(door.Close)
	var out, errOut bytes.Buffer
	play := func(processor string) error {
		return run(context.Background(), []string{"processor-event", "--server", door.URL, "--processor", processor, "--secret-file", secret, "--type", "payment.refunded", "--reference", "ch_1", "--amount", "20.00", "--patient", "ann", "--times", "5"}, &out, &errOut)
	}
	if err := play("cards"); err != nil || len(heard) != 1 {
		t.Errorf("played %v: %v %s", heard, err, errOut.String())
	}
	if err := play("other"); err == nil || !strings.Contains(err.Error(), "401") {
		t.Errorf("another's is heard: %v", err)
	}
}
