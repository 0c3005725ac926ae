package main

import (
	"context"
	"fmt"
	"os"

	"medbill/billing"
	"medbill/internal/auth"
	"medbill/internal/practice"
	"medbill/models"
)

// rulesCommand is `medbill rules`.
type rulesCommand struct {
	Save rulesSaveCommand `cmd:"" help:"Save rules from JSON files, one a file, as drafts; docs/rules.md shows how they are written."`
	Try  rulesTryCommand  `cmd:"" help:"Run a rule over claims that there are, and say on which it would act; nothing is changed."`
	On   rulesOnCommand   `cmd:"" help:"Switch a version of a rule on."`
	Off  rulesOffCommand  `cmd:"" help:"Switch a rule off."`
	List rulesListCommand `cmd:"" help:"List the rules: of each the version that is on and the one that was saved last."`
	Doc  rulesDocCommand  `cmd:"" help:"Write the rules as a document for people, in Markdown."`
}

type rulesSaveCommand struct {
	feesPlace
	Files []string `arg:"" help:"The files, in this order." type:"existingfile"`
}

// Run saves each file's rule in a transaction of its own.
func (c rulesSaveCommand) Run(ctx context.Context, out streams) error {
	rules := make([]models.PracticeRule, len(c.Files))
	for i, path := range c.Files {
		var err error
		if rules[i], err = readRule(path); err != nil {
			fmt.Fprintf(out.err, "%s is wrong, and nothing is saved\n", path)
			return err
		}
	}
	return c.in(ctx, out, func(office *billing.Office, p auth.Principal) error {
		for i, rule := range rules {
			done, err := office.SavePracticeRule(ctx, p, billing.Call{}, rule)
			if err != nil {
				fmt.Fprintf(out.err, "%s is not saved, nor what comes after it\n", c.Files[i])
				return err
			}
			state := "unchanged"
			if done.Result.Changed {
				state = "saved"
			}
			printRule(out, done.Result.PracticeRule, state)
		}
		return nil
	})
}

func readRule(path string) (models.PracticeRule, error) {
	file, err := os.Open(path)
	if err != nil {
		return models.PracticeRule{}, err
	}
	defer func() { _ = file.Close() }()
	return practice.ReadFile(file)
}

func printRule(out streams, r models.PracticeRule, state string) {
	fmt.Fprintf(out.out, "%s version %d: %s each %s, %s, %q\n", r.ID, r.Version, r.Action, r.Each, state, r.Title)
}

type rulesTryCommand struct {
	feesPlace
	Rule    string `arg:"" help:"The id of a saved rule, or a file."`
	Version int    `help:"Which version of a saved rule; the last one without it." placeholder:"N"`
	From    string `help:"First day of service." required:"" placeholder:"YYYY-MM-DD"`
	Until   string `help:"Last day of service." required:"" placeholder:"YYYY-MM-DD"`
}

// Run prints a line a finding, of all claims of the days.
func (c rulesTryCommand) Run(ctx context.Context, out streams) error {
	trial := billing.RuleTrial{Rule: models.PracticeRule{ID: c.Rule, Version: c.Version}, Days: models.Span{From: models.Date(c.From), Until: models.Date(c.Until)}}
	if _, err := os.Stat(c.Rule); err == nil {
		if trial.Rule, err = readRule(c.Rule); err != nil {
			return err
		}
	}
	return c.in(ctx, out, func(office *billing.Office, p auth.Principal) error {
		looked, acted := 0, 0
		for more := true; more; {
			tried, err := office.TryPracticeRule(ctx, p, trial)
			if err != nil {
				return err
			}
			for _, hit := range tried.Hits {
				for _, f := range hit.Findings {
					fmt.Fprintf(out.out, "Claim/%s (%s): %s at %s: %s\n", hit.ClaimID, hit.State, f.Severity, f.Path, f.Text)
				}
			}
			looked, acted = looked+tried.Looked, acted+len(tried.Hits)
			trial.After, more = tried.Next, tried.Next != ""
		}
		fmt.Fprintf(out.out, "%d claims were looked at; it would act on %d\n", looked, acted)
		return nil
	})
}

type rulesOnCommand struct {
	feesPlace
	Rule    string `arg:"" help:"The id of the rule."`
	Version int    `help:"Which version; the last one without it." placeholder:"N"`
}

// Run switches the version on in place of the one that is on.
func (c rulesOnCommand) Run(ctx context.Context, out streams) error {
	return c.switched(ctx, out, c.Rule, c.Version, models.RuleOn)
}

type rulesOffCommand struct {
	feesPlace
	Rule string `arg:"" help:"The id of the rule."`
}

// Run switches off what is on of the rule.
func (c rulesOffCommand) Run(ctx context.Context, out streams) error {
	return c.switched(ctx, out, c.Rule, 0, models.RuleOff)
}

func (c feesPlace) switched(ctx context.Context, out streams, id string, version int, state models.RuleState) error {
	return c.in(ctx, out, func(office *billing.Office, p auth.Principal) error {
		done, err := office.SwitchPracticeRule(ctx, p, billing.Call{}, id, version, state)
		if err == nil {
			printRule(out, done.Result.PracticeRule, string(done.Result.State))
		}
		return err
	})
}

type rulesListCommand struct{ feesPlace }

// Run prints a line a version.
func (c rulesListCommand) Run(ctx context.Context, out streams) error {
	return c.in(ctx, out, func(office *billing.Office, p auth.Principal) error {
		rules, err := office.PracticeRules(ctx, p)
		for _, rule := range rules {
			printRule(out, rule, string(rule.State))
		}
		if err == nil && len(rules) == 0 {
			fmt.Fprintf(out.err, "tenant %s has written no rules yet; 'medbill rules save' saves some\n", c.Tenant)
		}
		return err
	})
}

type rulesDocCommand struct{ feesPlace }

// Run writes the document.
func (c rulesDocCommand) Run(ctx context.Context, out streams) error {
	return c.in(ctx, out, func(office *billing.Office, p auth.Principal) error {
		text, err := office.PracticeDocument(ctx, p)
		fmt.Fprint(out.out, text)
		return err
	})
}
