package bank

import (
	"medbill/billing/desk"
	"medbill/billing/rules/deposit"
	"medbill/fhir/intake"
	"medbill/fhir/render"
	"medbill/internal/partners"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
)

// asksMax is how often a payer's server is called that does not answer: four times in the first hours, then every hour of a day.
const asksMax = 28

// Question gives a deposit that nobody knows, and what its payer's server is told to say which payment it is. Nil where nothing is due: it is known or told meanwhile, nobody can be asked, or the practice has no tax number. Until the
// call is over nobody else makes it.
func Question(s *desk.Sheet, id models.DepositID, isReached bool) (models.Deposit, []byte, error) {
	d, err := waitingOne(s, id)
	if err != nil || d.AskDue == 0 || d.AskDue > s.Now() {
		return d, nil, err
	}
	isTold, err := tells(s, d)
	if err != nil {
		return d, nil, err
	}
	d.AskDue = 0
	if isTold || !isReached {
		return d, nil, noted(s, d, d.Asked)
	}
	number, err := taxNumber(s)
	if err != nil {
		return d, nil, err
	}
	if number == "" {
		return d, nil, noted(s, d, models.AskedUntaxed)
	}
	d.AskDue = s.Now() + partners.Lease
	return d, render.PaymentSearch(number, d, deposit.Days(d)), books.KeepDeposit(s.Tx, d)
}

// waitingOne gives a deposit, locked; one without an id where it is known what it pays, or there is none.
func waitingOne(s *desk.Sheet, id models.DepositID) (models.Deposit, error) {
	if err := alone(s, id, nil); err != nil {
		return models.Deposit{}, err
	}
	d, known, err := books.Deposit(s.View, id)
	if err != nil || !known || d.State != models.DepositUnmatched {
		return models.Deposit{}, err
	}
	return d, nil
}

// tells reports whether the payer told the payment that a deposit names: what keeps them apart is a person's to say.
func tells(s *desk.Sheet, d models.Deposit) (bool, error) {
	named, err := books.RemittancesOfTraces(s.View, []string{d.Trace})
	for _, r := range named {
		if r.PayerID == d.PayerID && r.Outcome == models.RemittanceComplete {
			return true, err
		}
	}
	return false, err
}

// taxNumber gives the number by which payers know the practice, or "".
func taxNumber(s *desk.Sheet) (string, error) {
	practice, err := s.Document(models.Ref{Type: "Organization", ID: string(s.Settings().PracticeID)})
	if err != nil || practice == nil {
		return "", err
	}
	return intake.Party(practice).TaxID, nil
}

// Asked notes what came of asking the payer of a deposit. One that does not answer is asked again later, and people are told where it keeps silent; what it does say they are told at once. A deposit that is known meanwhile is left
// alone.
func Asked(s *desk.Sheet, id models.DepositID, came models.DepositAsked) error {
	d, err := waitingOne(s, id)
	if err != nil || d.ID == "" {
		return err
	}
	d.AskDue = 0
	if came != models.AskedAway {
		d.AskTries = 0
		return noted(s, d, came)
	}
	if d.AskTries++; d.AskTries < asksMax {
		d.AskDue = s.Now() + partners.Pause(d.AskTries-1)
	}
	if d.AskTries < partners.TellAfter {
		came = d.Asked
	}
	return noted(s, d, came)
}

// AskAgain has the payer of a deposit asked now, whatever came of that before. It refuses (BusinessRule) a deposit of which nobody can be asked.
func AskAgain(s *desk.Sheet, id models.DepositID) error {
	d, err := waitingOne(s, id)
	if err != nil || d.ID == "" {
		return err
	}
	if d.PayerID == "" || d.Trace == "" {
		return fault.New(fault.BusinessRule, "deposit.unnamed", "The bank named no payer or no trace number, by which a payer is asked; match the deposit by hand.")
	}
	d.AskDue, d.AskTries, d.Asked = s.Now(), 0, models.AskedNothing
	return books.KeepDeposit(s.Tx, d)
}

// noted keeps what came of asking, and tells it where people look.
func noted(s *desk.Sheet, d models.Deposit, came models.DepositAsked) error {
	d.Asked = came
	if err := books.KeepDeposit(s.Tx, d); err != nil {
		return err
	}
	return ask(s, d)
}

// askedTexts say what came of asking a payer.
var askedTexts = map[models.DepositAsked]string{
	models.AskedUntaxed:    "The payer could not be asked for the remittance: give the practice's Organization its tax number, by which payers know it.",
	models.AskedAway:       "The payer's server was asked for the remittance and does not answer; ask the payer by telephone or at its portal.",
	models.AskedUnknown:    "The payer's server was asked for the remittance and tells of no such payment; ask the payer, or the bank whose money it is.",
	models.AskedOther:      "The payer's server was asked for the remittance, and what it gives is about another payment, or about claims that it does not have of the practice; nothing of it is posted.",
	models.AskedUnreadable: "The payer's server was asked for the remittance, and what it gives cannot be read here; get it at the payer's portal and enter it.",
	models.AskedRefused:    "The payer's server was asked for the remittance, and what it gives does not add up or contradicts what is in the books; nothing of it is posted. Ask the payer for the right one.",
	models.AskedTold:       "The payer's server was asked for the remittance and gave it; what it pays is not matched by itself.",
}

// askedReason tells people what came of asking the payer of a deposit; none where it was not asked.
func askedReason(d models.Deposit) []models.WorkReason {
	text := askedTexts[d.Asked]
	if text == "" {
		return nil
	}
	return []models.WorkReason{{Code: "deposit.asked." + string(d.Asked), Text: text}}
}
