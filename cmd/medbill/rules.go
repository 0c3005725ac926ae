package main

import (
	"context"
	"fmt"

	"medbill/billing"
	"medbill/internal/auth"
	"medbill/internal/practice"
)

// rulesCommand is `medbill rules`.
type rulesCommand struct {
	List rulesListCommand `cmd:"" help:"List every version of every rule that the practice wrote."`
	Doc  rulesDocCommand  `cmd:"" help:"Write what the rules say and do, as Markdown."`
}

type rulesListCommand struct{ feesPlace }

// Run prints a line a version.
func (c rulesListCommand) Run(ctx context.Context, out streams) error {
	return c.in(ctx, out, func(office *billing.Office, p auth.Principal) error {
		rules, err := office.Rules(ctx, p)
		if err != nil {
			return err
		}
		for _, r := range rules {
			fmt.Fprintf(out.out, "%s %d %s: %s %s, %s, by %s\n", r.ID, r.Version, r.State, r.Action, r.Value, r.Title, r.Who)
		}
		if len(rules) == 0 {
			fmt.Fprintf(out.err, "tenant %s has written no rule yet; docs/rules.md says how\n", c.Tenant)
		}
		return nil
	})
}

type rulesDocCommand struct{ feesPlace }

// Run prints the document.
func (c rulesDocCommand) Run(ctx context.Context, out streams) error {
	return c.in(ctx, out, func(office *billing.Office, p auth.Principal) error {
		rules, err := office.Rules(ctx, p)
		if err == nil {
			fmt.Fprint(out.out, practice.Document(rules))
		}
		return err
	})
}
