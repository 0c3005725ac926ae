package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Neighbours says what to measure: how the reads of one tenant fare while clients of another ask for the worst they may.
type Neighbours struct {
	Base     string   // of the server
	Attacked string   // token of an administrator of an empty tenant
	Attacks  []string // tokens of clients of another empty tenant
	Span     time.Duration
	Match    string // only attacks whose name contains it
	Progress func(string)
}

// Neighbourhood is one measurement: how long a read of the one tenant took while nothing else was asked and during an attack,
// and how many requests of the attack were answered, and refused.
type Neighbourhood struct {
	Attack                         string
	QuietMedian, Quiet99           time.Duration
	Median, Slowest99              time.Duration
	Reads, Answered, Turned, Bytes int64
}

// Ratio is how much longer the slowest hundredth of the reads took.
func (n Neighbourhood) Ratio() float64 { return float64(n.Slowest99) / float64(n.Quiet99) }

const (
	neighbourPatients    = 2000
	connectionsOfAClient = 8
	readersOfAttacked    = 2
	mostIDs              = 500
	mostWords            = 50
)

// attack is a request that costs as much as one may.
type attack struct{ name, method, path, media, body string }

func attacks() []attack {
	words, ids := make([]string, mostWords), make([]string, mostIDs)
	for i := range words {
		words[i] = fmt.Sprintf("zz%03d", i)
	}
	for i := range ids {
		ids[i] = fmt.Sprintf("none-%d", i)
	}
	reads := make([]string, 200)
	for i := range reads {
		reads[i] = `{"request":{"method":"GET","url":"Patient?_count=1000"}}`
	}
	broken := strings.Repeat(`{"resource":`+patient("x")+`,"request":{"method":"PUT","url":"Patient/x"}},`, 4999) + `{"resource":{"resourceType":"Patient","gender":"?"},"request":{"method":"POST","url":"Patient"}}`
	fields := ""
	for i := range 20 {
		fields += fmt.Sprintf("a%d: claims(first: 50) { nodes { id item { sequence net { value } } responses { id } patient { id name { family } } } } ", i)
	}
	const form, json = "application/x-www-form-urlencoded", "application/fhir+json"
	return []attack{
		{"search within texts", http.MethodPost, "/fhir/R4/Patient/_search", form, "name:contains=" + strings.Join(words, ",") + "&_total=accurate"},
		{"search for many ids", http.MethodPost, "/fhir/R4/Patient/_search", form, "_id=" + strings.Join(ids, ",") + "&_count=1000"},
		{"pages of a thousand", http.MethodGet, "/fhir/R4/Patient?_count=1000&_sort=-_lastUpdated,name,birthdate", "", ""},
		{"batch of 200 pages", http.MethodPost, "/fhir/R4", json, `{"resourceType":"Bundle","type":"batch","entry":[` + strings.Join(reads, ",") + `]}`},
		{"Bundle of 5,000, broken", http.MethodPost, "/fhir/R4", json, `{"resourceType":"Bundle","type":"transaction","entry":[` + broken + `]}`},
		{"Bundle of 500, written", http.MethodPost, "/fhir/R4", json, crowd(0, 500)},
		{"GraphQL of many lists", http.MethodPost, "/graphql", "application/json", `{"query":"{ ` + fields + `}"}`},
	}
}

// crowd is a transaction that makes so many patients, or makes them again.
func crowd(from, count int) string {
	entries := make([]string, count)
	for i := range entries {
		id := fmt.Sprintf("crowd-%d", from+i)
		entries[i] = `{"resource":` + patient(id) + `,"request":{"method":"PUT","url":"Patient/` + id + `"}}`
	}
	return `{"resourceType":"Bundle","type":"transaction","entry":[` + strings.Join(entries, ",") + `]}`
}

// Beside measures each attack.
func Beside(ctx context.Context, n Neighbours) ([]Neighbourhood, error) {
	c := newClient(n.Base)
	n.Progress("preparing patients")
	for _, token := range []string{n.Attacked, n.Attacks[0]} {
		for from := 0; from < neighbourPatients; from += 500 {
			if _, err := c.send(ctx, token, http.MethodPost, fhirPath, crowd(from, 500)); err != nil {
				return nil, err
			}
		}
	}
	read := func(ctx context.Context, i int64) error {
		_, err := c.send(ctx, n.Attacked, http.MethodGet, fmt.Sprintf("/fhir/R4/Patient/crowd-%d", i%neighbourPatients), "")
		return err
	}
	if err := warm(ctx, readersOfAttacked, read); err != nil {
		return nil, err
	}
	var all []Neighbourhood
	for _, a := range attacks() {
		if !strings.Contains(a.name, n.Match) {
			continue
		}
		n.Progress(a.name)
		quiet, err := measure(ctx, readersOfAttacked, n.Span, read)
		if err != nil {
			return nil, err
		}
		found := Neighbourhood{Attack: a.name, QuietMedian: quiet.quantile(50), Quiet99: quiet.quantile(99)}
		stop := c.attack(ctx, n.Attacks, a, &found)
		beside, err := measure(ctx, readersOfAttacked, n.Span, read)
		if err = errors.Join(err, stop()); err != nil {
			return nil, fmt.Errorf("%s: %w", a.name, err)
		}
		found.Median, found.Slowest99, found.Reads = beside.quantile(50), beside.quantile(99), int64(len(beside.took))
		all = append(all, found)
	}
	return all, nil
}

// attack begins one by every token over several connections; stop ends it and fails where an answer was an error of the
// server's.
func (c client) attack(ctx context.Context, tokens []string, a attack, seen *Neighbourhood) (stop func() error) {
	ctx, cancel := context.WithCancel(ctx)
	var failed atomic.Pointer[error]
	var all sync.WaitGroup
	for _, token := range tokens {
		for range connectionsOfAClient {
			all.Go(func() {
				for ctx.Err() == nil {
					status, size, err := c.ask(ctx, token, a)
					switch {
					case ctx.Err() != nil:
					case err != nil:
						failed.Store(&err)
					case status == http.StatusInternalServerError:
						err = fmt.Errorf("HTTP %d", status)
						failed.Store(&err)
					case status == http.StatusServiceUnavailable:
						atomic.AddInt64(&seen.Turned, 1)
					default:
						atomic.AddInt64(&seen.Answered, 1)
						atomic.AddInt64(&seen.Bytes, size)
					}
				}
			})
		}
	}
	return func() error {
		cancel()
		all.Wait()
		if err := failed.Load(); err != nil {
			return *err
		}
		return nil
	}
}

// ask sends the request of an attack and reads its answer to the end.
func (c client) ask(ctx context.Context, token string, a attack) (status int, size int64, err error) {
	request, err := http.NewRequestWithContext(ctx, a.method, c.base+a.path, strings.NewReader(a.body))
	if err != nil {
		return 0, 0, err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Accept-Encoding", "gzip") // set by hand, it is the server's work and not undone here
	if a.media != "" {
		request.Header.Set("Content-Type", a.media)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return 0, 0, err
	}
	defer func() { _ = response.Body.Close() }()
	size, err = io.Copy(io.Discard, response.Body)
	return response.StatusCode, size, err
}
