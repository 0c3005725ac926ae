package api_test

import (
	"strings"
	"testing"
)

// TestADryRunOfCodingTellsWhatTheRulesNotice holds that a coder over REST learns it before anything is saved.
func TestADryRunOfCodingTellsWhatTheRulesNotice(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		practice(t, w)
		w.put(t, "Encounter/seen", encounterOf("seen", "ann", ""))
		w.await(t, "Task?code=code-visit", 1)
		charge := `{'name':'charge','part':[{'name':'code','valueCoding':{'system':'http://www.ama-assn.org/go/cpt','code':'93000'}},{'name':'serviceDate','valueDate':'2026-03-02'}]}`
		body := compact(`{'resourceType':'Parameters','parameter':[{'name':'diagnosis','valueCode':'I10'},` + charge + `,` + charge + `]}`)
		a := w.do(t, admin, "POST", "Encounter/seen/$code", body, "Medbill-Dry-Run: true").expect(t, 200)
		for _, want := range []string{`"name":"findings"`, `"code":"scrub.duplicate"`, `"expression":["Claim.item[1].productOrService"]`, `"net":{"value":60.00,"currency":"USD"}`} {
			if !strings.Contains(a.body, want) {
				t.Errorf("the dry run does not tell %s: %s", want, a.body)
			}
		}
		w.await(t, "Task?code=code-visit&status=requested", 1)
	})
}
