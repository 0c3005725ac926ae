package deposit_test

import (
	"testing"
	"time"

	"medbill/billing/rules/deposit"
	"medbill/models"
)

// TestAPayoutIsKnownByThreeThings holds each against a deposit of 19.40 on the fourth.
func TestAPayoutIsKnownByThreeThings(t *testing.T) {
	at := func(day int) models.Instant {
		return models.InstantOf(time.Date(2026, 3, day, 9, 0, 0, 0, time.UTC))
	}
	po := func(id, reference string, day int, amount models.Cents) models.ProcessorEvent {
		return models.ProcessorEvent{ID: id, Processor: "cards", Reference: reference, Type: models.EventPayout, Amount: amount, Created: at(day)}
	}
	for _, row := range []struct {
		what string
		d    models.Deposit
		open []models.ProcessorEvent
		want string
	}{
		{"its number", models.Deposit{Text: "transfer po-77"}, []models.ProcessorEvent{po("1", "PO-77", 2, 1940)}, "PO-77"},
		{"its number as the trace", models.Deposit{Trace: "PO-77"}, []models.ProcessorEvent{po("1", "PO-77", 7, 1940)}, "PO-77"},
		{"its processor", models.Deposit{Text: "CARDS settlement"}, []models.ProcessorEvent{po("1", "PO-77", 2, 1940)}, "PO-77"},
		{"its number among two of the processor", models.Deposit{Text: "CARDS PO-78"}, []models.ProcessorEvent{po("1", "PO-77", 2, 1940), po("2", "PO-78", 2, 1940)}, "PO-78"},
		{"told twice", models.Deposit{Text: "CARDS"}, []models.ProcessorEvent{po("1", "PO-77", 2, 1940), po("2", "PO-77", 3, 1940)}, "PO-77"},
		{"one of two", models.Deposit{Text: "CARDS"}, []models.ProcessorEvent{po("1", "PO-77", 2, 1940), po("2", "PO-78", 2, 1940)}, ""},
		{"no word of it", models.Deposit{Text: "TRANSFER"}, []models.ProcessorEvent{po("1", "PO-77", 2, 1940)}, ""},
		{"four days", models.Deposit{Text: "PO-77"}, []models.ProcessorEvent{po("1", "PO-77", 8, 1940)}, ""},
		{"a cent", models.Deposit{Text: "PO-77"}, []models.ProcessorEvent{po("1", "PO-77", 2, 1941)}, ""},
		{"a payer's", models.Deposit{Text: "PO-77", PayerID: "acme"}, []models.ProcessorEvent{po("1", "PO-77", 2, 1940)}, ""},
	} {
		row.d.Day, row.d.Amount = "2026-03-04", 1940
		found, ok := deposit.Settled(row.d, row.open, time.UTC)
		if !ok {
			found.Reference = ""
		}
		if found.Reference != row.want {
			t.Errorf("%s: %q, want %q", row.what, found.Reference, row.want)
		}
	}
}
