package coding

import (
	"cmp"
	"slices"

	"medbill/billing/desk"
	"medbill/billing/rules/coding"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
)

// View is what a coder decides on beside the documents of the visit: what the chart proposes by itself and what of it cannot be
// billed, who is asked in which order on the first day of service, and how else the patient's visits were coded, the latest first.
type View struct {
	Proposed models.Coding
	Problems []models.Finding
	Usable   bool // whether the proposal makes a claim as it stands
	Payers   []models.Coverage
	Unclear  string // what is unclear about who pays; "" where nothing is
	Earlier  []models.Case
}

// earlierMax is how many of the patient's other visits a coder is shown.
const earlierMax = 10

// Look reads what a coder decides on. It refuses a visit that is not here (NotFound).
func Look(s *desk.Sheet, id models.VisitID) (View, error) {
	c, open, err := books.Case(s.View, models.CaseOf(id))
	if err != nil {
		return View{}, err
	}
	if !open {
		c = models.Case{ID: models.CaseOf(id)}
	}
	h, err := readChart(s, c)
	if err != nil {
		return View{}, err
	}
	if !h.known {
		return View{}, fault.New(fault.NotFound, "not-found", "There is no such visit.")
	}
	days := []models.Date{h.kase.ServiceDate}
	seen := View{Proposed: h.found, Problems: h.problems, Usable: coding.IsUsable(h.found) && len(h.problems) == 0, Payers: h.payers.Order(h.kase.ServiceDate), Unclear: h.payers.Unclear(days)}
	seen.Earlier, err = earlier(s, h.kase)
	return seen, err
}

// earlier gives the other cases of the patient.
func earlier(s *desk.Sheet, c models.Case) ([]models.Case, error) {
	cases, _, err := s.CasesOf(c.PatientID)
	others := slices.DeleteFunc(cases, func(o models.Case) bool { return o.ID == c.ID })
	slices.SortFunc(others, func(a, b models.Case) int {
		return cmp.Or(cmp.Compare(b.ServiceDate, a.ServiceDate), cmp.Compare(b.ID, a.ID))
	})
	return others[:min(len(others), earlierMax)], err
}
