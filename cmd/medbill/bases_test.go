package main

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"

	"medbill/internal/store/storetest"
)

// Another process knows by the database under which addresses records are ours, those that were adopted later too.
func TestVerifyKnowsTheServersAddresses(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		ctx, cancel := context.WithTimeout(context.Background(), runTimeout)
		defer cancel()
		dir := t.TempDir()
		verify := func(when string) {
			t.Helper()
			var out bytes.Buffer
			if err := run(ctx, []string{"verify", "--data", dir, "--database", url}, &out, &out); err != nil || !strings.HasSuffix(out.String(), "clean\n") {
				t.Errorf("verify %s: %v\n%s", when, err, &out)
			}
		}
		s, tokens := served(ctx, t, demoCommand{Data: dir, Database: url, Addr: "127.0.0.1:0"})
		for path, body := range map[string]string{
			"Patient/ann":     `{"resourceType":"Patient","id":"ann","identifier":[{"system":"urn:mrn","value":"CANARY-7781"}]}`,
			"Observation/own": `{"resourceType":"Observation","id":"own","status":"final","code":{"text":"x"},"subject":{"reference":"` + s.base + `/fhir/R4/Patient/ann"}}`,
			"Observation/old": `{"resourceType":"Observation","id":"old","status":"final","code":{"text":"x"},"subject":{"reference":"https://old.example/fhir/R4/Patient/ann"}}`,
		} {
			send(ctx, t, s.base, tokens["admin"], "PUT", "/fhir/R4/"+path, body)
		}
		named := `{"resourceType":"Observation","id":"named","status":"final","code":{"text":"x"},"subject":{"identifier":{"system":"urn:mrn","value":"CANARY-7781"}}}`
		send(ctx, t, s.base, tokens["admin"], "PUT", "/fhir/R4/Observation/named", named)
		subjects := func(base string) string {
			page := send(ctx, t, base, tokens["admin"], "GET", "/fhir/R4/Observation?patient=Patient/ann&_elements=id", "")
			var found []string
			for _, id := range []string{"named", "old", "own"} {
				if strings.Contains(page, "/Observation/"+id+`"`) {
					found = append(found, id)
				}
			}
			return strings.Join(found, " ")
		}
		if got := subjects(s.base); got != "named own" {
			t.Errorf("the patient's Observations are %q", got)
		}
		if err := s.stop(); err != nil {
			t.Fatal(err)
		}
		verify("after the first server")
		moved := serveCommand{place: place{Data: dir, Database: url}, Addr: strings.TrimPrefix(s.base, "http://"), Dev: true, BaseURL: []string{"https://new.example/", "https://old.example"}}
		again, err := moved.start(ctx, streams{}, logger(streams{&bytes.Buffer{}, &bytes.Buffer{}}, slog.LevelInfo))
		if err != nil {
			t.Fatal(err)
		}
		if again.base != "https://new.example" {
			t.Errorf("links are written with %s", again.base)
		}
		if got := subjects(s.base); got != "named old own" {
			t.Errorf("after the move the patient's Observations are %q", got)
		}
		if err := again.stop(); err != nil {
			t.Fatal(err)
		}
		verify("after the move")
	})
}
