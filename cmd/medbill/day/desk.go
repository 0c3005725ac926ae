package day

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"medbill/fhir"
)

// Action is what somebody at the practice does about a visit once the payers answered: the chart changes or gets a document, work is
// decided, or the claim is given to an operation.
type Action struct {
	Member       string                         // form of the number
	Chart        func(who string) string        // a resource that the EHR sends first
	Work, Choose string                         // the kind of the work, and what is decided
	With         func(who, claim string) string // a parameter of the decision
	Operation    string                         // in place of a decision
}

func theClaim(_, claim string) string {
	return `{"name":"claim","valueReference":{"reference":"Claim/` + claim + `"}}`
}

func theNote(who, _ string) string {
	return `{"name":"document","valueReference":{"reference":"DocumentReference/` + who + `-note"}}`
}

// smallerVisit is the chart that says a lesser service than was claimed.
func smallerVisit(who string) string {
	return strings.Replace(procedure(who, "99214", served), `"code":"99214"`, `"code":"99213"`, 1)
}

// acts has everything done that the practice does about the visits, and gives how much that is.
func (p *player) acts(ctx context.Context) error {
	var todo []Action
	for _, row := range Rows {
		for _, a := range row.Desk {
			for n := range p.world.Times {
				one := a
				one.Member = of(a.Member, n+1)
				todo = append(todo, one)
			}
		}
	}
	for _, a := range todo {
		if a.Chart == nil {
			continue
		}
		if err := p.push(ctx, []string{a.Chart(id(a.Member))}); err != nil {
			return err
		}
	}
	if err := p.rests(ctx); err != nil {
		return err
	}
	open, err := p.openWork(ctx)
	if err != nil {
		return err
	}
	for i, a := range todo {
		if err := p.act(ctx, a, open); err != nil {
			return fmt.Errorf("%s: %w", a.Member, err)
		}
		p.tell("the desk decides", i+1, len(todo))
	}
	return nil
}

// act does one thing. Its key has it done once, however often it is sent.
func (p *player) act(ctx context.Context, a Action, open []Work) error {
	who, claim := id(a.Member), ""
	if a.Operation != "" || a.With != nil {
		claims, err := p.biller.search(ctx, "Claim?insurer=Organization/"+Acme+"&patient=Patient/"+who)
		if err != nil || len(claims) == 0 {
			return fmt.Errorf("no claim is found: %w", err)
		}
		claim = claims[0].Get("id").Text()
	}
	path, parameters := "/fhir/R4/Claim/"+claim+"/$"+a.Operation, ""
	if a.Operation == "" {
		task := ""
		for _, w := range open {
			if w.Member == who && w.Kind == a.Work {
				task = w.ID
			}
		}
		if task == "" {
			return fmt.Errorf("there is no open work %s", a.Work)
		}
		path = "/fhir/R4/Task/" + task + "/$decide"
		parameters = `{"name":"decision","valueCode":"` + a.Choose + `"}`
		if a.With != nil {
			parameters += "," + a.With(who, claim)
		}
	}
	body := `{"resourceType":"Parameters","parameter":[` + parameters + `]}`
	if parameters == "" {
		body = ""
	}
	_, err := p.biller.send(ctx, http.MethodPost, path, body, "Idempotency-Key", "day-"+a.Member)
	return err
}

// Work is something open for a person.
type Work struct{ ID, Member, Kind, Category string }

// String gives what the work is.
func (w Work) String() string { return strings.TrimSpace(w.Kind + " " + w.Category) }

// openWork gives all that waits for a person.
func (p *player) openWork(ctx context.Context) ([]Work, error) {
	found, err := p.biller.search(ctx, "Task?_count=100&status=requested")
	if err != nil {
		return nil, err
	}
	var open []Work
	for _, task := range found {
		open = append(open, Work{
			ID: task.Get("id").Text(), Member: tail(task.In("for", "reference")), Kind: kind(task),
			Category: task.In("businessStatus", "coding").At(0).Get("code").Text(),
		})
	}
	return open, nil
}

// kind gives what a Task is by our codes; one that a payer sent has its own beside.
func kind(task fhir.Node) string {
	for c := range task.In("code", "coding").Children() {
		if c.Get("system").Is(fhir.SystemWorkKind) {
			return c.Get("code").Text()
		}
	}
	return ""
}

// tail gives the id of a reference.
func tail(reference fhir.Node) string {
	text := reference.Text()
	return text[strings.LastIndex(text, "/")+1:]
}
