package coding

import (
	"slices"

	"medbill/billing/desk"
	"medbill/fhir/intake"
	"medbill/internal/store/books"
	"medbill/models"
)

// twins gives the cases that are the same visit, pushed under other Encounters: those of the same patient and day that share a
// business identifier with it. Account numbers are shared by many visits and do not count.
func (h *chart) twins(s *desk.Sheet) ([]models.Case, error) {
	if len(h.encounter.Identifiers) == 0 {
		return nil, nil
	}
	near, err := books.CasesOfDay(s.View, h.kase.PatientID, h.kase.ServiceDate)
	if err != nil {
		return nil, err
	}
	var twins []models.Case
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
		shares := func(id string) bool { return slices.Contains(h.encounter.Identifiers, id) }
		if slices.ContainsFunc(intake.Encounter(d, s.Zone).Identifiers, shares) {
			twins = append(twins, c)
		}
	}
	return twins, nil
}

// ended are the states of cases that bill nothing.
var ended = map[models.CaseState]bool{models.CaseVoided: true, models.CaseNotOurs: true}

// asked are the states of cases somebody was asked to pay for.
var asked = map[models.CaseState]bool{models.CaseSent: true, models.CasePatient: true, models.CaseClosed: true}

// follows reports whether the case gives way to its twin, one that was asked for before, or else came before.
func (h *chart) follows(twin models.Case) bool { return follows(h.kase, twin) }

func follows(c, twin models.Case) bool {
	switch {
	case asked[c.State] != asked[twin.State]:
		return asked[twin.State]
	case c.Created != twin.Created:
		return twin.Created < c.Created
	}
	return twin.ID < c.ID
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
			if follows(twin, h.kase) && !asked[twin.State] {
				if err := wake(s, twin, false); err != nil {
					return err
				}
			}
		}
	}
	if h.asked.PatientID == h.kase.PatientID && h.asked.ServiceDate == h.kase.ServiceDate && ended[h.asked.State] == ended[state] {
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
