package bench

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"medbill/internal/store/bare"
	"medbill/internal/store/documents"
	"medbill/models"
)

// Sorts measures searches that order or count many documents beside the same as bare SQL. The documents are written as rows, so
// that many are there soon; where two binaries are measured, which may keep them in other tables, over the API of each.
type Sorts struct {
	Load
	Bare      *bare.DB
	Documents int // Claims, and as many Encounters
	Count     func(done, of int)

	status string // of the visits: over the API one that is finished would open a case
}

const (
	sortsDays  = 1000 // on which the documents lie
	sortsSince = 990  // the day from which visits are asked for: a hundredth of them
	sortsPage  = 20
	usualPage  = 50 // of a search that does not say
	countMost  = 10_000
	rowsOfFill = 2000 // documents of a transaction
)

// sortsDay gives a day of the run, in the order of the numbers.
func sortsDay(n int) time.Time {
	return time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n%sortsDays)
}

// bodies gives the Claim and the Encounter of a number.
func (s Sorts) bodies(n int) [2]string {
	who, on := fmt.Sprintf("sorts-%d", n/visitsOfEach), sortsDay(n).Format(time.DateOnly)
	return [2]string{claimElsewhere(sortsID(n), who, on), `{"resourceType":"Encounter","id":"` + sortsID(n) + `",` + strings.Replace(finished(who, on), "finished", s.status, 1) + "}"}
}

func sortsID(n int) string { return fmt.Sprintf("sorts-%08d", n) }

// claimElsewhere is a claim of three lines that another system billed, so that the books have no part in it.
func claimElsewhere(id, patient, on string) string {
	items := make([]string, len(services))
	for i, l := range services {
		items[i] = fmt.Sprintf(`{"sequence":%d,"productOrService":%s,"servicedDate":%q,"quantity":{"value":1},"unitPrice":%s,"net":%s}`, i+1, coding(cpt, l.code), on, usd(l.price), usd(l.price))
	}
	return `{"resourceType":"Claim","id":"` + id + `","identifier":[{"system":"https://medbill.dev/bench/claim","value":"` + id + `"}],"status":"active","type":` + coding(claimType, "professional") +
		`,"use":"claim","patient":{"reference":"Patient/` + patient + `"},"billablePeriod":{"start":"` + on + `","end":"` + on + `"},"created":"` + on + `","insurer":{"reference":"Organization/` + payerID +
		`"},"provider":{"reference":"Organization/bench-practice"},"priority":` + coding("http://terminology.hl7.org/CodeSystem/processpriority", "normal") +
		`,"diagnosis":[{"sequence":1,"diagnosisCodeableConcept":` + coding(icd, "I10") + `}],"insurance":[{"sequence":1,"focal":true,"coverage":{"reference":"Coverage/` + patient + `"}}],"item":[` + strings.Join(items, ",") + `],"total":` + usd("325.00") + `}`
}

// Measure prepares the sides and measures.
func (s Sorts) Measure(ctx context.Context, sides []*Side) error {
	s.status = "finished"
	if len(sides) > 1 {
		s.status = "in-progress"
	}
	for _, side := range sides {
		if _, err := side.send(ctx, side.token, http.MethodPost, fhirPath, practice()); err != nil {
			return err
		}
		s.Say(fmt.Sprintf("%s: %s, %d claims and as many visits beforehand", side.Engine.Name, side.Label, s.Documents))
		if err := s.fill(ctx, side, len(sides) > 1); err != nil {
			return err
		}
		if err := side.Engine.analyze(ctx, side.name); err != nil {
			return err
		}
	}
	s.Say(fmt.Sprintf("%s: bare SQL, the same", sides[0].Engine.Name))
	if err := s.each(ctx, func(ctx context.Context, from, until int) error { return s.rows(ctx, s.Bare, from, until) }); err != nil {
		return err
	}
	if err := s.Bare.Analyze(ctx); err != nil {
		return err
	}
	return s.measure(ctx, sides, s.operations())
}

// fill writes the documents of a side, over its API or as rows.
func (s Sorts) fill(ctx context.Context, side *Side, asked bool) error {
	if asked {
		return s.each(ctx, func(ctx context.Context, from, until int) error { return s.requests(ctx, side, from, until) })
	}
	db, err := bare.Open(ctx, side.url, tenant, 1)
	if err != nil {
		return err
	}
	defer db.Close()
	return s.each(ctx, func(ctx context.Context, from, until int) error { return s.rows(ctx, db, from, until) })
}

// each writes all numbers in parts.
func (s Sorts) each(ctx context.Context, write func(ctx context.Context, from, until int) error) error {
	for from := 0; from < s.Documents; from += rowsOfFill {
		until := min(from+rowsOfFill, s.Documents)
		if err := write(ctx, from, until); err != nil {
			return err
		}
		s.Count(until, s.Documents)
	}
	return nil
}

// rows writes the documents of numbers as rows. Later numbers changed later.
func (s Sorts) rows(ctx context.Context, db *bare.DB, from, until int) error {
	puts := make([]documents.Indexed, 0, 2*(until-from))
	for n := from; n < until; n++ {
		for _, body := range s.bodies(n) {
			row, err := put(body, sortsID(n), models.Instant(sortsDay(0).UnixMicro()+int64(n)*1000))
			if err != nil {
				return err
			}
			puts = append(puts, row)
		}
	}
	return db.Fill(ctx, puts...)
}

// requests writes the documents of numbers over the API.
func (s Sorts) requests(ctx context.Context, side *Side, from, until int) error {
	var resources []string
	for n := from; n < until; n++ {
		bodies := s.bodies(n)
		resources = append(resources, bodies[:]...)
	}
	return side.load(ctx, resources)
}

func (s Sorts) operations() []operation {
	get := func(path string) func(context.Context, *Side, int64) error {
		return func(ctx context.Context, side *Side, _ int64) error {
			_, err := side.send(ctx, side.token, http.MethodGet, fhirPath+"/"+path, "")
			return err
		}
	}
	check := func(typ string, least int, do func(ctx context.Context) (int, error)) func(context.Context, int64) error {
		return func(ctx context.Context, _ int64) error {
			found, err := do(ctx)
			if err == nil && found < min(least, s.Documents) {
				err = fmt.Errorf("%d documents, want %d", found, least)
			}
			if err != nil {
				return err
			}
			return s.Bare.RecordRead(ctx, "search", typ, "")
		}
	}
	since := sortsDay(sortsSince)
	return []operation{
		{"Claim?_sort=-created", 0, get(fmt.Sprintf("Claim?_sort=-created&_count=%d", sortsPage)), check("Claim", sortsPage, func(ctx context.Context) (int, error) {
			return s.Bare.Latest(ctx, "Claim", "created", sortsPage)
		})},
		{"Claim?_sort=-_lastUpdated", 0, get(fmt.Sprintf("Claim?_sort=-_lastUpdated&_count=%d", sortsPage)), check("Claim", sortsPage, func(ctx context.Context) (int, error) {
			return s.Bare.Newest(ctx, "Claim", sortsPage)
		})},
		{"Encounter?status=&date=ge", 0, get("Encounter?status=" + s.status + "&date=ge" + since.Format(time.DateOnly)), check("Encounter", 0, func(ctx context.Context) (int, error) {
			return s.Bare.Since(ctx, "Encounter", "status", s.status, "date", since.UnixMicro(), usualPage)
		})},
		{"Claim?_total=accurate", 0, get(fmt.Sprintf("Claim?_total=accurate&_count=%d", sortsPage)), check("Claim", sortsPage, func(ctx context.Context) (int, error) {
			return s.Bare.Count(ctx, "Claim", countMost)
		})},
	}
}
