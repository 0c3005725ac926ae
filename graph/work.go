package graph

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"medbill/billing"
	"medbill/billing/inquiry"
	"medbill/graph/model"
	"medbill/internal/auth"
	"medbill/models"
	"medbill/models/fault"
)

// workSubject gives what a work item is about.
func (r *Resolver) workSubject(ctx context.Context, w *model.WorkItem) (model.WorkSubject, error) {
	focus := w.Reference("focus")
	about, _ := r.local(focus)
	switch about.Type {
	case "Encounter":
		return subject[model.Encounter](follow[model.Encounter](ctx, r, w, about.Type, focus))
	case "Claim":
		return subject[model.Claim](follow[model.Claim](ctx, r, w, about.Type, focus))
	case "ChargeItem":
		return subject[model.ChargeItem](follow[model.ChargeItem](ctx, r, w, about.Type, focus))
	case "Communication":
		return subject[model.Communication](follow[model.Communication](ctx, r, w, about.Type, focus))
	case "ClaimResponse":
		return subject[model.ClaimResponse](follow[model.ClaimResponse](ctx, r, w, about.Type, focus))
	}
	return nil, nil
}

// subject keeps a nil of a type from being something.
func subject[T model.WorkSubject](found *T, err error) (model.WorkSubject, error) {
	if found == nil {
		return nil, err
	}
	return *found, err
}

// story gives what the books say of a work item beside its Task.
func (r *Resolver) story(ctx context.Context, w *model.WorkItem) (inquiry.WorkStory, error) {
	return booked(ctx, w, "story", r.books.WorkStories)
}

// workPage gives one page of open work: which items and in which order the books say, what they say their Tasks do.
func (r *Resolver) workPage(ctx context.Context, first *int, after *string, filter *model.WorkFilter, orderBy *models.WorkOrder) (*model.WorkItemConnection, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	selected := graphql.CollectAllFields(ctx)
	list := inquiry.WorkList{Order: models.WorkByDue, Total: slices.Contains(selected, "totalCount") || slices.Contains(selected, "totalAmount")}
	if orderBy != nil {
		list.Order = *orderBy
	}
	if list.Filter, list.AgeDays, err = workFilter(filter); err != nil {
		return nil, err
	}
	if list.Count, err = pageSize(first); err != nil {
		return nil, err
	}
	if list.After, err = workAfter(list.Order, after); err != nil {
		return nil, err
	}
	page, err := r.books.WorkPage(ctx, p, list)
	if err != nil {
		return nil, err
	}
	return workConnection(ctx, page, list.Order, after != nil)
}

func workConnection(ctx context.Context, page inquiry.WorkPage, order models.WorkOrder, hasPrevious bool) (*model.WorkItemConnection, error) {
	refs := make([]models.Ref, len(page.Items))
	places := make(map[string]models.WorkItem, len(page.Items))
	for i, w := range page.Items {
		refs[i] = models.Ref{Type: "Task", ID: string(w.ID)}
		places[string(w.ID)] = w
	}
	c := &model.WorkItemConnection{}
	var err error
	if c.Nodes, err = fetchAll[model.WorkItem](ctx, refs); err != nil {
		return nil, err
	}
	c.PageInfo = model.PageInfo{HasNextPage: page.More, HasPreviousPage: hasPrevious}
	for _, node := range c.Nodes {
		c.Edges = append(c.Edges, model.WorkItemEdge{Cursor: workCursor(order, places[node.ID()]), Node: node})
	}
	c.PageInfo.StartCursor, c.PageInfo.EndCursor = ends(c.Edges)
	if page.Total != nil {
		count, amount := int(page.Total.Count), model.USD(page.Total.Amount)
		c.TotalCount, c.TotalAmount = &count, &amount
	}
	return c, nil
}

// workPlace is a place in a list of work: nothing in it is about a patient.
type workPlace struct {
	Order    models.WorkOrder    `json:"o"`
	ID       models.WorkItemID   `json:"i"`
	Due      models.Date         `json:"d,omitempty"`
	Amount   models.Cents        `json:"a,omitempty"`
	Priority models.WorkPriority `json:"p,omitempty"`
}

// workCursor is the place after an item. That it looks like nothing keeps clients from making their own.
func workCursor(order models.WorkOrder, w models.WorkItem) string {
	text, err := json.Marshal(workPlace{order, w.ID, w.Due, w.Amount, w.Priority})
	if err != nil {
		panic("graph: " + err.Error()) // a plain struct
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

func workAfter(order models.WorkOrder, cursor *string) (models.WorkItem, error) {
	if cursor == nil {
		return models.WorkItem{}, nil
	}
	var at workPlace
	text, err := base64.RawURLEncoding.DecodeString(*cursor)
	if err != nil || json.Unmarshal(text, &at) != nil || at.Order != order || !models.IsID(string(at.ID)) {
		return models.WorkItem{}, fault.At(fault.Invalid, "value", "after", "The cursor is not one of this list in this order; start the list again.")
	}
	return models.WorkItem{ID: at.ID, Due: at.Due, Amount: at.Amount, Priority: at.Priority}, nil
}

// workFilter reads a filter, and for how many days an item is open at least. Without one what is put off is left out.
func workFilter(f *model.WorkFilter) (models.WorkFilter, int, error) {
	awake := false
	if f == nil {
		return models.WorkFilter{Snoozed: &awake}, 0, nil
	}
	var q query
	q.known("filter.kind", f.Kind, func(kind string) bool { return models.WorkKind(kind).Facts().Kind != "" })
	if f.Role != nil {
		q.known("filter.role", []string{*f.Role}, func(role string) bool {
			return slices.ContainsFunc(models.WorkKinds, func(facts models.WorkFacts) bool { return string(facts.Role) == role })
		})
	}
	filter := models.WorkFilter{
		Categories: f.Category, Role: models.WorkRole(deref(f.Role)), Assignee: deref(f.Assignee), Unassigned: f.Unassigned != nil && *f.Unassigned,
		PatientID: models.PatientID(deref(f.Patient)), PayerID: models.OrganizationID(deref(f.Payer)), ProviderID: models.PractitionerID(deref(f.Provider)),
		ClaimID: models.ClaimID(deref(f.Claim)), Snoozed: f.Snoozed, Labels: f.Label, Text: deref(f.Text),
	}
	for _, kind := range f.Kind {
		filter.Kinds = append(filter.Kinds, models.WorkKind(kind))
	}
	q.named(f)
	days := 0
	if f.AgeDaysAtLeast != nil {
		if days = *f.AgeDaysAtLeast; days < 0 || days > ageDaysMax {
			q.refuse("filter.ageDaysAtLeast", "The age must be 0 days or more, and less than a lifetime.")
		}
	}
	if f.DueBefore != nil {
		due, ok := models.ParseDate(*f.DueBefore)
		if !ok {
			q.refuse("filter.dueBefore", "The date must name the day, as in 2026-03-02.")
		}
		filter.DueBefore = due
	}
	if f.AmountAtLeast != nil {
		cents, err := models.ReadAmount(f.AmountAtLeast.Value)
		if err == nil {
			err = models.CheckCurrency(f.AmountAtLeast.Currency)
		}
		if err != nil {
			return filter, 0, fault.Under("filter.amountAtLeast", err)
		}
		filter.AmountAtLeast = &cents
	}
	return filter, days, fault.Of(fault.Invalid, q.issues)
}

// ageDaysMax is a hundred years.
const ageDaysMax = 36_525

// named refuses a name that is given and empty: it would mean everything.
func (q *query) named(f *model.WorkFilter) {
	for path, name := range map[string]*string{
		"assignee": f.Assignee, "patient": f.Patient, "payer": f.Payer, "provider": f.Provider, "claim": f.Claim, "text": f.Text,
	} {
		if name != nil && (strings.TrimSpace(*name) == "" || len(*name) > models.LineCharsMax || strings.ContainsRune(*name, 0)) {
			q.refuse("filter."+path, "The text is empty or longer than any; leave it out, or name one.")
		}
	}
	for path, names := range map[string][]string{"kind": f.Kind, "category": f.Category, "label": f.Label} {
		if names != nil && len(names) == 0 || len(names) > pageMax || slices.ContainsFunc(names, func(name string) bool {
			return name == "" || len(name) > models.LineCharsMax || strings.ContainsRune(name, 0)
		}) {
			q.refuse("filter."+path, "The list has 1 to 100 words; leave it out, or name some.")
		}
	}
}

func (q *query) refuse(path, text string) {
	q.issues = append(q.issues, fault.Issue{Code: "value", Path: path, Text: text})
}

// workQueues sums what waits.
func (r *Resolver) workQueues(ctx context.Context, filter *model.WorkFilter) ([]model.WorkQueue, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	f, days, err := workFilter(filter)
	if err != nil {
		return nil, err
	}
	queues, err := r.books.WorkQueues(ctx, p, f, days)
	return model.WorkQueuesOf(queues), err
}

// work runs a use case on an item and leads to it.
func (r *Resolver) work(ctx context.Context, id string, how calling, do func(auth.Principal, billing.Call) (billing.Done[models.WorkItem], error)) (*model.WorkItemPayload, error) {
	_, rehearsal, err := change(ctx, r, how, do)
	if err != nil {
		return nil, err
	}
	return model.WorkedOn(id, rehearsal), nil
}

// snoozedUntil reads a moment; 0 where there is none.
func snoozedUntil(until *string) (models.Instant, error) {
	if until == nil {
		return 0, nil
	}
	at, err := time.Parse(time.RFC3339Nano, *until)
	if err != nil {
		return 0, fault.At(fault.Invalid, "value", "until", "The moment must be written as 2026-03-02T15:04:05Z.")
	}
	return models.InstantOf(at), nil
}

// verdict reads what somebody decides.
func verdict(d *model.DecisionInput, reason *string) (billing.Verdict, error) {
	v := billing.Verdict{Decision: d.Decision, Reason: deref(reason), Claim: models.ClaimID(deref(d.Claim))}
	for _, id := range d.Documents {
		v.Documents = append(v.Documents, models.Ref{Type: "DocumentReference", ID: id})
	}
	var err error
	if v.Fee, err = some("input.decision.fee", d.Fee); err != nil {
		return v, err
	}
	if d.Diagnosis != nil || d.Charge != nil {
		if v.Coding, err = coding(model.CodeEncounterInput{Diagnosis: d.Diagnosis, Charge: d.Charge, Stay: d.Stay}); err != nil {
			return v, placed(err, func(path string) string { return "input.decision." + strings.TrimPrefix(path, "input.") })
		}
	}
	if d.Fees != nil {
		if v.Fees, err = feeLoad(*d.Fees); err != nil {
			return v, err
		}
	}
	return v, nil
}

// verdictPlace names a place in the input of a decision.
func verdictPlace(path string) string {
	switch first, _, _ := strings.Cut(path, "["); {
	case path == "decision":
		return "input.decision.decision"
	case path == "claim", path == "fee":
		return "input.decision." + path
	case first == "document":
		return "input.decision.documents" + strings.TrimPrefix(path, "document")
	case path == "reason", first == "ids":
		return "input." + path
	case first == "service", first == "diagnosis":
		return "input.decision." + strings.TrimPrefix(codingPlace(path), "input.")
	case slices.Contains([]string{"name", "payer", "from", "until", "csv"}, path):
		return "input.decision.fees." + path
	}
	return path
}
