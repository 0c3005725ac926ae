// Package desk is the frame in which every use case runs: who may, once, in one transaction, for rehearsal or in earnest; and
// the sheet from which a use case reads what a transaction needs once (settings, zone, day, parties). It decides nothing about
// billing and knows no use case.
package desk

import (
	"slices"
	"time"

	"medbill/fhir"
	"medbill/fhir/intake"
	"medbill/internal/codes"
	"medbill/internal/payers"
	"medbill/internal/practice"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/documents"
	"medbill/internal/store/journal"
	"medbill/internal/store/library"
	"medbill/models"
)

// Sheet is one transaction as a use case sees it. What it read it remembers until the transaction ends.
type Sheet struct {
	*store.Tx
	settings models.Settings
	zone     *time.Location
}

// Open gives the sheet of a transaction.
func Open(tx *store.Tx) *Sheet {
	kept := store.Local[Sheet](tx.View)
	if kept.Tx != tx {
		*kept = Sheet{Tx: tx}
	}
	return kept
}

// Settings gives the tenant's settings. They are read when they are first asked for, of a case that was read with it; where they
// cannot be, the transaction fails.
func (s *Sheet) Settings() models.Settings {
	s.readSettings()
	return s.settings
}

// Zone gives the time zone in which the tenant's days are taken, like Settings.
func (s *Sheet) Zone() *time.Location {
	s.readSettings()
	return s.zone
}

func (s *Sheet) readSettings() {
	if s.zone != nil {
		return
	}
	var err error
	if s.settings, s.zone, err = Settings(s.View); err != nil {
		s.zone = time.UTC
		s.Fail(err)
	}
}

// Settings gives the tenant's settings and its time zone; days are taken in it.
func Settings(v *store.View) (models.Settings, *time.Location, error) {
	s, ok, err := books.Settings(v)
	if err != nil {
		return s, nil, err
	}
	if !ok {
		s = models.DefaultSettings
	}
	zone, err := time.LoadLocation(s.TimeZone)
	if err != nil {
		zone = time.UTC
	}
	return s, zone, nil
}

// Today is the practice's day at the transaction's moment.
func (s *Sheet) Today() models.Date {
	return models.Date(s.Now().Time().In(s.Zone()).Format(time.DateOnly))
}

// Post puts entries into the journal. What belongs to a day on which the books are closed counts for the first open one, on which it became
// known; what it is about keeps its own day.
func (s *Sheet) Post(entries ...models.Entry) error {
	entries = slices.Clone(entries)
	for i := range entries {
		entries[i].Effective = s.Settings().OpenDay(entries[i].Effective)
	}
	return journal.Post(s.Tx, entries...)
}

// Books gives the releases of tables that hold on some days, as they stood some seconds ago at most: the transaction does not see
// them change.
func (s *Sheet) Books(days []models.Date, tables ...codes.Table) (codes.Books, error) {
	return library.Of(s.DB()).Open(s.Context(), days, tables...)
}

// Documents gives those of refs that stand, parsed, their references local, in no order. Billing sees the whole tenant: whether
// the asker may is decided before.
func (s *Sheet) Documents(refs ...models.Ref) ([]*fhir.Document, error) {
	if len(refs) == 0 {
		return nil, nil
	}
	found, err := documents.Of(s.View, refs, documents.Guard{})
	if err != nil {
		return nil, err
	}
	return s.parsed(found)
}

func (s *Sheet) parsed(list []models.Document) ([]*fhir.Document, error) {
	parsed := make([]*fhir.Document, len(list))
	for i, d := range list {
		document, err := fhir.Parse(d.Body)
		if err != nil {
			return nil, err
		}
		parsed[i] = document
	}
	return s.Resolve(parsed...)
}

// Resolve gives documents with their references made local, as far as they lead to records of ours.
func (s *Sheet) Resolve(list ...*fhir.Document) ([]*fhir.Document, error) {
	return documents.Resolve(s.View, list...)
}

// Receive gives the sheet of a transaction in which a document arrived, and the document as Resolve gives it.
func Receive(tx *store.Tx, a records.Arrival) (*Sheet, *fhir.Document, error) {
	s := Open(tx)
	d, err := s.Resolve(a.Document)
	if err != nil {
		return nil, nil, err
	}
	return s, d[0], nil
}

// Compare gives the sheet of a transaction in which a record came, changed or went, and its Versions.
func Compare(tx *store.Tx, a records.Arrival) (*Sheet, []*fhir.Document, error) {
	s := Open(tx)
	versions, err := s.Versions(a)
	return s, versions, err
}

// Versions gives what a record says now and said before, as far as it said anything.
func (s *Sheet) Versions(a records.Arrival) ([]*fhir.Document, error) {
	var list []*fhir.Document
	if a.Document != nil {
		list = append(list, a.Document)
	}
	if a.Before.Version > 0 && !a.Before.Deleted {
		before, err := fhir.Parse(a.Before.Body)
		if err != nil {
			return nil, err
		}
		list = append(list, before)
	}
	return s.Resolve(list...)
}

// Document gives one document like Documents; nil where it is missing or deleted.
func (s *Sheet) Document(ref models.Ref) (*fhir.Document, error) {
	if ref.ID == "" {
		return nil, nil
	}
	found, err := s.Documents(ref)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}

// referringMax bounds what one case reads: the largest Synthea patient has some two thousand Observations, no visit comes near
// in Conditions or Procedures.
const referringMax = 2000

// Referring gives the documents of type typ that refer to target by a search parameter, by id.
func (s *Sheet) Referring(typ, param string, target models.Ref) ([]*fhir.Document, error) {
	byType, err := s.ReferringAny(documents.Reverse{Type: typ, Param: param, Target: target})
	return byType[typ], err
}

// ReferringAny gives the documents that answer any of several questions, by type and id, read together.
func (s *Sheet) ReferringAny(questions ...documents.Reverse) (map[string][]*fhir.Document, error) {
	found, err := documents.Referring(s.View, referringMax, questions...)
	if err != nil {
		return nil, err
	}
	list, err := s.parsed(found)
	byType := make(map[string][]*fhir.Document, len(questions))
	for _, d := range list {
		byType[d.Type()] = append(byType[d.Type()], d)
	}
	return byType, err
}

// Party reads who a claim names; an absent document is an empty Party, which the scrubber finds.
func (s *Sheet) Party(ref models.Ref) (models.Party, error) {
	d, err := s.Document(ref)
	if err != nil || d == nil {
		return models.Party{}, err
	}
	return intake.Party(d), nil
}

// Survivor follows Patient.link from a replaced record to the one that stands for it; the patient itself where there is none.
// https://hl7.org/fhir/R4/patient.html#merging
func (s *Sheet) Survivor(id models.PatientID) (models.PatientID, error) {
	for range survivorsMax {
		d, err := s.Document(models.Ref{Type: "Patient", ID: string(id)})
		if err != nil || d == nil {
			return id, err
		}
		next := intake.ReplacedBy(d)
		if next == "" {
			return id, nil
		}
		id = next
	}
	return id, nil
}

// survivorsMax bounds a chain of merges, which a ring of links would make endless.
const survivorsMax = 8

// PayerBook gives what the practice knows of its payers; a nil book where it knows nothing.
func (s *Sheet) PayerBook() (*payers.Book, error) {
	return books.PayerBook(s.View, s.Settings().PayerEdition)
}

// PracticeBook gives the rules that the practice wrote and that are on; a nil book where it never had any.
func (s *Sheet) PracticeBook() (*practice.Book, error) {
	return books.PracticeBook(s.View, s.Settings().RuleEdition)
}
