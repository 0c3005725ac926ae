package render_test

import (
	"bytes"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"medbill/fhir"
	"medbill/fhir/render"
	"medbill/models"
	"medbill/models/money"
)

// amountDue gives what an Invoice says is open of it.
func amountDue(root fhir.Node) string {
	for e := range root.Get("extension").Children() {
		if e.Get("url").Is(fhir.ExtensionAmountDue) {
			return e.In("valueMoney", "value").Text()
		}
	}
	return ""
}

// without gives an Invoice with what may change after its issue taken out, the empty lists too.
func without(t *testing.T, i models.Invoice) []byte {
	t.Helper()
	i.Status, i.Due, i.Earlier = models.InvoiceIssued, 0, 0
	return render.Invoice(i)
}

func TestWhatWasAskedStaysAndWhatIsOpenIsSaidBesides(t *testing.T) {
	for _, row := range []struct {
		name   string
		status models.InvoiceStatus
		due    [2]models.Cents
		want   string
	}{
		{"nothing is paid", models.InvoiceIssued, [2]models.Cents{7000, 400}, "74.00"},
		{"some of a line is paid", models.InvoiceIssued, [2]models.Cents{6000, 400}, "64.00"},
		{"all is paid", models.InvoiceBalanced, [2]models.Cents{}, "0.00"},
		{"it was taken back", models.InvoiceCancelled, [2]models.Cents{}, "0.00"},
	} {
		i := invoice()
		i.Status, i.Due = row.status, row.due[0]+row.due[1]
		i.Lines[0].Due, i.Lines[1].Due = row.due[0], row.due[1]
		root := parsed(t, render.Invoice(i)).Root()
		if got := root.Get("status").Text(); got != string(row.status) {
			t.Errorf("%s: the status is %s, want %s", row.name, got, row.status)
		}
		if got := amountDue(root); got != row.want {
			t.Errorf("%s: %q is due, want %s", row.name, got, row.want)
		}
		if net, gross := root.In("totalNet", "value").Text(), root.In("totalGross", "value").Text(); net != "74.00" || gross != "310.00" {
			t.Errorf("%s: totalNet %s and totalGross %s, want what was asked and billed", row.name, net, gross)
		}
		if got, want := without(t, i), without(t, invoice()); !bytes.Equal(got, want) {
			t.Errorf("%s: more than status and amount-due changed:\n%s\nwant\n%s", row.name, got, want)
		}
	}
}

func TestEarlierBalanceAndCreditInformAndAreInNoTotal(t *testing.T) {
	i := invoice()
	i.Earlier, i.Credit = 0, 0
	if alone := parsed(t, render.Invoice(i)).Root(); alone.Get("totalPriceComponent").Exists() {
		t.Errorf("an invoice alone has a component of its total: %s", alone.Raw())
	}
	i.Earlier, i.Credit = 1200, 1000
	root := parsed(t, render.Invoice(i)).Root()
	for n, want := range []string{"informational earlier-balance 12.00", "informational credit-applied 10.00"} {
		part := root.Get("totalPriceComponent").At(n)
		if got := part.Get("type").Text() + " " + part.In("code", "coding", "code").Text() + " " + part.In("amount", "value").Text(); got != want {
			t.Errorf("component %d of the total is %s, want %s", n, got, want)
		}
	}
	if got := root.In("totalNet", "value").Text(); got != "74.00" {
		t.Errorf("totalNet is %s, want the visit's 74.00 alone", got)
	}
}

func TestWhatWasAskedBeforeIsDeducted(t *testing.T) {
	i := invoice()
	i.Lines[0].Net, i.Net = 2000, 2400
	component := parsed(t, render.Invoice(i)).Root().Get("lineItem").At(0).Get("priceComponent").At(3)
	if got := component.Get("type").Text() + " " + component.In("code", "coding", "code").Text() + " " + component.In("amount", "value").Text(); got != "deduction asked-elsewhere 50.00" {
		t.Errorf("the line says %s, want that 50.00 was asked elsewhere", got)
	}
}

func TestInvoiceLinesAddUpToWhatIsAsked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		i := invoice()
		i.Lines, i.Billed, i.Net = nil, 0, 0
		for n := range rapid.IntRange(1, 5).Draw(t, "lines") {
			line := models.InvoiceLine{
				Sequence: n + 1, ChargeID: models.ChargeID("charge-" + strconv.Itoa(n)), Adjusted: drawCents(t, "adjusted"), PayerPaid: drawCents(t, "payer"),
				Deductible: drawCents(t, "deductible"), Coinsurance: drawCents(t, "coinsurance"), Copay: drawCents(t, "copay"),
			}
			responsibility := line.Deductible + line.Coinsurance + line.Copay
			line.Billed = line.Adjusted + line.PayerPaid + responsibility
			line.Net = responsibility - min(drawCents(t, "asked before"), responsibility)
			line.Due = line.Net - min(drawCents(t, "paid"), line.Net)
			i.Lines = append(i.Lines, line)
			i.Billed += line.Billed
			i.Net += line.Net
		}
		root := parsed(t, render.Invoice(i)).Root()
		var gross, net money.Cents
		for item := range root.Get("lineItem").Children() {
			for component := range item.Get("priceComponent").Children() {
				cents, err := money.Parse(component.In("amount", "value").Text())
				if err != nil || cents == 0 && !component.Get("type").Is("base") {
					t.Fatalf("a component is %s, %v", component.Raw(), err)
				}
				switch component.Get("type").Text() {
				case "base":
					gross += cents
					net += cents
				case "deduction":
					net -= cents
				}
			}
		}
		if gross.String() != root.In("totalGross", "value").Text() || net.String() != root.In("totalNet", "value").Text() {
			t.Fatalf("lines add up to %s gross and %s net:\n%s", gross, net, root.Raw())
		}
	})
}
