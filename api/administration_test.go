package api_test

import (
	"net/url"
	"strings"
	"testing"

	"medbill/internal/auth"
)

// sets gives Parameters of $settings and the like, each as the JSON behind its name.
func sets(pairs ...string) string {
	var list []string
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, `{'name':'`+pairs[i]+`',`+pairs[i+1]+`}`)
	}
	return compact(`{'resourceType':'Parameters','parameter':[` + strings.Join(list, ",") + `]}`)
}

// says gives name=value of each parameter, parts in brackets.
func (a answer) says(t *testing.T) string {
	t.Helper()
	d := a.node(t)
	var list []string
	for p := range d.Get("parameter").Children() {
		text := p.Get("name").Text() + "="
		for _, typ := range []string{"valueString", "valueCode", "valueDate", "valueBoolean", "valueUnsignedInt"} {
			text += p.Get(typ).Text()
		}
		text += p.In("valueReference", "reference").Text()
		for part := range p.Get("part").Children() {
			text += "[" + part.Get("name").Text()
			for _, typ := range []string{"valueString", "valueCode", "valueDate", "valueUnsignedInt"} {
				if v := part.Get(typ).Text(); v != "" && part.Get("name").Text() != "id" {
					text += " " + v
				}
			}
			if v := part.In("valueReference", "reference").Text(); v != "" {
				text += " " + v
			}
			text += "]"
		}
		list = append(list, text)
	}
	return strings.Join(list, " ")
}

func (a answer) places(t *testing.T) string {
	t.Helper()
	var list []string
	for issue := range a.node(t).Get("issue").Children() {
		list = append(list, issue.Get("expression").At(0).Text())
	}
	return strings.Join(list, " ")
}

func TestSettingsAreChangedWhileTheServerRuns(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		manager := who{role: auth.RoleManager}
		w.put(t, "Organization/practice", `{"resourceType":"Organization","id":"practice","name":"Zzyzx Clinic"}`)
		if got, want := w.do(t, manager, "GET", "$settings", "").expect(t, 200).says(t), "timeZone=America/New_York autoSubmit=false dueDays=30 selfPayHours=0 reviewShare=0 writeOffMax=0"; got != want {
			t.Errorf("at first %q, want %q", got, want)
		}
		all := sets("name", `'valueString':'Zzyzx Clinic'`, "timeZone", `'valueString':'America/Los_Angeles'`, "practice", `'valueReference':{'reference':'Organization/practice'}`, "goLive", `'valueDate':'2026-01-01'`,
			"autoSubmit", `'valueBoolean':true`, "dueDays", `'valueUnsignedInt':14`, "selfPayHours", `'valueUnsignedInt':48`, "closedThrough", `'valueDate':'2026-01-31'`,
			"connection", `'part':[{'name':'payer','valueReference':{'reference':'Organization/acme'}},{'name':'kind','valueCode':'fhir'}]`)
		want := "name=Zzyzx Clinic timeZone=America/Los_Angeles practice=Organization/practice goLive=2026-01-01 autoSubmit=true dueDays=14 selfPayHours=48 reviewShare=0 writeOffMax=0 closedThrough=2026-01-31 connection=[payer Organization/acme][kind fhir]"
		if got := w.do(t, manager, "POST", "$settings", all).expect(t, 200).says(t); got != want {
			t.Errorf("changed to %q, want %q", got, want)
		}
		w.do(t, admin, "POST", "$settings", sets("clear", `'valueCode':'goLive'`, "dueDays", `'valueUnsignedInt':0`)).expect(t, 200)
		want = strings.Replace(strings.Replace(want, "goLive=2026-01-01 ", "", 1), "dueDays=14", "dueDays=0", 1)
		if got := w.do(t, admin, "GET", "$settings", "").expect(t, 200).says(t); got != want {
			t.Errorf("then %q, want %q", got, want)
		}
		for _, row := range []struct {
			name, body, places string
			status             int
		}{
			{"a zone that is none and too many days", sets("dueDays", `'valueUnsignedInt':400`, "timeZone", `'valueString':'Mars/Phobos'`), "Parameters.parameter[1].value Parameters.parameter[0].value", 400},
			{"the books of a day to come", sets("closedThrough", `'valueDate':'2100-01-31'`), "Parameters.parameter[0].value", 400},
			{"a setting that is none", sets("color", `'valueString':'x'`), "Parameters.parameter[0]", 400},
			{"a setting twice", sets("dueDays", `'valueUnsignedInt':4`, "dueDays", `'valueUnsignedInt':5`), "Parameters.parameter[1]", 400},
			{"set and cleared", sets("name", `'valueString':'x'`, "clear", `'valueCode':'name'`), "Parameters.parameter[1]", 400},
			{"another type", sets("autoSubmit", `'valueString':'true'`), "Parameters.parameter[0].value", 400},
			{"a practice elsewhere", sets("practice", `'valueReference':{'reference':'Patient/x'}`), "Parameters.parameter[0].value", 400},
			{"a connection that is none", sets("connection", `'part':[{'name':'payer','valueReference':{'reference':'Organization/acme'}},{'name':'kind','valueCode':'pigeon'}]`), "Parameters.parameter[0].part[1].value", 400},
			{"a connection by which nothing is sent", sets("connection", `'part':[{'name':'payer','valueReference':{'reference':'Organization/acme'}},{'name':'kind','valueCode':'folder'}]`), "Parameters.parameter[0].part[1].value", 422},
		} {
			if a := w.do(t, admin, "POST", "$settings", row.body).expect(t, row.status); a.places(t) != row.places {
				t.Errorf("%s: %s", row.name, a.body)
			}
		}
		if got := w.do(t, admin, "GET", "$settings", "").expect(t, 200).says(t); got != want {
			t.Errorf("a refused change left %q", got)
		}
	})
}

func TestOnlyTheOfficeAdministers(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		practice(t, w)
		for _, as := range []who{
			{role: auth.RoleEHR}, {role: auth.RoleFrontDesk}, {role: auth.RoleCoder}, {role: auth.RoleBiller}, {role: auth.RolePayer, organization: "acme"}, {role: auth.RolePatient, patient: "ann"},
			{role: auth.RoleAdmin, organization: "acme"}, {role: auth.RoleAdmin, patient: "ann"}, {role: auth.RoleManager, patient: "ann"},
		} {
			for _, request := range [][2]string{{"GET", "$settings"}, {"POST", "$settings"}, {"GET", "$fees"}, {"POST", "$load-fees"}, {"POST", "$end-fees"}} {
				body := ""
				if request[0] == "POST" {
					body = map[string]string{
						"$settings": sets("dueDays", `'valueUnsignedInt':1`), "$load-fees": sets("name", `'valueString':'x'`, "csv", `'valueString':'code,system,modifiers,payer,from,until,amount\n99213,,,,,,1\n'`),
						"$end-fees": sets("schedule", `'valueString':'x'`, "until", `'valueDate':'2026-01-01'`),
					}[request[1]]
				}
				w.do(t, as, request[0], request[1], body).expect(t, 403)
			}
		}
		w.send(t, "", "GET", "$settings", "").expect(t, 401)
		w.do(t, admin, "DELETE", "$settings", "").expect(t, 405)
		w.do(t, admin, "POST", "$fees", sets("x", `'valueString':'x'`)).expect(t, 405)
		w.do(t, admin, "GET", "$wombat", "").expect(t, 404)
	})
}

const feeColumns = "code,system,modifiers,payer,from,until,amount\n"

// lines sends a fee schedule as the lines they are.
func (w *world) lines(t *testing.T, as who, query url.Values, lines string) answer {
	t.Helper()
	return w.do(t, as, "POST", "$load-fees?"+query.Encode(), feeColumns+lines, "Content-Type: text/csv; charset=utf-8")
}

func TestFeeSchedulesAreLoadedAndEnded(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		practice(t, w)
		manager := who{role: auth.RoleManager}
		standard := func(from string) url.Values { return url.Values{"name": {"standard"}, "from": {from}} }
		w.lines(t, manager, standard("2026-01-01"), "99213,,,,,,150\n99024,cpt,,,,,0.00\n").expect(t, 200)
		w.lines(t, manager, standard("2026-07-01"), "99213,,,,,,160\n").expect(t, 200)
		w.lines(t, manager, standard("2026-01-01"), "99213,,,,,,155\n").expect(t, 200)
		parameters := sets("name", `'valueString':'ACME 2026'`, "payer", `'valueReference':{'reference':'Organization/acme'}`, "from", `'valueDate':'2026-01-01'`, "until", `'valueDate':'2026-12-31'`,
			"csv", `'valueString':'`+strings.ReplaceAll(feeColumns, "\n", `\n`)+`99213,,,,,,140\n'`)
		if got, want := w.do(t, manager, "POST", "$load-fees", parameters).expect(t, 200).says(t), "feeSchedule=[id][name ACME 2026][payer Organization/acme][from 2026-01-01][until 2026-12-31][prices 1]"; got != want {
			t.Errorf("loaded %q, want %q", got, want)
		}
		listed := w.do(t, manager, "GET", "$fees", "").expect(t, 200)
		want := "feeSchedule=[id][name ACME 2026][payer Organization/acme][from 2026-01-01][until 2026-12-31][prices 1] " +
			"feeSchedule=[id][name standard][from 2026-01-01][until 2026-06-30][prices 1] feeSchedule=[id][name standard][from 2026-07-01][prices 1]"
		if got := listed.says(t); got != want {
			t.Errorf("listed %q, want %q", got, want)
		}
		id := listed.node(t).Get("parameter").At(2).Get("part").At(0).Get("valueString").Text()
		end := func(day string) string {
			return sets("schedule", `'valueString':'`+id+`'`, "until", `'valueDate':'`+day+`'`)
		}
		w.do(t, manager, "POST", "$end-fees", end("2026-06-30")).expect(t, 400)
		if got := w.do(t, manager, "POST", "$end-fees", end("2026-12-31")).expect(t, 200).says(t); !strings.Contains(got, "[until 2026-12-31]") {
			t.Error(got)
		}
		w.do(t, manager, "POST", "$end-fees", end("2027-01-01")).expect(t, 409)
		w.do(t, manager, "POST", "$end-fees", sets("schedule", `'valueString':'none'`, "until", `'valueDate':'2027-01-01'`)).expect(t, 404)

		for _, row := range []struct {
			name   string
			query  url.Values
			lines  string
			status int
			places string
		}{
			{"bad lines", standard("2027-01-01"), "99213,,,,,,x\n99213,,,,,,1\n99213,,,,,,1\n", 400, "line 2 line 4"},
			{"a tie of two schedules", url.Values{"name": {"other"}, "from": {"2026-07-01"}}, "99214,,,,,,1\n99213,,,,,,1\n", 422, "line 3"},
			{"a tie with a ChargeItemDefinition", url.Values{"name": {"other"}}, "99214,,,,,,1\n", 422, "line 2"},
			{"another payer under the name", url.Values{"name": {"standard"}, "payer": {"acme"}, "from": {"2027-01-01"}}, "99213,,,,,,1\n", 409, "payer"},
			{"no name", url.Values{}, "99213,,,,,,1\n", 400, "name"},
			{"no line", standard("2027-01-01"), "", 400, "csv"},
			{"a day that is none", standard("2027-1-1"), "99213,,,,,,1\n", 400, "from"},
			{"a parameter that is none", url.Values{"name": {"x"}, "color": {"y"}}, "99213,,,,,,1\n", 400, ""},
		} {
			if a := w.lines(t, manager, row.query, row.lines).expect(t, row.status); a.places(t) != row.places {
				t.Errorf("%s: %q, want %q: %s", row.name, a.places(t), row.places, a.body)
			}
		}
		// What ends elsewhere is free again.
		w.lines(t, manager, url.Values{"name": {"other"}, "from": {"2027-01-01"}}, "99213,,,,,,1\n").expect(t, 200)
		w.do(t, manager, "POST", "$load-fees?name=x", "x", "Content-Type: text/plain").expect(t, 415)
	})
}

func TestADefinitionThatTiesWithAScheduleIsRefused(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		definition := func(id, more string) string {
			return compact(`{'resourceType':'ChargeItemDefinition','id':'` + id + `','url':'http://example.org/fee/` + id + `','status':'active','code':{'coding':[{'system':'` + cpt + `','code':'99213'}]},'propertyGroup':[{'priceComponent':[{'type':'base','amount':{'value':0.00,'currency':'USD'}}]}]` + more + `}`)
		}
		w.put(t, "ChargeItemDefinition/one", definition("one", ""))
		w.put(t, "ChargeItemDefinition/one", definition("one", `,'title':'Once more'`))
		a := w.do(t, admin, "PUT", "ChargeItemDefinition/two", definition("two", "")).expect(t, 422)
		if a.places(t) != "ChargeItemDefinition.effectivePeriod" {
			t.Error(a.body)
		}
		w.do(t, admin, "GET", "ChargeItemDefinition/two", "").expect(t, 404)
		w.put(t, "ChargeItemDefinition/two", definition("two", `,'effectivePeriod':{'start':'2026-01-01'}`))
		w.lines(t, admin, url.Values{"name": {"standard"}, "from": {"2026-01-01"}}, "99213,,,,,,1\n").expect(t, 422)
		w.lines(t, admin, url.Values{"name": {"standard"}, "from": {"2026-02-01"}}, "99213,,,,,,1\n").expect(t, 200)
		w.do(t, admin, "DELETE", "ChargeItemDefinition/one", "").expect(t, 204)
		w.put(t, "ChargeItemDefinition/three", definition("three", ""))
	})
}

// A visit that waits for its price goes on as soon as a schedule has it.
func TestALoadedPriceLetsAVisitGoOn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		practice(t, w)
		for _, code := range []string{"99214", "93000"} {
			w.do(t, admin, "DELETE", "ChargeItemDefinition/fee-"+code, "").expect(t, 204)
		}
		visit(t, w, "visit", "ann")
		w.await(t, "Task?status=requested&code=price-service", 1)
		w.lines(t, admin, url.Values{"name": {"standard"}}, "99214,,,,2026-01-01,,250.00\n93000,,,acme,,,60.00\n").expect(t, 200)
		claim := w.await(t, "Claim?encounter=Encounter/visit&claim-state=ready", 1)[0]
		if a := w.do(t, admin, "GET", "Claim/"+claim, "").expect(t, 200); !strings.Contains(a.body, `"value":325.00`) {
			t.Error(a.body)
		}
	})
}

// A line that costs nothing is a price, and no claim leaves without it.
func TestANoChargeLineIsNotLost(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		practice(t, w)
		w.do(t, admin, "DELETE", "ChargeItemDefinition/fee-36415", "").expect(t, 204)
		w.lines(t, admin, url.Values{"name": {"no charge"}}, "36415,cpt,,,,,0.00\n").expect(t, 200)
		visit(t, w, "visit", "ann")
		w.idle(t)
		claims := w.do(t, admin, "GET", "Claim?encounter=Encounter/visit", "").expect(t, 200)
		held := w.do(t, admin, "GET", "Task?status=requested", "").expect(t, 200)
		if len(held.entries(t)) == 0 && !strings.Contains(claims.body, `"36415"`) {
			t.Errorf("neither held nor on a claim: %s", claims.body)
		}
	})
}
