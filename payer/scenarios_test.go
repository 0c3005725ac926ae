package payer_test

import (
	"crypto/sha256"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"medbill/payer"
)

// scenario is what a member is answered, letter for letter, and what is paid at the end of each day.
type scenario struct {
	id, member string
	lines      []string // nil: the visit of 325.00
	days       int      // that pass after all; 0: one
	then       func(d *desk)
	want       []string
}

const asUsual = "judgement 96.00 CO-45 140.00 PR-1 50.00 PR-2 24.00 CO-97 15.00"

func as(id, member string, want ...string) scenario {
	return scenario{id: id, member: member, want: want}
}

var scenarios = []scenario{
	as("1", "PAID-1", "judgement 136.00 CO-45 140.00 PR-2 34.00 CO-97 15.00", "remittance 136.00"),
	as("2", "DED-1", asUsual, "remittance 96.00"),
	as("plan", "ZZYZX-1", asUsual, "remittance 96.00"),
	as("3", "DEDALL-1", "judgement 0.00 CO-45 140.00 PR-1 170.00 CO-97 15.00", "remittance 0.00"),
	as("4", "COPAY-1", "judgement 145.00 CO-45 140.00 PR-3 25.00 CO-97 15.00", "remittance 145.00"),
	as("5", "OOP10-1", "judgement 160.00 CO-45 140.00 PR-2 10.00 CO-97 15.00", "remittance 160.00"),
	as("6", "FULL-1", "judgement 325.00", "remittance 325.00"),
	as("7", "SEQ-1", "judgement 133.28 CO-45 140.00 PR-2 34.00 CO-253 2.72 CO-97 15.00", "remittance 133.28"),
	as("8", "TERM-1", "judgement 0.00 PR-27 325.00", "remittance 0.00"),
	as("9", "AUTH-1", "judgement 0.00 CO-197 325.00", "remittance 0.00"),
	as("10", "NEC-1", "judgement 80.00 CO-45 100.00 PR-1 50.00 PR-2 20.00 CO-50 60.00 CO-97 15.00", "remittance 80.00"),
	as("11", "DUP-1", "judgement 0.00 OA-18 325.00", "remittance 0.00"),
	as("12", "LATE-1", asUsual, "remittance 96.00"),
	as("13", "INFO-1", "judgement 0.00 CO-16 325.00 MA130", "remittance 0.00"),
	as("14", "NONCOV-1", "judgement 80.00 CO-45 100.00 PR-1 50.00 PR-2 20.00 PR-204 60.00 CO-97 15.00", "remittance 80.00"),
	as("15", "LOW-1", "judgement 88.00 CO-45 150.00 PR-1 50.00 PR-2 22.00 CO-97 15.00", "remittance 88.00"),
	{id: "16", member: "PEND-1", days: 15, want: []string{"acknowledgement P1 queued", asUsual, "remittance 96.00"}},
	{id: "17", member: "LOST-1", days: 200},
	as("18", "SYNTAX-1", "rejection error"),
	as("19", "REJ-1", "rejection A7 error"),
	as("20", "XOVER-1", "judgement clp 19 96.00 CO-45 140.00 PR-1 50.00 PR-2 24.00 CO-97 15.00 MA18", "remittance 96.00"),
	{id: "23", member: "TAKE-1", days: 88, want: []string{
		asUsual, "reversal clp 22 -96.00 CO-45 -140.00 PR-1 -50.00 PR-2 -24.00 CO-97 -15.00", "judgement 56.00 CO-45 140.00 PR-1 100.00 PR-2 14.00 CO-97 15.00", "remittance 96.00", "remittance 0.00 FB 40.00",
	}},
	{id: "24", member: "FB1-DOE", days: 95, then: func(d *desk) {
		d.submit(claim("roe", "FB1-ROE", []string{"99212 90.00"}))
		d.submit(claim("poe", "FB1-POE", []string{"99203 180.00"}))
	}, want: []string{
		asUsual, "reversal clp 22 -96.00 CO-45 -140.00 PR-1 -50.00 PR-2 -24.00 CO-97 -15.00", "judgement 56.00 CO-45 140.00 PR-1 100.00 PR-2 14.00 CO-97 15.00",
		"judgement 25.00 CO-45 65.00", "judgement 100.00 CO-45 80.00", "remittance 96.00", "remittance 0.00 L6 1.50 FB 13.50", "remittance 86.50 FB -13.50",
	}},
	{id: "25", member: "WO-1", days: 90, then: func(d *desk) {
		d.move(88)
		d.submit(claim("later", "FULL-2", []string{"99214 30.00"}))
	}, want: []string{
		asUsual, "reversal clp 22 -96.00 CO-45 -140.00 PR-1 -50.00 PR-2 -24.00 CO-97 -15.00", "judgement 71.00 CO-45 140.00 PR-1 81.25 PR-2 17.75 CO-97 15.00", "judgement 30.00",
		"remittance 96.00", "remittance 0.00 WO 25.00", "remittance 5.00 WO -25.00",
	}},
	{id: "26", member: "SPLIT-1", days: 2, want: []string{
		"judgement partial 80.00 CO-45 100.00 PR-1 50.00 PR-2 20.00", "judgement 16.00 CO-45 40.00 PR-2 4.00 CO-97 15.00", "remittance 80.00", "remittance 16.00",
	}},
	as("27", "MIXED-1", asUsual, "remittance 96.00"),
	as("28", "NOPAT-1", "judgement 0.00 CO-31 325.00", "remittance 0.00"),
	as("29", "FWD-1", "judgement clp 23 0.00 OA-B11 325.00", "remittance 0.00"),
	as("30", "CENT-1", asUsual, "remittance 96.01 off 0.01"),
	as("31", "TWICE-1", asUsual, "remittance 96.00", "remittance 96.00", "remittance 97.00 L6 1.00"),
	as("32", "QMB-1", asUsual+" N781", "remittance 96.00"),
	as("33", "RFAI-1", "acknowledgement R4 queued", "documents"),
	{id: "34", member: "VOID-1", days: 2, then: func(d *desk) { d.submit(claim("void", "VOID-1", visit, follows("8", "first"))) }, want: []string{
		asUsual, "reversal clp 22 -96.00 CO-45 -140.00 PR-1 -50.00 PR-2 -24.00 CO-97 -15.00", "remittance 0.00",
	}},
	{id: "35", member: "REPL-1", days: 2, then: func(d *desk) {
		d.submit(claim("new", "REPL-1", []string{"99213 150.00", "93000 60.00", "36415 15.00"}, follows("7", "first")))
	}, want: []string{
		"judgement 136.00 CO-45 140.00 PR-2 34.00 CO-97 15.00", "reversal clp 22 -136.00 CO-45 -140.00 PR-2 -34.00 CO-97 -15.00", "judgement 96.00 CO-45 90.00 PR-2 24.00 CO-97 15.00", "remittance 96.00",
	}},
	as("36", "LONELY-1", asUsual),
}

// play lets a claim of a scenario come and the days pass, and gives all letters.
func (s scenario) play(t *testing.T, config payer.Config) []letter {
	t.Helper()
	d := open(t, config)
	lines := s.lines
	if lines == nil {
		lines = visit
	}
	d.submit(claim("first", s.member, lines))
	if s.then != nil {
		s.then(d)
	}
	d.move(max(s.days, 1))
	return d.letters()
}

func TestEveryScenarioIsAnsweredToTheCent(t *testing.T) {
	for _, s := range scenarios {
		t.Run(s.member, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, l := range s.play(t, payer.Config{Seed: "seed"}) {
				if l.State != "dropped" {
					got = append(got, says(t, l))
				}
			}
			if !slices.Equal(got, s.want) {
				t.Errorf("scenario %s says\n%s\nwant\n%s", s.id, strings.Join(got, "\n"), strings.Join(s.want, "\n"))
			}
		})
	}
}

// TestTheTableHasEveryScenario holds the table: 36, 10 and 4, each with a prefix of its own, and each claim's played above but
// those of the second payer, which need the first one's answer.
func TestTheTableHasEveryScenario(t *testing.T) {
	prefixes, rows := map[string]bool{}, map[string]int{}
	for _, r := range payer.Rows {
		if prefixes[r.Prefix] || r.Expect == "" {
			t.Errorf("scenario %s says nothing, or has the prefix of another", r.ID)
		}
		prefixes[r.Prefix] = true
		kind := strings.TrimRight(r.ID, "0123456789")
		rows[kind]++
		isPlayed := slices.ContainsFunc(scenarios, func(s scenario) bool { return s.id == r.ID })
		if kind == "" && r.Plan == payer.ACME && !isPlayed {
			t.Errorf("scenario %s is not played", r.ID)
		}
	}
	if got := fmt.Sprint(rows); got != "map[:36 E:10 P:4]" {
		t.Errorf("the table has %s scenarios", got)
	}
}

// TestTheSameSeedAndClockSayTheSame plays all scenarios three times; another seed has other numbers.
func TestTheSameSeedAndClockSayTheSame(t *testing.T) {
	play := func(seed string) string {
		sum := sha256.New()
		for _, s := range scenarios {
			for _, l := range s.play(t, payer.Config{Seed: seed}) {
				sum.Write(l.Document)
			}
		}
		return fmt.Sprintf("%x", sum.Sum(nil))
	}
	first := play("seed")
	for range 2 {
		if again := play("seed"); again != first {
			t.Errorf("the same seed and clock gave %s, then %s", first, again)
		}
	}
	if play("other") == first {
		t.Error("another seed gave the same numbers")
	}
	t.Log("sha256", first)
}

var numberOfClaim = regexp.MustCompile(`N-first|Claim/first`)

func TestNumbersAreNotTheProviders(t *testing.T) {
	for _, l := range as("2", "DED-1").play(t, payer.Config{Seed: "seed"}) {
		if numberOfClaim.MatchString(l.Number + l.Trace) {
			t.Errorf("a number comes from the provider's: %s %s", l.Number, l.Trace)
		}
	}
}
