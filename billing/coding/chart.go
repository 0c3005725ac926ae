package coding

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"

	"medbill/billing/desk"
	"medbill/billing/rules/casework"
	"medbill/billing/rules/coding"
	"medbill/internal/store/books"
	"medbill/models"
)

// chart is a case with everything that was read to judge it.
type chart struct {
	kase      models.Case // brought up to what the Encounter says
	asked     models.Case // as it stands in the books
	encounter models.Encounter
	known     bool // the Encounter is here, or was
	external  bool
	strangers bool
	said      map[models.ChargeID]models.ChargeState // what the EHR says of each ChargeItem it sent
	existing  []models.Charge
	diagnoses []models.Diagnosis // in the books
	claims    []models.Claim
	invoices  []models.Invoice
	found     models.Coding // what the EHR says
	house     coding.House  // and for a house that bills
	problems  []models.Finding
	coded     models.Coding // the coding that counts
	payers    desk.Payers
	charges   []models.Charge // what the coding makes
	unpriced  int
}

// readChart reads what bears on a case.
func readChart(s *desk.Sheet, c models.Case) (*chart, error) {
	h := &chart{kase: c, asked: c, said: map[models.ChargeID]models.ChargeState{}}
	for _, read := range []func(*desk.Sheet) error{h.readBooks, h.readEncounter, h.readCoding, h.readPayers, h.price} {
		if err := read(s); err != nil {
			return nil, err
		}
	}
	return h, nil
}

func (h *chart) readBooks(s *desk.Sheet) (err error) {
	if h.existing, err = books.Charges(s.View, h.kase.ID); err != nil {
		return err
	}
	if h.diagnoses, err = books.Diagnoses(s.View, h.kase.ID); err != nil {
		return err
	}
	if h.claims, err = books.ClaimsOfCase(s.View, h.kase.ID); err != nil {
		return err
	}
	if h.invoices, err = books.InvoicesOfCase(s.View, h.kase.ID); err != nil {
		return err
	}
	return nil
}

// facts puts together what the rules judge.
func (h *chart) facts(s *desk.Sheet) (casework.Facts, error) {
	twins, err := h.twins(s)
	return casework.Facts{
		Case: h.kase, Status: h.encounter.Status, External: h.external, GoLive: s.Settings().GoLive, Duplicate: slices.ContainsFunc(twins, h.follows), Strangers: h.strangers,
		Problems: h.problems, Usable: coding.IsUsable(h.coded), Chart: digest(h.found), Unclear: h.payers.Unclear(h.days()),
		Uncovered: h.payers.IsNobody(h.days()), Unpriced: h.unpriced, Now: s.Now(), Grace: models.Instant(s.Settings().SelfPayHours) * hour,
	}, err
}

const hour = models.Instant(3_600_000_000)

// digest tells one chart from another.
func digest(c models.Coding) string {
	text, err := json.Marshal(c)
	if err != nil {
		panic("coding: " + err.Error()) // a coding is a plain struct
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
