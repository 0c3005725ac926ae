package reports

import "medbill/models"

// OfBalances gives the trial balance of sums by what a asks for; a debit is positive.
func (a Ask) OfBalances(sums []models.LedgerSum) Table {
	t := a.table(append(a.groupColumns(), Column{"amount", KindMoney})...)
	for _, s := range sums {
		if balance := s.Balance(); balance != 0 {
			t.Rows = append(t.Rows, append(keys(s.By), cents(balance)))
		}
	}
	return t
}

// LedgerBy are the dimensions of the general ledger.
var LedgerBy = []models.Dimension{models.DimensionMonth, models.DimensionAccount}

// OfMonths gives the general ledger of sums by LedgerBy.
func (a Ask) OfMonths(sums []models.LedgerSum) Table {
	t := a.table(Column{"month", KindMonth}, Column{"account", KindText}, Column{"debits", KindMoney}, Column{"credits", KindMoney})
	t.AsOf = a.Until
	for _, s := range sums {
		t.Rows = append(t.Rows, append(keys(s.By), cents(s.Debits), cents(s.Credits)))
	}
	return t
}

func keys(by []string) []Cell {
	row := make([]Cell, len(by), len(by)+2)
	for i, key := range by {
		row[i] = words(key)
	}
	return row
}
