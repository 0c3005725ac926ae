package api_test

import (
	"strings"
	"testing"
	"time"

	"medbill/billing"
	"medbill/internal/auth"
	"medbill/internal/clock"
	"medbill/models"
)

// TestWorkIsDoneOverREST holds the REST twins of the work list: searched by what R4 has for it, taken, put off and decided.
func TestWorkIsDoneOverREST(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		practice(t, w)
		encounter(t, w, "visit", "ann", "")
		task := w.await(t, "Task?code=code-visit&status=requested", 1)[0]
		coder, other := who{role: auth.RoleCoder}, who{role: auth.RoleBiller}
		parameters := func(list ...string) string {
			return compact(`{'resourceType':'Parameters','parameter':[` + strings.Join(list, ",") + `]}`)
		}
		const code = `{'name':'decision','valueCode':'code'},{'name':'diagnosis','valueCode':'I10'},{'name':'charge','part':[{'name':'code','valueCoding':{'system':'` + cpt + `','code':'93000'}},{'name':'serviceDate','valueDate':'2026-03-02'}]}`

		w.do(t, coder, "POST", "Task/"+task+"/$take", "", "Medbill-Dry-Run: true").expect(t, 200)
		a := w.do(t, coder, "POST", "Task/"+task+"/$take", parameters(`{'name':'minutes','valuePositiveInt':10}`)).expect(t, 200)
		if stored := w.do(t, coder, "GET", "Task/"+task, ""); stored.body != a.body || !strings.Contains(a.body, `"valueString":"coder"`) || !strings.Contains(a.body, `"restriction":{"period":{"end":"2026-03-05"}}`) {
			t.Errorf("taken: %s\nstored: %s", a.body, stored.body)
		}
		if a := w.do(t, other, "POST", "Task/"+task+"/$take", "").expect(t, 409); !strings.Contains(a.body, "coder has the work until ") {
			t.Errorf("taken by another it says %s", a.body)
		}
		tomorrow := models.InstantOf(clock.System().Now().Add(24 * time.Hour)).String()
		w.do(t, coder, "POST", "Task/"+task+"/$snooze", parameters(`{'name':'until','valueInstant':'`+tomorrow+`'}`)).expect(t, 400)
		w.do(t, coder, "POST", "Task/"+task+"/$snooze", parameters(`{'name':'until','valueInstant':'`+tomorrow+`'}`, `{'name':'reason','valueString':'The doctor is away.'}`)).expect(t, 200)
		w.do(t, coder, "POST", "Task/"+task+"/$snooze", parameters(`{'name':'reason','valueString':'He is back.'}`)).expect(t, 200)
		w.do(t, admin, "PUT", "Task/"+task, a.body).expect(t, 405)

		if _, err := w.office.AssignWork(t.Context(), auth.Principal{Tenant: tenant, Subject: "manager", Scopes: auth.ParseScopes("system/*.cruds operation/work")}, billing.Call{}, models.WorkItemID(task), "cora"); err != nil {
			t.Fatal(err)
		}
		for query, want := range map[string]int{
			"code=code-visit&status=requested&patient=Patient/ann&focus=Encounter/visit&performer=coder&priority=urgent": 1,
			"owner=Practitioner/doc&status=requested": 0, "owner:identifier=https://medbill.dev/fhir/NamingSystem/user|cora": 1,
			"period=gt2026-03-01": 1, "period=lt2026-03-01": 0, "encounter=Encounter/visit": 1, "owner=Practitioner/doc": 0, "business-status=scrub.npi": 0,
		} {
			if a := w.do(t, coder, "GET", "Task?"+query, "").expect(t, 200); strings.Count(a.body, `"fullUrl"`) != want {
				t.Errorf("Task?%s finds %s, want %d", query, a.body, want)
			}
		}

		if a := w.do(t, coder, "POST", "Task/"+task+"/$decide", parameters(`{'name':'decision','valueCode':'ignore'}`)).expect(t, 409); !strings.Contains(a.body, `"Parameters.parameter[0].value"`) {
			t.Errorf("a decision that cannot be made is refused as %s", a.body)
		}
		w.do(t, coder, "POST", "Task/"+task+"/$decide", parameters(`{'name':'decision','valueCode':'recheck'}`, `{'name':'diagnosis','valueCode':'I10'}`)).expect(t, 400)
		bad := strings.Replace(parameters(code), "2026-03-02", "0001-01-01", 1)
		if a := w.do(t, coder, "POST", "Task/"+task+"/$decide", bad).expect(t, 400); !strings.Contains(a.body, "Parameters.parameter[2].part[1].value") {
			t.Errorf("a coding that cannot be is refused as %s", a.body)
		}
		if a := w.do(t, coder, "POST", "Task/"+task+"/$decide", parameters(code), "Medbill-Dry-Run: true").expect(t, 200); !strings.Contains(a.body, `"resourceType":"Task"`) {
			t.Errorf("a rehearsed decision tells %s", a.body)
		}
		for range 2 {
			if a := w.do(t, coder, "POST", "Task/"+task+"/$decide", parameters(code), "Idempotency-Key: decided").expect(t, 200); !a.node(t).Get("status").Is("completed") || !strings.Contains(a.body, `"code":"code"`) {
				t.Errorf("decided: %s", a.body)
			}
		}
		w.await(t, "Claim?encounter=Encounter/visit&claim-state=ready", 1)
		w.do(t, coder, "POST", "Task/"+task+"/$decide", parameters(code)).expect(t, 409)
	})
}
