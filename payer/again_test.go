package payer_test

import (
	"slices"
	"strings"
	"testing"

	"medbill/payer"
)

// authorized gives a claim a number of an authorization.
func authorized(c object) { c["insurance"].([]object)[0]["preAuthRef"] = []string{"AUTH-1"} }

// TestClaimsThatComeAgain tells what is answered, letter for letter, to claims that come after others or otherwise than usual.
func TestClaimsThatComeAgain(t *testing.T) {
	const met = "judgement 136.00 CO-45 140.00 PR-2 34.00 CO-97 15.00"
	const undone = "reversal clp 22 -96.00 CO-45 -140.00 PR-1 -50.00 PR-2 -24.00 CO-97 -15.00"
	for _, row := range []struct {
		name string
		play func(d *desk)
		want []string
	}{
		{"an authorized claim is paid", func(d *desk) { d.submit(claim("a", "AUTH-1", visit, authorized)) }, []string{asUsual}},
		{"a claim after the limit is late", func(d *desk) {
			d.move(90)
			d.submit(claim("a", "LATE-1", visit))
		}, []string{"judgement 0.00 CO-29 325.00"}},
		{"what lacked something is paid when it comes as a new claim", func(d *desk) {
			d.submit(claim("a", "INFO-1", visit))
			d.submit(claim("b", "INFO-1", visit))
		}, []string{"judgement 0.00 CO-16 325.00 MA130", asUsual}},
		{"and in the place of the first one, which is undone", func(d *desk) {
			d.submit(claim("a", "INFO-1", visit))
			d.submit(claim("b", "INFO-1", visit, follows("7", "a")))
		}, []string{"judgement 0.00 CO-16 325.00 MA130", "reversal clp 22 0.00 CO-16 -325.00", asUsual}},
		{"what was rejected is paid when it comes again as it was", func(d *desk) {
			d.submit(claim("a", "REJ-1", visit))
			d.submit(claim("a", "REJ-1", visit))
			d.submit(claim("a", "REJ-1", visit))
		}, []string{"rejection A7 error", asUsual}},
		{"what was answered is not answered again", func(d *desk) {
			d.submit(claim("a", "DED-1", visit))
			d.submit(claim("a", "DED-1", visit))
		}, []string{asUsual}},
		{"a deductible is paid once a year", func(d *desk) {
			d.submit(claim("a", "DED-1", visit))
			d.submit(claim("b", "DED-1", visit))
		}, []string{asUsual, met}},
		{"and given back with the claim that it was paid for", func(d *desk) {
			d.submit(claim("a", "DED-1", visit))
			d.submit(claim("b", "DED-1", visit, follows("8", "a")))
			d.submit(claim("c", "DED-1", visit))
		}, []string{asUsual, undone, asUsual}},
		{"a void before the answer is told that nothing was paid, and the answer does not come", func(d *desk) {
			d.submit(claim("a", "PEND-1", visit))
			d.submit(claim("b", "PEND-1", visit, follows("8", "a")))
		}, []string{"acknowledgement P1 queued", "dropped", "voided"}},
		{"both answers to a voided claim are undone", func(d *desk) {
			d.submit(claim("a", "SPLIT-1", visit))
			d.move(1)
			d.submit(claim("b", "SPLIT-1", visit, follows("8", "a")))
		}, []string{
			"judgement partial 80.00 CO-45 100.00 PR-1 50.00 PR-2 20.00", "judgement 16.00 CO-45 40.00 PR-2 4.00 CO-97 15.00",
			"reversal clp 22 -80.00 CO-45 -100.00 PR-1 -50.00 PR-2 -20.00", "reversal clp 22 -16.00 CO-45 -40.00 PR-2 -4.00 CO-97 -15.00",
		}},
		{"what was replaced is not taken back any more", func(d *desk) {
			d.submit(claim("a", "TAKE-1", visit))
			d.submit(claim("b", "TAKE-1", visit, follows("7", "a")))
		}, []string{asUsual, "dropped", "dropped", undone, asUsual}},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := open(t, payer.Config{Seed: "seed"})
			row.play(d)
			d.move(200)
			var got []string
			for _, l := range d.letters() {
				switch {
				case l.State == "dropped":
					got = append(got, "dropped")
				case l.Letter != "remittance":
					got = append(got, says(t, l))
				}
			}
			if !slices.Equal(got, row.want) {
				t.Errorf("the letters are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(row.want, "\n"))
			}
		})
	}
}
