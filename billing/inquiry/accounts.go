package inquiry

import (
	"context"

	"medbill/internal/auth"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/journal"
	"medbill/models"
)

// Invoices gives what patients were asked for, with the lines.
func (b *Books) Invoices(ctx context.Context, p auth.Principal, ids []models.InvoiceID) (map[models.InvoiceID]models.Invoice, error) {
	return shown(ctx, b, p, "Invoice", ids, func(v *store.View, ids []models.InvoiceID) (map[models.InvoiceID]models.Invoice, error) {
		invoices, err := books.Invoices(v, ids)
		return by(invoices, func(i models.Invoice) models.InvoiceID { return i.ID }), err
	})
}

// Payments gives what was paid on invoices; for those who may read the Account, too.
func (b *Books) Payments(ctx context.Context, p auth.Principal, ids []models.InvoiceID) (map[models.InvoiceID][]models.Payment, error) {
	if _, err := records.Guard(p, "Account", auth.PermissionRead); err != nil {
		return nil, err
	}
	return shown(ctx, b, p, "Invoice", ids, books.PaymentsOfInvoices)
}

// Balances sums the postings about the patients of accounts.
func (b *Books) Balances(ctx context.Context, p auth.Principal, ids []models.AccountID) (map[models.AccountID]models.Balances, error) {
	return shown(ctx, b, p, "Account", ids, balances)
}

func balances(v *store.View, ids []models.AccountID) (map[models.AccountID]models.Balances, error) {
	accounts, err := books.AccountsByID(v, ids)
	if err != nil {
		return nil, err
	}
	patients := make([]models.PatientID, len(accounts))
	for i, a := range accounts {
		patients[i] = a.PatientID
	}
	byPatient, err := journal.BalancesOfPatients(v, patients)
	found := make(map[models.AccountID]models.Balances, len(accounts))
	for _, a := range accounts {
		found[a.ID] = byPatient[a.PatientID]
	}
	return found, err
}
