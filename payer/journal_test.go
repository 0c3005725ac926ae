package payer_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"medbill/payer"
)

// tells plays a story of several scenarios and gives all that was sent. What came before changes nothing when it comes again.
func (d *desk) tells() []string {
	d.Helper()
	d.submit(claim("take", "TAKE-1", visit))
	d.submit(claim("pend", "PEND-1", visit))
	d.submit(claim("twice", "TWICE-1", visit))
	d.submit(claim("wo", "WO-1", visit))
	d.submit(claim("paid", "PAID-1", visit))
	d.submit(claim("void", "PAID-1", visit, follows("8", "paid")))
	d.move(100)
	var told []string
	for _, l := range d.letters() {
		told = append(told, fmt.Sprintf("%s %s %s %s", l.Member, l.State, l.Day, l.Document))
	}
	return told
}

func journalOf(t *testing.T, dir string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "payer-journal.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestAPayerThatIsKilledGoesOnWithTheSameLetters cuts the journal at every line and within lines: who goes on from there sends
// the same as one that was never killed, and writes the same journal.
func TestAPayerThatIsKilledGoesOnWithTheSameLetters(t *testing.T) {
	whole := t.TempDir()
	want := open(t, payer.Config{Seed: "seed", Data: whole}).tells()
	journal := journalOf(t, whole)
	if len(want) < 15 {
		t.Fatalf("the story has %d letters", len(want))
	}
	cuts := []int{0}
	for i, c := range journal {
		if c == '\n' {
			cuts = append(cuts, i-7, i, i+1)
		}
	}
	for _, cut := range cuts {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "payer-journal.jsonl"), []byte(journal[:cut]), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := open(t, payer.Config{Seed: "seed", Data: dir}).tells(); !slices.Equal(got, want) {
			t.Fatalf("cut at %d of %d the letters are\n%s\nwant\n%s", cut, len(journal), strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		kept := journal[:strings.LastIndex(journal[:cut], "\n")+1]
		if again := journalOf(t, dir); !strings.HasPrefix(again, kept) || strings.Count(again, "\n") < strings.Count(journal, "\n") {
			t.Fatalf("cut at %d the journal has %d lines", cut, strings.Count(again, "\n"))
		}
	}
}

func TestADamagedJournalIsRefused(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "payer-journal.jsonl"), []byte("{\"kind\":\"clock\"}\nno JSON\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := payer.New(payer.Config{Data: dir}); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("a journal with a damaged line gives %v", err)
	}
}
