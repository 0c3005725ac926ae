package pricing_test

import (
	"strings"
	"testing"

	"medbill/billing/rules/pricing"
	"medbill/internal/codes"
	"medbill/models"
	"medbill/models/money"
)

// on gives a contract with other options than acme's.
func on(options string) string { return "acme-2026,acme,ACME,2026-01-01,," + options }

// TestWhatALineIsAllowed has a row for each kind of rate, what goes before what, modifiers, and what several of a day change.
func TestWhatALineIsAllowed(t *testing.T) {
	minutes := func(c *models.Claim) { c.Lines[0].Measure = models.InMinutes }
	by := func(who models.Performer) func(*models.Claim) { return func(c *models.Claim) { c.Rendering = who } }
	const everything = "percent-of-medicare,,,,,100,,"
	for _, row := range []struct {
		sentence string
		priced
		want string
	}{
		{"a flat rate is allowed each time", priced{rates: "flat,99213,,,,88.50,,", lines: "99213, 99213 x3"}, "88.50, 265.50 = 354.00"},
		{"a flat rate is allowed once where time is counted", priced{rates: "flat,99213,,,,88.50,,", lines: "99213 x30", change: minutes}, "88.50"},
		{"a rate a unit is allowed for each minute", priced{rates: "per-unit,99213,,,,1.25,,", lines: "99213 x30", change: minutes}, "37.50"},
		{"a rate a unit has four decimals and is rounded once, half away from zero", priced{rates: "per-unit,J1100,,,,0.0055,,", lines: "J1100 x0.5, J1100 x3, J1100 x1"}, "0.00, 0.02, 0.01 = 0.03"},
		{"percent of charge", priced{rates: "percent-of-charge,99213,,,,62.5,,", lines: "99213 100.01"}, "62.51"},
		{"the default is what is for every service", priced{rates: "percent-of-charge,*,,,,40,,; flat,99213,,,,88.50,,", lines: "99214 200.00, 99213"}, "80.00, 88.50 = 168.50"},
		{"Medicare outside of a facility", priced{rates: everything, lines: "99213"}, "88.95"},
		{"Medicare in a facility", priced{rates: everything, lines: "99213", place: "22"}, "63.72"},
		{"Medicare for a visit at a distance from home is outside of a facility", priced{rates: everything, lines: "99213", place: "10"}, "88.95"},
		{"percent of Medicare, twice", priced{rates: "percent-of-medicare,,,,,120,,", lines: "99213 x2"}, "213.49"},
		{"Medicare with the conversion factor of the contract", priced{contract: on("never,medicare,,,,,,10,"), rates: everything, lines: "99213"}, "27.50"},
		{"Medicare of a locality", priced{contract: on("never,medicare,,,,13202-01,,10,"), rates: everything, lines: "99213"}, "47.00"},
		{"Medicare of a locality without a number", priced{contract: on("never,medicare,,,,13202-02,,10,"), rates: everything, lines: "99213"}, "?"},
		{"Medicare of a locality that is none", priced{contract: on("never,medicare,,,,13202-03,,10,"), rates: everything, lines: "99213"}, "?"},
		{"Medicare of a day before any release", priced{contract: on("never,medicare,,,,,2025-12-31,10,"), rates: everything, lines: "99213"}, "?"},
		{"what Medicare does not price goes by the next rate", priced{rates: everything + "; percent-of-charge,36400-36420,,,,50,,", lines: "36415 15.00"}, "7.50"},
		{"what Medicare does not price is not known without another rate", priced{rates: everything, lines: "36415 15.00, 99213"}, "?, 88.95"},
		{"what Medicare pays with others is allowed nothing", priced{rates: everything, lines: "99000"}, "0.00"},
		{"a service without a rate is not known", priced{rates: "flat,99213,,,,88.50,,", lines: "99214"}, "?"},

		{"a code goes before a range and a range before all", priced{rates: "flat,,,,,1,,; flat,99202-99215,,,,2,,; flat,99213,,,,3,,", lines: "99213, 99214, 99281"}, "3.00, 2.00, 1.00 = 6.00"},
		{"a code with a modifier goes before the code", priced{rates: "flat,99213,,,,3,,; flat,99213,95,,,4,,", lines: "99213-95, 99213"}, "4.00, 3.00 = 7.00"},
		{"a code with a modifier and a provider goes before both", priced{rates: "flat,99213,95,,,4,,; flat,99213,95,,doc,5,,; flat,99213,,,doc,6,,", lines: "99213-95, 99213"}, "5.00, 6.00 = 11.00"},
		{"a provider without a record is named by the NPI", priced{rates: "flat,99213,,,,4,,; flat,99213,,,1234567893,5,,", lines: "99213", change: by(models.Performer{NPI: "1234567893"})}, "5.00"},
		{"a rate for another provider is none", priced{rates: "flat,99213,,,other,5,,", lines: "99213"}, "?"},
		{"a place goes before every place", priced{rates: "flat,99213,,,,4,,; flat,99213,,22,,5,,", lines: "99213", place: "22"}, "5.00"},
		{"the rate that began last", priced{rates: "flat,99213,,,,4,,; flat,99213,,,,5,2026-02-01,; flat,99213,,,,6,2026-04-01,", lines: "99213"}, "5.00"},
		{"a rate that ended is none", priced{rates: "flat,99213,,,,4,,2026-03-01", lines: "99213"}, "?"},
		{"two rates that fit alike are none", priced{rates: "flat,99213,95,,,4,,; flat,99213,GT,,,5,,", lines: "99213-95-GT"}, "?"},
		{"two that fit alike and say the same are one", priced{rates: "flat,99213,95,,,4,,; flat,99213,GT,,,4,,", lines: "99213-95-GT"}, "4.00"},
		{"a rate for the whole is none for a part", priced{rates: "flat,70001,,,,80,,; flat,70001,26,,,30,,", lines: "70001-26, 70001-TC"}, "30.00, ?"},

		{"the charge of a line is less", priced{contract: on("line,medicare,,,,,,,"), rates: "flat,99213,,,,88.50,,", lines: "99213 60.00, 99213 100.00"}, "60.00, 88.50 = 148.50"},
		{"the charge of the claim is not less", priced{contract: on("claim,medicare,,,,,,,"), rates: "flat,99213,,,,88.50,,", lines: "99213 60.00, 99213 120.00"}, "88.50, 88.50 = 177.00"},
		{"the charge of the claim is less", priced{contract: on("claim,medicare,,,,,,,"), rates: "flat,99213,,,,88.50,,", lines: "99213 60.00, 99213 110.00"}, "60.00, 110.00 = 170.00"},

		{"a case rate is for all, but for what has a rate of its own code", priced{rates: "case,11111,,,,2000,,; percent-of-charge,,,,,50,,; flat,L8699,,,,300,,", lines: "99213, 11111, L8699"}, "0.00, 2000.00, 300.00 = 2300.00"},
		{"of two case rates the higher one", priced{rates: "case,11111,,,,2000,,; case,22222,,,,2500,,", lines: "11111, 22222"}, "0.00, 2500.00 = 2500.00"},
		{"the charge of the claim is less than its case rate", priced{contract: on("line,medicare,,,,,,,"), rates: "case,11111,,,,2000,,", lines: "99213 100.00, 11111 900.00"}, "100.00, 900.00 = 1000.00"},
		{"a rate a day counts the nights", priced{rates: "per-diem,0120-0129,,,,1500,,", lines: "0120 9000.00, 0250 800.00", change: func(c *models.Claim) { c.ServiceUntil = "2026-03-05" }}, "4500.00, 0.00 = 4500.00"},
		{"a DRG is its weight times the base", priced{contract: on("never,medicare,,,,,,,6500.25"), rates: "drg,470,,,,1.9008,,", lines: "0120 9000.00, 0250 800.00", change: func(c *models.Claim) {
			c.Diagnoses = []models.ClaimDiagnosis{{Sequence: 1, Code: "M1711", InHospital: models.InHospital{Package: "470"}}}
		}}, "12355.68, 0.00 = 12355.68"},

		{"both sides are one and a half", priced{rates: everything, lines: "11111-50"}, "150.00"},
		{"both sides of what is paid a side are two", priced{rates: everything, lines: "22222-50"}, "100.00"},
		{"both sides of what is for both are one", priced{rates: everything, lines: "33333-50"}, "20.00"},
		{"both sides of what nobody lists are one and a half", priced{rates: "flat,44444,,,,100,,", lines: "44444-50"}, "150.00"},
		{"a rate that names the modifier has it in it", priced{rates: "flat,11111,50,,,170,,", lines: "11111-50"}, "170.00"},
		{"a contract's own share of a modifier", priced{rates: everything + "; modifier,,50,,,200,,; modifier,11111,50,,,175,,", lines: "11111-50"}, "175.00"},
		{"one of several that nobody lists is half", priced{rates: "flat,44444,,,,100,,", lines: "44444-51"}, "50.00"},
		{"reduced is half", priced{rates: everything, lines: "11111-52"}, "50.00"},
		{"discontinued is half", priced{rates: everything, lines: "11111-53"}, "50.00"},
		{"discontinued with a fee of its own", priced{rates: everything, lines: "45378-53"}, "50.00"},
		{"discontinued by a flat rate", priced{rates: "flat,45378,,,,100,,; flat,99213,53,,,30,,", lines: "45378-53, 99213-53"}, "50.00, 30.00 = 80.00"},
		{"two surgeons", priced{rates: everything, lines: "11111-62"}, "62.50"},
		{"two surgeons who are not paid", priced{rates: everything, lines: "22222-62"}, "0.00"},
		{"a team of surgeons is told by report", priced{rates: everything, lines: "11111-66"}, "?"},
		{"back to the operating room", priced{rates: everything, lines: "11111-78"}, "70.00"},
		{"back to the operating room for what has no global period", priced{rates: everything, lines: "22222-78"}, "50.00"},
		{"surgery without what comes after it", priced{rates: everything, lines: "11111-54"}, "80.00"},
		{"what comes after surgery", priced{rates: everything, lines: "11111-55"}, "20.00"},
		{"what comes before surgery", priced{rates: everything, lines: "11111-56"}, "10.00"},
		{"a part of what nobody lists is not known", priced{rates: "flat,44444,,,,100,,", lines: "44444-55"}, "?"},
		{"an assistant surgeon", priced{rates: everything, lines: "11111-80"}, "16.00"},
		{"a minimal assistant and one for want of a resident", priced{rates: everything, lines: "99213-81, 11111-82"}, "0.00, 16.00 = 16.00"},
		{"an assistant who is no physician", priced{rates: everything, lines: "11111-AS"}, "13.60"},
		{"an assistant who is not paid", priced{rates: everything, lines: "22222-80"}, "0.00"},
		{"the professional and the technical part have fees of their own", priced{rates: everything, lines: "70001-26, 70001-TC 500.00"}, "20.00, 20.00 = 40.00"},
		{"modifiers change no percentage of a charge", priced{rates: "percent-of-charge,,,,,50,,", lines: "11111-50 400.00, 22222 300.00"}, "200.00, 150.00 = 350.00"},
		{"a contract without Medicare's policy changes nothing", priced{contract: on("never,none,,,,,,,"), rates: everything, lines: "11111-50, 22222"}, "100.00, 50.00 = 150.00"},

		{"further surgery is half, whatever its place on the claim", priced{rates: everything, lines: "33333, 11111, 22222"}, "10.00, 100.00, 25.00 = 135.00"},
		{"further surgery by flat rates", priced{rates: "flat,11111,,,,90,,; flat,22222,,,,100,,", lines: "11111, 22222"}, "45.00, 100.00 = 145.00"},
		{"both sides come before the ranking", priced{rates: everything, lines: "11111, 22222-50, 33333"}, "100.00, 50.00, 10.00 = 160.00"},
		{"the same surgery twice", priced{rates: everything, lines: "22222 x3, 33333"}, "100.00, 10.00 = 110.00"},
		{"surgery of another day", priced{rates: everything, lines: "11111, 22222", change: func(c *models.Claim) { c.Lines[1].ServiceDate = "2026-03-03" }}, "100.00, 50.00 = 150.00"},
		{"surgery by somebody else", priced{rates: everything, lines: "11111, 22222", change: func(c *models.Claim) { c.Lines[1].Rendering = models.Performer{ID: "other"} }}, "100.00, 50.00 = 150.00"},
		{"endoscopies of one family", priced{rates: everything, lines: "43239, 43251"}, "10.00, 40.00 = 50.00"},
		{"an endoscopy with its base", priced{rates: everything, lines: "43239, 43235"}, "30.00, 0.00 = 30.00"},
		{"one endoscopy twice", priced{rates: everything, lines: "43239 x2"}, "40.00"},
		{"a family is one procedure beside others", priced{rates: everything, lines: "43239, 43251, 11111"}, "5.00, 20.00, 100.00 = 125.00"},
		{"a family without a rate of its base", priced{rates: "flat,43239,,,,30,,; flat,43251,,,,40,,", lines: "43239, 43251"}, "30.00, 40.00 = 70.00"},
		{"further imaging: half of the technical and 95 % of the professional part", priced{rates: everything, lines: "70001, 70002"}, "40.00, 14.50 = 54.50"},
		{"further imaging of another session", priced{rates: everything, lines: "70001, 70002-59"}, "40.00, 20.00 = 60.00"},
		{"further professional parts alone", priced{rates: everything, lines: "70001-26, 70002-26"}, "20.00, 9.50 = 29.50"},
		{"further therapy: half of the practice expense of every unit but the first", priced{rates: everything, lines: "97140 x2, 97110 x2"}, "14.00, 18.00 = 32.00"},
		{"further cardiology: three quarters of the technical part", priced{rates: everything, lines: "93001, 93002"}, "30.00, 7.50 = 37.50"},
		{"further ophthalmology: four fifths of the technical part", priced{rates: everything, lines: "92002, 92001"}, "8.00, 20.00 = 28.00"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			e := pricing.Expect(row.input(t))
			if got := said(e); got != row.want {
				t.Errorf("%s\ngot  %s\nwant %s", row.sentence, got, row.want)
				for _, l := range e.Lines {
					t.Log(l.Sequence, traced(l))
				}
			}
		})
	}
}

// TestFeesOfMedicare holds the figures of 2025 by the files that Medicare publishes.
func TestFeesOfMedicare(t *testing.T) {
	books := realBooks(t)
	for _, row := range []struct{ sentence, locality, want string }{
		{"for the nation", "", "88.95"},
		{"in Manhattan", "13202-01", "101.06"},
	} {
		in := priced{contract: "acme-2026,acme,ACME,2025-01-01,,never,medicare,,,," + row.locality + ",2025-10-01,32.3465,", rates: "percent-of-medicare,,,,,100,,", lines: "99213"}.input(t)
		in.Codes = books
		e := pricing.Expect(in)
		if got := said(e); got != row.want {
			t.Errorf("99213 %s is %s, want %s\n%s", row.sentence, got, row.want, traced(e.Lines[0]))
		}
	}
}

// TestEveryFeeOfMedicareIsItsFormula holds every row of a whole release, in and out of a facility, against the sum of its values, rounded once.
func TestEveryFeeOfMedicareIsItsFormula(t *testing.T) {
	in := priced{contract: "acme-2026,acme,ACME,2025-01-01,,never,none,,,,,2025-10-01,,", rates: "percent-of-medicare,,,,,100,,", lines: "99213"}.input(t)
	in.Codes = realBooks(t)
	schedule, _, _ := codes.Look[*codes.Schedule](in.Codes, codes.Fees, "2025-10-01")
	looked := 0
	for _, f := range schedule.Fees {
		for place, expense := range map[string]int{"11": f.PracticeOffice, "22": f.PracticeFac} {
			units := f.Work + expense + f.Malpractice
			if units == 0 || f.Status == 'B' || f.Status == 'P' || f.Status == 'I' {
				continue
			}
			in.Claim.PlaceOfService, in.Claim.Lines[0].Code, in.Claim.Lines[0].Modifiers = place, f.Code, nil
			if f.Modifier != "" {
				in.Claim.Lines[0].Modifiers = models.Codes{f.Modifier}
			}
			looked++
			if want, e := money.Scale(models.Cents(units), int64(f.Conversion), 10_000), pricing.Expect(in); e.Allowed != want {
				t.Errorf("%s-%s in %s is %s, want %s", f.Code, f.Modifier, place, said(e), want)
			}
		}
	}
	if looked < 10_000 {
		t.Errorf("only %d fees were looked at", looked)
	}
}

// TestTraceSaysHowAnAmountComesAbout has one trace in full.
func TestTraceSaysHowAnAmountComesAbout(t *testing.T) {
	e := pricing.Expect(priced{
		contract: on("line,medicare,,,,13202-01,,,"), rates: "percent-of-medicare,,,,,110,2026-02-01,; modifier,,50,,,140,,", lines: "22222-50 x2 90.00, 11111, 99999",
	}.input(t))
	want := strings.Join([]string{
		"Medicare outside of a facility: (work 3.00 × 1.5 + practice expense 1.50 × 2 + malpractice 0.50 × 0.5) × 10.0000 [mpfs 2026, mpfs-gpci 2026 of 13202-01] 77.50",
		"110 % of Medicare [contract acme-2026, line 2 from 2026-02-01] 85.25",
		"2 times [] 170.50",
		"Modifier 50: 140 %, by the contract [contract acme-2026, line 3] 238.70",
		"Several of the day: 50 % of a further procedure [mpfs 2026, mpfs-gpci 2026 of 13202-01] 119.35",
		"The charge of 90.00 is less [contract acme-2026] 90.00", "",
	}, "\n")
	if got := traced(e.Lines[0]); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	want = "Medicare's fee schedule does not have the service. [mpfs 2026] ?\nNo rate of the contract says what the service comes to. [contract acme-2026] ?\n"
	if got := traced(e.Lines[2]); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestWithoutAContractNothingIsExpected: it is said, and not a 0.
func TestWithoutAContractNothingIsExpected(t *testing.T) {
	in := priced{rates: "flat,99213,,,,88.50,,", lines: "99213, 99213", change: func(c *models.Claim) { c.Lines[1].ServiceDate = "2025-12-31" }}.input(t)
	if e := pricing.Expect(in); said(e) != "88.50, ?" || e.IsKnown || e.Allowed != 0 || e.Lines[1].ContractID != "" {
		t.Errorf("%+v", e)
	}
	in.Contracts = nil
	e := pricing.Expect(in)
	if said(e) != "?, ?" || e.IsKnown {
		t.Errorf("%+v", e)
	}
	if got := traced(e.Lines[0]); got != "No contract with the payer holds on the day of service. [] ?\n" {
		t.Error(got)
	}
}
