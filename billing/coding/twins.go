package coding

import (
	"slices"

	"medbill/billing/desk"
	"medbill/fhir/intake"
	"medbill/internal/store/books"
	"medbill/models"
)

// twin is another case of the same visit.
type twin struct {
	models.Case
	isAsked bool // somebody was asked to pay for it
}

// twins gives the cases that are the same visit, pushed under other Encounters: those of the same patient and day that share a
// business identifier with it. Account numbers are shared by many visits and do not count, nor does a visit that is not
// finished: it bills nothing, unless it did before.
func (h *chart) twins(s *desk.Sheet) ([]twin, error) {
	if len(h.encounter.Identifiers) == 0 {
		return nil, nil
	}
	near, err := books.CasesOfDay(s.View, h.kase.PatientID, h.kase.ServiceDate)
	if err != nil {
		return nil, err
	}
	var twins []twin
	for _, c := range near {
		if c.ID == h.kase.ID || ended[c.State] {
			continue
		}
		d, err := s.Document(c.ID.Origin())
		if err != nil {
			return nil, err
		}
		if d == nil || d.Type() != models.OriginVisit {
			continue
		}
		e := intake.Encounter(d, s.Zone())
		if !slices.ContainsFunc(e.Identifiers, func(id string) bool { return slices.Contains(h.encounter.Identifiers, id) }) {
			continue
		}
		isAsked, err := isAsked(s, c)
		if err != nil {
			return nil, err
		}
		if isAsked || e.Status == "finished" {
			twins = append(twins, twin{c, isAsked})
		}
	}
	return twins, nil
}

// isAsked reports whether somebody was asked to pay for a case.
func isAsked(s *desk.Sheet, c models.Case) (bool, error) {
	claims, err := books.ClaimsOfCase(s.View, c.ID)
	if err != nil || slices.ContainsFunc(claims, func(c models.Claim) bool { return c.State.Facts().Sent }) {
		return err == nil, err
	}
	invoices, err := books.InvoicesOfCase(s.View, c.ID)
	return slices.ContainsFunc(invoices, func(i models.Invoice) bool { return i.Status != models.InvoiceCancelled }), err
}

// ended are the states of cases that bill nothing.
var ended = map[models.CaseState]bool{models.CaseVoided: true, models.CaseNotOurs: true}

// asked are the states of cases somebody was asked to pay for.
var asked = map[models.CaseState]bool{models.CaseSent: true, models.CasePatient: true, models.CaseClosed: true}

// follows reports whether the case, for which nobody was asked, gives way to its twin: one that was asked for, or else came before.
func (h *chart) follows(twin twin) bool { return twin.isAsked || isBefore(twin.Case, h.kase) }

func isBefore(a, b models.Case) bool {
	if a.Created != b.Created {
		return a.Created < b.Created
	}
	return a.ID < b.ID
}

// wakeTwins asks for a plan of the cases that should give way to this one and do not; and, where it is no longer what it was, of
// those that gave way and need not any more. The lock of the patient, which everybody who plans holds, keeps their rows from
// being planned meanwhile.
func (h *chart) wakeTwins(s *desk.Sheet, state models.CaseState) error {
	if !ended[state] {
		twins, err := h.twins(s)
		if err != nil {
			return err
		}
		for _, twin := range twins {
			if !h.follows(twin) {
				if err := wake(s, twin.Case, false); err != nil {
					return err
				}
			}
		}
	}
	isOfDay := h.asked.PatientID == h.kase.PatientID && h.asked.ServiceDate == h.kase.ServiceDate
	if isOfDay && ended[h.asked.State] == ended[state] && !asked[h.asked.State] {
		return nil
	}
	return wakeGiving(s, h.asked)
}

// wakeGiving asks for a plan of those cases of c's patient and day that gave way to another.
func wakeGiving(s *desk.Sheet, c models.Case) error {
	near, err := books.CasesOfDay(s.View, c.PatientID, c.ServiceDate)
	if err != nil {
		return err
	}
	for _, other := range near {
		if other.ID != c.ID {
			if err := wake(s, other, true); err != nil {
				return err
			}
		}
	}
	return nil
}

// wake asks for a plan of a case if it gives way to a twin, or if it does not.
func wake(s *desk.Sheet, c models.Case, gives bool) error {
	_, open, err := books.OpenItem(s.View, models.WorkDuplicate, c.ID.Origin())
	if err != nil || open != gives {
		return err
	}
	return s.Due(c, models.StepPlan)
}
