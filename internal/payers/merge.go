package payers

import (
	"cmp"
	"slices"

	"medbill/models"
)

// Onto gives what a tenant knows of its payers when a file was taken, in one order.
func (f File) Onto(tenant models.TenantID, known models.PayerData) models.PayerData {
	entries, about, enrols := map[models.OrganizationID]bool{}, map[About]bool{}, map[models.OrganizationID]bool{}
	for _, p := range f.Payers {
		entries[p.ID] = true
	}
	for _, a := range f.Subjects {
		about[a] = true
	}
	for _, id := range f.Enrols {
		enrols[id] = true
	}
	next := models.PayerData{
		Payers:     kept(known.Payers, f.Payers, func(o models.Payer) bool { return entries[o.ID] }),
		Facts:      kept(known.Facts, f.Facts, func(o models.PayerFact) bool { return about[About{o.PayerID, o.Subject}] }),
		Enrolments: kept(known.Enrolments, f.Enrolments, func(o models.Enrolment) bool { return enrols[o.PayerID] }),
	}
	for i := range next.Payers {
		next.Payers[i].TenantID = tenant
	}
	for i := range next.Facts {
		next.Facts[i].TenantID = tenant
	}
	for i := range next.Enrolments {
		next.Enrolments[i].TenantID = tenant
	}
	Sort(next)
	return next
}

// kept gives those rows that are not replaced, and those that replace them.
func kept[R any](known, sent []R, isReplaced func(R) bool) []R {
	var list []R
	for _, row := range known {
		if !isReplaced(row) {
			list = append(list, row)
		}
	}
	return append(list, sent...)
}

// Sort brings rows into one order, that of their keys.
func Sort(d models.PayerData) {
	slices.SortFunc(d.Payers, func(a, b models.Payer) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(d.Facts, func(a, b models.PayerFact) int {
		return cmp.Or(cmp.Compare(a.PayerID, b.PayerID), cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Sequence, b.Sequence))
	})
	slices.SortFunc(d.Enrolments, func(a, b models.Enrolment) int {
		return cmp.Or(cmp.Compare(a.PayerID, b.PayerID), cmp.Compare(a.Sequence, b.Sequence))
	})
}
