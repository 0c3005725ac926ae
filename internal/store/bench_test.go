package store_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"medbill/fhir"
	"medbill/fhir/search"
	"medbill/internal/store"
	"medbill/internal/store/bare"
	"medbill/internal/store/documents"
	"medbill/internal/store/storetest"
	"medbill/models"
)

// What the store adds to the same rows in bare SQL: each benchmark runs once through the store and once by hand with
// prepared statements, at several numbers of clients, and prints the rate of the store by that of bare SQL as "ratio". Run it in a quiet moment: go test -run - -bench . -benchtime 3000x ./internal/store

var benchClients = []int{1, 8, 32}

const benchTenant = "bench"

func BenchmarkCreate(b *testing.B) {
	compare(b, func(b *testing.B, db *store.DB, by *bare.DB) (viaStore, viaSQL func() error) {
		session := db.As(models.Actor{Tenant: benchTenant, Subject: "bench"})
		viaStore = func() error {
			return session.Update(context.Background(), func(tx *store.Tx) error {
				d, keys := benchDocument(tx.NewID(), "p1")
				return documents.Put(tx, documents.Indexed{Document: d, Keys: keys})
			})
		}
		viaSQL = func() error {
			d, keys := benchDocument(uuid.Must(uuid.NewV7()).String(), "p1")
			return by.Write(context.Background(), documents.Indexed{Document: d, Keys: keys})
		}
		return viaStore, viaSQL
	})
}

func BenchmarkRead(b *testing.B) {
	compare(b, func(b *testing.B, db *store.DB, by *bare.DB) (viaStore, viaSQL func() error) {
		session := db.As(models.Actor{Tenant: benchTenant, Subject: "bench"})
		ids := benchFill(b, session)
		var n atomic.Int64
		viaStore = func() error {
			id := ids[int(n.Add(1))%len(ids)]
			return session.View(context.Background(), func(v *store.View) error {
				d, ok, err := documents.Get(v, models.Ref{Type: "Encounter", ID: id}, documents.Guard{})
				if err == nil && (!ok || len(d.Body) < 2000) {
					return fmt.Errorf("%s is not read", id)
				}
				return err
			})
		}
		viaSQL = func() error {
			size, err := by.Read(context.Background(), models.Ref{Type: "Encounter", ID: ids[int(n.Add(1))%len(ids)]})
			if err == nil && size < 2000 {
				return fmt.Errorf("not read")
			}
			return err
		}
		return viaStore, viaSQL
	})
}

func BenchmarkSearchByPatient(b *testing.B) {
	compare(b, func(b *testing.B, db *store.DB, by *bare.DB) (viaStore, viaSQL func() error) {
		session := db.As(models.Actor{Tenant: benchTenant, Subject: "bench"})
		benchFill(b, session)
		var n atomic.Int64
		viaStore = func() error {
			q, err := search.Parse("Encounter", []search.Pair{{Name: "patient", Value: fmt.Sprintf("Patient/p%d", n.Add(1)%benchPatients)}}, search.Options{})
			if err != nil {
				return err
			}
			return session.View(context.Background(), func(v *store.View) error {
				page, err := documents.Search(v, q, documents.Guard{}, nil)
				if err == nil && len(page.Documents) != benchVisits {
					return fmt.Errorf("%d found", len(page.Documents))
				}
				return err
			})
		}
		viaSQL = func() error {
			count, err := by.SearchByPatient(context.Background(), "Encounter", fmt.Sprintf("p%d", n.Add(1)%benchPatients), 51)
			if err == nil && count != benchVisits {
				return fmt.Errorf("%d found", count)
			}
			return err
		}
		return viaStore, viaSQL
	})
}

// compare runs both ways of the same thing on both databases.
func compare(b *testing.B, ways func(*testing.B, *store.DB, *bare.DB) (viaStore, viaSQL func() error)) {
	for _, name := range storetest.Databases {
		b.Run(name, func(b *testing.B) {
			url := storetest.URL(b, name)
			by, err := bare.Open(b.Context(), url, benchTenant, 16)
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(by.Close)
			viaStore, viaSQL := ways(b, storetest.Open(b, url), by)
			if err := by.Analyze(b.Context()); err != nil {
				b.Fatal(err)
			}
			for _, clients := range benchClients {
				rate := func(way string, do func() error) (perSecond float64) {
					b.Run(fmt.Sprintf("%s/%d", way, clients), func(b *testing.B) {
						inParallel(b, clients, do)
						perSecond = float64(b.N) / b.Elapsed().Seconds()
					})
					return perSecond
				}
				bySQL, byStore := rate("bare", viaSQL), rate("store", viaStore)
				fmt.Printf("%s clients=%d store=%.0f/s bare=%.0f/s ratio=%.2f\n", b.Name(), clients, byStore, bySQL, byStore/bySQL)
			}
		})
	}
}

func inParallel(b *testing.B, clients int, do func() error) {
	var next atomic.Int64
	var wait sync.WaitGroup
	b.ResetTimer()
	for range clients {
		wait.Go(func() {
			for next.Add(1) <= int64(b.N) {
				if err := do(); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wait.Wait()
	b.StopTimer()
}

const (
	benchPatients = 100
	benchVisits   = 10
)

// benchDocument is a visit of about 3 KB with the keys that it leaves.
func benchDocument(id, patient string) (models.Document, search.Keys) {
	text := strings.Repeat("Zzyzx Canary was seen for a routine follow-up. ", 45)
	body := `{"resourceType":"Encounter","id":"` + id + `","meta":{"versionId":"1","lastUpdated":"2026-03-02T15:00:00Z","tag":[{"system":"urn:bench","code":"b"}]},` +
		`"text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">` + text + `</div>"},"identifier":[{"system":"urn:visit","value":"` + id + `"}],` +
		`"status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"},` +
		`"type":[{"coding":[{"system":"http://snomed.info/sct","code":"185349003"},{"system":"http://www.ama-assn.org/go/cpt","code":"99214"}]}],` +
		`"subject":{"reference":"Patient/` + patient + `"},"participant":[{"individual":{"reference":"Practitioner/doc"}}],` +
		`"period":{"start":"2026-03-02T15:00:00Z","end":"2026-03-02T15:30:00Z"},"reasonCode":[{"coding":[{"system":"http://snomed.info/sct","code":"38341003"}]}],` +
		`"diagnosis":[{"condition":{"reference":"Condition/dx1"}},{"condition":{"reference":"Condition/dx2"}}],"location":[{"location":{"reference":"Location/room1"}}],` +
		`"serviceProvider":{"reference":"Organization/practice"}}`
	document, err := fhir.Parse([]byte(body))
	if err != nil {
		panic(err)
	}
	return models.Document{Type: "Encounter", ID: id, Version: 1, Updated: 1772463600000000, Body: []byte(body)}, search.Extract(document, nil)
}

func benchFill(b *testing.B, session *store.Session) []string {
	var ids []string
	err := session.Update(context.Background(), func(tx *store.Tx) error {
		var puts []documents.Indexed
		ids = ids[:0]
		for i := range benchPatients * benchVisits {
			id := tx.NewID()
			d, keys := benchDocument(id, fmt.Sprintf("p%d", i%benchPatients))
			puts, ids = append(puts, documents.Indexed{Document: d, Keys: keys}), append(ids, id)
		}
		return documents.Put(tx, puts...)
	})
	if err != nil {
		b.Fatal(err)
	}
	return ids
}
