package bench

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"medbill/internal/store/bare"
	"medbill/internal/store/documents"
	"medbill/models"
)

// FHIR measures the interactions of the REST API beside the same rows as bare SQL.
type FHIR struct {
	Load
	Bare     *bare.DB
	Patients int // each has visitsOfEach Encounters to be found
}

const (
	visitsOfEach = 20
	searchPage   = visitsOfEach
	toBeRead     = 1000 // Observations
	loadBundle   = 500  // resources of a transaction that prepares
)

// Measure prepares the sides and measures.
func (f FHIR) Measure(ctx context.Context, sides []*Side) error {
	var resources []string
	for p := range f.Patients {
		id := personID(int64(p))
		resources = append(resources, patient(id))
		for v := range visitsOfEach {
			resources = append(resources, underway(fmt.Sprintf("%s-%d", id, v), id))
		}
	}
	for n := range toBeRead {
		resources = append(resources, observation(observationID(int64(n)), personID(int64(n%f.Patients))))
	}
	for _, s := range sides {
		f.Say(fmt.Sprintf("%s: %s, %d documents beforehand", s.Engine.Name, s.Label, len(resources)))
		if _, err := s.send(ctx, s.token, http.MethodPost, fhirPath, practice()); err != nil {
			return err
		}
		if err := s.load(ctx, resources); err != nil {
			return err
		}
		if err := s.Engine.analyze(ctx, s.name); err != nil {
			return err
		}
	}
	if err := fill(ctx, f.Bare, resources); err != nil {
		return err
	}
	if err := f.Bare.Analyze(ctx); err != nil {
		return err
	}
	return f.measure(ctx, sides, f.operations())
}

func personID(n int64) string { return fmt.Sprintf("bench-patient-%d", n) }

func observationID(n int64) string { return fmt.Sprintf("bench-observation-%d", n%toBeRead) }

// underway is an Encounter of a patient that is not finished, so that billing leaves it alone.
func underway(id, patient string) string {
	return `{"resourceType":"Encounter","id":"` + id + `",` + strings.Replace(finished(patient, day), `"finished"`, `"in-progress"`, 1) + "}"
}

// finishedVisit is a new Encounter that opens a case.
func finishedVisit(patient string) string {
	return `{"resourceType":"Encounter",` + finished(patient, day) + "}"
}

func (f FHIR) operations() []operation {
	someone := func(n int64) string { return personID(n % int64(f.Patients)) }
	post := func(path string, body func(n int64) string) func(context.Context, *Side, int64) error {
		return func(ctx context.Context, s *Side, n int64) error {
			_, err := s.send(ctx, s.token, http.MethodPost, fhirPath+path, body(n))
			return err
		}
	}
	get := func(path func(n int64) string) func(context.Context, *Side, int64) error {
		return func(ctx context.Context, s *Side, n int64) error {
			_, err := s.send(ctx, s.token, http.MethodGet, fhirPath+path(n), "")
			return err
		}
	}
	observed := func(n int64) string { return observation("", someone(n)) }
	over := func(n int64) string { return finishedVisit(someone(n)) }
	return []operation{
		{"create", 0, post("/Observation", observed), func(ctx context.Context, n int64) error { return f.write(ctx, observed(n)) }},
		{"read", 0, get(func(n int64) string { return "/Observation/" + observationID(n) }), func(ctx context.Context, n int64) error {
			if _, err := f.Bare.Read(ctx, models.Ref{Type: "Observation", ID: observationID(n)}); err != nil {
				return err
			}
			return f.Bare.RecordRead(ctx, "read", "Observation", observationID(n))
		}},
		{"search", 0, get(func(n int64) string {
			return fmt.Sprintf("/Encounter?patient=Patient/%s&_count=%d", someone(n), searchPage)
		}), func(ctx context.Context, n int64) error {
			found, err := f.Bare.SearchByPatient(ctx, "Encounter", someone(n), searchPage+1)
			if err == nil && found < searchPage {
				err = fmt.Errorf("%d documents, want %d", found, searchPage)
			}
			if err != nil {
				return err
			}
			return f.Bare.RecordRead(ctx, "search", "Encounter", "")
		}},
		{"transaction of 4", 0, post("", func(int64) string { return four() }), func(ctx context.Context, _ int64) error {
			return f.write(ctx, named(four())...)
		}},
		{"finished Encounter", 0, post("/Encounter", over), func(ctx context.Context, n int64) error { return f.write(ctx, over(n)) }},
		{"seed, resources", seedResources, post("", func(int64) string { return seed() }), func(ctx context.Context, _ int64) error {
			return f.write(ctx, named(seed())...)
		}},
	}
}

// named gives the resources of a transaction as the server stores them, their patient named.
func named(transaction string) []string {
	bodies, name := resourcesOf(transaction), "Patient/"+uuid.NewString()
	for i := range bodies {
		bodies[i] = strings.ReplaceAll(bodies[i], "urn:uuid:00000000-0000-4000-8000-000000000000", name)
	}
	return bodies
}

// write stores new resources as bare SQL.
func (f FHIR) write(ctx context.Context, bodies ...string) error {
	puts := make([]documents.Indexed, len(bodies))
	for i, body := range bodies {
		var err error
		if puts[i], err = put(body, uuid.Must(uuid.NewV7()).String(), 0); err != nil {
			return err
		}
	}
	return f.Bare.Write(ctx, puts...)
}

// load puts resources under their own ids.
func (s *Side) load(ctx context.Context, resources []string) error {
	for len(resources) > 0 {
		part := resources[:min(loadBundle, len(resources))]
		resources = resources[len(part):]
		entries := make([]string, len(part))
		for i, r := range part {
			ref := refOf(r)
			entries[i] = `{"resource":` + r + `,"request":{"method":"PUT","url":"` + ref.String() + `"}}`
		}
		if _, err := s.send(ctx, s.token, http.MethodPost, fhirPath, bundle(entries...)); err != nil {
			return err
		}
	}
	return nil
}

// refOf reads type and id off a resource that was written in this package: they come first.
func refOf(resource string) models.Ref {
	fields := strings.SplitN(resource, `"`, 9)
	return models.Ref{Type: fields[3], ID: fields[7]}
}

// fill stores resources under their own ids as bare SQL.
func fill(ctx context.Context, db *bare.DB, resources []string) error {
	for len(resources) > 0 {
		part := resources[:min(loadBundle, len(resources))]
		resources = resources[len(part):]
		puts := make([]documents.Indexed, len(part))
		for i, r := range part {
			var err error
			if puts[i], err = put(r, refOf(r).ID, 0); err != nil {
				return err
			}
		}
		if err := db.Fill(ctx, puts...); err != nil {
			return err
		}
	}
	return nil
}
