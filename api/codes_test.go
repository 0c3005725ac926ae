package api_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"medbill/internal/auth"
)

// orderLine is a line of an ICD-10-CM order file.
func orderLine(number, code, flag, title string) string {
	return number + " " + code + strings.Repeat(" ", 8-len(code)) + flag + " " + title + strings.Repeat(" ", 61-len(title)) + title + "\n"
}

var orderFile = orderLine("00001", "E11", "0", "Invented sugar trouble") + orderLine("00002", "E1100", "1", "Invented sugar trouble with sleep") +
	orderLine("00003", "E119", "1", "Invented sugar trouble, plain")

const (
	loadOrder = "$load-codes?file=icd10cm_order_2026.txt"
	bytesType = "Content-Type: application/octet-stream"
	icd10cm   = "http://hl7.org/fhir/sid/icd-10-cm"
)

func TestAReleaseIsLoadedWhileTheServerRuns(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const release = "release=[table icd-10-cm][name 2026][from 2025-10-01][until 2026-09-30][complete][rows 3][billable 2][source icd10cm_order_2026.txt]"
		w.do(t, admin, "POST", loadOrder, orderFile, bytesType, "Medbill-Dry-Run: true").expect(t, 200)
		if got := w.do(t, admin, "GET", "$codes", "").expect(t, 200).says(t); got != "" {
			t.Errorf("after a rehearsal there is %q", got)
		}
		for _, sent := range []answer{
			w.do(t, admin, "POST", loadOrder, orderFile, bytesType),
			w.do(t, admin, "POST", "$load-codes", sets("file", `'valueString':'icd10cm_order_2026.txt'`, "content", `'valueBase64Binary':'`+base64.StdEncoding.EncodeToString([]byte(orderFile))+`'`)),
		} {
			if got := sent.expect(t, 200).says(t); got != release+"[changed]" {
				t.Errorf("loaded %q, want %q", got, release)
			}
		}
		if got := w.do(t, admin, "GET", "$codes", "").expect(t, 200).says(t); got != release {
			t.Errorf("there is %q, want %q", got, release)
		}
		for name, row := range map[string]struct {
			path, body string
			headers    []string
			status     int
			says       string
		}{
			"a broken line":          {loadOrder, orderFile + "broken\n", []string{bytesType}, 400, "line 4"},
			"a file nobody knows":    {"$load-codes?file=x.txt", "hello", []string{bytesType}, 400, "none of the files that are known"},
			"a file without a name":  {"$load-codes", orderFile, []string{bytesType}, 400, "name of the file"},
			"an unknown parameter":   {loadOrder + "&wombat=1", orderFile, []string{bytesType}, 400, "unknown"},
			"a drop of what is none": {"$drop-codes", sets("table", `'valueString':'icd-10-cm'`, "release", `'valueString':'1999'`), nil, 404, "no such release"},
			"a drop of nothing":      {"$drop-codes", sets("table", `'valueString':'icd-10-cm'`), nil, 400, "release is missing"},
		} {
			if a := w.do(t, admin, "POST", row.path, row.body, row.headers...).expect(t, row.status); !strings.Contains(a.body, row.says) {
				t.Errorf("%s: %s, want %q", name, a.body, row.says)
			}
		}
		w.do(t, who{role: auth.RoleManager}, "POST", loadOrder, orderFile, bytesType).expect(t, 403)
		w.do(t, who{role: auth.RoleAdmin, scope: "system/*.cruds operation/*"}, "GET", "$codes", "").expect(t, 403) // it is granted by its name alone
		w.do(t, admin, "POST", "$drop-codes", sets("table", `'valueString':'icd-10-cm'`, "release", `'valueString':'2026'`)).expect(t, 200)
		if got := w.do(t, admin, "GET", "$codes", "").expect(t, 200).says(t); got != "" {
			t.Errorf("after the drop there is %q", got)
		}
	})
}

func TestACodeIsLookedUpOnADay(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		coder := who{role: auth.RoleCoder}
		ask := func(operation, query string) answer { return w.do(t, coder, "GET", operation+"?"+query, "") }
		if got := ask("CodeSystem/$validate-code", "url="+icd10cm+"&code=E11.9").expect(t, 200).says(t); !strings.HasPrefix(got, "result=false message=No release of this code system") {
			t.Errorf("without a release: %q", got)
		}
		ask("CodeSystem/$lookup", "system="+icd10cm+"&code=E11.9").expect(t, 404)
		ask("ValueSet/$expand", "url="+icd10cm).expect(t, 404)
		w.do(t, admin, "POST", loadOrder, orderFile, bytesType).expect(t, 200)
		for _, row := range []struct{ code, day, want string }{
			{"E11.9", "2026-03-02", "result=true display=Invented sugar trouble, plain"},
			{"e119", "2026-03-02", "result=true display=Invented sugar trouble, plain"},
			{"E11", "2026-03-02", "result=false message=The code is a heading and cannot be billed; choose one below it, such as E11.9, E11.00. display=Invented sugar trouble"},
			{"E11.9", "2025-09-30", "result=false message=The day lies before the first release that is here, 2026 from 2025-10-01; load the one of that day. display=Invented sugar trouble, plain"},
			{"E11.9", "2026-10-01", "result=true message=The day lies after the release 2026, and the next one is not here. display=Invented sugar trouble, plain"},
			{"E12", "2026-03-02", "result=false message=The code is not in the release 2026."},
		} {
			if got := ask("CodeSystem/$validate-code", "url="+icd10cm+"&code="+row.code+"&date="+row.day).expect(t, 200).says(t); got != row.want {
				t.Errorf("%s on %s: %q, want %q", row.code, row.day, got, row.want)
			}
		}
		posted := w.do(t, coder, "POST", "CodeSystem/$lookup", sets("coding", `'valueCoding':{'system':'`+icd10cm+`','code':'E11'}`, "date", `'valueDate':'2026-03-02'`)).expect(t, 200).says(t)
		if want := "name=ICD-10-CM version=2026 display=Invented sugar trouble property=[code notSelectable][value] property=[code child][value E11.9] property=[code child][value E11.00]"; posted != want {
			t.Errorf("E11 is %q, want %q", posted, want)
		}
		ask("CodeSystem/$lookup", "system="+icd10cm+"&code=Z99&date=2026-03-02").expect(t, 404)
		ask("CodeSystem/$lookup", "system="+icd10cm).expect(t, 400)
		ask("CodeSystem/$lookup", "system="+icd10cm+"&code=E11.9&date=yesterday").expect(t, 400)
		ask("ValueSet/$expand", "url="+icd10cm+"&count=-1").expect(t, 400)
		w.do(t, coder, "GET", "CodeSystem/x/$lookup", "").expect(t, 404)
	})
}

func TestCodesAreFoundInPages(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.do(t, admin, "POST", loadOrder, orderFile, bytesType).expect(t, 200)
		w.do(t, admin, "POST", "$load-codes?file=set.json&from=2026-01-01&release=1",
			compact(`{'resourceType':'ValueSet','url':'urn:set','version':'1','compose':{'include':[{'system':'urn:a','concept':[{'code':'A1','display':'Apple'}]},{'system':'urn:b','concept':[{'code':'B1','display':'Pear'}]}]}}`), bytesType).expect(t, 200)
		for _, row := range []struct{ query, want string }{
			{"url=" + icd10cm + "?fhir_vs&filter=sug+tro", "3: E11.00 E11.9 (E11)"},
			{"url=" + icd10cm + "&filter=e11&count=1&offset=1", "3: E11.9"},
			{"url=" + icd10cm + "&filter=plain", "1: E11.9"},
			{"url=" + icd10cm + "&count=0", "3:"},
			{"url=urn:set", "2: A1 B1"},
			{"url=urn:set&filter=pea", "1: B1"},
		} {
			d := w.do(t, admin, "GET", "ValueSet/$expand?date=2026-03-02&"+row.query, "").expect(t, 200).node(t)
			got := d.In("expansion", "total").Text() + ":"
			for c := range d.In("expansion", "contains").Children() {
				if code := c.Get("code").Text(); c.Get("abstract").Text() == "true" {
					got += " (" + code + ")"
				} else {
					got += " " + code
				}
			}
			if got != row.want {
				t.Errorf("%s: %s, want %s", row.query, got, row.want)
			}
		}
	})
}
