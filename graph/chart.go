package graph

import (
	"context"
	"fmt"

	"medbill/graph/model"
	"medbill/internal/auth"
	"medbill/models"
)

// chartOf gives what a coder decides on.
func (r *Resolver) chartOf(ctx context.Context, visit models.VisitID) (*model.Chart, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	seen, err := r.office.Chart(ctx, p, visit)
	if err != nil {
		return nil, err
	}
	suggested := make([]model.Suggestion, len(seen.Suggested))
	for i, s := range seen.Suggested {
		suggested[i] = model.Suggestion{System: s.System, Code: s.Code, Count: s.Uses}
	}
	return model.ChartOf(visit, model.Seen{
		Suggested: suggested, Proposed: seen.Proposed, Problems: seen.Problems, IsUsable: seen.Usable, Payers: seen.Payers, Unclear: seen.Unclear, Earlier: seen.Earlier,
	}), nil
}

// entry gives the record that a proposed service was taken from.
func (r *Resolver) entry(ctx context.Context, ref models.Ref) (model.ChartEntry, error) {
	if err := loadersOf(ctx).fetch([]models.Ref{ref}); err != nil {
		return nil, err
	}
	d := loadersOf(ctx).document(ref)
	switch {
	case d == nil:
		return nil, nil
	case ref.Type == "ChargeItem":
		return model.Of[model.ChargeItem](d), nil
	}
	return model.Of[model.Procedure](d), nil
}

// codesOf gives the diagnoses that a case was coded with.
func (r *Resolver) codesOf(ctx context.Context, c *model.Case) ([]string, error) {
	rows, err := booked(ctx, c, "diagnoses", r.books.Diagnoses)
	codes := make([]string, len(rows))
	for i, row := range rows {
		codes[i] = row.Code
	}
	return codes, err
}

// wordsOf gives what people said a case was.
func (r *Resolver) wordsOf(ctx context.Context, c *model.Case) ([]model.CodingWord, error) {
	rows, err := booked(ctx, c, "words", r.books.CodingWords)
	words := make([]model.CodingWord, len(rows))
	for i, row := range rows {
		words[i] = model.CodingWordOf(row)
	}
	return words, err
}

// codersFrom counts what coders did.
func (r *Resolver) codersFrom(ctx context.Context, from, until string) ([]model.CoderFigures, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := r.books.Coders(ctx, p, models.Date(from), models.Date(until))
	figures := make([]model.CoderFigures, len(rows))
	for i, row := range rows {
		figures[i] = model.CoderFigures{
			Coder: &model.User{ID: row.Coder}, Visits: row.Visits, Codings: row.Codings, Services: row.Services, Diagnoses: row.Diagnoses,
			Reviewed: row.Reviewed, Disagreed: row.Disagreed, Reviews: row.Reviews,
		}
		if row.Reviewed > 0 {
			hundredths := 10_000 * row.Disagreed / row.Reviewed
			rate := fmt.Sprintf("%d.%02d", hundredths/100, hundredths%100)
			figures[i].DisagreementRate = &rate
		}
	}
	return figures, err
}
