package graph

import (
	"context"

	"medbill/billing/rules/reports"
	"medbill/graph/model"
	"medbill/internal/auth"
	"medbill/models/fault"
)

// reportsMax is how many reports one request may ask for, each of which adds up the journal.
const reportsMax = 4

// report gives what the arguments of the field ask for.
func (r *Resolver) report(ctx context.Context, name string, asOf *string, by []string, of, from, until *string) (*model.Report, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	if askingOf(ctx).reports.Add(1) > reportsMax {
		return nil, fault.New(fault.TooLarge, "too-costly", "The query asks for more than four reports; ask for the rest in another one.")
	}
	parameters := map[string][]string{}
	for argument, value := range map[string]*string{"asOf": asOf, "of": of, "from": from, "until": until} {
		if value != nil {
			parameters[argument] = []string{*value}
		}
	}
	if by != nil {
		parameters["by"] = by
	}
	ask, err := reports.Read(name, parameters)
	if err != nil {
		return nil, err
	}
	table, err := r.office.Report(ctx, p, ask)
	if err != nil {
		return nil, err
	}
	return model.ReportOf(table), nil
}
