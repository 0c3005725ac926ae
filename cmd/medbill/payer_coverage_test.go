package main

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"medbill/fhir"
	"medbill/internal/store/storetest"
)

// insured registers a member of ACME.
func (x *played) insured(member string) (id string) {
	x.Helper()
	id = strings.ToLower(member)
	x.put(fmt.Sprintf(`{"resourceType":"Patient","id":%q,"name":[{"family":"Canary","given":["Zzyzx"]}],"gender":"female","birthDate":"1970-01-01"}`, id),
		fmt.Sprintf(`{"resourceType":"Coverage","id":%[1]q,"status":"active","order":1,"subscriberId":%[2]q,"beneficiary":{"reference":"Patient/%[1]s"},"relationship":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/subscriber-relationship","code":"self"}]},"period":{"start":"2026-01-01"},"payor":[{"reference":"Organization/acme"}]}`, id, member))
	return id
}

// asks asks ACME about the plan of a member.
func (x *played) asks(id string) {
	x.Helper()
	x.put(fmt.Sprintf(`{"resourceType":"CoverageEligibilityRequest","id":%[1]q,"status":"active","purpose":["validation","benefits"],"patient":{"reference":"Patient/%[1]s"},"servicedDate":"2026-03-02","created":"2026-02-28","provider":{"reference":"Organization/practice"},"insurer":{"reference":"Organization/acme"},"insurance":[{"focal":true,"coverage":{"reference":"Coverage/%[1]s"}}],"item":[{"category":{"coding":[{"system":"https://x12.org/codes/service-type-codes","code":"30"}]}}]}`, id))
}

// TestPayersSayWhatPlansCover holds that each scenario of eligibility is answered by the payer, taken, and made work of whose it is where the payer refuses.
func TestPayersSayWhatPlansCover(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		x := practise(t, url)
		for _, row := range []struct{ member, outcome, work string }{
			{"E1-1", "complete", ""}, {"E2-1", "complete", ""}, {"E3-1", "error", "frontdesk AAA-75"}, {"E4-1", "error", ""}, {"E5-1", "complete", ""},
			{"E6-1", "complete", ""}, {"E7-1", "complete", ""}, {"E8-1", "complete", ""}, {"E9-1", "error", "frontdesk AAA-57"}, {"E10-1", "complete", ""},
		} {
			id := x.insured(row.member)
			x.asks(id)
			if err := x.payer.Round(context.Background()); err != nil {
				t.Fatal(err)
			}
			answer := x.search("CoverageEligibilityResponse?request=CoverageEligibilityRequest/" + id).At(0).Get("resource")
			if got := answer.Get("outcome").Text(); got != row.outcome {
				t.Errorf("%s is answered %q, want %q", row.member, got, row.outcome)
			}
			task := x.search("Task?status=requested&code=eligibility-failed&patient=Patient/" + id).At(0).Get("resource")
			work := strings.TrimSpace(task.In("performerType").At(0).In("coding").At(0).Get("code").Text() + " " + task.Get("input").At(0).In("type", "coding").At(0).Get("code").Text())
			if work != row.work {
				t.Errorf("%s is work %q, want %q", row.member, work, row.work)
			}
		}
	})
}

// TestWhoAsksAPayerMayWait holds that $submit gives what the payer says as soon as it does, as the body or as a parameter, and where nobody is asked the question as it is kept.
func TestWhoAsksAPayerMayWait(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		x := practise(t, url)
		ctx, stop := context.WithCancel(context.Background())
		played := make(chan error, 1)
		go func() {
			for ctx.Err() == nil {
				if err := x.payer.Round(context.Background()); err != nil {
					played <- err
					return
				}
				time.Sleep(10 * time.Millisecond)
			}
			played <- nil
		}()
		for _, row := range []struct{ member, status, before, after, want string }{
			{"E1-3", "active", "", "", `"inforce":true`}, {"E2-3", "active", "", "", `"inforce":false`}, {"E3-3", "active", "", "", `"outcome":"error"`},
			{"E1-4", "active", `{"resourceType":"Parameters","parameter":[{"name":"resource","resource":`, `}]}`, `"inforce":true`},
			{"E1-5", "draft", "", "", `"resourceType":"CoverageEligibilityRequest"`},
			{"E1-6", "active", `{"resourceType":"Parameters","parameter":[{"name":"question","resource":`, `}]}`, "This parameter is unknown"},
		} {
			id := x.insured(row.member)
			question := fmt.Sprintf(`{"resourceType":"CoverageEligibilityRequest","status":%[2]q,"purpose":["validation"],"patient":{"reference":"Patient/%[1]s"},"created":"2026-02-28","insurer":{"reference":"Organization/acme"},"insurance":[{"focal":true,"coverage":{"reference":"Coverage/%[1]s"}}]}`, id, row.status)
			if got := x.send("POST", "/fhir/R4/CoverageEligibilityRequest/$submit", row.before+question+row.after); !strings.Contains(got, row.want) {
				t.Errorf("%s (%s) gives %.300s, want %s", row.member, row.status, got, row.want)
			}
		}
		stop()
		if err := <-played; err != nil {
			t.Error(err)
		}
	})
}

// TestAClaimGoesOutAfterItsPayerSaidThatThePlanCovers holds that a payer which answers is asked before a claim goes out, that the claim is held where the plan is not in force on its day, that another payer that
// comes first is clarified, and that a refusal holds no claim.
func TestAClaimGoesOutAfterItsPayerSaidThatThePlanCovers(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		x := practise(t, url)
		for _, csv := range []string{`payer,name,aliases,identifiers,transactions\nacme,ACME PPO,,,\n`, `payer,subject,code,value,from,until\nacme,eligibility,,fhir,,\n`} {
			if got := x.send("POST", "/fhir/R4/$load-payers", `{"resourceType":"Parameters","parameter":[{"name":"csv","valueString":"`+csv+`"}]}`); !strings.Contains(got, "changed") {
				t.Fatal(got)
			}
		}
		rows := []struct{ member, state, work string }{
			{"E1-2", "adjudicated", ""}, {"E2-2", "held", "correct-claim scrub.eligibility"}, {"E3-2", "adjudicated", "eligibility-failed"}, {"E5-2", "", "clarify-coverage"}, {"E10-2", "adjudicated", ""},
		}
		for _, row := range rows {
			x.visits(row.member, []string{"99214"}, "")
		}
		x.rests()
		for _, row := range rows {
			id := strings.ToLower(row.member)
			claim := x.search("Claim?patient=Patient/" + id).At(0).Get("resource")
			if got := stateOf(claim); got != row.state {
				t.Errorf("%s: the claim is %q, want %q", row.member, got, row.state)
			}
			task := x.search("Task?status=requested&patient=Patient/" + id).At(0).Get("resource")
			work := strings.TrimSpace(task.In("code", "coding").At(0).Get("code").Text() + " " + task.In("businessStatus", "coding").At(0).Get("code").Text())
			if work != row.work {
				t.Errorf("%s: the work is %q, want %q", row.member, work, row.work)
			}
		}
	})
}

// stateOf gives how far a claim is.
func stateOf(claim fhir.Node) string {
	for e := range claim.Get("extension").Children() {
		if e.Get("url").Is(fhir.ExtensionClaimState) {
			return e.Get("valueCode").Text()
		}
	}
	return ""
}
