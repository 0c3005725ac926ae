package api_test

import (
	"strings"
	"testing"

	"medbill/internal/auth"
)

const ecgRule = `{'resourceType':'Parameters','parameter':[{'name':'rule','valueCode':'ecg'},{'name':'title','valueString':'Electrocardiograms'},{'name':'text','valueString':'Look at it.'},{'name':'eachLine','valueBoolean':true},` +
	`{'name':'when','valueString':'line.code == \"93000\"'},{'name':'action','valueCode':'ACTION'},{'name':'example','part':[{'name':'name','valueString':'one'},{'name':'claim','valueString':'{\"claim\":{\"lines\":[{\"code\":\"93000\"}]}}'},{'name':'finds','valueUnsignedInt':1}]}MORE]}`

// ruled gives the Parameters of a rule with another action and more parameters.
func ruled(action, more string) string {
	return strings.ReplaceAll(strings.NewReplacer("ACTION", action, "MORE", more).Replace(ecgRule), "'", `"`)
}

// TestARuleIsWrittenTriedAndSwitchedOverFHIR goes through the four operations, and through what they refuse.
func TestARuleIsWrittenTriedAndSwitchedOverFHIR(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		practice(t, w)
		manager := who{role: auth.RoleManager}
		w.do(t, manager, "POST", "$save-rule", ruled("hold", ""), "Medbill-Dry-Run: true").expect(t, 200)
		if got := w.do(t, manager, "GET", "$rules", "").expect(t, 200).says(t); got != "" {
			t.Errorf("a rehearsal keeps %s", got)
		}
		saved := w.do(t, manager, "POST", "$save-rule", ruled("hold", "")).expect(t, 200).body
		if again := w.do(t, manager, "POST", "$save-rule", ruled("hold", "")).expect(t, 200).body; again != saved || !strings.Contains(saved, `"name":"version","valueUnsignedInt":1`) {
			t.Errorf("the same again is %s, after %s", again, saved)
		}
		tried := w.do(t, manager, "POST", "$try-rule", ruled("hold", `,{"name":"served-from","valueDate":"2026-01-01"}`)).expect(t, 200).says(t)
		if !strings.HasPrefix(tried, "looked=") || !strings.Contains(tried, "more=false") {
			t.Errorf("a trial says %s", tried)
		}
		on := `{"resourceType":"Parameters","parameter":[{"name":"rule","valueCode":"ecg"},{"name":"version","valueInteger":VERSION},{"name":"on","valueBoolean":true}]}`
		if got := w.do(t, manager, "POST", "$switch-rule", strings.Replace(on, "VERSION", "1", 1)).expect(t, 200).body; !strings.Contains(got, `"valueCode":"on"`) {
			t.Errorf("switched on it is %s", got)
		}
		w.do(t, manager, "POST", "$switch-rule", strings.Replace(on, "VERSION", "7", 1)).expect(t, 404)
		for what, body := range map[string]string{
			"an action that is none":         ruled("pay", ""),
			"a parameter that is none":       ruled("hold", `,{"name":"wombat","valueString":"x"}`),
			"a parameter twice":              ruled("hold", `,{"name":"rule","valueCode":"x"}`),
			"a misspelt variable":            strings.Replace(ruled("hold", ""), "line.code ==", "line.cod ==", 1),
			"an example that finds nothing":  strings.Replace(ruled("hold", ""), `\"code\":\"93000\"`, `\"code\":\"36415\"`, 1),
			"an example that is no JSON":     strings.Replace(ruled("hold", ""), `{\"claim\":`, `{claim:`, 1),
			"a condition that says a number": strings.Replace(ruled("hold", ""), `line.code == \"93000\"`, `line.billed`, 1),
		} {
			if got := w.do(t, manager, "POST", "$save-rule", body).expect(t, 400).places(t); got == "" {
				t.Errorf("%s is refused at no place", what)
			}
		}
		if n := strings.Count(w.do(t, manager, "GET", "$rules", "").expect(t, 200).body, `"name":"version"`); n != 1 {
			t.Errorf("refusals left %d versions", n)
		}
		w.do(t, who{role: auth.RoleBiller}, "GET", "$rules", "").expect(t, 403)
	})
}
