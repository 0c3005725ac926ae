package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"medbill/cmd/medbill/story"
	"medbill/fhir"
	"medbill/internal/store/storetest"
)

func TestTheDemoEndsInTheExpectedBooksAndInvoice(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		ctx, cancel := context.WithTimeout(context.Background(), runTimeout)
		defer cancel()
		dir := t.TempDir()
		c := demoCommand{Data: dir, Database: url, Addr: "127.0.0.1:0", Patience: runTimeout}
		s, tokens := served(ctx, t, c)
		books := map[int]string{}
		for telling := range 2 { // told again, the story changes nothing
			err := c.play(ctx, s, tokens, func(n, _ int, step story.Step) {
				if telling == 0 {
					books[n] = fmt.Sprint(step.Books)
				}
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if want := "[{AR:Insurance 0.00} {AR:Patient 74.00} {Clearing:ERA 96.00} {Contra:Bundled 15.00} {Contra:Contractual 140.00} {Revenue:Gross -325.00}]"; books[7] != want {
			t.Errorf("after the answer the books say %s, want %s", books[7], want)
		}
		if want := "[{AR:Insurance 0.00} {AR:Patient 0.00} {Cash:Card-clearing 74.00} {Clearing:ERA 96.00} {Contra:Bundled 15.00} {Contra:Contractual 140.00} {Liability:Patient-credits 0.00} {Revenue:Gross -325.00}]"; books[10] != want {
			t.Errorf("at the end the books say %s, want %s", books[10], want)
		}
		for role, path := range firstLook {
			if got := send(ctx, t, s.base, tokens[string(role)], "GET", path, ""); !strings.Contains(got, `"entry":[{`) && !strings.Contains(got, `"resourceType":"Encounter"`) {
				t.Errorf("the %s is shown nothing at %s: %s", role, path, got)
			}
		}
		checkInvoice(t, send(ctx, t, s.base, tokens["patient"], "GET", "/fhir/R4/Invoice?patient=Patient/demo-ann", ""))
		if err := s.stop(); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := run(ctx, []string{"verify", "--data", dir, "--database", url}, &out, &out); err != nil || !strings.HasSuffix(out.String(), "7 journal entries\nclean\n") {
			t.Errorf("verify: %v\n%s", err, &out)
		}
		proof := filepath.Join(t.TempDir(), "books.ndjson")
		prove := []string{"verify", "--data", dir, "--database", url, "--proof", proof}
		if err := run(ctx, prove, &out, &out); err != nil {
			t.Errorf("verify with a proof: %v\n%s", err, &out)
		}
		if checked, err := exec.Command("go", "-C", "../../tools/proof", "run", ".", proof).CombinedOutput(); err != nil {
			t.Errorf("who has the proof alone finds %v\n%s", err, checked)
		}
		if err := run(ctx, prove, &out, &out); !errors.Is(err, os.ErrExist) {
			t.Errorf("a proof over a file that is there: %v", err)
		}
		storetest.ByHand(t, url).Do("UPDATE cases SET due = 'plan', due_at = 1")
		if got := said(t, "verify", "--data", dir, "--database", url); !strings.Contains(got, "notice: tenant demo: Encounter/demo-visit: ") || !strings.HasSuffix(got, "clean\n") {
			t.Errorf("verify of a case that stands still: %s", got)
		}
	})
}

func served(ctx context.Context, t *testing.T, c demoCommand) (*server, story.Tokens) {
	t.Helper()
	serve := serveCommand{place: place{Data: c.Data, Database: c.Database}, Addr: c.Addr, Dev: true}
	s, err := serve.start(ctx, streams{}, logger(streams{&bytes.Buffer{}, &bytes.Buffer{}}, slog.LevelInfo))
	if err != nil {
		t.Fatal(err)
	}
	tokens, err := c.prepare(ctx, s)
	if err != nil {
		t.Fatal(err)
	}
	return s, tokens
}

// checkInvoice holds every amount of the patient's invoice: per charge what was billed, adjusted, paid by the payer, and
// why the rest is the patient's.
func checkInvoice(t *testing.T, searchset string) {
	t.Helper()
	d, err := fhir.Parse([]byte(searchset))
	if err != nil {
		t.Fatal(err)
	}
	entries := d.Root().Get("entry")
	if entries.Len() != 1 {
		t.Fatalf("the patient sees %d invoices, want 1", entries.Len())
	}
	invoice := entries.At(0).Get("resource")
	var got []string
	for line := range invoice.Get("lineItem").Children() {
		text := ""
		for part := range line.Get("priceComponent").Children() {
			text += fmt.Sprintf("%s %s %s; ", part.Get("type").Text(), part.In("code", "coding").At(0).Get("code").Text(), part.In("amount", "value").Text())
		}
		got = append(got, text)
	}
	want := []string{
		"base billed 250.00; deduction contractual-adjustment 100.00; deduction payer-paid 80.00; informational deductible 50.00; informational coinsurance 20.00; ",
		"base billed 60.00; deduction contractual-adjustment 40.00; deduction payer-paid 16.00; informational coinsurance 4.00; ",
		"base billed 15.00; deduction contractual-adjustment 15.00; ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the lines of the invoice differ:\n%s", diff)
	}
	for path, want := range map[string]string{"totalNet": "74.00", "totalGross": "325.00"} {
		if got := invoice.In(path, "value").Text(); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
	if status := invoice.Get("status").Text(); status != "balanced" {
		t.Errorf("the invoice is %s, want balanced", status)
	}
}
