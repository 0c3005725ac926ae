package accounts

import (
	"slices"

	"medbill/billing/desk"
	"medbill/fhir/intake"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
)

// guarantorOf gives who is sent what is due for a patient: the patient himself while something asks him, else who answers for him today. It
// refuses (BusinessRule, guarantor.unclear) where nobody does.
func guarantorOf(s *desk.Sheet, patient models.PatientID) (models.Ref, error) {
	survivor, err := s.Survivor(patient)
	if err != nil {
		return models.Ref{}, err
	}
	own := patientOf(survivor)
	asked, err := books.IsAsked(s.View, own)
	if err != nil || asked {
		return own, err
	}
	who, why, err := WhoAnswers(s, survivor)
	if err == nil && why != "" {
		err = fault.New(fault.BusinessRule, "guarantor.unclear", why)
	}
	return who, err
}

// lockGuarantor takes the lock of who is sent what is due for a patient, and gives him.
func lockGuarantor(s *desk.Sheet, patient models.PatientID) (models.Ref, error) {
	who, err := guarantorOf(s, patient)
	if err != nil {
		return who, err
	}
	return who, books.Lock(s.Tx, who.String())
}

// Addressed opens the case of a balance that a patient owes and no invoice asks for, and gives the balance with who is asked. Where that is
// unclear the case is billed, which makes it work.
func Addressed(s *desk.Sheet, o models.Opening, kase models.Case) (models.Opening, error) {
	who, why, err := WhoAnswers(s, o.PatientID)
	if err != nil {
		return o, err
	}
	if o.Recipient = who; why != "" {
		return o, s.Due(kase, models.StepBill)
	}
	return o, books.SaveCase(s.Tx, kase)
}

// address says who is asked for a balance from before, for which no invoice asks; while that is unclear it is work.
func address(s *desk.Sheet, c models.Case) error {
	o, known, err := books.OpeningOf(s.View, c.ID)
	if err != nil || !known || o.Due == 0 || o.Recipient != (models.Ref{}) {
		return err
	}
	who, why, err := WhoAnswers(s, o.PatientID)
	if err != nil {
		return err
	}
	var work []models.WorkItem
	if why != "" {
		work = append(work, unanswered(models.Ref{Type: "ChargeItem", ID: string(o.ChargeID)}, o.PatientID, why))
	}
	if err := s.Work(c, models.OwnerBill, work...); err != nil || why != "" {
		return err
	}
	o.Recipient = who
	if err := books.SaveOpenings(s.Tx, o); err != nil {
		return err
	}
	if err := s.RestateInvoices(o.PatientID); err != nil {
		return err
	}
	paid, err := Apply(s, o.PatientID, "")
	if err != nil {
		return err
	}
	return bill{kase: c}.goOn(s, paid)
}

// AfterMerge has what asks a record of a person, and what he is sent, be that of the record which stands for him now. Once it is, it stays: a
// merge that is undone leaves it with that one.
func AfterMerge(tx *store.Tx, a records.Arrival) error {
	s, versions, err := desk.Compare(tx, a)
	if err != nil || a.Document == nil || intake.ReplacedBy(versions[0]) == "" {
		return err
	}
	survivor, err := s.Survivor(models.PatientID(a.Ref.ID))
	if err != nil || string(survivor) == a.Ref.ID {
		return err
	}
	return moveGuarantor(s, a.Ref, patientOf(survivor))
}

// Readdress has what asks a patient who turned out to be a child ask who answers for him. While that is unclear it is work.
func Readdress(s *desk.Sheet, patient models.PatientID) error {
	child := patientOf(patient)
	who, why, err := WhoAnswers(s, patient)
	if err != nil {
		return err
	}
	if err := s.Item(why != "", unanswered(child, patient, why)); err != nil || why != "" || who == child {
		return err
	}
	return moveGuarantor(s, child, who)
}

// moveGuarantor has what asks somebody ask another one, and what he was sent, what holds it back and what he agreed to be that one's.
func moveGuarantor(s *desk.Sheet, from, to models.Ref) error {
	if err := books.Lock(s.Tx, from.String(), to.String()); err != nil {
		return err
	}
	asking, err := books.InvoicesAsking(s.View, from, from)
	if err != nil {
		return err
	}
	openings, err := books.OpeningsAsking(s.View, from, from)
	if err != nil {
		return err
	}
	var patients []models.PatientID
	var subjects []string
	ids := make([]models.InvoiceID, len(asking))
	for n, i := range asking {
		ids[n], patients = i.ID, append(patients, i.PatientID)
	}
	for n := range openings {
		openings[n].Recipient = to
		patients = append(patients, openings[n].PatientID)
	}
	slices.Sort(patients)
	patients = slices.Compact(patients)
	for _, id := range patients {
		subjects = append(subjects, patientOf(id).String())
	}
	if err := books.Lock(s.Tx, subjects...); err != nil {
		return err
	}
	invoices, err := books.Invoices(s.View, ids)
	if err != nil {
		return err
	}
	for n := range invoices {
		invoices[n].Recipient = to
	}
	if err := books.SaveOpenings(s.Tx, openings...); err != nil {
		return err
	}
	for _, id := range patients {
		own := slices.DeleteFunc(slices.Clone(invoices), func(i models.Invoice) bool { return i.PatientID != id })
		if err := s.RestateInvoices(id, own...); err != nil {
			return err
		}
	}
	plans, err := books.ActivePlans(s.View, []models.Ref{from, to})
	if err != nil {
		return err
	}
	if len(plans) == 2 {
		if err := replacePlan(s, from); err != nil {
			return err
		}
	}
	if err := books.MoveGuarantor(s.Tx, from, to); err != nil || to.Type != "Patient" {
		return err
	}
	paid, err := applyOf(s, "", models.PatientID(to.ID))
	if err != nil {
		return err
	}
	return bill{}.goOn(s, paid)
}
