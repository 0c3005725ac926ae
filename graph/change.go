package graph

import (
	"context"
	"errors"
	"strconv"

	"medbill/billing"
	"medbill/fhir"
	"medbill/graph/model"
	"medbill/internal/auth"
	"medbill/models"
	"medbill/models/fault"
)

// calling is what every mutation is asked with besides its input.
type calling struct {
	key     *string
	dryRun  *bool
	version *string
}

// call reads how a use case is to be done.
func (c calling) call() (billing.Call, error) {
	call := billing.Call{Key: deref(c.key), DryRun: c.dryRun != nil && *c.dryRun}
	if c.key != nil {
		if err := models.CheckKey(*c.key); err != nil {
			return call, fault.Under("idempotencyKey", err)
		}
	}
	if c.version != nil {
		version, err := strconv.ParseInt(*c.version, 10, 64)
		if err != nil || version <= 0 {
			return call, fault.At(fault.Invalid, "value", "ifVersion", "The version must be what meta.versionId, or Case.version for a visit, says.")
		}
		call.IfVersion = version
	}
	return call, nil
}

// change runs a use case and gives what came of it, with what a rehearsal would have done; nil where it was done in earnest.
// What was read before is forgotten.
func change[T any](ctx context.Context, r *Resolver, how calling, do func(auth.Principal, billing.Call) (billing.Done[T], error)) (T, *model.Rehearsal, error) {
	var none T
	p, err := auth.From(ctx)
	if err != nil {
		return none, nil, err
	}
	call, err := how.call()
	if err != nil {
		return none, nil, err
	}
	done, err := do(p, call)
	forget(ctx)
	if err != nil {
		return none, nil, placed(err, argumentPlace)
	}
	rehearsal, err := r.rehearsal(ctx, done.Rehearsal)
	return done.Result, rehearsal, err
}

// changed gives the record that a mutation changed, as it stands; nil for a rehearsal, which changes none.
func changed[T model.Resource](ctx context.Context, r *Resolver, typ, id string) (*T, error) {
	if id == "" {
		return nil, nil
	}
	return read[T](ctx, r, typ, id)
}

// rehearsal shows what a dry run would have done.
func (r *Resolver) rehearsal(ctx context.Context, done *billing.Rehearsed) (*model.Rehearsal, error) {
	if done == nil {
		return nil, nil
	}
	var others []models.Document
	byType := map[string][]models.Document{}
	for _, d := range done.Documents {
		byType[d.Type] = append(byType[d.Type], d)
		if d.Type != "Task" {
			others = append(others, d)
		}
	}
	l := loadersOf(ctx)
	read := map[string][]*fhir.Document{}
	for typ, documents := range byType {
		var err error
		if read[typ], err = l.read(documents...); err != nil {
			return nil, err
		}
	}
	if claims := read["Claim"]; len(claims) > 0 && done.Findings != nil {
		l.of(claims[0]).tell(questionFindings, done.Findings)
	}
	return model.RehearsalOf(done.Entries, others, model.Rehearsed{
		Claims: viewsOf[model.Claim](read["Claim"]), Charges: viewsOf[model.ChargeItem](read["ChargeItem"]), WorkItems: viewsOf[model.WorkItem](read["Task"]),
	}), nil
}

// placed names the places of issues as place does.
func placed(err error, place func(string) string) error {
	var f *fault.Fault
	if !errors.As(err, &f) {
		return err
	}
	named := &fault.Fault{Kind: f.Kind, Err: f.Err}
	for _, issue := range f.Issues {
		issue.Path = place(issue.Path)
		named.Issues = append(named.Issues, issue)
	}
	return named
}

// argumentPlace names what REST takes in a header.
func argumentPlace(path string) string {
	if path == "Idempotency-Key" {
		return "idempotencyKey"
	}
	return path
}
