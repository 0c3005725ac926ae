package inquiry

import (
	"medbill/internal/paper"
	"medbill/internal/store"
	"medbill/models"
)

// PaperEstimate reads whom a good faith estimate names, and gives it as it is printed.
func PaperEstimate(v *store.View, e models.GoodFaithEstimate) (paper.Estimate, error) {
	w, err := people(v, patientRef(e.PatientID), organizationRef(e.PracticeID), practitionerRef(e.RenderingID))
	if err != nil {
		return paper.Estimate{}, err
	}
	p := paper.Estimate{
		Practice: w.practice(e.PracticeID), Patient: w.contact(patientRef(e.PatientID)), Born: w.born(e.PatientID), Number: e.Number, Made: e.Made, Day: e.Day,
		Place: e.Place, Provider: w.provider(models.Performer{ID: e.RenderingID}), Prepayment: e.Prepayment,
	}
	for _, l := range e.Lines {
		p.Lines = append(p.Lines, paper.EstimateLine{Service: serviceText(l.Code, "", l.Modifiers), Units: l.Units.String(), Charge: l.Charge})
	}
	return p, nil
}
