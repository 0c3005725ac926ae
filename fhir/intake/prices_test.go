package intake_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"medbill/fhir/intake"
	"medbill/models"
)

const priceText = `{'resourceType':'ChargeItemDefinition','id':'fee','url':'urn:fee','status':'active',
 'code':{'coding':[{'system':'http://www.ama-assn.org/go/cpt','code':'99214'},{'system':'http://www.ama-assn.org/go/cpt','code':'25'}]},
 'effectivePeriod':{'start':'2026-01-01','end':'2026-12-31'},
 'propertyGroup':[{'priceComponent':[{'type':'base','amount':{'value':250.00,'currency':'USD'}}]}]}`

const toAcme = `'useContext':[{'code':{'code':'payer'},'valueReference':{'reference':'Organization/acme'}}],`

func TestPriceIsRead(t *testing.T) {
	price := models.Price{ScheduleID: "ChargeItemDefinition/fee", Sequence: 1, System: models.SystemCPT, Code: "99214", Modifiers: models.Codes{"25"}, From: "2026-01-01", Until: "2026-12-31", Amount: 25000}
	got, findings := intake.Prices(document(t, priceText), nil)
	same(t, got, []models.Price{price})
	same(t, findings, nil)

	acme, beta := price, price
	acme.PayerID, beta.PayerID, beta.Sequence = "acme", "beta", 2
	got, findings = intake.Prices(document(t, change(t, priceText, `'status'`, toAcme+`'extension':[{'url':'https://medbill.dev/fhir/StructureDefinition/payer','valueReference':{'reference':'Organization/beta'}}],'status'`)), nil)
	same(t, got, []models.Price{acme, beta})
	same(t, findings, nil)
}

func TestWhatDoesNotPriceIsToldAndSkipped(t *testing.T) {
	const first = "ChargeItemDefinition.propertyGroup[0].priceComponent[0]"
	for _, row := range []struct {
		name, old, with string
		prices          int
		want            string
	}{
		{"a draft", `'active'`, `'draft'`, 0, "prices.not-active ChargeItemDefinition.status"},
		{"no service", `'code':'99214'`, `'display':'CANARY'`, 0, "prices.no-service ChargeItemDefinition.code"},
		{"euros", `USD`, `EUR`, 0, "prices.currency " + first + ".amount.currency"},
		{"a fraction of a cent", `250.00`, `250.001`, 0, "prices.fraction " + first + ".amount.value"},
		{"a price below nothing", `250.00`, `-0.01`, 0, "prices.amount " + first + ".amount.value"},
		{"a surcharge", `'base'`, `'surcharge'`, 0, "prices.component " + first + ".type"},
		{"a factor alone", `'amount':{'value':250.00,'currency':'USD'}`, `'factor':1.1`, 0, "prices.no-amount " + first + ".amount"},
		{"a factor besides", `'base',`, `'base','factor':1.1,`, 1, "prices.factor " + first + ".factor"},
		{"a condition", `'priceComponent'`, `'applicability':[{'description':'d'},{'expression':'CANARY'}],'priceComponent'`, 0, "prices.condition ChargeItemDefinition.propertyGroup[0].applicability[1].expression"},
		{"a payer of another server", `'status'`, strings.Replace(toAcme, "Organization/acme", "https://x.example/Organization/CANARY", 1) + `'status'`, 0, "prices.payer ChargeItemDefinition.useContext[0].value"},
	} {
		prices, findings := intake.Prices(document(t, change(t, priceText, row.old, row.with)), nil)
		if len(prices) != row.prices || len(findings) != 1 || findings[0].Rule+" "+findings[0].Path != row.want || findings[0].Severity != models.SeverityWarning {
			t.Errorf("%s: got %d prices and %+v, want %d and %s", row.name, len(prices), findings, row.prices, row.want)
		}
	}
}

func TestPricesOfOneDefinitionAreBounded(t *testing.T) {
	payers := make([]string, 200)
	for i := range payers {
		payers[i] = `{'url':'https://medbill.dev/fhir/StructureDefinition/payer','valueReference':{'reference':'Organization/p` + strconv.Itoa(i) + `'}}`
	}
	component := `{'type':'base','amount':{'value':1,'currency':'USD'}}`
	text := change(t, priceText, `{'type':'base','amount':{'value':250.00,'currency':'USD'}}`, strings.Join(slices.Repeat([]string{component}, 20), ","))
	prices, findings := intake.Prices(document(t, change(t, text, `'status'`, `'extension':[`+strings.Join(payers, ",")+`],'status'`)), nil)
	if len(prices) != 1000 || len(findings) != 15 {
		t.Errorf("got %d prices and %d findings, want 1000 and 15", len(prices), len(findings))
	}
}
