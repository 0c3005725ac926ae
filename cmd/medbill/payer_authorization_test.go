package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"medbill/billing"
	"medbill/internal/auth"
	"medbill/internal/clock"
	"medbill/internal/store/storetest"
)

// requests asks ACME to allow a service to a member in March.
func (x *played) requests(id, member, code string) {
	x.Helper()
	x.put(fmt.Sprintf(`{"resourceType":"Claim","id":%[1]q,"status":"active","type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/claim-type","code":"professional"}]},"use":"preauthorization","patient":{"reference":"Patient/%[2]s"},"created":%[4]q,"insurer":{"reference":"Organization/acme"},"provider":{"reference":"Organization/practice"},"priority":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/processpriority","code":"normal"}]},"insurance":[{"sequence":1,"focal":true,"coverage":{"reference":"Coverage/%[2]s-acme"}}],"item":[{"sequence":1,"productOrService":{"coding":[{"system":"http://www.ama-assn.org/go/cpt","code":%[3]q}]},"servicedPeriod":{"start":"2026-03-01","end":"2026-03-31"},"quantity":{"value":1}}]}`,
		id, strings.ToLower(member), code, clock.System().Now().Format(time.DateOnly)))
}

// calls has the practice's server tell payers what is due, and everything done that comes of it.
func (x *played) calls() {
	x.Helper()
	if err := x.s.office.CallPayers(context.Background()); err != nil {
		x.Fatal(err)
	}
	x.rests()
}

// openWork gives what is to be done for a member: the kinds, each with what it names.
func (x *played) openWork(member string) string {
	x.Helper()
	var open []string
	for entry := range x.search("Task?_count=200&status=requested&patient=Patient/" + strings.ToLower(member)).Children() {
		task := entry.Get("resource")
		text := task.In("code", "coding").At(0).Get("code").Text()
		for input := range task.Get("input").Children() {
			text += " " + input.In("type", "coding").At(0).Get("code").Text()
		}
		open = append(open, text)
	}
	slices.Sort(open)
	return strings.Join(open, ", ")
}

// stands gives the state of the member's claim and the authorization that it goes out with.
func (x *played) stands(member string) string {
	x.Helper()
	for entry := range x.search("Claim?use=claim&patient=Patient/" + strings.ToLower(member)).Children() {
		claim := entry.Get("resource")
		return strings.TrimSpace(stateOf(claim) + " " + claim.Get("insurance").At(0).Get("preAuthRef").At(0).Text())
	}
	return ""
}

// TestPayersAllowServicesBeforeTheyAreDone plays the four scenarios of authorization: the number of what is allowed goes out with the claim, what is not allowed holds it with the payer's reason, and what the payer
// has to decide is work with its day, until it did.
func TestPayersAllowServicesBeforeTheyAreDone(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		x := practise(t, url)
		for _, csv := range []string{`payer,name,aliases,identifiers,transactions\nacme,ACME PPO,,,\n`, `payer,subject,code,value,from,until\nacme,authorization,99214,yes,,\n`} {
			if got := x.send("POST", "/fhir/R4/$load-payers", `{"resourceType":"Parameters","parameter":[{"name":"csv","valueString":"`+csv+`"}]}`); !strings.Contains(got, "changed") {
				t.Fatal(got)
			}
		}
		rows := []struct{ member, early, work, stands, late, lateWork string }{
			{"A1-1", "", "", "adjudicated AUTH-", "adjudicated AUTH-", ""},
			{"A3-1", "authorization-needed A3", "authorization-needed A3, correct-claim scrub.authorization", "held", "held", "authorization-needed A3, correct-claim scrub.authorization"},
			{"A41-1", "authorization-pended", "authorization-pended, correct-claim scrub.authorization", "held", "adjudicated AUTH-", ""},
			{"A43-1", "authorization-pended", "authorization-pended, correct-claim scrub.authorization", "held", "held", "authorization-needed A3, correct-claim scrub.authorization"},
		}
		for _, row := range rows {
			id := strings.ToLower(row.member)
			x.put(fmt.Sprintf(`{"resourceType":"Patient","id":%q,"gender":"female","birthDate":"1970-01-01"}`, id), coverage(id, "acme", row.member, "1"))
			x.requests("pre-"+id, row.member, "99214")
		}
		x.calls()
		for _, row := range rows {
			if got := x.openWork(row.member); got != row.early {
				t.Errorf("%s before the visit: %q is to be done, want %q", row.member, got, row.early)
			}
			x.visits(row.member, []string{"99214"}, "")
		}
		x.rests()
		for _, row := range rows {
			if got, work := x.stands(row.member), x.openWork(row.member); !strings.HasPrefix(got, row.stands) || work != row.work {
				t.Errorf("%s after the visit: the claim is %q and to be done is %q, want %q and %q", row.member, got, work, row.stands, row.work)
			}
		}
		x.passes(2)
		for _, row := range rows[2:] {
			x.decides(row.member, "authorization-pended", "recheck")
		}
		x.calls()
		x.rests()
		for _, row := range rows {
			if got, work := x.stands(row.member), x.openWork(row.member); !strings.HasPrefix(got, row.late) || work != row.lateWork {
				t.Errorf("%s in the end: the claim is %q and to be done is %q, want %q and %q", row.member, got, work, row.late, row.lateWork)
			}
		}
		x.byHand("A43-1", "BY-PHONE")
		x.noticed("A3-1")
		x.rests()
		for member, want := range map[string]string{"A43-1": "adjudicated BY-PHONE", "A3-1": "adjudicated AUTH-LATE"} {
			if got, work := x.stands(member), x.openWork(member); got != want || work != "" {
				t.Errorf("%s: the claim is %q, to be done is %q, want %q and nothing", member, got, work, want)
			}
		}
		x.isSound()
	})
}

// byHand writes the number on a member's claim that its payer gave by telephone; once it went out that is refused.
func (x *played) byHand(member, number string) {
	x.Helper()
	path := "/fhir/R4/Claim/" + x.search("Claim?use=claim&patient=Patient/"+strings.ToLower(member)).At(0).In("resource", "id").Text() + "/$authorize"
	body := `{"resourceType":"Parameters","parameter":[{"name":"number","valueString":"` + number + `"}]}`
	if got := x.send("POST", path, body); !strings.Contains(got, `"preAuthRef":["`+number+`"]`) {
		x.Errorf("a number by hand gives %.400s", got)
	}
	if got := x.send("POST", path, body); !strings.Contains(got, "claim.sent") {
		x.Errorf("a number for a claim that went out gives %.400s", got)
	}
}

// noticed has the payer's Subscription tell that it allows after all what it did not, with the addresses of its own server; another payer is told that it was not asked.
func (x *played) noticed(member string) {
	x.Helper()
	number := "https://medbill.dev/fhir/NamingSystem/authorization-request"
	notice := fmt.Sprintf(`{"resourceType":"Bundle","type":"history","entry":[{"fullUrl":"https://acme.example/fhir/ClaimResponse/7","resource":{"resourceType":"ClaimResponse","id":"7","status":"active","type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/claim-type","code":"professional"}]},"use":"preauthorization","patient":{"reference":"Patient/somebody-else"},"created":"2026-03-04","insurer":{"reference":"Organization/1"},"request":{"reference":"Claim/99","identifier":{"system":%q,"value":%q}},"outcome":"complete","item":[{"itemSequence":1,"adjudication":[{"category":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/adjudication","code":"submitted"}]},"extension":[{"url":"http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-reviewAction","extension":[{"url":"http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-reviewActionCode","valueCodeableConcept":{"coding":[{"system":"https://codesystem.x12.org/005010/306","code":"A1"}]}},{"url":"number","valueString":"AUTH-LATE"}]}]}]}]}}]}`, number, "pre-"+strings.ToLower(member))
	for _, row := range []struct{ who, want string }{{"beta", "authorization.request"}, {"acme", `"reference":"Claim/pre-` + strings.ToLower(member)}} {
		token := x.token(auth.RolePayer, row.who)
		for range 2 { // the same again changes nothing
			if got := send(context.Background(), x.T, x.s.base, token, "POST", "/fhir/R4/ClaimResponse/$notify", notice); !strings.Contains(got, row.want) {
				x.Errorf("a notice of %s gives %.400s, want %s", row.who, got, row.want)
			}
		}
	}
	answers := x.search("ClaimResponse?use=preauthorization&patient=Patient/" + strings.ToLower(member))
	if answers.Len() != 2 {
		x.Errorf("%d answers are kept, want the first and the one that came twice", answers.Len())
	}
	for entry := range answers.Children() {
		if r := entry.Get("resource"); !r.In("request", "reference").Is("Claim/pre-"+strings.ToLower(member)) || !r.In("insurer", "reference").Is("Organization/acme") {
			x.Errorf("an answer is kept as %s", r.Raw())
		}
	}
}

// isSound verifies all there is.
func (x *played) isSound() {
	x.Helper()
	_, err := x.s.office.Verify(context.Background(), "played", billing.Watch{Breach: func(b billing.Breach) { x.Errorf("verify: %s", b) }})
	if err != nil {
		x.Error(err)
	}
}
