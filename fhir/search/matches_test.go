package search_test

import (
	"strconv"
	"testing"
	"time"

	"medbill/fhir/search"

	"pgregory.net/rapid"
)

const (
	canary = `{"resourceType":"Patient","id":"canary","active":true,"gender":"female","birthDate":"1980-02-29",
		"identifier":[{"system":"urn:mrn","value":"CANARY-7781"},{"value":"loose"}],"name":[{"family":"Zzyzx-Müller","given":["Canary  Rose"]}],
		"managingOrganization":{"reference":"Organization/o1"},"telecom":[{"system":"phone","value":"555"}]}`
	claim = `{"resourceType":"Claim","id":"c","status":"active","patient":{"reference":"Patient/p"},"created":"2013-01-14",
		"insurer":{"identifier":{"system":"naic","value":"12345"}},"facility":{"reference":"https://billing.example/fhir/R4/Location/l"},
		"enterer":{"reference":"https://other.example/fhir/Practitioner/x"},"identifier":[{"system":"s","value":"a,b|c$d\\e"}]}`
	invoice = `{"resourceType":"Invoice","id":"i","totalNet":{"value":48.00,"currency":"USD"},"totalGross":{"value":100,"currency":"USD"},"date":"2024-03-10T10:00:00.5-05:00"}`
	stay    = `{"resourceType":"Encounter","id":"e","status":"finished","period":{"start":"2013-01-14T08:00:00Z"}}`
	dose    = `{"resourceType":"Observation","id":"o","status":"final","valueQuantity":{"value":5.4,"unit":"milligram","system":"http://unitsofmeasure.org","code":"mg"}}`
	updated = "2024-01-31T12:00:00.123456Z"
)

// searchRules are rules of HL7's search page, each with the query that shows it.
var searchRules = []struct {
	name, document, raw string
	want                bool
}{
	// https://hl7.org/fhir/R4/search.html#token
	{"a code in any system", canary, "identifier=CANARY-7781", true},
	{"a code in its system", canary, "identifier=urn:mrn|CANARY-7781", true},
	{"a code in another system", canary, "identifier=urn:ssn|CANARY-7781", false},
	{"a code without a system", canary, "identifier=|loose", true},
	{"a code that has a system is not without one", canary, "identifier=|CANARY-7781", false},
	{"any code of a system", canary, "identifier=urn:mrn|", true},
	{"tokens are case-sensitive", canary, "identifier=canary-7781", false},
	{"tokens match whole", canary, "identifier=CANARY", false},
	{"a boolean", canary, "active=true", true},
	{"a code's system is that of its value set", canary, "gender=http://hl7.org/fhir/administrative-gender|female", true},
	{"any of several", canary, "gender=male,female", true},
	{"all of repeated", canary, "gender=male&gender=female", false},
	{"not", canary, "gender:not=male", true},
	{"not, of several", canary, "gender:not=male,female", false},
	{"not matches where nothing is", claim, "priority:not=stat", true},
	{"an unknown code is no error", canary, "gender=purple", false},
	{"a computed boolean", canary, "deceased=false", true},
	{"escapes stand for themselves", claim, `identifier=s|a\,b\|c\$d\\e`, true},
	{"a comma that is not escaped separates", claim, `identifier=a,b\|c\$d\\e`, false},
	// https://hl7.org/fhir/R4/search.html#string
	{"the beginning of a name", canary, "family=zzy", true},
	{"case and accents do not count", canary, "family=ZZYZX-MULLER", true},
	{"accents in the query do not count either", canary, "family=zzyz%C3%BD", false},
	{"an accent written apart", canary, "family=zzyzx-mu%CC%88ller", true},
	{"the middle is not the beginning", canary, "family=M%C3%BCller", false},
	{"contains", canary, "family:contains=mul", true},
	{"exact", canary, "family:exact=Zzyzx-M%C3%BCller", true},
	{"exact minds case", canary, "family:exact=zzyzx-m%C3%BCller", false},
	{"white space collapses", canary, "given=canary+rose", true},
	{"a name is any of its parts", canary, "name=canary", true},
	// https://hl7.org/fhir/R4/search.html#date
	{"a day is the day", claim, "created=2013-01-14", true},
	{"a month holds the day", claim, "created=2013-01", true},
	{"a year holds the day", claim, "created=2013", true},
	{"a minute does not hold the day", claim, "created=2013-01-14T10:00Z", false},
	{"but a day is after its own minute", claim, "created=gt2013-01-14T10:00Z", true},
	{"and before it", claim, "created=lt2013-01-14T10:00Z", true},
	{"not the day", claim, "created=ne2013-01-14", false},
	{"not another day", claim, "created=ne2013-01-15", true},
	{"greater is not the same day", claim, "created=gt2013-01-14", false},
	{"greater or equal is", claim, "created=ge2013-01-14", true},
	{"less or equal is", claim, "created=le2013-01-14", true},
	{"less is not", claim, "created=lt2013-01-14", false},
	{"starts after the day before", claim, "created=sa2013-01-13", true},
	{"does not start after its own month", claim, "created=sa2013-01", false},
	{"ends before the day after", claim, "created=eb2013-01-15", true},
	{"about the day before", claim, "created=ap2013-01-13", true},
	{"not about a week later", claim, "created=ap2013-01-21", false},
	{"a stay without an end is not within a day", stay, "date=2013-01-14", false},
	{"it goes on after any day", stay, "date=gt2030", true},
	{"it is at or after any day", stay, "date=ge2030", true},
	{"it does not end before one", stay, "date=eb2030", false},
	{"it begins before one", stay, "date=lt2013-02", true},
	{"an offset counts", invoice, "date=2024-03-10T15:00:00Z", true},
	{"an offset with an escaped plus", invoice, "date=2024-03-10T20:00:00%2B05:00", true},
	{"an offset with a raw plus", invoice, "date=2024-03-10T20:00:00+05:00", true},
	{"half a second later", invoice, "date=2024-03-10T15:00:00.6Z", false},
	{"the leap day", canary, "birthdate=1980-02-29", true},
	{"two dates make an interval", claim, "created=ge2013-01-01&created=lt2013-02-01", true},
	// https://hl7.org/fhir/R4/search.html#number
	{"48 is within half", invoice, "totalnet=48", true},
	{"48.0 too", invoice, "totalnet=48.0", true},
	{"48.4 is not", invoice, "totalnet=48.4", false},
	{"100 by its digits", invoice, "totalgross=100.00", true},
	{"1e2 is nearly 100", invoice, "totalgross=1e2", true},
	{"prefixes ignore digits", invoice, "totalnet=gt47.999", true},
	{"greater is strict", invoice, "totalnet=gt48", false},
	{"greater or equal is not", invoice, "totalnet=ge48", true},
	{"less or equal", invoice, "totalnet=le48.00", true},
	{"less is strict", invoice, "totalnet=lt48", false},
	{"not equal by digits", invoice, "totalnet=ne48", false},
	{"about is a tenth", invoice, "totalnet=ap50", true},
	{"and no more", invoice, "totalnet=ap60", false},
	{"starts after", invoice, "totalnet=sa47", true},
	{"ends before", invoice, "totalnet=eb49", true},
	{"in its currency", invoice, "totalnet=48||USD", true},
	{"in another currency", invoice, "totalnet=48||EUR", false},
	{"in its unit's code", dose, "value-quantity=5.4||mg", true},
	{"in its unit's words", dose, "value-quantity=5.4||milligram", true},
	{"in its system", dose, "value-quantity=5.4|http://unitsofmeasure.org|mg", true},
	{"in another system", dose, "value-quantity=5.4|http://other|mg", false},
	{"5.40 is narrower but holds it", dose, "value-quantity=5.40", true},
	// https://hl7.org/fhir/R4/search.html#reference
	{"by id", claim, "patient=p", true},
	{"by type and id", claim, "patient=Patient/p", true},
	{"by our own URL", claim, "patient=" + base + "/Patient/p", true},
	{"by another's URL", claim, "patient=https://other.example/fhir/Patient/p", false},
	{"by the type as modifier", claim, "patient:Patient=p", true},
	{"by another type", claim, "patient=Group/p", false},
	{"a version does not count", claim, "patient=Patient/p/_history/2", true},
	{"our own URL in the document, by id and type", claim, "facility=Location/l", true},
	{"our own URL in the document, by URL", claim, "facility=" + base + "/Location/l", true},
	{"another's URL in the document", claim, "enterer=https://other.example/fhir/Practitioner/x", true},
	{"another's document is not ours", claim, "enterer=Practitioner/x", false},
	{"by the identifier in the reference", claim, "insurer:identifier=naic|12345", true},
	{"an unknown patient is no error", claim, "patient=nobody", false},
	{"what is no id is no error", claim, "patient=a_b!", false},
	// https://hl7.org/fhir/R4/search.html#modifiers
	{"missing", claim, "provider:missing=true", true},
	{"not missing", claim, "patient:missing=false", true},
	{"an identifier only is not missing", claim, "insurer:missing=false", true},
	{"missing, but there", claim, "patient:missing=true", false},
	{"a missing date", invoice, "date:missing=false", true},
	{"a missing number", invoice, "totalnet:missing=true", false},
	{"a missing string", canary, "address:missing=true", true},
	// https://hl7.org/fhir/R4/search.html#all
	{"the id", claim, "_id=x,c", true},
	{"not the id", claim, "_id:not=c", false},
	{"the day it was written", claim, "_lastUpdated=2024-01-31", true},
	{"before it was written", claim, "_lastUpdated=lt2024-01-31T12:00:00Z", false},
	{"nothing asked finds all", claim, "", true},
}

func TestSearchRules(t *testing.T) {
	instant, err := time.Parse(time.RFC3339Nano, updated)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range searchRules {
		d := parse(t, row.document)
		q, err := query(t, d.Type(), row.raw, search.Options{Bases: []string{base}})
		if err != nil {
			t.Errorf("%s: %s: %v", row.name, row.raw, err)
			continue
		}
		if got := q.Matches(search.Row{ID: d.ID(), Updated: instant.UnixMicro(), Keys: search.Extract(d, []string{base})}); got != row.want {
			t.Errorf("%s: %s?%s found: %v, want %v", row.name, d.Type(), row.raw, got, row.want)
		}
	}
}

func TestPrecisionOfDates(t *testing.T) {
	at := func(text string) int64 {
		instant, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			t.Fatal(err)
		}
		return instant.UnixMicro()
	}
	for _, row := range []struct{ text, low, high string }{
		{"2024", "2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z"},
		{"2024-02", "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z"},
		{"2024-12-31", "2024-12-31T00:00:00Z", "2025-01-01T00:00:00Z"},
		{"2024-01-31T10:20Z", "2024-01-31T10:20:00Z", "2024-01-31T10:21:00Z"},
		{"2024-01-31T10:20:30", "2024-01-31T10:20:30Z", "2024-01-31T10:20:31Z"},
		{"2024-01-31T10:20:30+05:30", "2024-01-31T04:50:30Z", "2024-01-31T04:50:31Z"},
		{"2024-01-31T23:20:30-05:00", "2024-02-01T04:20:30Z", "2024-02-01T04:20:31Z"},
		{"2024-01-31T10:20:30.5Z", "2024-01-31T10:20:30.5Z", "2024-01-31T10:20:30.6Z"},
		{"2024-01-31T10:20:30.123456789Z", "2024-01-31T10:20:30.123456Z", "2024-01-31T10:20:30.123457Z"},
		{"0001", "0001-01-01T00:00:00Z", "0002-01-01T00:00:00Z"},
	} {
		keys := search.Extract(parse(t, `{"resourceType":"Claim","created":"`+row.text+`"}`), nil)
		if k := keys.Dates; len(k) != 1 || k[0].Low != at(row.low) || k[0].High != at(row.high) {
			t.Errorf("%s: got %v, want %s to %s", row.text, keys.Dates, row.low, row.high)
		}
	}
	for _, text := range []string{"", "24", "2024-", "2024-13", "2024-1-1", "2023-02-29", "2024-01-31T", "2024-01-31T10", "2024-01-31T10:20Zulu",
		"2024-01-31T24:00:00Z", "2024-01-31T10:20:30.Z", "2024-01-31T10:20:30+5", "2024-01-31T10:20:30+15:00", "0000", "-2024", "2024-01-31 10:20:30Z"} {
		if keys := search.Extract(parse(t, `{"resourceType":"Claim","created":"`+text+`"}`), nil); len(keys.Dates) > 0 {
			t.Errorf("%q is read as %v", text, keys.Dates)
		}
	}
}

func TestNumbersKeepTheirDigits(t *testing.T) {
	for _, row := range []struct {
		text      string
		low, high int64
	}{
		{"0", 0, 0}, {"-0.0", 0, 0}, {"0.1", 100000, 100000}, {"100.00", 100000000, 100000000}, {"1.2E+2", 120000000, 120000000}, {"-7.5", -7500000, -7500000},
		{"0.0000001", 0, 1}, {"-0.0000001", -1, 0}, {"0.0000010", 1, 1}, {"1e-3", 1000, 1000}, {"9223372036854.775806", 9223372036854775806, 9223372036854775806},
		{"12345678901234567890", search.NumberMax, search.NumberMax}, {"1e400", search.NumberMax, search.NumberMax}, {"1e-400", 0, 1}, {"0e999999999999", 0, 0},
	} {
		keys := search.Extract(parse(t, `{"resourceType":"ChargeItem","factorOverride":`+row.text+`}`), nil)
		want := search.NumberKey{Param: "factor-override", Low: row.low, High: row.high}
		if row.text == "0e999999999999" {
			if len(keys.Numbers) > 0 {
				t.Errorf("an exponent beyond 32 bits is read as %v", keys.Numbers)
			}
		} else if len(keys.Numbers) != 1 || keys.Numbers[0] != want {
			t.Errorf("%s: got %v, want %v", row.text, keys.Numbers, want)
		}
	}
}

// What a document says is found by exactly what it says, and between the numbers beside it.
func TestAmountIsFoundByItself(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		cents := rapid.Int64Range(-1_000_000_000, 1_000_000_000).Draw(r, "cents")
		text := amount(cents)
		row := search.Row{Keys: search.Extract(parse(t, `{"resourceType":"Invoice","totalNet":{"value":`+text+`}}`), nil)}
		for _, ask := range []struct {
			raw  string
			want bool
		}{
			{text, true}, {"ne" + text, false}, {"ge" + text, true}, {"le" + text, true}, {"gt" + text, false}, {"lt" + text, false}, {"ap" + text, true},
			{"gt" + amount(cents-1), true}, {"lt" + amount(cents+1), true}, {"eq" + amount(cents+1), false}, {"sa" + amount(cents-1), true}, {"eb" + amount(cents+1), true},
		} {
			q, err := search.Parse("Invoice", []search.Pair{{Name: "totalnet", Value: ask.raw}}, search.Options{})
			if err != nil {
				r.Fatal(err)
			}
			if q.Matches(row) != ask.want {
				r.Fatalf("%s by %s: %v", text, ask.raw, !ask.want)
			}
		}
	})
}

func amount(cents int64) string {
	sign := ""
	if cents < 0 {
		sign, cents = "-", -cents
	}
	return sign + strconv.FormatInt(cents/100, 10) + "." + strconv.FormatInt(100+cents%100, 10)[1:]
}

func TestFoldIsStable(t *testing.T) {
	for _, row := range [][2]string{{"", ""}, {"  A  b ", "a b"}, {"ÉCOLE", "ecole"}, {"Łódź", "łodz"}, {"e\u0301", "e"}, {"\u0301", ""}, {"İ", "i"}, {"名前", "名前"}} {
		text, want := row[0], row[1]
		if got := search.Fold(text); got != want {
			t.Errorf("Fold(%q) = %q, want %q", text, got, want)
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		text := rapid.String().Draw(r, "text")
		once := search.Fold(text)
		if again := search.Fold(once); again != once {
			r.Fatalf("%q folds to %q, and that to %q", text, once, again)
		}
	})
}
