package billing

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"medbill/billing/claims"
	"medbill/billing/desk"
	"medbill/internal/auth"
	"medbill/internal/practice"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
)

// RuleTrial asks what a rule would do to the claims whose services begin in Days: a rule as it is sent, or where that has no condition the
// version of the one with its id, the last one of version 0. After is where an earlier answer ended, "" to begin. HitsMax is how many claims are told of
// at most, of 0 a thousand.
type RuleTrial struct {
	Rule    models.PracticeRule
	Days    models.Span
	After   string
	HitsMax int
}

// RuleTried is what a rule would do. Next is where to go on, "" where all claims of the days were looked at.
type RuleTried struct {
	Rule   models.PracticeRule
	Looked int
	Hits   []RuleHit
	Next   string
}

// RuleHit is a claim on which the rule would act, and what would come of it.
type RuleHit struct {
	ClaimID  models.ClaimID
	State    models.ClaimState
	Findings []models.Finding
}

const (
	// tryMax bounds the claims that one call looks at, tryHitsMax those that it tells of, and tryPage is how many are read together.
	tryMax     = 5000
	tryHitsMax = 1000
	tryPage    = 100
	// tryStepsMax bounds what the rule itself takes, where claims are long: a few seconds.
	tryStepsMax = 50_000_000
)

// TryPracticeRule gives what a rule would do to claims that there are, sent or not, by the records as they are now; it changes nothing, and that the
// claims were seen on which it would act is in the audit. It refuses (Invalid) what is no rule, and days that are none.
func (o *Office) TryPracticeRule(ctx context.Context, p auth.Principal, t RuleTrial) (RuleTried, error) {
	if err := mayTry(p); err != nil {
		return RuleTried{}, err
	}
	after, err := t.begin()
	if err != nil {
		return RuleTried{}, err
	}
	rule := t.Rule
	if err := o.readRules(ctx, p, func(v *store.View) (err error) {
		if rule.When == "" {
			rule, err = ruleOf(v, rule.ID, rule.Version)
		}
		return err
	}); err != nil {
		return RuleTried{}, err
	}
	if err := practice.CheckCondition(rule); err != nil {
		return RuleTried{}, err
	}
	hitsMax := min(cmp.Or(t.HitsMax, tryHitsMax), tryHitsMax)
	tried, book := RuleTried{Rule: rule}, practice.NewBook(rule)
	for tried.Looked < tryMax && len(tried.Hits) < hitsMax && book.Steps() < tryStepsMax {
		end := false
		if err := o.readRules(ctx, p, func(v *store.View) (err error) {
			end, err = tried.page(v, book, t.Days, &after, hitsMax)
			return err
		}); err != nil {
			return RuleTried{}, err
		}
		if end {
			after = books.ClaimPlace{}
			break
		}
	}
	tried.Next = placeText(after)
	return tried, o.session(p).RecordReads(ctx, models.AuditRead, tried.Refs())
}

// page looks at the next claims after a place, which it moves; end says that there are no more.
func (t *RuleTried) page(v *store.View, book *practice.Book, days models.Span, after *books.ClaimPlace, hitsMax int) (end bool, err error) {
	_, zone, err := desk.Settings(v)
	if err != nil {
		return false, err
	}
	page, err := books.ClaimsByDay(v, days, *after, tryPage)
	if err != nil {
		return false, err
	}
	found, err := claims.Try(v, zone, book, page)
	if err != nil {
		return false, err
	}
	for i, c := range page {
		t.Looked++
		*after = books.ClaimPlace{Day: c.ServiceFrom, ID: c.ID}
		if len(found[i]) > 0 {
			t.Hits = append(t.Hits, RuleHit{c.ID, c.State, found[i]})
		}
		if len(t.Hits) == hitsMax {
			return false, nil
		}
	}
	return len(page) < tryPage, nil
}

// Refs names the claims on which the rule would act.
func (t *RuleTried) Refs() []models.Ref {
	refs := make([]models.Ref, len(t.Hits))
	for i, h := range t.Hits {
		refs[i] = models.Ref{Type: "Claim", ID: string(h.ClaimID)}
	}
	return refs
}

// begin refuses a trial that has no days, and reads where it goes on.
func (t RuleTrial) begin() (books.ClaimPlace, error) {
	issues := slices.Concat(fault.IssuesAt("from", models.CheckDay(t.Days.From)), fault.IssuesAt("until", models.CheckDay(t.Days.Until)))
	if len(issues) == 0 && t.Days.Until < t.Days.From {
		issues = append(issues, fault.Issue{Code: "value", Path: "until", Text: "The last day is before the first."})
	}
	day, id, found := strings.Cut(t.After, "/")
	if t.After != "" && (!found || models.CheckDay(models.Date(day)) != nil || !models.IsID(id)) {
		issues = append(issues, fault.Issue{Code: "value", Path: "after", Text: "This is no place at which an answer ended; send what it said is next."})
	}
	return books.ClaimPlace{Day: models.Date(day), ID: models.ClaimID(id)}, fault.Of(fault.Invalid, issues)
}

// placeText gives a place as a client sends it back.
func placeText(p books.ClaimPlace) string {
	if p == (books.ClaimPlace{}) {
		return ""
	}
	return fmt.Sprintf("%s/%s", p.Day, p.ID)
}

// PracticeDocument gives the practice's rules as a document for people, in Markdown.
func (o *Office) PracticeDocument(ctx context.Context, p auth.Principal) (string, error) {
	rules, err := o.PracticeRules(ctx, p)
	return practice.Document(rules), err
}
