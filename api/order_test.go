package api_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"medbill/api"
	"medbill/internal/store/storetest"
)

// Transactions that ask for the same records in every order are all answered in time: what they lock they lock in one order, so
// that one waits for the other and never both. A few are told to come again, and none is refused otherwise.
func TestTransactionsInEveryOrderAreAnswered(t *testing.T) {
	const clients, rounds, records, answeredWithin = 16, 2, 10, api.RequestTimeout
	entry := func(resource, request string) string {
		return `{"resource":` + resource + `,"request":{` + request + `}}`
	}
	identified := func(typ string, n int, rest string) string {
		return fmt.Sprintf(`{"resourceType":%q,"identifier":[{"system":"urn:order","value":"%s-%d"}]%s}`, typ, typ, n, rest)
	}
	for name, of := range map[string]func(n, run int) string{
		"created where none is": func(n, _ int) string {
			return entry(identified("Organization", n, ""), fmt.Sprintf(`"method":"POST","url":"Organization","ifNoneExist":"identifier=urn:order|Organization-%d"`, n))
		},
		"updated where one is": func(n, run int) string {
			return entry(identified("Practitioner", n, fmt.Sprintf(`,"name":[{"family":"Canary%d"}]`, run)), fmt.Sprintf(`"method":"PUT","url":"Practitioner?identifier=urn:order|Practitioner-%d"`, n))
		},
		"updated by id": func(n, run int) string {
			return entry(fmt.Sprintf(`{"resourceType":"Location","id":"l%d","name":"Canary%d"}`, n, run), fmt.Sprintf(`"method":"PUT","url":"Location/l%d"`, n))
		},
		"visits of patients": func(n, run int) string {
			if n%2 == 0 {
				return entry(fmt.Sprintf(`{"resourceType":"Patient","id":"p%d","name":[{"family":"Canary%d"}]}`, n/2, run), fmt.Sprintf(`"method":"PUT","url":"Patient/p%d"`, n/2))
			}
			return entry(fmt.Sprintf(`{"resourceType":"Encounter","id":"e%d","status":"finished","class":{"code":"AMB"},"subject":{"reference":"Patient/p%d"},"length":{"value":%d}}`, n/2, n/2, run), fmt.Sprintf(`"method":"PUT","url":"Encounter/e%d"`, n/2))
		},
		"diagnoses of visits": func(n, run int) string {
			return entry(fmt.Sprintf(`{"resourceType":"Condition","code":{"text":"Canary%d"},"subject":{"reference":"Patient/v%d"},"encounter":{"reference":"Encounter/v%d"}}`, run, n, n), `"method":"POST","url":"Condition"`)
		},
		"deleted and made": func(n, run int) string {
			if run%2 == 0 {
				return `{"request":{"method":"DELETE","url":` + fmt.Sprintf(`"Device/d%d"}}`, n)
			}
			return entry(fmt.Sprintf(`{"resourceType":"Device","id":"d%d","lotNumber":"%d"}`, n, run), fmt.Sprintf(`"method":"PUT","url":"Device/d%d"`, n))
		},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.EachURL(t, func(t *testing.T, url string) {
				w := open(t, storetest.Open(t, url), nil)
				servers := []*world{w}
				if !w.db.IsEmbedded() { // several processes serve it
					servers = append(servers, open(t, storetest.Open(t, url), nil))
				}
				w.put(t, "Patient/first", patientOf("first", "")) // makes the tenant
				for n := range records {
					w.put(t, fmt.Sprintf("Encounter/v%d", n), fmt.Sprintf(`{"resourceType":"Encounter","id":"v%d","status":"finished","class":{"code":"AMB"},"subject":{"reference":"Patient/v%d"}}`, n, n))
				}
				w.idle(t)
				var mutex sync.Mutex
				busy, slowest := 0, time.Duration(0)
				var all sync.WaitGroup
				for client := range clients {
					all.Go(func() {
						for round := range rounds {
							entries := make([]string, records)
							for i, n := range rand.Perm(records) {
								entries[i] = of(n, client*rounds+round)
							}
							body, start := `{"resourceType":"Bundle","type":"transaction","entry":[`+strings.Join(entries, ",")+`]}`, time.Now()
							server := servers[client%len(servers)]
							a := server.do(t, admin, "POST", "", body)
							for ; a.status == 503 && time.Since(start) < time.Minute; a = server.do(t, admin, "POST", "", body) {
								mutex.Lock()
								busy++
								mutex.Unlock()
							}
							if a.status != 200 {
								t.Errorf("%d: %.300s", a.status, a.body)
							}
							mutex.Lock()
							slowest = max(slowest, time.Since(start))
							mutex.Unlock()
						}
					})
				}
				all.Wait()
				t.Logf("%d transactions, the slowest in %s, %d told to come again", clients*rounds, slowest.Round(time.Millisecond), busy)
				if busy > clients*rounds/10 || slowest > answeredWithin {
					t.Errorf("the slowest took %s, %d were told to come again", slowest, busy)
				}
				for _, typ := range []string{"Organization", "Practitioner"} {
					for n := range records {
						found := w.do(t, admin, "GET", fmt.Sprintf("%s?identifier=urn:order|%s-%d", typ, typ, n), "").expect(t, 200).entries(t)
						if len(found) > 1 || len(found) == 0 && (typ == "Organization") == strings.HasPrefix(name, "created") && (typ == "Practitioner") == strings.HasPrefix(name, "updated where") {
							t.Errorf("%s %d is there %d times", typ, n, len(found))
						}
					}
				}
				w.idle(t)
			})
		})
	}
}
