package billing

import (
	"context"

	"medbill/billing/rules/coding"
	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/models"
	"medbill/models/fault"
)

// Coded is what coding a visit led to.
type Coded struct {
	Visit   models.Visit
	Charges []models.Charge
}

// CodeVisit takes a coder's word for what a visit was: diagnoses in order and services, in place of whatever was there. It
// refuses a coding that breaks the form (Invalid, with every place), a visit that is not finished or is billed elsewhere
// (BusinessRule), and one whose claim or invoice went out (Conflict). The same coding again changes nothing.
func (o *Office) CodeVisit(ctx context.Context, p auth.Principal, id models.VisitID, said models.Coding) (Coded, error) {
	if issues := coding.Check(said); len(issues) > 0 {
		return Coded{}, fault.Of(fault.Invalid, issues)
	}
	var coded Coded
	err := o.session(p).Update(ctx, func(tx *store.Tx) error {
		if err := require(&tx.View, p, auth.OperationCode, models.Ref{Type: "Encounter", ID: string(id)}); err != nil {
			return err
		}
		c, err := openCase(tx, id)
		if err != nil {
			return err
		}
		if !c.billable || c.ended() {
			return fault.At(fault.BusinessRule, "visit.not-billable", "Encounter.status", "Only a finished Encounter that is not billed elsewhere can be coded.")
		}
		sent, err := isSent(tx, id)
		if err != nil {
			return err
		}
		if sent {
			return fault.New(fault.Conflict, "visit.sent", "The claim or invoice of the visit went out; correct it through the payer's answer instead.")
		}
		for i := range said.Services {
			if said.Services[i].RenderingID == "" {
				said.Services[i].RenderingID = c.visit.RenderingID
			}
		}
		if err := bookCoding(tx, c, said, models.CodedByCoder); err != nil {
			return err
		}
		if c.visit.CodedBy != models.CodedByCoder {
			if err := rememberCoder(tx, id); err != nil {
				return err
			}
		}
		if coded.Visit, _, err = tx.Visit(id); err != nil {
			return err
		}
		charges, err := tx.Charges(id)
		coded.Charges = liveCharges(charges)
		return err
	})
	return coded, err
}

// rememberCoder marks a visit as coded by a person even where the coding confirmed what the EHR had said.
func rememberCoder(tx *store.Tx, id models.VisitID) error {
	visit, ok, err := tx.Visit(id)
	if err != nil || !ok || visit.CodedBy == models.CodedByCoder {
		return err
	}
	visit.CodedBy = models.CodedByCoder
	return tx.SaveVisit(visit)
}

func liveCharges(charges []models.Charge) []models.Charge {
	var live []models.Charge
	for _, c := range charges {
		if c.Status != models.ChargeAborted {
			live = append(live, c)
		}
	}
	return live
}
