package scrub

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"medbill/internal/practice"
	"medbill/models"
)

// prefixPractice stands before the id of a practice's rule in its findings.
const prefixPractice = "practice."

// practiceFindingsMax bounds what the practice's rules say of one claim; a claim of which they say more is held.
const practiceFindingsMax = 200

// Practiced gives a claim after the rules that its practice wrote: lines go out with the modifiers that they set, and what else they ask
// for stands ready for Run. Rules that set a modifier look at the claim as it was coded, all others at the claim as it goes out, so no order among them matters.
func Practiced(s Subject) Subject {
	if s.Practice == nil || s.isPracticed {
		return s
	}
	s.isPracticed = true
	s.Claim = s.Claim.Coded()
	for _, o := range s.Practice.Run(ViewOf(s), practice.Setting) {
		s.practiced = append(s.practiced, s.set(o))
	}
	for _, o := range s.Practice.Run(ViewOf(s), practice.Judging) {
		s.practiced = append(s.practiced, judged(o))
	}
	return s
}

// set puts a modifier on the line for which a rule wants it, and says so; where it cannot stand there, the claim is held.
func (s *Subject) set(o practice.Outcome) models.Finding {
	if o.Problem != "" {
		return troubled(o)
	}
	line := s.Claim.Lines[o.Line]
	with, ok := practice.With(line.Modifiers, o.Rule.Argument)
	if !ok {
		return ofRule(o, unless(models.ForBiller, held("", placeOf(o)+".modifier", "A rule of the practice sets a modifier that cannot stand beside those of the line: "+o.Rule.Title,
			"Code the line otherwise, or override this where the line is right without it. "+o.Rule.Text)))
	}
	if len(with) > len(line.Modifiers) {
		s.Claim.Lines = slices.Clone(s.Claim.Lines)
		line.Modifiers, line.Added = with, append(slices.Clone(line.Added), o.Rule.Argument)
		s.Claim.Lines[o.Line] = line
	}
	return ofRule(o, models.Finding{Severity: models.SeverityInformation, Path: placeOf(o) + ".modifier", Text: "A rule of the practice set a modifier: " + o.Rule.Title, Remedy: o.Rule.Text})
}

// judged is the finding of a rule that applies.
func judged(o practice.Outcome) models.Finding {
	if o.Problem != "" {
		return troubled(o)
	}
	path, title, text := placeOf(o), o.Rule.Title, o.Rule.Text
	switch o.Rule.Action {
	case models.RuleWarning:
		return ofRule(o, noted("", path, title, text))
	case models.RuleHold:
		return ofRule(o, unless(models.ForBiller, held("", path, title, text)))
	case models.RuleRoute:
		role, _ := QueueOf(o.Rule)
		return ofRule(o, unless(cmp.Or(role, models.ForBiller), held("", path, title, text)))
	}
	return ofRule(o, held("", path, title, text))
}

// troubled holds a claim of which nobody knows whether a rule applies: silence would pass for a claim to which it does not.
func troubled(o practice.Outcome) models.Finding {
	return ofRule(o, unless(models.ForManager, held("", placeOf(o), "A rule of the practice could not be asked: "+string(o.Problem)+".", "Correct the rule, or switch it off.")))
}

// ofRule says which rule and version a finding comes from.
func ofRule(o practice.Outcome, f models.Finding) models.Finding {
	f.Rule = prefixPractice + o.Rule.ID
	f.Source = "practice rule " + o.Rule.ID + " version " + strconv.Itoa(o.Rule.Version)
	return f
}

func placeOf(o practice.Outcome) string {
	if o.Line == practice.Whole {
		return "Claim"
	}
	return fmt.Sprintf("Claim.item[%d]", o.Line)
}

// practiced gives what the practice's rules ask for.
func practiced(s Subject) []models.Finding {
	if len(s.practiced) <= practiceFindingsMax {
		return s.practiced
	}
	return append(slices.Clone(s.practiced[:practiceFindingsMax]), held(rulePractice, "Claim",
		fmt.Sprintf("The practice's rules say more than %d things of the claim; the others are left out.", practiceFindingsMax), "Correct the rules that apply to every line, or switch them off."))
}

// rulePractice is the row of the practice's rules; their own findings name the rule.
const rulePractice = "scrub.practice"

// QueueOf gives where a rule routes claims: to a role's work, or by a label.
func QueueOf(r models.PracticeRule) (role models.WorkRole, label string) {
	switch {
	case r.Action != models.RuleRoute:
		return "", ""
	case slices.Contains(roles, models.WorkRole(r.Argument)):
		return models.WorkRole(r.Argument), ""
	}
	return "", r.Argument
}

// roles are those to whose work a rule may route a claim.
var roles = []models.WorkRole{models.ForCoder, models.ForBiller, models.ForFrontDesk, models.ForManager}

// Queues gives where the practice's rules route a claim of which these findings hold it: the first role, and every label.
func Queues(book *practice.Book, findings []models.Finding) (role models.WorkRole, labels models.Codes) {
	for _, f := range findings {
		if f.Severity != models.SeverityError || len(f.Rule) <= len(prefixPractice) || f.Rule[:len(prefixPractice)] != prefixPractice {
			continue
		}
		rule, _ := book.Find(f.Rule[len(prefixPractice):])
		to, label := QueueOf(rule)
		role = cmp.Or(role, to)
		if label != "" && !slices.Contains(labels, label) {
			labels = append(labels, label)
		}
	}
	return role, labels
}

// Tried gives what rules come to on a claim, which stays as it is: the findings, and of a modifier that it would be set.
func Tried(s Subject) []models.Finding { return practiced(Practiced(s)) }

// ViewOf gives what a practice's rule sees of a claim.
func ViewOf(s Subject) practice.View {
	c := s.Claim
	v := practice.View{
		Claim: practice.Claim{
			Type: string(c.Type), From: string(c.ServiceFrom), Until: string(c.ServiceUntil), Place: c.PlaceOfService, BillType: c.Stay.BillType,
			Billed: int64(c.Billed), Position: int64(c.Position),
		},
		Patient:   practice.Patient{Age: int64(s.Patient.BirthDate.YearsUntil(c.ServiceFrom)), Sex: s.Patient.Gender},
		Payer:     practice.Payer{ID: string(c.InsurerID), Name: s.Insurer.Name},
		Billing:   provider(s.Billing),
		Rendering: provider(s.Renderers[c.Rendering]),
	}
	bySequence := map[int]string{}
	for _, d := range c.Diagnoses {
		code := practice.Bare(d.Code)
		v.Claim.Diagnoses = append(v.Claim.Diagnoses, code)
		bySequence[d.Sequence] = code
	}
	for i, line := range c.Lines {
		who, _ := s.renderer(line)
		l := practice.Line{
			Number: int64(i + 1), System: systems[line.System], Code: line.Code, Revenue: line.Revenue, Modifiers: line.Modifiers, Units: float64(line.Units) / float64(models.OneUnit),
			Measure: practice.MeasureUnits, Drug: line.Drug.NDC,
			Date: string(line.ServiceDate), Weekday: practice.Weekday(string(line.ServiceDate)), Billed: int64(line.Billed), Rendering: provider(who),
		}
		if line.Measure == models.InMinutes {
			l.Measure = practice.MeasureMinutes
		}
		for _, p := range line.Pointers {
			if code, found := bySequence[p]; found {
				l.Diagnoses = append(l.Diagnoses, code)
			}
		}
		v.Claim.Lines = append(v.Claim.Lines, l)
	}
	return v
}

// systems are the code systems by the names that a condition has for them.
var systems = map[string]string{models.SystemCPT: "CPT", models.SystemHCPCS: "HCPCS", models.SystemRevenue: "revenue"}

func provider(p models.Party) practice.Provider {
	return practice.Provider{ID: p.ID, Name: p.Name, NPI: p.NPI, Taxonomy: p.Taxonomy}
}
