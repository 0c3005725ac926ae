package graph_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"medbill/internal/auth"
	"medbill/internal/clock"
	"medbill/internal/store"
	"medbill/internal/store/storetest"
)

// waiting has so many visits wait for a coder, and one for the front desk.
func waiting(t testing.TB, db *store.DB, visits int) *desk {
	t.Helper()
	d := open(t, db)
	resources := practice()
	for i := range visits {
		patient := fmt.Sprintf("p%d", i)
		resources = append(append(resources, person(patient)...), encounter("visit-"+patient, patient))
	}
	d.bundle(d.role(auth.RoleAdmin), resources...)
	d.wait("Task", "status=requested", visits)
	return d
}

// items gives the ids of the open items of a list, page by page.
func (d *desk) items(who auth.Principal, arguments string) (ids []string) {
	d.t.Helper()
	after := "null"
	for {
		a := d.ask(who, fmt.Sprintf(`{workItems(first:2,after:%s,%s){nodes{id} pageInfo{hasNextPage endCursor}}}`, after, arguments))
		var page struct {
			WorkItems struct {
				Nodes    []struct{ ID string }
				PageInfo struct {
					HasNextPage bool
					EndCursor   *string
				}
			}
		}
		if err := json.Unmarshal(a.Data, &page); err != nil || len(a.Errors) > 0 {
			d.t.Fatalf("%s: %v %+v", arguments, err, a.Errors)
		}
		for _, node := range page.WorkItems.Nodes {
			ids = append(ids, node.ID)
		}
		if !page.WorkItems.PageInfo.HasNextPage {
			return ids
		}
		after = `"` + *page.WorkItems.PageInfo.EndCursor + `"`
	}
}

const codeAll = `decision:{decision:code,diagnosis:["I10"],charge:[{code:"93000",serviceDate:"2026-03-02"}]}`

// TestACodersDayOverGraphQL holds a coding day: the queue, an item taken, put off, noted, decided, and the queue in the same answer
// (check d), then the rest in one call, once under its key (check e).
func TestACodersDayOverGraphQL(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		const visits = 5
		d := waiting(t, db, visits)
		coder := d.role(auth.RoleCoder)
		queue := func(count, mine int) string {
			return fmt.Sprintf(`[{"kind":"code-visit","category":null,"count":%d,"amount":{"value":"0.00","currency":"USD"},"overdue":%d,"mine":%d}]`, count, count, mine)
		}
		const queues = `{kind category count amount{value currency} overdue mine}`
		d.says(coder, `{"workQueues":`+queue(visits, 0)+`}`, `{workQueues`+queues+`}`)
		ids := d.items(coder, `orderBy:DUE`)
		if len(ids) != visits {
			t.Fatalf("%d items wait", len(ids))
		}
		first := ids[0]
		mutate := func(call, shows, want string) {
			t.Helper()
			d.says(coder, `{"x":{"workItem":`+want+`}}`, `mutation{x:`+call+`{workItem{`+shows+`}}}`)
		}
		mutate(`takeWorkItem(id:"`+first+`")`, `takenBy{id} assignee{id}`, `{"takenBy":{"id":"coder"},"assignee":null}`)
		d.says(coder, `{"workQueues":`+queue(visits, 1)+`}`, `{workQueues`+queues+`}`)
		a := d.refuses(d.role(auth.RoleBiller), "CONFLICT", `mutation{takeWorkItem(id:"`+first+`"){workItem{id}}}`)
		if !strings.HasPrefix(a.Errors[0].Message, "coder has the work until ") {
			t.Errorf("the second is told %q", a.Errors[0].Message)
		}
		mutate(`noteWorkItem(id:"`+first+`",text:"Asked.")`, `notes{by text}`, `{"notes":[{"by":"coder","text":"Asked."}]}`)
		mutate(`labelWorkItem(id:"`+first+`",add:["ask"])`, `labels`, `{"labels":["ask"]}`)
		mutate(`assignWorkItem(id:"`+first+`",user:"Practitioner/doc")`, `assignee{id}`, `{"assignee":{"id":"Practitioner/doc"}}`)
		mutate(`giveBackWorkItem(id:"`+first+`")`, `takenBy{id} lockedUntil`, `{"takenBy":null,"lockedUntil":null}`)
		mutate(`snoozeWorkItem(id:"`+first+`",until:"`+d.tomorrow()+`",reason:"Away.")`, `history{action by{id}}`,
			`{"history":[{"action":"opened","by":{"id":"medbill"}},{"action":"taken","by":{"id":"coder"}},{"action":"noted","by":{"id":"coder"}},{"action":"labelled","by":{"id":"coder"}},`+
				`{"action":"assigned","by":{"id":"coder"}},{"action":"given-back","by":{"id":"coder"}},{"action":"snoozed","by":{"id":"coder"}}]}`)
		d.says(coder, `{"workQueues":`+queue(visits-1, 0)+`}`, `{workQueues`+queues+`}`)
		if left := d.items(coder, `orderBy:AGE`); slices.Contains(left, first) || len(left) != visits-1 {
			t.Errorf("what is put off still shows: %v", left)
		}
		d.says(coder, `{"workItem":{"kind":"code-visit","role":"coder","priority":"urgent","dueOn":"2026-03-05","amount":{"value":"0.00"},"ageDays":0,"reasons":[],"payer":null,"patient":{"id":"p0"},`+
			`"decisions":[{"decision":"code","needsReason":false},{"decision":"recheck","needsReason":false}]}}`,
			`{workItem(id:"`+ids[slices.Index(ids, d.itemOf(coder, "p0"))]+`"){kind role priority dueOn amount{value} ageDays reasons{code} payer{id} patient{id} decisions{decision needsReason}}}`)

		second := ids[1]
		d.refuses(coder, "CONFLICT", `mutation{decideWorkItem(input:{id:"`+second+`",decision:{decision:ignore},reason:"So."}){workItem{id}}}`)
		d.refuses(coder, "CONFLICT", `mutation{decideWorkItem(input:{id:"`+second+`",decision:{decision:recheck}}){workItem{id}}}`)
		bad := d.refuses(coder, "BAD_USER_INPUT", `mutation{decideWorkItem(input:{id:"`+second+`",`+strings.Replace(codeAll, "I10", "hypertension", 1)+`}){workItem{id}}}`)
		if path := bad.Errors[0].Extensions.Issues[0].Path; path != "input.decision.diagnosis[0]" {
			t.Errorf("the refusal is at %s", path)
		}
		d.says(coder, `{"decideWorkItem":{"workItem":{"status":"completed","decisions":[]},"queues":`+queue(visits-2, 0)+`}}`,
			`mutation{decideWorkItem(input:{id:"`+second+`",`+codeAll+`}){workItem{status decisions{decision}} queues`+queues+`}}`)

		rest, err := json.Marshal(ids[2:])
		if err != nil {
			t.Fatal(err)
		}
		all := `mutation{decideWorkItems(input:{ids:` + string(rest) + `,` + codeAll + `},idempotencyKey:"all",dryRun:%v){workItems{status} queues` + queues + `}}`
		d.says(coder, `{"decideWorkItems":{"workItems":[],"queues":`+queue(visits-2, 0)+`}}`, fmt.Sprintf(all, true))
		done := `{"decideWorkItems":{"workItems":[{"status":"completed"},{"status":"completed"},{"status":"completed"}],"queues":[]}}`
		entries := `{account(patient:"p4"){balance{account amount{value}}}}`
		d.says(coder, done, fmt.Sprintf(all, false))
		d.says(coder, done, fmt.Sprintf(all, false))
		d.says(d.role(auth.RoleBiller), `{"account":{"balance":[{"account":"AR:Insurance","amount":{"value":"60.00"}},{"account":"Revenue:Gross","amount":{"value":"-60.00"}}]}}`, entries)
		d.refuses(coder, "UNPROCESSABLE", strings.Replace(fmt.Sprintf(all, false), "I10", "E785", 1))
	})
}

// TestOneOfManyTakesTheItem holds check (b) through the door: of 32 clients one wins, and the others learn who has it and until when.
func TestOneOfManyTakesTheItem(t *testing.T) {
	const clients = 32
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := waiting(t, db, 1)
		id := d.items(d.role(auth.RoleCoder), "orderBy:DUE")[0]
		said := make([]answered, clients)
		var all sync.WaitGroup
		for n := range clients {
			all.Go(func() {
				who := d.role(auth.RoleCoder)
				who.Subject = fmt.Sprintf("coder-%d", n)
				said[n] = d.ask(who, `mutation{takeWorkItem(id:"`+id+`"){workItem{takenBy{id} lockedUntil}}}`)
			})
		}
		all.Wait()
		holder := d.text(d.role(auth.RoleCoder), `{workItem(id:"`+id+`"){takenBy{id}}}`, "workItem", "takenBy", "id")
		until := d.text(d.role(auth.RoleCoder), `{workItem(id:"`+id+`"){lockedUntil}}`, "workItem", "lockedUntil")
		won := 0
		for n, a := range said {
			switch {
			case len(a.Errors) == 0:
				won++
				if want := fmt.Sprintf(`{"takeWorkItem":{"workItem":{"takenBy":{"id":"coder-%d"},"lockedUntil":%q}}}`, n, until); string(a.Data) != want {
					t.Errorf("who won is told %s, want %s", a.Data, want)
				}
			case a.codes() != "CONFLICT" || !strings.HasPrefix(a.Errors[0].Message, holder+" has the work until "+until+";"):
				t.Errorf("coder-%d is told %+v", n, a.Errors)
			}
		}
		if won != 1 {
			t.Errorf("%d have it", won)
		}
		d.refuses(d.role(auth.RoleCoder), "BAD_USER_INPUT", `mutation{decideWorkItems(input:{ids:[`+strings.Repeat(`"x" `, 201)+`],decision:{decision:recheck}}){workItems{id}}}`)
		d.refuses(d.role(auth.RoleCoder), "BAD_USER_INPUT", `mutation{decideWorkItems(input:{ids:["x","x"],decision:{decision:recheck}}){workItems{id}}}`)
	})
}

// tomorrow is a moment of tomorrow by the store's clock.
func (d *desk) tomorrow() string { return (d.db.Now() + 24*3_600_000_000).String() }

// itemOf gives the open item of a patient.
func (d *desk) itemOf(who auth.Principal, patient string) string {
	d.t.Helper()
	return d.items(who, `filter:{patient:"`+patient+`",snoozed:null}`)[0]
}

// TestWorkIsListedByFilterAndOrder holds every order, page by page, and what each filter lets through.
func TestWorkIsListedByFilterAndOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		const visits = 5
		d := waiting(t, db, visits)
		coder := d.role(auth.RoleCoder)
		for _, order := range []string{"DUE", "AMOUNT", "AGE", "PRIORITY"} {
			for _, filter := range []string{"", `,filter:{kind:["code-visit"]}`, `,filter:{kind:["code-visit","failed-step"],role:"coder"}`} {
				ids := d.items(coder, "orderBy:"+order+filter)
				if len(slices.Compact(slices.Sorted(slices.Values(ids)))) != visits {
					t.Errorf("by %s%s there are %v", order, filter, ids)
				}
			}
		}
		first := d.itemOf(coder, "p0")
		for _, call := range []string{`labelWorkItem(id:"` + first + `",add:["ask","other"])`, `assignWorkItem(id:"` + first + `",user:"cora")`} {
			d.ask(coder, `mutation{x:`+call+`{workItem{id}}}`)
		}
		for filter, want := range map[string]int{
			`label:["ask"]`: 1, `label:["ask","other"]`: 1, `label:["as"]`: 0, `assignee:"cora"`: 1, `assignee:"cor"`: 0, `unassigned:true`: visits - 1, `patient:"p1"`: 1,
			`payer:"acme"`: 0, `provider:"doc"`: visits, `claim:"none"`: 0, `dueBefore:"2026-03-06"`: visits, `dueBefore:"2026-03-05T10:00:00Z"`: 0, `ageDaysAtLeast:0`: visits, `ageDaysAtLeast:1`: 0,
			`amountAtLeast:{value:"0.00"}`: visits, `amountAtLeast:{value:"0.01"}`: 0, `snoozed:true`: 0, `snoozed:null`: visits, `text:"usable DIAGNOSIS"`: visits, `text:"nothing"`: 0,
			`category:["none"]`: 0, `role:"biller"`: 0, `kind:["price-service"]`: 0,
		} {
			d.says(coder, fmt.Sprintf(`{"workItems":{"totalCount":%d,"totalAmount":{"value":"0.00"}}}`, want), `{workItems(filter:{`+filter+`}){totalCount totalAmount{value}}}`)
		}
		for _, filter := range []string{`kind:["Canary"]`, `kind:[]`, `role:"doctor"`, `assignee:""`, `dueBefore:"2026-03"`, `ageDaysAtLeast:-1`, `amountAtLeast:{value:"x"}`, `label:[""]`} {
			d.refuses(coder, "BAD_USER_INPUT", `{workItems(filter:{`+filter+`}){totalCount}}`)
		}
		cursor := d.text(coder, `{workItems(first:1,orderBy:DUE){pageInfo{endCursor}}}`, "workItems", "pageInfo", "endCursor")
		d.refuses(coder, "BAD_USER_INPUT", `{workItems(orderBy:AGE,after:"`+cursor+`"){nodes{id}}}`)
		d.refuses(d.role(auth.RoleEHR), "FORBIDDEN", `{workQueues{count}}`)
	})
}

// What the page asks on which a day begins.
const (
	dayQueues = `{workQueues{kind category count amount{value} oldest overdue mine}}`
	dayPage   = `{workItems(first:20,filter:{role:"coder"}){totalCount totalAmount{value} nodes{id kind category role priority dueOn amount{value} assignee{id} labels reasons{text} description}}}`
)

// TestADayBeginsWithFewStatements holds check (f) as far as it does not hang on the machine: at most six statements each, and no more for
// many items.
func TestADayBeginsWithFewStatements(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := waiting(t, db, 3)
		coder := d.role(auth.RoleCoder)
		for query, most := range map[string]int64{dayQueues: 6, dayPage: 6} {
			sent := d.cheapest(func() {
				if a := d.ask(coder, query); len(a.Errors) > 0 || !strings.Contains(string(a.Data), "code-visit") {
					t.Fatalf("says %s %+v", a.Data, a.Errors)
				}
			})
			t.Logf("%d statements", sent)
			if sent > most {
				t.Errorf("%d statements, want at most %d, for\n%s", sent, most, query)
			}
		}
	})
}

// BenchmarkADayBegins asks for the queues and the first page of a hundred thousand open items over HTTP, eight clients at a time, on
// PostgreSQL: check (f).
func BenchmarkADayBegins(b *testing.B) {
	const clients = 8
	url := storetest.URL(b, "postgres")
	d := waiting(b, storetest.Open(b, url), 20)
	storetest.FillWork(b, url, tenant, 100_000)
	hand := storetest.ByHand(b, url) // those that have documents come first
	hand.Do("UPDATE work_items SET due = '2025-12-01' WHERE id NOT LIKE 'w%'")
	hand.Do("VACUUM ANALYZE work_items")
	coder := d.role(auth.RoleCoder)
	for name, query := range map[string]string{
		"queues": dayQueues, "page and total": dayPage, "page": strings.Replace(dayPage, "totalCount totalAmount{value} ", "", 1),
		"page by priority": strings.Replace(dayPage, "first:20,", "first:20,orderBy:PRIORITY,", 1),
	} {
		body, err := json.Marshal(map[string]any{"query": query})
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			took := make([][]time.Duration, clients)
			var all sync.WaitGroup
			for c := range clients {
				all.Go(func() {
					for range b.N/clients + 1 {
						start := clock.System().Now()
						if status, text := d.post(coder, "application/json", body); status != http.StatusOK || strings.Contains(string(text), `"errors"`) {
							b.Errorf("status %d: %s", status, text)
							return
						}
						took[c] = append(took[c], clock.System().Now().Sub(start))
					}
				})
			}
			all.Wait()
			each := slices.Sorted(slices.Values(slices.Concat(took...)))
			b.ReportMetric(float64(each[len(each)/2].Microseconds())/1000, "ms-median")
			b.ReportMetric(float64(each[len(each)*95/100].Microseconds())/1000, "ms-p95")
		})
	}
}
