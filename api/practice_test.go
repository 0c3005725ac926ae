package api_test

import (
	"strings"
	"testing"

	"medbill/internal/auth"
)

// ruled gives the Parameters of a rule on electrocardiograms, with words in the place of others.
func ruled(instead ...string) string {
	text := sets("id", `'valueString':'ecg'`, "title", `'valueString':'Electrocardiograms'`, "text", `'valueString':'Look at it.'`, "when", `'valueString':'line.code == \"93000\"'`,
		"each", `'valueCode':'line'`, "action", `'valueCode':'hold'`, "validFrom", `'valueDate':'2026-01-01'`,
		"example", `'part':[{'name':'title','valueString':'one'},{'name':'view','valueString':'{\"claim\":{\"lines\":[{\"code\":\"93000\",\"date\":\"2026-03-02\"}]}}'},{'name':'acts','valueString':'line 1'}]`)
	return strings.NewReplacer(instead...).Replace(text)
}

// TestARuleIsWrittenTriedAndSwitchedOverFHIR goes through the four operations, and through what they refuse and where.
func TestARuleIsWrittenTriedAndSwitchedOverFHIR(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		practice(t, w)
		manager, biller := who{role: auth.RoleManager}, who{role: auth.RoleBiller}
		w.do(t, manager, "POST", "$save-rule", ruled(), "Medbill-Dry-Run: true").expect(t, 200)
		if got := w.do(t, biller, "GET", "$rules", "").expect(t, 200).says(t); !strings.HasPrefix(got, "documentation=") || !strings.Contains(got, "has written none") {
			t.Errorf("a rehearsal keeps %s", got)
		}
		first := w.do(t, manager, "POST", "$save-rule", ruled()).expect(t, 200)
		again := w.do(t, manager, "POST", "$save-rule", ruled()).expect(t, 200)
		if got := first.says(t); !strings.HasPrefix(got, "changed=true rule=[id][version 1][state draft]") || strings.Replace(got, "true", "false", 1) != again.says(t) {
			t.Errorf("saved %s, and again %s", got, again.says(t))
		}
		w.do(t, manager, "POST", "$save-rule", ruled("'hold'", "'error'", `"hold"`, `"error"`)).expect(t, 200)
		if got := w.do(t, biller, "GET", "$rules?id=ecg", "").expect(t, 200).says(t); !strings.HasPrefix(got, "rule=[id][version 2]") || !strings.Contains(got, "rule=[id][version 1]") {
			t.Errorf("versions %s", got)
		}
		if got := w.do(t, biller, "GET", "$rules?id=ecg&before=2", "").expect(t, 200).says(t); strings.Contains(got, "[version 2]") {
			t.Errorf("versions before the second %s", got)
		}
		tried := w.do(t, biller, "POST", "$try-rule", sets("from", `'valueDate':'2026-01-01'`, "until", `'valueDate':'2026-12-31'`, "id", `'valueString':'ecg'`)).expect(t, 200).says(t)
		if !strings.HasPrefix(tried, "looked=") || !strings.Contains(tried, "more=false") {
			t.Errorf("a trial says %s", tried)
		}
		on := sets("id", `'valueString':'ecg'`, "version", `'valueInteger':1`, "state", `'valueCode':'on'`)
		if got := w.do(t, manager, "POST", "$switch-rule", on).expect(t, 200).says(t); !strings.HasPrefix(got, "changed=true rule=[id][version 1][state on]") {
			t.Errorf("switched on it is %s", got)
		}
		if got := w.do(t, manager, "POST", "$switch-rule", on).expect(t, 200).says(t); !strings.HasPrefix(got, "changed=false") {
			t.Errorf("switched on again it is %s", got)
		}
		if got := w.do(t, manager, "GET", "$rules", "").expect(t, 200).says(t); !strings.Contains(got, "### ecg, version 1 (on)") {
			t.Errorf("the document says %s", got)
		}
		at := func(n string) string { return "Parameters.parameter[" + n + "]" }
		for what, row := range map[string]struct {
			operation, body string
			status          int
			place           string
		}{
			"an action that is none":         {"$save-rule", ruled(`"hold"`, `"pay"`), 400, at("5") + ".value"},
			"a parameter that is none":       {"$save-rule", ruled(`"validFrom"`, `"wombat"`), 400, at("6")},
			"a parameter twice":              {"$save-rule", ruled(`"validFrom","valueDate":"2026-01-01"`, `"id","valueString":"x"`), 400, at("6")},
			"a part that is none":            {"$save-rule", ruled(`"acts"`, `"wombat"`), 400, at("7") + ".part[2]"},
			"no example":                     {"$save-rule", sets("id", `'valueString':'ecg'`), 400, "Parameters.parameter"},
			"a misspelt field":               {"$save-rule", ruled("line.code", "line.cod"), 400, at("3") + ".value"},
			"a condition that says a number": {"$save-rule", ruled(`line.code == \"93000\"`, "line.billed"), 400, at("3") + ".value"},
			"an example that is no claim":    {"$save-rule", ruled(`{\"claim\":`, `{\"wombat\":`), 400, at("7") + ".part[1].value"},
			"an example that says otherwise": {"$save-rule", ruled("line 1", "line 2"), 422, at("7")},
			"a version that is none":         {"$switch-rule", strings.Replace(on, ":1}", ":7}", 1), 404, at("1") + ".value"},
			"a version 0":                    {"$switch-rule", strings.Replace(on, ":1}", ":0}", 1), 400, at("1") + ".value"},
			"a state that is none":           {"$switch-rule", strings.Replace(on, `"on"`, `"draft"`, 1), 400, at("2") + ".value"},
			"a rule that is none":            {"$switch-rule", sets("id", `'valueString':'none'`, "state", `'valueCode':'on'`), 404, at("0") + ".value"},
			"a trial without days":           {"$try-rule", sets("id", `'valueString':'ecg'`), 400, "Parameters.parameter"},
		} {
			if got := w.do(t, manager, "POST", row.operation, row.body).expect(t, row.status).places(t); !strings.HasPrefix(got, row.place) {
				t.Errorf("%s is refused at %s, want %s", what, got, row.place)
			}
		}
		w.do(t, manager, "GET", "$rules?id=none", "").expect(t, 404)
		w.do(t, manager, "GET", "$rules?before=x", "").expect(t, 400)
		w.do(t, biller, "POST", "$save-rule", ruled()).expect(t, 403)
		w.do(t, biller, "POST", "$switch-rule", on).expect(t, 403)
		w.do(t, who{role: auth.RoleCoder}, "GET", "$rules", "").expect(t, 403)
	})
}
