package documents_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"medbill/fhir/search"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/documents"
	"medbill/internal/store/storetest"
	"medbill/models"
)

// sees gives whether each way of reading shows a document under a guard; all must agree.
func sees(t *testing.T, s *store.Session, ref models.Ref, guard documents.Guard) bool {
	t.Helper()
	var one, version, inHistory, among, found bool
	storetest.View(t, s, func(v *store.View) error {
		_, ok, err := documents.Get(v, ref, guard)
		one = ok
		_, version, _ = documents.Version(v, ref, 1, guard)
		history, _, err2 := documents.History(v, ref, 0, 5, 0, guard)
		inHistory = len(history) > 0
		several, err3 := documents.Of(v, []models.Ref{ref, {Type: "Patient", ID: "nobody"}}, guard)
		among = slices.ContainsFunc(several, func(d models.Document) bool { return d.ID == ref.ID })
		q := storetest.Query(t, ref.Type, "_id="+ref.ID+"&_total=accurate")
		page, err4 := documents.Search(v, q, guard, nil)
		found = len(page.Documents) == 1
		if err4 == nil && *page.Total != int64(len(page.Documents)) {
			t.Errorf("%s under %+v: the total is %d, the page has %d", ref, guard, *page.Total, len(page.Documents))
		}
		for _, raw := range []string{"_count=1000&_total=accurate", "_count=1000&_sort=-_lastUpdated", "_count=1000&_sort=_profile&_total=accurate"} {
			all, err := documents.Search(v, storetest.Query(t, ref.Type, raw), guard, nil)
			if listed := slices.ContainsFunc(all.Documents, func(d models.Document) bool { return d.ID == ref.ID }); err == nil && listed != found {
				t.Errorf("%s under %+v: %s lists it %v, it is found %v", ref, guard, raw, listed, found)
			}
			if err == nil && all.Total != nil && *all.Total != int64(len(all.Documents)) {
				t.Errorf("%s under %+v: %s has a total of %d and lists %d", ref.Type, guard, raw, *all.Total, len(all.Documents))
			}
			err4 = errors.Join(err4, err)
		}
		return errors.Join(err, err2, err3, err4)
	})
	if one != version || one != inHistory || one != among || one != found {
		t.Errorf("%s under %+v: read %v, version %v, history %v, list %v, search %v", ref, guard, one, version, inHistory, among, found)
	}
	return one
}

// A patient sees its own compartment, and the people and places that this names; nothing else, however it asks.
func TestPatientSeesItsCompartment(t *testing.T) {
	l, puts := newLibrary(t)
	for i := range 3 {
		puts = append(puts, storetest.Indexed(t, 1, fmt.Sprintf(`{"resourceType":"Organization","id":"o%d"}`, i)), storetest.Indexed(t, 1, fmt.Sprintf(`{"resourceType":"Practitioner","id":"d%d"}`, i)))
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		storetest.Save(t, s, puts...)
		for _, who := range []models.PatientID{"p02", "example", "nobody"} {
			guard := documents.Guard{Patient: who}
			named := map[models.Ref]bool{}
			inCompartment := func(k search.Keys) bool {
				return slices.ContainsFunc(k.References, func(k search.ReferenceKey) bool { return k.Param == search.CompartmentParam && k.ID == string(who) })
			}
			for _, p := range puts {
				if inCompartment(p.Keys) {
					for _, k := range p.Keys.References {
						named[models.Ref{Type: k.Type, ID: k.ID}] = true
					}
				}
			}
			for i, p := range puts {
				ref := models.Ref{Type: p.Document.Type, ID: p.Document.ID}
				want := inCompartment(p.Keys)
				switch ref.Type {
				case "Organization", "Practitioner", "PractitionerRole", "Location":
					want = named[ref]
				}
				if i%5 != 0 && !want {
					continue // of what is hidden a sample tells enough
				}
				if got := sees(t, s, ref, guard); got != want {
					t.Errorf("patient %s sees %s: %v, want %v", who, ref, got, want)
				}
			}
		}
		if n := len(l.rows["Patient"]); n < 60 {
			t.Errorf("the library has %d patients", n)
		}
	})
}

// A payer sees the claims that were sent to it, the answers that it gave, and who and what those claims name.
func TestPayerSeesWhatWasSentToIt(t *testing.T) {
	states := models.ClaimStatesWhere(func(models.ClaimFacts) bool { return true })
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		for i, state := range states {
			for _, payer := range []models.OrganizationID{"acme", "rival"} {
				suffix := fmt.Sprintf("-%s-%d", payer, i)
				claim := models.Claim{Type: models.ClaimProfessional, ID: models.ClaimID("c" + suffix), Number: "C" + suffix, CaseID: models.CaseOf(models.VisitID("v" + suffix)), PatientID: models.PatientID("p" + suffix), CoverageID: models.CoverageID("cov" + suffix),
					InsurerID: payer, BillingID: "practice" + models.OrganizationID(suffix), Rendering: models.Performer{ID: models.PractitionerID("doc" + suffix)}, State: state, Position: 1, Part: 1, Cause: models.CauseOfDraft(models.ClaimID("c" + suffix)),
					Lines: []models.ClaimLine{{Sequence: 1, Code: "99214", Rendering: models.Performer{ID: models.PractitionerID("aide" + suffix)}}}}
				storetest.Update(t, s, func(tx *store.Tx) error { return books.SaveClaim(tx, claim) })
				storetest.Save(t, s, storetest.Indexed(t, 1, storetest.Patient("p"+suffix, "Zzyzx")),
					storetest.Indexed(t, 1, fmt.Sprintf(`{"resourceType":"Coverage","id":"cov%s","status":"active","beneficiary":{"reference":"Patient/p%s"},"payor":[{"reference":"Organization/%s"}]}`, suffix, suffix, payer)),
					storetest.Indexed(t, 1, fmt.Sprintf(`{"resourceType":"Organization","id":"practice%s"}`, suffix)), storetest.Indexed(t, 1, fmt.Sprintf(`{"resourceType":"Practitioner","id":"doc%s"}`, suffix)),
					storetest.Indexed(t, 1, fmt.Sprintf(`{"resourceType":"Encounter","id":"v%s","status":"finished","class":{"code":"AMB"}}`, suffix)), storetest.Indexed(t, 1, storetest.Observation("obs"+suffix, "Patient/p"+suffix)))
				storetest.Save(t, s, storetest.Indexed(t, 1, fmt.Sprintf(`{"resourceType":"Practitioner","id":"aide%s"}`, suffix)))
				if state == models.ClaimAdjudicated {
					storetest.Update(t, s, func(tx *store.Tx) error {
						a := models.Answer{ClaimType: models.ClaimProfessional, ID: models.AnswerID("an-" + payer), ClaimID: claim.ID, PayerID: payer, Kind: models.AnswerOriginal, Outcome: models.OutcomeComplete, Key: "k"}
						return books.SaveAnswer(tx, a, claim)
					})
				}
			}
		}
		guard := documents.Guard{Payer: "acme"}
		for i, state := range states {
			for _, payer := range []string{"acme", "rival"} {
				suffix := fmt.Sprintf("-%s-%d", payer, i)
				want := payer == "acme" && state.Facts().PayerSees
				for _, ref := range []models.Ref{{Type: "Claim", ID: "c" + suffix}, {Type: "Patient", ID: "p" + suffix}, {Type: "Coverage", ID: "cov" + suffix},
					{Type: "Organization", ID: "practice" + suffix}, {Type: "Practitioner", ID: "doc" + suffix}, {Type: "Practitioner", ID: "aide" + suffix}, {Type: "Encounter", ID: "v" + suffix}} {
					if got := sees(t, s, ref, guard); got != want {
						t.Errorf("acme sees %s of a claim that is %s: %v, want %v", ref, state, got, want)
					}
				}
				if sees(t, s, models.Ref{Type: "Observation", ID: "obs" + suffix}, guard) {
					t.Errorf("acme sees an observation")
				}
			}
		}
		if !sees(t, s, models.Ref{Type: "ClaimResponse", ID: "an-acme"}, guard) || sees(t, s, models.Ref{Type: "ClaimResponse", ID: "an-rival"}, guard) {
			t.Error("a payer sees its own answers and no other's")
		}
	})
}

// What a draft said before it was sent is not the payer's.
func TestPayerSeesNoPast(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		claim := models.Claim{Type: models.ClaimProfessional, ID: "c", Number: "C1", PatientID: "p", InsurerID: "acme", State: models.ClaimDraft, Position: 1, Part: 1, Cause: "draft/c", Billed: 100}
		storetest.Update(t, s, func(tx *store.Tx) error { return books.SaveClaim(tx, claim) })
		claim.State, claim.Billed = models.ClaimTransmitted, 200
		storetest.Update(t, s, func(tx *store.Tx) error { return books.SaveClaim(tx, claim) })
		storetest.View(t, s, func(v *store.View) error {
			ref := models.Ref{Type: "Claim", ID: "c"}
			history, _, err := documents.History(v, ref, 0, 10, 0, documents.Guard{Payer: "acme"})
			_, first, err2 := documents.Version(v, ref, 1, documents.Guard{Payer: "acme"})
			_, second, err3 := documents.Version(v, ref, 2, documents.Guard{Payer: "acme"})
			if len(history) != 1 || first || !second {
				t.Errorf("a payer sees %d versions, the first: %v, the second: %v", len(history), first, second)
			}
			return errors.Join(err, err2, err3)
		})
	})
}
