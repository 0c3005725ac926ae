package front

import (
	"medbill/billing/desk"
	"medbill/fhir/intake"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
)

// daysAhead is how long before an appointment its plans are asked about once more.
const daysAhead = 2

// AfterAppointment asks about the plans of who has an appointment: when it is booked, two days before, and when the patient comes. One that does not take place, or not on that day, is not asked about any more. Of who has
// no plan on file, a good faith estimate is due.
func AfterAppointment(tx *store.Tx, a records.Arrival) error {
	s, versions, err := desk.Compare(tx, a)
	if err != nil {
		return err
	}
	var now, earlier models.Appointment
	if a.Document != nil {
		now, versions = intake.Appointment(versions[0], s.Zone()), versions[1:]
	}
	for _, d := range versions {
		before := intake.Appointment(d, s.Zone())
		earlier = before
		if now.Wanted() && now.Day == before.Day && now.PatientID == before.PatientID {
			continue
		}
		if err := eachPlan(s, before, func(plan models.Coverage) error { return withdraw(s, before, plan) }); err != nil {
			return err
		}
	}
	if err := owesEstimate(s, now, earlier); err != nil || !now.Wanted() {
		return err
	}
	return eachPlan(s, now, func(plan models.Coverage) error { return appointed(s, now, plan) })
}

// eachPlan does something with each plan that is in force on the day of an appointment.
func eachPlan(s *desk.Sheet, one models.Appointment, do func(models.Coverage) error) error {
	if one.PatientID == "" || one.Day == "" {
		return nil
	}
	payers, err := s.Payers(one.PatientID)
	if err != nil {
		return err
	}
	for _, plan := range payers.Order(one.Day) {
		if err := do(plan); err != nil {
			return err
		}
	}
	return nil
}

// withdraw drops what is to be asked for an appointment.
func withdraw(s *desk.Sheet, one models.Appointment, plan models.Coverage) error {
	known, err := books.ChecksOfCoverage(s.View, plan.ID, models.ServiceAny, one.Day)
	for _, c := range known {
		if err == nil && c.State == models.CheckPlanned && c.Cause == causeOf(one, ahead) {
			err = drop(s, c)
		}
	}
	return err
}

// When an appointment has a plan asked about.
const (
	booked  = "booked"
	ahead   = "ahead"
	arrived = "arrived"
)

func causeOf(one models.Appointment, when string) string { return "Appointment/" + one.ID + " " + when }

// appointed asks about a plan as an appointment says.
func appointed(s *desk.Sheet, one models.Appointment, plan models.Coverage) error {
	ask := func(when string, at models.Instant) error {
		_, _, err := Ask(s, Question{Coverage: plan, Service: models.ServiceAny, Day: one.Day, Cause: causeOf(one, when), At: at})
		return err
	}
	if one.Here() {
		return ask(arrived, 0)
	}
	if err := ask(booked, 0); err != nil {
		return err
	}
	if at := one.Day.AddDays(-daysAhead).Start(s.Zone()); at > s.Now() {
		return ask(ahead, at)
	}
	return nil
}
