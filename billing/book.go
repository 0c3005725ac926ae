package billing

import (
	"slices"
	"strings"
	"time"

	"medbill/billing/rules/charge"
	"medbill/billing/rules/coverage"
	"medbill/billing/rules/ledger"
	"medbill/fhir/intake"
	"medbill/internal/store"
	"medbill/models"
)

type zone = *time.Location

// bookCoding prices what a visit was and puts it in the books. Where a price is missing nothing is posted and a person is
// asked for it. What the books hold already is reversed if it says something else, and left alone if it says the same.
func bookCoding(tx *store.Tx, c visitCase, found models.Coding, by models.CodedBy) error {
	coverages, err := coveragesOf(&tx.View, c.visit.PatientID, c.visit.ServiceDate)
	if err != nil {
		return err
	}
	payer := models.OrganizationID("")
	if len(coverages) > 0 {
		payer = coverages[0].PayerID
	}
	prices, err := tx.Prices(codesOf(found))
	if err != nil {
		return err
	}
	c.visit.CodedBy = by
	charges, unpriced := charge.Capture(c.visit, found, prices, payer, func() models.ChargeID { return models.ChargeID(tx.NewID()) })
	if len(unpriced) == 0 && sameCharges(posted(c.charges), charges) && slices.Equal(c.diagnoses, found.Diagnoses) {
		return nil
	}
	if err := reverseCharges(tx, c); err != nil {
		return err
	}
	if err := tx.SaveVisit(c.visit); err != nil {
		return err
	}
	if err := tx.SaveDiagnoses(c.visit.ID, found.Diagnoses); err != nil {
		return err
	}
	if err := tx.CloseWork(models.WorkCode, "Encounter/"+string(c.visit.ID), models.WorkCompleted); err != nil {
		return err
	}
	if len(unpriced) > 0 {
		return waitForPrices(tx, c, found, len(unpriced))
	}
	return postCharges(tx, c, charges, payer)
}

// postCharges puts priced charges in the books and asks for what comes next: a claim, or for a patient who pays alone, the
// invoice.
func postCharges(tx *store.Tx, c visitCase, charges []models.Charge, payer models.OrganizationID) error {
	charges, superseded := reuse(charges, unposted(c.charges))
	if err := tx.SaveCharges(append(superseded, charges...)...); err != nil {
		return err
	}
	if _, err := tx.OpenAccount(c.visit.PatientID); err != nil {
		return err
	}
	for _, one := range charges {
		if err := tx.Post(ledger.Charged(one, payer)); err != nil {
			return err
		}
	}
	c.visit.State = models.VisitCharged
	if err := tx.SaveVisit(c.visit); err != nil {
		return err
	}
	if err := tx.CloseWork(models.WorkPrice, "Encounter/"+string(c.visit.ID), models.WorkCompleted); err != nil {
		return err
	}
	if payer == "" {
		return tx.Enqueue(models.JobInvoice, "Encounter/"+string(c.visit.ID))
	}
	return tx.Enqueue(models.JobPrepare, string(c.visit.ID))
}

// waitForPrices keeps the services as planned charges, so that the step can be taken again when the schedule is complete.
func waitForPrices(tx *store.Tx, c visitCase, found models.Coding, missing int) error {
	planned := make([]models.Charge, len(found.Services))
	for i, s := range found.Services {
		planned[i] = models.Charge{
			ID: models.ChargeID(tx.NewID()), VisitID: c.visit.ID, PatientID: c.visit.PatientID, Sequence: i + 1, Status: models.ChargePlanned,
			System: s.System, Code: s.Code, Modifiers: s.Modifiers, Units: s.Units, Pointers: s.Pointers, ServiceDate: s.ServiceDate,
			RenderingID: s.RenderingID, Source: s.Source,
		}
	}
	planned, superseded := reuse(planned, unposted(c.charges))
	if err := tx.SaveCharges(append(superseded, planned...)...); err != nil {
		return err
	}
	c.visit.State = models.VisitPricing
	if err := tx.SaveVisit(c.visit); err != nil {
		return err
	}
	reason := "A service of the visit has no price in the fee schedule on its day; add it."
	if missing > 1 {
		reason = "Several services of the visit have no price in the fee schedule on their day; add them."
	}
	return tx.OpenWork(models.WorkPrice, "Encounter/"+string(c.visit.ID), c.visit.PatientID, reason)
}

// plannedCoding gives back what a coder chose and no price was found for. What an EHR sent beside it is not of it.
func plannedCoding(c visitCase) models.Coding {
	found := models.Coding{Diagnoses: c.diagnoses}
	for _, r := range unposted(c.charges) {
		if isSentItem(r) {
			continue
		}
		found.Services = append(found.Services, models.Service{
			System: r.System, Code: r.Code, Modifiers: r.Modifiers, Units: r.Units, Pointers: r.Pointers,
			ServiceDate: r.ServiceDate, RenderingID: r.RenderingID, Source: r.Source,
		})
	}
	return found
}

// reverseCharges takes what is in the books for a visit out again, and with it the claims that were not sent.
func reverseCharges(tx *store.Tx, c visitCase) error {
	live := posted(c.charges)
	if len(live) == 0 {
		return nil
	}
	for i := range live {
		entry, ok, err := tx.EntryByCause("charge/" + string(live[i].ID))
		if err != nil {
			return err
		}
		if ok {
			if err := tx.Post(ledger.Reverse(entry)); err != nil {
				return err
			}
		}
		live[i].Status = models.ChargeAborted
	}
	if err := tx.SaveCharges(live...); err != nil {
		return err
	}
	return voidUnsent(tx, c.visit.ID)
}

func codesOf(c models.Coding) []string {
	codes := make([]string, len(c.Services))
	for i, s := range c.Services {
		codes[i] = s.Code
	}
	return codes
}

// posted gives the live charges that are in the books.
func posted(charges []models.Charge) []models.Charge {
	return slices.DeleteFunc(slices.Clone(charges), func(c models.Charge) bool {
		return c.Status == models.ChargeAborted || c.Billed == 0
	})
}

// unposted gives the charges that wait.
func unposted(charges []models.Charge) []models.Charge {
	return slices.DeleteFunc(slices.Clone(charges), func(c models.Charge) bool {
		return c.Status == models.ChargeAborted || c.Billed != 0
	})
}

// isSentItem reports whether an EHR sent the charge as a ChargeItem.
func isSentItem(c models.Charge) bool { return c.Source == "ChargeItem/"+string(c.ID) }

// sameCharges reports whether charges say what the books say, ids and times apart.
func sameCharges(have, want []models.Charge) bool {
	return slices.EqualFunc(have, want, func(a, b models.Charge) bool {
		return a.System == b.System && a.Code == b.Code && slices.Equal(a.Modifiers, b.Modifiers) && a.Units == b.Units &&
			slices.Equal(a.Pointers, b.Pointers) && a.ServiceDate == b.ServiceDate && a.RenderingID == b.RenderingID &&
			a.Billed == b.Billed && a.SelfPay == b.SelfPay
	})
}

// reuse gives each charge the id of the waiting row it comes from, and the rows that nothing comes from any more, as
// aborted. What an EHR sent as planned keeps waiting.
func reuse(charges, waiting []models.Charge) (kept, superseded []models.Charge) {
	taken := map[models.ChargeID]bool{}
	for i := range charges {
		one := &charges[i]
		at := slices.IndexFunc(waiting, func(row models.Charge) bool {
			if taken[row.ID] {
				return false
			}
			return one.Source == "ChargeItem/"+string(row.ID) ||
				!isSentItem(row) && one.Source == row.Source && one.Code == row.Code && one.Sequence == row.Sequence
		})
		if at >= 0 {
			one.ID, one.Created = waiting[at].ID, waiting[at].Created
			taken[one.ID] = true
		}
	}
	for _, row := range waiting {
		if !taken[row.ID] && !isSentItem(row) {
			row.Status = models.ChargeAborted
			superseded = append(superseded, row)
		}
	}
	return charges, superseded
}

// coveragesOf gives a patient's coverages in force on a day, in the order in which they pay.
func coveragesOf(v *store.View, patient models.PatientID, day models.Date) ([]models.Coverage, error) {
	documents, err := referring(v, "Coverage", "beneficiary", models.Ref{Type: "Patient", ID: string(patient)})
	if err != nil {
		return nil, err
	}
	coverages := make([]models.Coverage, len(documents))
	for i, d := range documents {
		coverages[i] = intake.Coverage(d)
	}
	return coverage.Order(coverages, day), nil
}

// refOf reads "Type/id" of a wanted type.
func refOf(reference, typ string) (models.Ref, bool) {
	id, ok := strings.CutPrefix(reference, typ+"/")
	return models.Ref{Type: typ, ID: id}, ok && id != ""
}
