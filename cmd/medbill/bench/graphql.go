package bench

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"medbill/fhir"
	"medbill/internal/clock"
	"medbill/internal/store/bare"
	"medbill/internal/store/documents"
	"medbill/models"
)

// GraphQL measures two queries beside the same documents as bare SQL.
type GraphQL struct {
	Load
	Bare *bare.DB
}

const (
	graphPatients = 3
	graphVisits   = 20 // of each
	graphPage     = 20
)

// claimPageDocuments are what the page is made of: claims, their patients, once each, and the answers to them.
const claimPage = `{"query":"{ claims(first: 20) { nodes { id state patient { id name { family } } item { sequence net { value } } responses { id outcome } } } }"}`

// patientQuery asks for a patient, ten visits and twenty claims of three lines.
func patientQuery(id string) string {
	return strings.ReplaceAll(`{"query":"query($id: ID!) { patient(id: $id) { id gender birthDate name { family given } } encounters(first: 10, filter: {patient: $id}) { nodes { id status class { code } period { start end } } } claims(first: 20, filter: {patient: $id}) { nodes { id status state created total { value } item { sequence productOrService { coding { code } } servicedDate unitPrice { value } net { value } } } } }","variables":{"id":"ID"}}`, "ID\"}}", id+"\"}}")
}

// Measure prepares the sides and measures.
func (g GraphQL) Measure(ctx context.Context, sides []*Side) error {
	for _, s := range sides {
		g.Say(fmt.Sprintf("%s: %s, %d claims beforehand", s.Engine.Name, s.Label, graphPatients*graphVisits))
		if err := s.billed(ctx); err != nil {
			return err
		}
		if err := s.Engine.analyze(ctx, s.name); err != nil {
			return err
		}
	}
	if err := sides[0].copy(ctx, g.Bare, "Patient", "Encounter", "Claim", "ClaimResponse"); err != nil {
		return err
	}
	if err := g.Bare.Analyze(ctx); err != nil {
		return err
	}
	someone := func(n int64) string { return graphPatient(int(n % graphPatients)) }
	ask := func(query func(n int64) string) func(context.Context, *Side, int64) error {
		return func(ctx context.Context, s *Side, n int64) error {
			_, err := s.send(ctx, s.token, http.MethodPost, graphPath, query(n))
			return err
		}
	}
	return g.measure(ctx, sides, []operation{
		{"patient", 0, ask(func(n int64) string { return patientQuery(someone(n)) }), func(ctx context.Context, n int64) error { return g.patient(ctx, someone(n)) }},
		{"page of 20 claims", 0, ask(func(int64) string { return claimPage }), func(ctx context.Context, _ int64) error {
			found, err := g.Bare.ClaimPage(ctx)
			if err == nil && found < 2*graphPage {
				err = fmt.Errorf("%d documents, want %d claims with their patients and answers", found, graphPage)
			}
			if err != nil {
				return err
			}
			return g.Bare.RecordRead(ctx, "search", "Claim", "")
		}},
	})
}

// patient reads what patientQuery asks for.
func (g GraphQL) patient(ctx context.Context, id string) error {
	if _, err := g.Bare.Read(ctx, models.Ref{Type: "Patient", ID: id}); err != nil {
		return err
	}
	for _, list := range []struct {
		typ   string
		limit int
	}{{"Encounter", 10}, {"Claim", 20}} {
		found, err := g.Bare.SearchByPatient(ctx, list.typ, id, list.limit)
		if err == nil && found != list.limit {
			err = fmt.Errorf("%d documents of type %s, want %d", found, list.typ, list.limit)
		}
		if err != nil {
			return err
		}
	}
	return g.Bare.RecordRead(ctx, "read", "Patient", id)
}

func graphPatient(n int) string { return fmt.Sprintf("bench-%d", n) }

// billed bills visits of a few patients until their claims are answered.
func (s *Side) billed(ctx context.Context) error {
	bundles := []string{practice()}
	for p := range graphPatients {
		who := graphPatient(p)
		bundles = append(bundles, bundle(registration(who)...))
		for v := range graphVisits {
			bundles = append(bundles, bundle(chart(fmt.Sprintf("%s-visit-%d", who, v), who, fmt.Sprintf("2026-02-%02d", v+1))...))
		}
	}
	for _, b := range bundles {
		if _, err := s.send(ctx, s.token, http.MethodPost, fhirPath, b); err != nil {
			return err
		}
	}
	claims, err := s.await(ctx, "Claim?claim-state=ready", graphPatients*graphVisits)
	if err != nil {
		return err
	}
	for _, c := range claims {
		id := c.Get("id").Text()
		if _, err := s.send(ctx, s.token, http.MethodPost, fhirPath+"/Claim/"+id+"/$submit", ""); err != nil {
			return err
		}
		if _, err := s.send(ctx, s.payer, http.MethodPost, fhirPath+"/ClaimResponse", answer(id, c.In("patient", "reference").Text())); err != nil {
			return err
		}
	}
	_, err = s.await(ctx, "Invoice?status=issued", graphPatients*graphVisits)
	return err
}

// await gives what a search finds once that is so many.
func (s *Side) await(ctx context.Context, query string, many int) ([]fhir.Node, error) {
	now := clock.System()
	start := now.Now()
	for {
		found, err := s.resources(ctx, fmt.Sprintf("%s&_count=%d", query, many))
		if err != nil || len(found) == many {
			return found, err
		}
		if now.Since(start) > stuckAfter {
			return nil, fmt.Errorf("%s finds %d, want %d", query, len(found), many)
		}
		if err := pause(ctx, lookPause); err != nil {
			return nil, err
		}
	}
}

// copy gives bare SQL what the side holds of some types.
func (s *Side) copy(ctx context.Context, db *bare.DB, types ...string) error {
	for _, typ := range types {
		found, err := s.resources(ctx, typ+"?_count=1000")
		if err != nil {
			return err
		}
		var puts []documents.Indexed
		for _, r := range found {
			row, err := put(string(r.Raw()), r.Get("id").Text(), 0)
			if err != nil {
				return err
			}
			puts = append(puts, row)
		}
		if err := db.Fill(ctx, puts...); err != nil {
			return err
		}
	}
	return nil
}
