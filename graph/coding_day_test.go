package graph_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"medbill/fhir/search"
	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/internal/store/storetest"
)

// dayVisits are the 40 visits of a practice's day by what is with them, and what each asks a payer or the patient for in the end.
var dayVisits = []struct {
	kind    string
	visits  int
	asks    int // cents
	isCoder bool
}{
	{"complete", 6, 32500, false}, // the EHR coded it all
	{"uncoded", 10, 6000, true},
	{"suspected", 4, 6000, true}, // the EHR says what it might be
	{"local", 4, 6000, true},     // a charge with a code that no payer knows
	{"unpriced", 4, 30000, true}, // what the coder chooses has no price yet
	{"asking", 4, 6000, true},    // the coder has to ask
	{"twice", 4, 32500, false},   // two and two on one day, of one patient
	{"selfpay", 4, 6000, true},   // nobody covers it
}

// dayOf gives what an EHR sends of a visit.
func dayOf(kind string, n int) []string {
	patient := fmt.Sprintf("%s-%d", kind, n)
	visit := "visit-" + patient
	switch kind {
	case "complete":
		return append(person(patient), coded(visit, patient)...)
	case "twice":
		patient = fmt.Sprintf("%s-%d", kind, n/2)
		return append(person(patient), coded(visit, patient)...)
	case "selfpay":
		return []string{person(patient)[0], encounter(visit, patient)}
	}
	about := `"subject":{"reference":"Patient/` + patient + `"},"%s":{"reference":"Encounter/` + visit + `"}`
	list := append(person(patient), encounter(visit, patient))
	switch kind {
	case "suspected":
		list = append(list, `{"resourceType":"Condition","id":"dx-`+patient+`",`+fmt.Sprintf(about, "encounter")+`,"verificationStatus":{"coding":[{"code":"provisional"}]},"code":{"coding":[{"system":"`+icd10+`","code":"J189"}]}}`)
	case "local":
		list = append(list, `{"resourceType":"ChargeItem","id":"local-`+patient+`","status":"billable",`+fmt.Sprintf(about, "context")+`,"occurrenceDateTime":"2026-03-02","quantity":{"value":1},"code":{"coding":[{"system":"urn:house","code":"X1"}]}}`)
	}
	return list
}

// day is a practice's day, worked by several people until nothing waits.
type day struct {
	*desk
	over    atomic.Bool
	refused atomic.Int64 // items that somebody else had
}

// item is one that waits, as who works it sees it.
type item struct {
	ID      string
	Kind    string
	Subject struct {
		Typename string `json:"__typename"`
		ID       string
		Findings []struct {
			ID, OverrideRole string
			Override         *struct{ At string }
		}
		Communications []struct{ ID string }
	}
}

// waits gives the free items of some kinds.
func (d *day) waits(who auth.Principal, kinds ...string) []item {
	var list struct{ WorkItems struct{ Nodes []item } }
	a := d.ask(who, `query($k:[String!]){workItems(first:20,filter:{kind:$k}){nodes{id kind subject{__typename ...on Encounter{id communications{id}} ...on Claim{id findings{id overrideRole override{at}}} ...on Communication{id}}}}}`, "k", kinds)
	if err := json.Unmarshal(a.Data, &list); err != nil || len(a.Errors) > 0 {
		d.t.Errorf("%s asks for %v: %v %v", who.Subject, kinds, err, a.Errors)
		d.over.Store(true)
	}
	return list.WorkItems.Nodes
}

// works has somebody take what waits for them, one after the other, and do it, until the day is over.
func (d *day) works(who auth.Principal, kinds []string, do func(item) string) {
	for !d.over.Load() {
		for _, one := range d.waits(who, kinds...) {
			a := d.ask(who, `mutation($id:ID!){takeWorkItem(id:$id){workItem{id}}}`, "id", one.ID)
			if a.codes() == "CONFLICT" {
				d.refused.Add(1)
				continue
			}
			call := do(one)
			if call == "" {
				call = `giveBackWorkItem(id:"` + one.ID + `"){workItem{id}}`
			}
			if a := d.ask(who, "mutation{x:"+call+"}"); len(a.Errors) > 0 && a.codes() != "CONFLICT" {
				d.t.Errorf("%s does %s: %+v", who.Subject, call, a.Errors)
				d.over.Store(true)
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func decision(id, what string) string {
	return `decideWorkItem(input:{id:"` + id + `",` + what + `}){workItem{status}}`
}

func codeAs(diagnosis, charge string) string {
	return `decision:{decision:code,diagnosis:["` + diagnosis + `"],charge:[{code:"` + charge + `",serviceDate:"2026-03-02"}]}`
}

// codes is what a coder does with a visit.
func (d *day) codes(who auth.Principal) func(item) string {
	return func(i item) string {
		charge := "93000"
		switch {
		case strings.Contains(i.Subject.ID, "unpriced"):
			charge = "99215"
		case strings.Contains(i.Subject.ID, "asking") && len(i.Subject.Communications) == 0:
			if a := d.ask(who, `mutation($e:ID!){holdEncounter(encounter:$e,for:coder_query,text:"Which leg?"){workItem{id}}}`, "e", i.Subject.ID); len(a.Errors) > 0 {
				d.t.Errorf("%s asks: %+v", who.Subject, a.Errors)
			}
			return ""
		case strings.Contains(i.Subject.ID, "asking") && len(i.Subject.Communications) == 1:
			return "" // the answer is not there yet
		}
		return decision(i.ID, codeAs("I10", charge))
	}
}

// TestAPracticesCodingDay holds the desk as a whole, through GraphQL alone: 40 visits of eight kinds, three coders, a reviewer and the others
// whom the visits need, all at once. In the end nothing waits, every item was decided once by who had it, and the books are right.
func TestAPracticesCodingDay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := &day{desk: open(t, db)}
		admin := d.role(auth.RoleAdmin)
		named := func(role auth.Role, name string) auth.Principal {
			who := d.role(role)
			who.Subject = name
			return who
		}
		d.says(admin, `{"changeSettings":{"settings":{"reviewShare":25}}}`, `mutation{changeSettings(input:{reviewShare:25}){settings{reviewShare}}}`)
		d.bundle(admin, practice()...)
		visits, insured, alone := 0, 0, 0
		for _, row := range dayVisits {
			for n := range row.visits {
				d.bundle(admin, dayOf(row.kind, n)...)
				visits++
				if row.kind == "selfpay" {
					alone += row.asks
				} else {
					insured += row.asks
				}
			}
		}
		coders := []auth.Principal{named(auth.RoleCoder, "cora"), named(auth.RoleCoder, "cody"), named(auth.RoleCoder, "cole")}
		d.wait("Task", "status=requested&code=code-visit", 30)
		d.races(coders[0])
		var all sync.WaitGroup
		for _, who := range coders {
			all.Go(func() { d.works(who, []string{"code-visit"}, d.codes(who)) })
		}
		rita, bill, mona, doc := named(auth.RoleCoder, "rita"), named(auth.RoleBiller, "bill"), named(auth.RoleManager, "mona"), named(auth.RoleAdmin, "doc")
		reviews := 0
		all.Go(func() {
			d.works(rita, []string{"second-review"}, func(i item) string {
				if reviews++; reviews%3 == 0 && !strings.Contains(i.Subject.ID, "unpriced") {
					return decision(i.ID, codeAs("E785", "93000"))
				}
				return decision(i.ID, `decision:{decision:agree}`)
			})
		})
		all.Go(func() {
			d.works(bill, []string{"correct-claim"}, func(i item) string {
				for _, f := range i.Subject.Findings {
					if f.OverrideRole == "biller" && f.Override == nil {
						return `overrideFinding(claim:"` + i.Subject.ID + `",finding:"` + f.ID + `",reason:"Seen twice that day, as the record says."){claim{id}}`
					}
				}
				return ""
			})
		})
		all.Go(func() {
			d.works(mona, []string{"price-service"}, func(i item) string {
				return decision(i.ID, `decision:{decision:price,fees:{name:"house",csv:"code,system,modifiers,payer,from,until,amount\n99215,cpt,,,,,300.00\n"}}`)
			})
		})
		all.Go(func() {
			d.works(doc, []string{"coder-query"}, func(i item) string { return decision(i.ID, `decision:{decision:answer},reason:"The left one."`) })
		})
		for range 600 {
			if d.isDone(admin, visits) {
				break
			}
			time.Sleep(100 * time.Millisecond)
		}
		d.over.Store(true)
		all.Wait()
		d.says(admin, `{"workQueues":[],"ready":{"totalCount":36},"patient":{"totalCount":4}}`, `{workQueues{kind count} ready:cases(state:ready){totalCount} patient:cases(state:patient){totalCount}}`)
		d.evenBooks(admin, insured, alone)
		d.decidedOnce(admin)
		d.counted(named(auth.RoleManager, "mona"))
	})
}

// races has 32 clients take one item at once: one wins, and the others learn who has it and until when.
func (d *day) races(coder auth.Principal) {
	d.t.Helper()
	id := d.waits(coder, "code-visit")[0].ID
	var all sync.WaitGroup
	var won, told atomic.Int64
	for n := range 32 {
		all.Go(func() {
			who := coder
			who.Subject = fmt.Sprintf("racer-%d", n)
			a := d.ask(who, `mutation($id:ID!){takeWorkItem(id:$id,minutes:1){workItem{id}}}`, "id", id)
			switch {
			case len(a.Errors) == 0:
				won.Add(1)
				if a := d.ask(who, `mutation($id:ID!){giveBackWorkItem(id:$id){workItem{id}}}`, "id", id); len(a.Errors) > 0 {
					d.t.Errorf("the winner gives it back: %+v", a.Errors)
				}
			case a.codes() == "CONFLICT" && strings.HasPrefix(a.Errors[0].Message, "racer-") && strings.Contains(a.Errors[0].Message, " has the work until "):
				told.Add(1)
			default:
				d.t.Errorf("a racer is told %+v", a.Errors)
			}
		})
	}
	all.Wait()
	if won.Load() < 1 || won.Load()+told.Load() != 32 {
		d.t.Errorf("%d won and %d were told who has it", won.Load(), told.Load())
	}
}

func (d *day) isDone(admin auth.Principal, visits int) bool {
	var now struct {
		WorkQueues     []struct{ Kind string }
		Ready, Patient struct{ TotalCount int }
	}
	a := d.ask(admin, `{workQueues{kind} ready:cases(state:ready){totalCount} patient:cases(state:patient){totalCount}}`)
	return json.Unmarshal(a.Data, &now) == nil && len(now.WorkQueues) == 0 && now.Ready.TotalCount+now.Patient.TotalCount == visits
}

// evenBooks holds what payers and patients owe, over all patients, and that every account is even.
func (d *day) evenBooks(admin auth.Principal, insured, alone int) {
	d.t.Helper()
	var list struct {
		Patients struct {
			Nodes []struct {
				Account struct {
					Balance []struct {
						Account string
						Amount  struct{ Value string }
					}
				}
			}
		}
	}
	a := d.ask(admin, `{patients(first:100){nodes{account{balance{account amount{value}}}}}}`)
	if err := json.Unmarshal(a.Data, &list); err != nil {
		d.t.Fatal(err)
	}
	sums := map[string]int{}
	total := 0
	for _, p := range list.Patients.Nodes {
		for _, b := range p.Account.Balance {
			cents := 0
			if _, err := fmt.Sscanf(strings.Replace(b.Amount.Value, ".", "", 1), "%d", &cents); err != nil {
				d.t.Fatal(err)
			}
			sums[b.Account] += cents
			total += cents
		}
	}
	if sums["AR:Insurance"] != insured || sums["AR:Patient"] != alone || sums["Revenue:Gross"] != -insured-alone || total != 0 {
		d.t.Errorf("the books say %v, want %d from payers and %d from patients", sums, insured, alone)
	}
}

// decidedOnce holds that every item that a person decided was decided once, by who had taken it last.
func (d *day) decidedOnce(admin auth.Principal) {
	d.t.Helper()
	found, err := d.records.Search(context.Background(), admin, "Task", []search.Pair{{Name: "status", Value: "completed"}, {Name: "_count", Value: "500"}}, false)
	if err != nil {
		d.t.Fatal(err)
	}
	if len(found.Matches) < 30 {
		d.t.Errorf("%d items are done", len(found.Matches))
	}
	for _, match := range found.Matches {
		task := match.ID
		var one struct {
			WorkItem struct {
				Kind    string
				History []struct {
					Action string
					By     struct{ ID string }
				}
			}
		}
		a := d.ask(admin, `query($id:ID!){workItem(id:$id){kind history{action by{id}}}}`, "id", task)
		if err := json.Unmarshal(a.Data, &one); err != nil {
			d.t.Fatal(err)
		}
		holder, decided := "", 0
		for _, e := range one.WorkItem.History {
			switch e.Action {
			case "taken":
				if holder != "" && holder != e.By.ID {
					d.t.Errorf("%s is taken from %s by %s", one.WorkItem.Kind, holder, e.By.ID)
				}
				holder = e.By.ID
			case "given-back":
				holder = ""
			case "decided":
				if decided++; e.By.ID != holder {
					d.t.Errorf("%s is decided by %s, and %s has it", one.WorkItem.Kind, e.By.ID, holder)
				}
			}
		}
		if decided > 1 || decided == 0 && slices.Contains([]string{"code-visit", "second-review", "coder-query"}, one.WorkItem.Kind) {
			d.t.Errorf("%s is decided %d times: %+v", one.WorkItem.Kind, decided, one.WorkItem.History)
		}
	}
}

// counted holds that the figures of the coders are those of the day.
func (d *day) counted(manager auth.Principal) {
	d.t.Helper()
	var list struct {
		Coders []struct {
			Coder                                         struct{ ID string }
			Visits, Codings, Reviewed, Disagreed, Reviews int
		}
	}
	a := d.ask(manager, `{coders(from:"2026-01-01",until:"2036-01-01"){coder{id} visits codings reviewed disagreed reviews}}`)
	if err := json.Unmarshal(a.Data, &list); err != nil {
		d.t.Fatal(err)
	}
	visits, reviewed, disagreed, reviews, anew := 0, 0, 0, 0, 0
	for _, c := range list.Coders {
		if c.Coder.ID == "rita" {
			reviews, anew = c.Reviews, c.Codings
			continue
		}
		visits, reviewed, disagreed = visits+c.Visits, reviewed+c.Reviewed, disagreed+c.Disagreed
	}
	if visits != 30 || reviewed != reviews || disagreed != anew || reviews == 0 {
		d.t.Errorf("the figures are %s", a.Data)
	}
}
