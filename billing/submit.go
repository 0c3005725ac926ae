package billing

import (
	"context"

	"medbill/billing/rules/claim"
	"medbill/billing/rules/ledger"
	"medbill/billing/rules/scrub"
	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/models"
	"medbill/models/fault"
)

// SubmitClaim sends a claim to its payer. A FHIR payer finds it by search, so the state transmitted is the sending. It
// checks the claim once more and refuses it with its findings (BusinessRule, and nothing is changed); a claim that is sent
// already is given back as it is.
func (o *Office) SubmitClaim(ctx context.Context, p auth.Principal, id models.ClaimID) (models.Claim, error) {
	var submitted models.Claim
	err := o.session(p).Update(ctx, func(tx *store.Tx) error {
		if err := require(&tx.View, p, auth.OperationSubmit, models.Ref{Type: "Claim", ID: string(id)}); err != nil {
			return err
		}
		c, ok, err := tx.Claim(id)
		if err != nil {
			return err
		}
		if !ok {
			return errExternal
		}
		submitted, err = submit(tx, c)
		return err
	})
	return submitted, err
}

var errExternal = fault.New(fault.Conflict, "claim.external", "The claim records billing done elsewhere and is not ours to work on.")

// submitAutomatically sends a claim that became ready, where the practice wants it so. A claim that was held or sent in the
// meantime is left alone.
func submitAutomatically(tx *store.Tx, id models.ClaimID) error {
	c, ok, err := tx.Claim(id)
	if err != nil || !ok || c.State != models.ClaimReady {
		return err
	}
	_, err = submit(tx, c)
	if fault.Is(err, fault.BusinessRule) {
		return nil
	}
	return err
}

func submit(tx *store.Tx, c models.Claim) (models.Claim, error) {
	if c.State.IsSent() {
		return c, nil
	}
	if c.State == models.ClaimVoided {
		_, err := claim.Next(c.State, claim.Transmit)
		return c, err
	}
	findings, err := findingsOf(tx, c)
	if err != nil {
		return c, err
	}
	if scrub.Holds(findings) {
		return c, fault.Of(fault.BusinessRule, issuesOf(findings))
	}
	if c.State != models.ClaimReady {
		if c, err = checkClaim(tx, c); err != nil {
			return c, err
		}
	}
	if err := chargeDraft(tx, &c); err != nil {
		return c, err
	}
	if err := moveClaim(tx, c, claim.Transmit); err != nil {
		return c, err
	}
	c.State = models.ClaimTransmitted
	return c, nil
}

// issuesOf gives the findings that hold a claim as issues of a refusal.
func issuesOf(findings []models.Finding) []fault.Issue {
	var issues []fault.Issue
	for _, f := range findings {
		if f.Severity == models.SeverityError {
			issues = append(issues, fault.Issue{Code: f.Rule, Path: f.Path, Text: f.Text + " " + f.Remedy})
		}
	}
	return issues
}

// chargeDraft puts the lines of a claim that a front end wrote into the books when it is sent: they are its charges.
func chargeDraft(tx *store.Tx, c *models.Claim) error {
	changed := false
	for i := range c.Lines {
		line := &c.Lines[i]
		if line.ChargeID != "" {
			continue
		}
		charge := models.Charge{
			ID: models.ChargeID(tx.NewID()), VisitID: c.VisitID, PatientID: c.PatientID, Sequence: line.Sequence, Status: models.ChargeBilled,
			System: line.System, Code: line.Code, Modifiers: line.Modifiers, Units: max(line.Units, 1), Pointers: line.Pointers,
			ServiceDate: line.ServiceDate, RenderingID: c.RenderingID, Source: "Claim/" + string(c.ID),
			Billed: line.Billed,
		}
		if units := models.Cents(charge.Units); line.Billed%units == 0 {
			charge.UnitPrice = line.Billed / units // else a line has a price, its units have none
		}
		line.ChargeID = charge.ID
		if err := tx.SaveCharges(charge); err != nil {
			return err
		}
		if err := tx.Post(ledger.Charged(charge, c.InsurerID)); err != nil {
			return err
		}
		changed = true
	}
	if !changed {
		return nil
	}
	if _, err := tx.OpenAccount(c.PatientID); err != nil {
		return err
	}
	return tx.SaveClaim(*c)
}

// ValidateClaim checks a claim and gives what the rules notice. The findings of a claim that is not sent are saved, and it
// becomes ready or held by them; a sent claim only gives what was noticed last.
func (o *Office) ValidateClaim(ctx context.Context, p auth.Principal, id models.ClaimID) ([]models.Finding, error) {
	var findings []models.Finding
	err := o.session(p).Update(ctx, func(tx *store.Tx) error {
		if err := require(&tx.View, p, auth.OperationValidate, models.Ref{Type: "Claim", ID: string(id)}); err != nil {
			return err
		}
		c, ok, err := tx.Claim(id)
		if err != nil {
			return err
		}
		if !ok {
			return errExternal
		}
		if !c.State.IsSent() && c.State != models.ClaimVoided {
			if _, err := checkClaim(tx, c); err != nil {
				return err
			}
		}
		found, err := tx.Findings([]models.ClaimID{id})
		findings = found[id]
		return err
	})
	return findings, err
}
