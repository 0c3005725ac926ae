package graph

import (
	"context"
	"strings"

	"medbill/billing"
	"medbill/billing/rules/charge"
	"medbill/graph/model"
	"medbill/internal/auth"
	"medbill/models"
)

// administer runs an administrator's use case like change, in a tenant that development may have to make.
func administer[T any](ctx context.Context, r *Resolver, operation auth.Operation, how calling, do func(auth.Principal, billing.Call) (billing.Done[T], error)) (T, *model.Rehearsal, error) {
	return change(ctx, r, how, func(p auth.Principal, c billing.Call) (billing.Done[T], error) {
		if p.Scopes.AllowsOperation(operation) {
			if err := r.records.Enter(ctx, p); err != nil {
				return billing.Done[T]{}, err
			}
		}
		done, err := do(p, c)
		return done, placed(err, inputPlace)
	})
}

// inputPlace names a place under the argument input: what use cases are given begins small, unlike elements and headers, and
// lines of a csv stay lines.
func inputPlace(path string) string {
	if path == "" || path[0] < 'a' || path[0] > 'z' || strings.HasPrefix(path, "line ") {
		return path
	}
	return "input." + path
}

// organization gives the record of a payer or a practice; nil where there is none.
func organization(ctx context.Context, id models.OrganizationID) (*model.Organization, error) {
	if id == "" {
		return nil, nil
	}
	found, err := fetchAll[model.Organization](ctx, []models.Ref{{Type: "Organization", ID: string(id)}})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

func settingsChange(input model.ChangeSettingsInput) models.SettingsChange {
	change := models.SettingsChange{
		Name: input.Name, TimeZone: input.TimeZone, PracticeID: (*models.OrganizationID)(input.Practice), GoLive: (*models.Date)(input.GoLive),
		AutoSubmit: input.AutoSubmit, DueDays: input.DueDays, SelfPayHours: input.SelfPayHours, ReviewShare: input.ReviewShare, WriteOffMax: input.WriteOffMax,
		ClosedThrough: (*models.Date)(input.ClosedThrough),
	}
	for _, c := range input.Connection {
		change.Connections = append(change.Connections, models.PayerConnection{PayerID: models.OrganizationID(c.Payer), Kind: c.Kind})
	}
	return change
}

// feeLoad reads a version with its lines.
func feeLoad(input model.LoadFeesInput) (billing.FeeLoad, error) {
	lines, err := charge.ReadCSV(strings.NewReader(input.CSV))
	return billing.FeeLoad{
		Name: input.Name, PayerID: models.OrganizationID(deref(input.Payer)), From: models.Date(deref(input.From)), Until: models.Date(deref(input.Until)), Lines: lines,
	}, err
}
