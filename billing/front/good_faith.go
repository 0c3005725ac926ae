package front

import (
	"cmp"
	"slices"

	"medbill/billing/desk"
	"medbill/billing/rules/estimate"
	"medbill/fhir/intake"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
)

// numberPrefix marks an estimate's number.
const numberPrefix = "E"

// MakeEstimate makes a good faith estimate for a patient who pays for himself: services at the practice's own prices, kept as a document, nothing in the books. Nobody has to make one for the appointment then. It refuses
// what Priced refuses, and (BusinessRule) an appointment that is not the patient's, does not take place or is on another day, a day that is over, and a prepayment above the estimate.
func MakeEstimate(s *desk.Sheet, patient models.PatientID, plan models.EstimatePlan) (models.GoodFaithEstimate, error) {
	none := models.GoodFaithEstimate{}
	patient, err := s.Survivor(patient)
	if err != nil {
		return none, err
	}
	if plan.Day, err = dayOf(s, patient, plan); err != nil {
		return none, err
	}
	plan.Services = slices.Clone(plan.Services)
	for i := range plan.Services {
		plan.Services[i].ServiceDate = plan.Day
	}
	charges, err := Priced(s, patient, plan.EstimateRequest, "")
	if err != nil {
		return none, err
	}
	e := models.GoodFaithEstimate{
		ID: models.EstimateID(s.NewID()), Number: models.NumberOf(numberPrefix, s.NewNumber()), PatientID: patient, AppointmentID: plan.Appointment, PracticeID: cmp.Or(plan.Biller, s.Settings().PracticeID),
		RenderingID: plan.Rendering, Place: cmp.Or(plan.Place, models.PlaceOffice), Day: plan.Day, Made: s.Today(),
	}
	for i, c := range charges {
		e.Total += c.Billed
		e.Lines = append(e.Lines, models.EstimateLine{Sequence: i + 1, System: c.System, Code: c.Code, Modifiers: c.Modifiers, Units: c.Units, Charge: c.Billed})
	}
	if plan.Prepayment != nil {
		e.Prepayment = *plan.Prepayment
	}
	if e.Prepayment < 0 || e.Prepayment > e.Total {
		return none, fault.At(fault.BusinessRule, "estimate.prepayment", "prepayment", "A patient is asked to pay before at most what is estimated, "+e.Total.String()+"; state less, or leave it out.")
	}
	if err := lockPatient(s, patient); err != nil {
		return none, err
	}
	if err := books.SaveEstimate(s.Tx, e); err != nil {
		return none, err
	}
	return e, made(s, patient, plan.Appointment)
}

// made takes the work away that waits for an estimate that a patient asked for, and for an appointment's, "" for none.
func made(s *desk.Sheet, patient models.PatientID, appointment string) error {
	subjects := []models.Ref{patientOf(patient)}
	if appointment != "" {
		subjects = append(subjects, appointmentOf(appointment))
	}
	for _, subject := range subjects {
		if err := s.Item(false, models.WorkItem{Kind: models.WorkEstimate, Subject: subject}); err != nil {
			return err
		}
	}
	return nil
}

// AskForEstimate makes it work of the front desk that a patient wants a good faith estimate, and gives by when it is due. Who asks again before it is made is told the same.
func AskForEstimate(s *desk.Sheet, patient models.PatientID) (models.Date, error) {
	patient, err := s.Survivor(patient)
	if err != nil {
		return "", err
	}
	due, _ := estimate.Due(s.Today(), "")
	err = s.Item(true, models.WorkItem{
		Kind: models.WorkEstimate, Subject: patientOf(patient), PatientID: patient, Due: due, Reason: "The patient asks what services will cost; make a good faith estimate of them.",
	})
	if err != nil {
		return "", err
	}
	return EstimateDue(s, patient)
}

// EstimateDue gives by when an estimate that a patient asked for is due; "" where none is.
func EstimateDue(s *desk.Sheet, patient models.PatientID) (models.Date, error) {
	w, _, err := books.OpenItem(s.View, models.WorkEstimate, patientOf(patient))
	return w.Due, err
}

// MadeEstimate gives the last good faith estimate that was made for the same patient, day and appointment.
func MadeEstimate(s *desk.Sheet, patient models.PatientID, plan models.EstimatePlan) (last models.GoodFaithEstimate, err error) {
	if patient, err = s.Survivor(patient); err != nil {
		return last, err
	}
	made, err := books.EstimatesOfPatients(s.View, []models.PatientID{patient})
	for _, e := range made {
		if e.AppointmentID == plan.Appointment && (plan.Day == "" || plan.Day == e.Day) {
			last = e
		}
	}
	return last, err
}

func lockPatient(s *desk.Sheet, id models.PatientID) error {
	return books.Lock(s.Tx, patientOf(id).String())
}

func patientOf(id models.PatientID) models.Ref { return models.Ref{Type: "Patient", ID: string(id)} }

func appointmentOf(id string) models.Ref { return models.Ref{Type: "Appointment", ID: id} }

// dayOf gives the day that an estimate is made for.
func dayOf(s *desk.Sheet, patient models.PatientID, plan models.EstimatePlan) (models.Date, error) {
	day := plan.Day
	if plan.Appointment != "" {
		d, err := s.Document(appointmentOf(plan.Appointment))
		if err != nil {
			return "", err
		}
		var one models.Appointment
		if d != nil {
			one = intake.Appointment(d, s.Zone())
		}
		same, err := s.Merged(patient)
		switch {
		case err != nil:
			return "", err
		case !one.Wanted() || !slices.Contains(same, one.PatientID):
			return "", fault.At(fault.BusinessRule, "estimate.appointment", "appointment", "The appointment is none of the patient's that is to take place; name another one, or the day alone.")
		case day != "" && one.Day != "" && day != one.Day:
			return "", fault.At(fault.BusinessRule, "estimate.appointment", "on", "The appointment is on another day; leave the day out, or the appointment.")
		}
		if day = cmp.Or(day, one.Day); day == "" {
			return "", fault.At(fault.BusinessRule, "estimate.appointment", "appointment", "The appointment has no day yet; state the day of the services as on.")
		}
	}
	if models.CheckDay(day) == nil && day < s.Today() {
		return "", fault.At(fault.BusinessRule, "estimate.past", "on", "The day is over; a good faith estimate is made before the services.")
	}
	return day, nil
}

// owesEstimate makes it work of the front desk that an appointment of who pays for himself was booked, by when the law wants a good faith estimate, and takes the work away where none is to be made for it any more. before is
// the appointment as it was, the zero one where it is new.
func owesEstimate(s *desk.Sheet, now, before models.Appointment) error {
	isSame := now.Booked() == before.Booked() && now.Day == before.Day && now.PatientID == before.PatientID
	if isSame {
		return nil
	}
	id := cmp.Or(now.ID, before.ID)
	if before.Booked() { // what is due for another day is other work
		if err := s.Item(false, models.WorkItem{Kind: models.WorkEstimate, Subject: appointmentOf(id)}); err != nil {
			return err
		}
	}
	if !now.Booked() || now.PatientID == "" || now.Day != "" && now.Day < s.Today() {
		return nil
	}
	scheduled := s.Today()
	if !before.Booked() && now.Created != "" && now.Created < scheduled {
		scheduled = now.Created
	}
	due, isDue := estimate.Due(scheduled, now.Day)
	if !isDue {
		return nil
	}
	payers, err := s.Payers(now.PatientID)
	if err != nil || !payers.IsNobody([]models.Date{now.Day}) {
		return err
	}
	if isMade, err := books.IsEstimated(s.View, id); err != nil || isMade {
		return err
	}
	if err := lockPatient(s, now.PatientID); err != nil { // who registers a plan meets it there
		return err
	}
	return s.Item(true, models.WorkItem{
		Kind: models.WorkEstimate, Subject: appointmentOf(id), PatientID: now.PatientID, Due: due,
		Reason: "The patient has no plan on file and an appointment; make a good faith estimate of its services, or register the plan.",
	})
}

// covered takes the work away that waits for good faith estimates of patients of whom a plan is on file now.
func covered(s *desk.Sheet, patients ...models.PatientID) error {
	if len(patients) == 0 {
		return nil
	}
	open, err := books.OpenWorkOfPatients(s.View, models.WorkEstimate, patients)
	for _, w := range open {
		if w.Subject.Type == "Patient" {
			continue // who asked wants to know, plan or not
		}
		payers, err := s.Payers(w.PatientID)
		if err != nil {
			return err
		}
		if payers.IsNobody([]models.Date{s.Today()}) {
			continue
		}
		if err := s.Close(w, ""); err != nil {
			return err
		}
	}
	return err
}

// uncovered looks again at the appointments of patients of whom a plan was taken away.
func uncovered(s *desk.Sheet, patients ...models.PatientID) error {
	for _, id := range patients {
		list, err := s.OfPatient("Appointment", "patient", id)
		if err != nil {
			return err
		}
		for _, d := range list {
			if err := owesEstimate(s, intake.Appointment(d, s.Zone()), models.Appointment{}); err != nil {
				return err
			}
		}
	}
	return nil
}
