package coding

import (
	"hash/fnv"
	"reflect"
	"slices"

	"medbill/billing/desk"
	"medbill/fhir"
	"medbill/internal/store/books"
	"medbill/internal/store/documents"
	"medbill/models"
	"medbill/models/fault"
)

// spoken keeps a coder's word on a visit with what there was to read, and asks a second coder to look it over where the practice wants
// that of the visit, and the word is not a second coder's already.
func (h *chart) spoken(s *desk.Sheet, kind models.CodingKind, of string) error {
	w := models.CodingWord{CaseID: h.kase.ID, PatientID: h.kase.PatientID, Kind: kind, Of: of, ProviderID: h.kase.Rendering.ID}
	for _, d := range h.coded.Diagnoses {
		w.Diagnoses = append(w.Diagnoses, d.Code)
	}
	for _, one := range h.coded.Services {
		w.Services = append(w.Services, one.System+"|"+one.Code)
	}
	var err error
	if w.Sources, err = sources(s, h.kase.ID.Origin()); err != nil {
		return err
	}
	if err := books.SaveCodingWord(s.Tx, w); err != nil || kind != models.CodingCoded || !isSampled(h.kase.ID, s.Settings().ReviewShare) {
		return err // a look that somebody asked for stays open
	}
	return s.Item(true, reviewOf(h.kase))
}

// reviewOf is the work of looking a coding over.
func reviewOf(c models.Case) models.WorkItem {
	return models.WorkItem{
		Kind: models.WorkReview, CaseID: c.ID, Subject: c.ID.Origin(), PatientID: c.PatientID, Reason: "A second coder looks the coding over before the claim goes out.",
	}
}

// sources gives the records that name a visit and that a coder reads.
func sources(s *desk.Sheet, visit models.Ref) (models.List[models.Ref], error) {
	var asked []documents.Reverse
	for _, typ := range []string{"Condition", "DocumentReference", "Observation", "Procedure"} {
		asked = append(asked, documents.Reverse{Type: typ, Param: "encounter", Target: visit})
	}
	found, err := s.ReferringAny(asked...)
	list := models.List[models.Ref]{visit}
	for _, q := range asked {
		for _, d := range found[q.Type] {
			list = append(list, refOf(d))
		}
	}
	return list, err
}

func refOf(d *fhir.Document) models.Ref { return models.Ref{Type: d.Type(), ID: d.ID()} }

// isSampled reports whether a visit is one of a share of a hundred: the same visit always is or never, whoever codes it how often.
func isSampled(id models.CaseID, share int) bool {
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(id)) // a hash takes everything
	return int(hash.Sum32()%100) < share
}

// saysTheSame reports whether two codings choose the same.
func saysTheSame(a, b models.Coding) bool {
	return slices.EqualFunc(a.Diagnoses, b.Diagnoses, models.Diagnosis.Equal) && (reflect.DeepEqual(b.Stay, models.Stay{}) || reflect.DeepEqual(a.Stay, b.Stay)) &&
		slices.EqualFunc(a.Services, b.Services, models.Service.Equal)
}

// coderOf gives who coded a case last.
func coderOf(s *desk.Sheet, id models.CaseID) (string, error) {
	words, err := books.CodingWords(s.View, id)
	for _, w := range slices.Backward(words) {
		if w.Kind != models.CodingAgreed {
			return w.Who, err
		}
	}
	return "", err
}

var errOwnCoding = fault.New(fault.Conflict, "work.own", "You coded the visit yourself; somebody else looks it over.")

// Reviewed gives whose coding a reviewer looks over, and refuses (Conflict, work.own) their own.
func Reviewed(s *desk.Sheet, id models.CaseID) (string, error) {
	coder, err := coderOf(s, id)
	if err == nil && coder == s.Subject() {
		err = errOwnCoding
	}
	return coder, err
}

// Agree keeps that a second coder agrees with the coding of a visit.
func Agree(s *desk.Sheet, id models.CaseID) error {
	coder, err := Reviewed(s, id)
	if err != nil {
		return err
	}
	c, _, err := books.Case(s.View, id)
	if err != nil {
		return err
	}
	h := &chart{kase: c}
	if err := h.readBooks(s); err != nil {
		return err
	}
	h.coded.Diagnoses = h.diagnoses
	for _, r := range h.existing { // the EHR's too: a look may be asked for at what nobody coded
		if r.State != models.ChargeAborted && r.State != models.ChargeMistaken {
			h.coded.Services = append(h.coded.Services, models.Service{System: r.System, Code: r.Code})
		}
	}
	return h.spoken(s, models.CodingAgreed, coder)
}
