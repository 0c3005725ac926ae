package main

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"medbill/internal/store/storetest"
)

// canaries are the values of an invented patient that must never reach a log line, a metric or an error.
var canaries = []string{"Zzyzxcanary", "Quuxgiven", "CANARY-7781", "1931-05-17", "canary@example.org", "555-0177-canary", "I10canary", "icn-canary", "ch_canary"}

func TestNoLogLineOrMetricHoldsPatientData(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		ctx, cancel := context.WithTimeout(context.Background(), runTimeout)
		defer cancel()
		var log lockedBuffer
		logger := slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		s, err := serveCommand{place: place{Data: t.TempDir(), Database: url}, Addr: "127.0.0.1:0", Dev: true}.start(ctx, streams{}, logger)
		if err != nil {
			t.Fatal(err)
		}
		tokens := map[string]string{}
		for _, role := range []string{"admin", "biller"} {
			if tokens[role], err = (tokenCommand{Tenant: "canary", Role: role, TTL: time.Hour}).sign(s.keys); err != nil {
				t.Fatal(err)
			}
		}
		metrics := misbehave(ctx, t, s.base, tokens)
		if err := s.stop(); err != nil {
			t.Error(err)
		}
		if log.lines() < 20 {
			t.Errorf("the log has %d lines only; nothing is proved", log.lines())
		}
		for _, canary := range canaries {
			for name, text := range map[string]string{"log": log.String(), "metrics": metrics} {
				if at := strings.Index(strings.ToLower(text), strings.ToLower(canary)); at >= 0 {
					t.Errorf("%s holds %s: …%s…", name, canary, text[max(0, at-120):min(len(text), at+120)])
				}
			}
		}
	})
}

// misbehave sends good and bad requests full of canaries by every door, and gives the metrics afterwards.
func misbehave(ctx context.Context, t *testing.T, base string, tokens map[string]string) string {
	t.Helper()
	const patient = `{"resourceType":"Patient","id":"p1","name":[{"family":"Zzyzxcanary","given":["Quuxgiven"]}],"birthDate":"1931-05-17","identifier":[{"system":"http://example.org/mrn","value":"CANARY-7781"}],"telecom":[{"system":"email","value":"canary@example.org"},{"system":"phone","value":"555-0177-canary"}]}`
	requests := []struct{ method, path, body string }{
		{"PUT", "/fhir/R4/Patient/p1", patient},
		{"PUT", "/fhir/R4/Patient/p1", strings.Replace(patient, `"birthDate":"1931-05-17"`, `"birthDate":"1931-05-17T","Zzyzxcanary":"Quuxgiven"`, 1)},
		{"POST", "/fhir/R4/Patient", patient[:len(patient)-9]},
		{"GET", "/fhir/R4/Patient?family=Zzyzxcanary&birthdate=1931-05-17&_sort=family", ""},
		{"GET", "/fhir/R4/Patient?name=Zzyzxcanary&Zzyzxcanary=Quuxgiven", ""},
		{"GET", "/fhir/R4/Patient/Zzyzxcanary", ""},
		{"GET", "/fhir/R4/Zzyzxcanary/Quuxgiven", ""},
		{"GET", "/Zzyzxcanary", ""},
		{"POST", "/fhir/R4/Patient/_search", "family=Zzyzxcanary"},
		{"POST", "/fhir/R4", `{"resourceType":"Bundle","type":"transaction","entry":[{"fullUrl":"urn:Zzyzxcanary","resource":` + patient + `,"request":{"method":"POST","url":"Patient","ifNoneExist":"identifier=CANARY-7781"}}]}`},
		{"POST", "/fhir/R4/ClaimResponse", `{"resourceType":"ClaimResponse","identifier":[{"value":"icn-canary"}],"status":"active"}`},
		{"POST", "/fhir/R4/Encounter/p1/$code", `{"resourceType":"Parameters","parameter":[{"name":"diagnosis","valueCode":"I10canary"}]}`},
		{"POST", "/fhir/R4/Invoice/p1/$pay", `{"resourceType":"Parameters","parameter":[{"name":"reference","valueString":"ch_canary"}]}`},
		{"POST", "/graphql", `{"query":"{ patients(filter: {name: \"Zzyzxcanary\"}) { nodes { name { family } } } }"}`},
		{"POST", "/graphql", `{"query":"{ Zzyzxcanary(id: \"Quuxgiven\") { id } }","variables":{"Zzyzxcanary":"CANARY-7781"}}`},
		{"POST", "/graphql", `{"query":"mutation { recordPayment(input: {Zzyzxcanary: 1}) { id } }"`},
		{"PATCH", "/fhir/R4/Patient/p1", patient},
		{"DELETE", "/fhir/R4/Patient/p1", ""},
		{"GET", "/fhir/R4/Patient/p1/_history", ""},
		{"GET", "/fhir/R4/Patient/p1", ""},
	}
	for _, r := range requests {
		for _, token := range []string{tokens["admin"], tokens["biller"], "Zzyzxcanary.Quuxgiven.CANARY-7781", ""} {
			send(ctx, t, base, token, r.method, r.path, r.body)
		}
	}
	return send(ctx, t, base, "", "GET", "/metrics", "")
}

func send(ctx context.Context, t *testing.T, base, token, method, path, body string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(ctx, method, base+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	switch {
	case path == "/graphql", path == "/deposits":
		request.Header.Set("Content-Type", "application/json")
	case strings.HasSuffix(path, "_search"):
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	default:
		request.Header.Set("Content-Type", "application/fhir+json")
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode >= http.StatusInternalServerError {
		t.Errorf("%s %s: HTTP %d", method, path, response.StatusCode)
	}
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(answer)
}

// lockedBuffer is a log that many goroutines write.
type lockedBuffer struct {
	mutex  sync.Mutex
	buffer bytes.Buffer
}

// Write appends.
func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.buffer.Write(p)
}

// String gives everything written.
func (b *lockedBuffer) String() string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.buffer.String()
}

func (b *lockedBuffer) lines() int { return strings.Count(b.String(), "\n") }
