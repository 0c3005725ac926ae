package coding

import (
	"cmp"
	"slices"

	"medbill/billing/desk"
	"medbill/billing/rules/casework"
	"medbill/billing/rules/coding"
	"medbill/models"
)

// isAsked reports whether a payer or the patient was asked for the money; from then on the charges stand. A patient who was
// asked only because no coverage was on file, and has paid nothing, is not held to it once there is one.
func (h *chart) isAsked() bool {
	if slices.ContainsFunc(h.claims, func(c models.Claim) bool { return c.State.Facts().Sent }) {
		return true
	}
	for _, i := range h.invoices {
		if i.Status == models.InvoiceCancelled {
			continue
		}
		if h.payers.IsNobody(h.days()) || i.Status == models.InvoiceBalanced || i.Due != i.Net {
			return true
		}
	}
	return false
}

// compare opens work for what differs from what was asked for. A draft that names no visit, or one that never came, has nothing
// to differ from.
func (h *chart) compare(s *desk.Sheet) error {
	if h.kase.ID.Visit() == "" || h.kase.CodedBy == models.CodedByDraft && !h.known {
		return s.Work(h.asked, models.OwnerPlan)
	}
	sent := casework.Snapshot{
		PatientID: h.asked.PatientID, BillingID: h.asked.BillingID, Place: h.asked.PlaceOfService, Diagnoses: h.diagnoses, Stay: h.asked.Stay,
		Payers: map[models.CoverageID]models.OrganizationID{},
	}
	for _, c := range h.existing {
		if h.isClaimed(c) {
			sent.Charges = append(sent.Charges, c)
		}
	}
	for _, c := range models.InForce(h.claims) {
		if c.Position == 1 {
			sent.Payers[c.CoverageID] = c.InsurerID
		}
	}
	now := casework.Snapshot{
		Status: h.encounter.Status, External: h.external, Strangers: h.strangers, PatientID: h.kase.PatientID, Place: h.kase.PlaceOfService,
		Charges: h.charges, Diagnoses: h.coded.Diagnoses, Stay: h.coded.Stay, Usable: coding.IsUsable(h.coded) && len(h.problems) == 0,
		Payers: h.payers.Asked(h.days()), Unclear: h.payers.Unclear(h.days()) != "", BillingID: cmp.Or(h.encounter.PracticeID, sent.BillingID), // a setting is not the EHR's word
	}
	if h.kase.CodedBy == models.CodedByDraft {
		// The draft itself said all the rest.
		now, now.Status, now.External, now.PatientID, now.Usable = sent, h.encounter.Status, h.external, h.encounter.PatientID, true
	}
	if h.isByPerson() && h.asked.Chart != digest(h.found) {
		chosen := len(now.Charges)
		now.Charges = h.withLate(slices.Clone(now.Charges))
		now.Rewritten, now.Chart = len(now.Charges) == chosen && !h.isFirstSeen(), digest(h.found)
	}
	return s.Work(h.asked, models.OwnerPlan, casework.Items(h.asked, casework.Differences(sent, now))...)
}

// isClaimed reports whether a charge is what was asked for: it stands, comes with a corrected claim, or was taken back with a void one.
func (h *chart) isClaimed(c models.Charge) bool {
	isVoid := func(o models.Claim) bool {
		return o.Frequency == models.FrequencyVoid && o.State.Facts().Sent && o.Bills(c.ID)
	}
	return c.IsPosted() && c.State != models.ChargeLeaving || c.State == models.ChargeComing || slices.ContainsFunc(h.claims, isVoid)
}

// isByPerson reports whether a coder or a front end chose what counts, and not the chart.
func (h *chart) isByPerson() bool {
	return h.kase.CodedBy == models.CodedByCoder || h.kase.CodedBy == models.CodedByDraft
}

// isFirstSeen reports whether the chart of a draft came after it and says nothing else.
func (h *chart) isFirstSeen() bool {
	says := func(c models.Claim) bool { return c.IsDrafted() && c.State.IsLive() && casework.Covers(c, h.found) }
	return (h.asked.Chart == "" || h.asked.Chart == digest(models.Coding{})) && slices.ContainsFunc(h.claims, says)
}

// withLate adds to what a coder chose the services of the chart that are not in it: they came later.
func (h *chart) withLate(charges []models.Charge) []models.Charge {
	for _, s := range h.found.Services {
		known := func(c models.Charge) bool { return c.Code == s.Code && c.ServiceDate == s.ServiceDate }
		if !slices.ContainsFunc(charges, known) {
			charges = append(charges, models.Charge{System: s.System, Code: s.Code, Units: s.Units, ServiceDate: s.ServiceDate, Source: s.Source})
		}
	}
	return charges
}

// takeBackInvoices cancels what the patient was asked for and has not paid: the case is planned anew.
func (h *chart) takeBackInvoices(s *desk.Sheet) error {
	for _, i := range h.invoices {
		if i.Status != models.InvoiceIssued {
			continue
		}
		i.Status, i.Due = models.InvoiceCancelled, 0
		for n := range i.Lines {
			i.Lines[n].Due = 0
		}
		if err := s.SaveInvoices(i.PatientID, i); err != nil {
			return err
		}
	}
	return nil
}
