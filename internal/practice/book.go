package practice

import (
	"cmp"
	"errors"
	"slices"

	"medbill/models"
)

// Book is the rules of a practice that are on, ready to be asked. It does not change, and a nil one has no rule.
type Book struct{ rules []*Rule }

// NewBook gives the book of the rules that are on. One that does not compile any more holds every claim, for it must not be passed over.
func NewBook(list []models.PracticeRule) *Book {
	b := &Book{}
	for _, r := range list {
		if r.State != models.RuleOn {
			continue
		}
		compiled, err := Compile(r)
		if err != nil {
			compiled = &Rule{PracticeRule: r}
		}
		b.rules = append(b.rules, compiled)
	}
	slices.SortFunc(b.rules, func(x, y *Rule) int { return cmp.Compare(x.ID, y.ID) })
	return b
}

var errNotCompiled = errors.New("the condition does not compile any more")

// Rule gives a rule of the book by its id; nil where it is not on.
func (b *Book) Rule(id models.RuleID) *Rule {
	if b == nil {
		return nil
	}
	at := slices.IndexFunc(b.rules, func(r *Rule) bool { return r.ID == id })
	if at < 0 {
		return nil
	}
	return b.rules[at]
}

// Putting gives the rules of the book that put modifiers on lines.
func (b *Book) Putting() []*Rule {
	if b == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(b.rules), func(r *Rule) bool { return r.Action != models.RuleSetModifier })
}

// Judgement is a rule with the lines on which it holds, or why it could not be asked.
type Judgement struct {
	*Rule
	Lines []int // numbers; 0 is the claim
	Err   error
}

// Judge asks every rule of the book that is in force on the first day of service.
func (b *Book) Judge(v View) []Judgement {
	if b == nil {
		return nil
	}
	var list []Judgement
	left := uint64(costOfClaimMax)
	for _, r := range b.rules {
		if !r.IsInForce(models.Date(v.Claim.From)) {
			continue
		}
		if r.program == nil {
			list = append(list, Judgement{Rule: r, Err: errNotCompiled})
			continue
		}
		if lines, err := r.finds(v, &left); err != nil || len(lines) > 0 {
			list = append(list, Judgement{r, lines, err})
		}
	}
	return list
}

// Shape gives a claim with the modifiers that the rules put on its lines, in the order of the rules' names; a line that has four, one that says the
// opposite, or that very one stays as it is.
func (b *Book) Shape(c models.Claim, patient models.Patient) models.Claim {
	if b == nil || !slices.ContainsFunc(b.rules, func(r *Rule) bool { return r.Action == models.RuleSetModifier }) {
		return c
	}
	c.Lines = slices.Clone(c.Lines)
	for _, j := range b.Judge(Show(c, patient)) {
		if j.Action != models.RuleSetModifier {
			continue
		}
		for i := range c.Lines {
			l := &c.Lines[i]
			if slices.Contains(j.Lines, l.Sequence) && fits(l.Modifiers, j.Value) {
				l.Modifiers = append(slices.Clone(l.Modifiers), j.Value)
			}
		}
	}
	return c
}
