package graph_test

import (
	"testing"

	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/internal/store/storetest"
)

const feeLines = "code,system,modifiers,payer,from,until,amount\n"

// TestTheManagerAdministersThePractice holds the same settings and schedules as over REST.
func TestTheManagerAdministersThePractice(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		manager := d.role(auth.RoleManager)
		d.bundle(d.role(auth.RoleAdmin), practice()...)
		d.says(manager, `{"changeSettings":{"settings":{"name":"Zzyzx Clinic","timeZone":"America/Los_Angeles","practice":{"name":"Zzyzx Clinic"},"goLive":"2026-01-01","autoSubmit":false,"dueDays":14,"selfPayHours":48,"connections":[{"payer":{"id":"acme"},"kind":"fhir"}]}}}`,
			`mutation{changeSettings(input:{name:"Zzyzx Clinic",timeZone:"America/Los_Angeles",practice:"practice",goLive:"2026-01-01",dueDays:14,selfPayHours:48,connection:[{payer:"acme",kind:fhir}]}){settings{name timeZone practice{name} goLive autoSubmit dueDays selfPayHours connections{payer{id} kind}}}}`)
		d.says(manager, `{"changeSettings":{"settings":{"goLive":null,"practice":null,"dueDays":14}}}`, `mutation{changeSettings(input:{goLive:"",practice:""}){settings{goLive practice{id} dueDays}}}`)
		d.says(manager, `{"settings":{"name":"Zzyzx Clinic","dueDays":14}}`, `{settings{name dueDays}}`)
		a := d.refuses(manager, "BAD_USER_INPUT", `mutation{changeSettings(input:{timeZone:"Mars/Phobos"}){settings{name}}}`)
		if path := a.Errors[0].Extensions.Issues[0].Path; path != "input.timeZone" {
			t.Errorf("the issue stands at %q", path)
		}
		d.refuses(manager, "UNPROCESSABLE", `mutation{changeSettings(input:{connection:[{payer:"acme",kind:folder}]}){settings{name}}}`)

		const load = `mutation($in:LoadFeesInput!){loadFees(input:$in){feeSchedule{name payer{name} from until prices}}}`
		in := func(name, lines string) map[string]any {
			return map[string]any{"name": name, "payer": "acme", "from": "2026-01-01", "csv": feeLines + lines}
		}
		d.says(manager, `{"loadFees":{"feeSchedule":{"name":"ACME","payer":{"name":"ACME PPO"},"from":"2026-01-01","until":null,"prices":2}}}`, load, "in", in("ACME", "99213,,,,,,150\n99024,,,,,,0.00\n"))
		a = d.refuses(manager, "UNPROCESSABLE", load, "in", in("other", "99213,,,,,,150\n"))
		if path := a.Errors[0].Extensions.Issues[0].Path; path != "line 2" {
			t.Errorf("the tie stands at %q", path)
		}
		d.refuses(manager, "BAD_USER_INPUT", load, "in", in("", "99213,,,,,,150\n"))
		d.says(manager, `{"feeSchedules":[{"name":"ACME","prices":2}]}`, `{feeSchedules{name prices}}`)
		id := d.schedule(manager)
		d.says(manager, `{"endFees":{"feeSchedule":{"until":"2026-12-31"}}}`, `mutation($id:ID!){endFees(input:{schedule:$id,until:"2026-12-31"}){feeSchedule{until}}}`, "id", id)
		for _, role := range []auth.Role{auth.RoleEHR, auth.RoleFrontDesk, auth.RoleCoder, auth.RoleBiller, auth.RolePayer, auth.RolePatient} {
			d.refuses(d.role(role), "FORBIDDEN FORBIDDEN", `{settings{name} feeSchedules{id}}`)
			d.refuses(d.role(role), "FORBIDDEN", `mutation{changeSettings(input:{dueDays:1}){settings{name}}}`)
			d.refuses(d.role(role), "FORBIDDEN", load, "in", in("x", "99213,,,,,,150\n"))
			d.refuses(d.role(role), "FORBIDDEN", `mutation($id:ID!){endFees(input:{schedule:$id,until:"2026-06-30"}){feeSchedule{until}}}`, "id", id)
		}
	})
}

// schedule gives the id of the one fee schedule there is.
func (d *desk) schedule(p auth.Principal) string {
	d.t.Helper()
	office, err := d.office.FeeSchedules(d.t.Context(), p)
	if err != nil || len(office) != 1 {
		d.t.Fatalf("%d fee schedules: %v", len(office), err)
	}
	return string(office[0].ID)
}

// TestPayersAreShownOnADay holds what the directory shows, and to whom.
func TestPayersAreShownOnADay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		manager := d.role(auth.RoleManager)
		d.bundle(d.role(auth.RoleAdmin), practice()...)
		d.says(manager, `{"changeSettings":{"settings":{"dueDays":14}}}`, `mutation{changeSettings(input:{dueDays:14}){settings{dueDays}}}`)
		d.says(manager, `{"payers":[]}`, `{payers{id}}`)
		d.loadPayers(manager, "payer,name,aliases,identifiers,transactions\nacme,ACME,Acme;A,urn:naic|1,837P 835\n",
			"payer,subject,code,value,from,until\nacme,age,99213,18-,,2025-12-31\nacme,age,99213,21-,2026-01-01,\n*,appeal-limit,,90,,\n", "payer,npi,from,until\nacme,1234567893,2026-01-01,\n")
		d.says(manager, `{"payers":[{"id":"acme"},{"id":"*"}]}`, `{payers{id}}`)
		d.says(manager, `{"payer":{"name":"ACME","aliases":["Acme","A"],"identifiers":["urn:naic|1"],"transactions":["837P","835"],"organization":{"id":"acme"},"facts":[{"subject":"age","code":"99213","value":"21-","from":"2026-01-01","until":null}],"enrolments":[{"npi":"1234567893"}]}}`,
			`{payer(id:"acme"){name aliases identifiers transactions organization{id} facts(on:"2026-03-02"){subject code value from until} enrolments(on:"2026-03-02"){npi}}}`)
		d.says(manager, `{"payer":{"facts":[{"value":"18-"}],"enrolments":[]}}`, `{payer(id:"acme"){facts(on:"2025-12-31"){value} enrolments(on:"2025-12-31"){npi}}}`)
		d.says(manager, `{"payer":{"name":null,"organization":null,"facts":[{"subject":"appeal-limit","code":null}]}}`, `{payer(id:"*"){name organization{id} facts{subject code}}}`)
		d.refuses(manager, "NOT_FOUND", `{payer(id:"none"){id}}`)
		d.refuses(manager, "BAD_USER_INPUT", `{payer(id:"acme"){facts(on:"today"){value}}}`)
		for _, role := range []auth.Role{auth.RoleEHR, auth.RoleFrontDesk, auth.RoleCoder, auth.RoleBiller, auth.RolePayer, auth.RolePatient} {
			d.refuses(d.role(role), "FORBIDDEN FORBIDDEN", `{payers{id} payer(id:"acme"){id}}`)
		}
	})
}
