package coding

import (
	"slices"

	"medbill/billing/desk"
	"medbill/billing/rules/charge"
	"medbill/internal/store/books"
	"medbill/models"
)

func (h *chart) readPayers(s *desk.Sheet) (err error) {
	h.payers, err = s.Payers(h.kase.PatientID)
	return err
}

// price gives each service its price and who is asked for it on its day.
func (h *chart) price(s *desk.Sheet) error {
	prices, err := books.Prices(s.View, codesOf(h.coded))
	if err != nil {
		return err
	}
	for i, service := range h.coded.Services {
		one, ok := charge.Of(h.kase, service, i+1, prices, h.payers.First(service.ServiceDate))
		if !ok {
			h.unpriced++
		}
		h.charges = append(h.charges, one)
	}
	return nil
}

func codesOf(c models.Coding) []string {
	var codes []string
	for _, s := range c.Services {
		codes = append(codes, s.Code)
		if s.Revenue != "" {
			codes = append(codes, s.Revenue)
		}
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// days gives the days on which somebody has to pay.
func (h *chart) days() []models.Date {
	days := []models.Date{}
	for _, s := range h.coded.Services {
		if !slices.Contains(days, s.ServiceDate) {
			days = append(days, s.ServiceDate)
		}
	}
	if len(days) == 0 {
		days = append(days, h.kase.ServiceDate)
	}
	slices.Sort(days)
	return days
}
