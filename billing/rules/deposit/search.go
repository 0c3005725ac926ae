package deposit

import "medbill/models"

// Days gives the days on which the payment lies that a deposit is.
func Days(d models.Deposit) models.Span {
	return models.Span{From: d.Day.AddDays(-daysApart), Until: d.Day.AddDays(daysApart)}
}

// IsPayment reports whether what a payer says of a payment is said of the one that a deposit is.
func IsPayment(d models.Deposit, trace string, amount models.Cents, day models.Date) bool {
	return trace == d.Trace && amount == d.Amount && Days(d).Contains(day)
}

// Advice gives the file that tells the payment of a deposit, by the payer's number of it, among those that the payer finds; else what is to be said of that: it finds nothing, something else or several, or has it in no form that is read.
func Advice(d models.Deposit, found []models.FoundPayment) (string, models.DepositAsked) {
	advice, asked := "", models.AskedUnknown
	for _, one := range found {
		switch {
		case !IsPayment(d, one.Trace, one.Amount, one.Day) || one.Advice == "":
			if asked == models.AskedUnknown {
				asked = models.AskedOther
			}
		case !one.IsReadable:
			asked = models.AskedUnreadable
		case advice != "" && advice != one.Advice:
			return "", models.AskedOther
		default:
			advice = one.Advice
		}
	}
	if advice != "" {
		return advice, models.AskedNothing
	}
	return "", asked
}
