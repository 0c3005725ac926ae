package billing_test

import (
	"strings"
	"testing"

	"medbill/models"
)

// problem is a Condition of the guest that names no visit.
func (g guest) problem(record, code, recorded string) fields {
	return g.condition(record, code).with(fields{"encounter": nil, "recordedDate": recorded})
}

// diagnosed gives the diagnoses of the claims of the guest's visit.
func (g guest) diagnosed() string {
	g.t.Helper()
	var codes []string
	_, claims := g.kase("visit")
	for _, c := range claims {
		for _, diagnosis := range c.Diagnoses {
			codes = append(codes, diagnosis.Code)
		}
	}
	return strings.Join(codes, " ")
}

// TestAProblemOfThePatientBearsOnHisVisits holds that a Condition without a visit that comes, changes or goes is in the claim of
// each visit that it bears on, and after it was sent is a person's to look at; and that other visits are left alone.
func TestAProblemOfThePatientBearsOnHisVisits(t *testing.T) {
	const day, lastYear = "2026-03-02", "2025-03-02"
	corrected := func(recorded string) func(g guest) error {
		return func(g guest) error { return g.try(g.problem("dx", "E119", recorded)) }
	}
	names := func(g guest) fields { return ref("Condition/" + g.named("dx")) }
	rows := []struct {
		name   string
		visit  func(g guest) []fields // beside patient, plan, Encounter and Procedure
		change func(g guest) error
		want   string // the diagnoses of the unsent claim
		left   bool   // the sent one is left alone
	}{
		{"a problem of the day is corrected", func(g guest) []fields { return []fields{g.problem("dx", "I10", day)} }, corrected(day), "E119", false},
		{"another problem of the day comes", func(g guest) []fields { return []fields{g.problem("dx", "I10", day)} },
			func(g guest) error { return g.try(g.problem("more", "E119", day)) }, "I10 E119", false},
		{"a problem was of another day", func(g guest) []fields { return []fields{g.problem("dx", "I10", day), g.problem("more", "J069", day)} },
			corrected(lastYear), "J069", false},
		{"a problem of the day is deleted", func(g guest) []fields { return []fields{g.problem("dx", "I10", day), g.problem("more", "J069", day)} },
			func(g guest) error { return g.remove("Condition", "dx") }, "J069", false},
		{"a problem belongs to another visit", func(g guest) []fields { return []fields{g.problem("dx", "I10", day), g.problem("more", "J069", day)} },
			func(g guest) error {
				return g.try(g.condition("dx", "I10").with(fields{"encounter": ref("Encounter/" + g.named("other"))}))
			}, "J069", false},
		{"the visit names it as its diagnosis", func(g guest) []fields {
			return []fields{g.problem("dx", "I10", lastYear), g.encounter("visit").with(fields{"diagnosis": []fields{{"condition": names(g)}}})}
		}, corrected(lastYear), "E119", false},
		{"the visit names it as its reason", func(g guest) []fields {
			return []fields{g.problem("dx", "I10", lastYear), g.encounter("visit").with(fields{"reasonReference": []fields{names(g)}})}
		}, corrected(lastYear), "E119", false},
		{"a procedure names it as its reason", func(g guest) []fields {
			return []fields{g.problem("dx", "I10", lastYear), g.procedure("ecg", "93000").with(fields{"reasonReference": []fields{names(g)}})}
		}, corrected(lastYear), "E119", false},
		{"a charge names it", func(g guest) []fields {
			return []fields{g.problem("dx", "I10", lastYear), g.charge("draw", "36415").with(fields{"supportingInformation": []fields{names(g)}})}
		}, corrected(lastYear), "E119", false},
		{"a visit without a time has the days of its services", func(g guest) []fields {
			return []fields{g.problem("dx", "I10", day), g.encounter("visit").with(fields{"period": nil})}
		}, corrected(day), "E119", false},
		{"a problem of another day comes", func(g guest) []fields { return []fields{g.problem("dx", "I10", day)} },
			func(g guest) error { return g.try(g.problem("more", "E119", lastYear)) }, "I10", true},
	}
	eachOffice(t, func(t *testing.T, d *desk) {
		for _, kind := range []string{"unsent", "sent"} {
			for i, row := range rows {
				g := d.guest(i, "problem-"+kind)
				documents := []fields{g.patient(), g.plan("plan"), g.encounter("visit"), g.procedure("ecg", "93000")}
				for _, own := range row.visit(g) {
					for n := range documents {
						if documents[n]["id"] == own["id"] {
							documents[n], own = own, nil
							break
						}
					}
					if own != nil {
						documents = append(documents, own)
					}
				}
				g.send(documents...)
			}
		}
		d.quiet()
		before := map[string]models.Instant{}
		for i, row := range rows {
			g := d.guest(i, "problem-sent")
			g.submit()
			kase, _ := g.kase("visit")
			before[row.name] = kase.Updated
		}
		d.quiet()
		for i, row := range rows {
			for _, kind := range []string{"unsent", "sent"} {
				if err := row.change(d.guest(i, "problem-"+kind)); err != nil {
					t.Errorf("%s: %v", row.name, err)
				}
			}
		}
		d.quiet()
		for i, row := range rows {
			if got := d.guest(i, "problem-unsent").diagnosed(); got != row.want {
				t.Errorf("%s: the unsent claim has %q, want %q", row.name, got, row.want)
			}
			g := d.guest(i, "problem-sent")
			kase, _ := g.kase("visit")
			if got := strings.Contains(g.stands(), "changed-after-sent"); got == row.left {
				t.Errorf("%s: sent before, the visit stands: %s", row.name, g.stands())
			}
			if row.left && kase.Updated != before[row.name] {
				t.Errorf("%s: the visit is planned again", row.name)
			}
		}
	})
}
