package intake_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"medbill/fhir"
	"medbill/fhir/intake"
	"medbill/models"
)

const foundText = `{'resourceType':'Parameters','parameter':[{'name':'TIN','valueString':'999999999'},{'name':'Payer','part':[{'name':'PayerID','valueString':'1'}]},
{'name':'PaymentInfo','part':[{'name':'PaymentIssueDate','valueDate':'2026-03-20'},{'name':'PaymentNumber','valueString':'EFT0001'},{'name':'PaymentAmount','valueMoney':{'value':96.00,'currency':'USD'}},
{'name':'Remittance','part':[{'name':'RemittanceAdviceIdentifier','valueString':'A-1'},{'name':'RemittanceAdviceType','valueCode':'application/fhir+json'}]},
{'name':'Remittance','part':[{'name':'RemittanceAdviceIdentifier','valueString':'A-2'},{'name':'RemittanceAdviceType','valueCode':'application/EDI-X12'}]}]},
{'name':'PaymentInfo','part':[{'name':'PaymentNumber','valueString':'EFT0002'},{'name':'PaymentAmount','valueMoney':{'value':96.001}},{'name':'Remittance'}]},
{'name':'PaymentInfo','part':[{'name':'PaymentNumber','valueString':'EFT0003'},{'name':'PaymentAmount','valueMoney':{'value':96,'currency':'CAD'}},{'name':'Remittance'}]}]}`

func documentOf(t testing.TB, text string) *fhir.Document {
	t.Helper()
	d, err := fhir.Parse([]byte(strings.ReplaceAll(text, "'", `"`)))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestFoundPaymentsAreReadFileByFile holds that each file of a payment is told with the payment, and that one whose amount is no dollars and cents is none.
func TestFoundPaymentsAreReadFileByFile(t *testing.T) {
	one := models.FoundPayment{Trace: "EFT0001", Day: "2026-03-20", Amount: 96_00, Advice: "A-1", IsReadable: true}
	other := one
	other.Advice, other.IsReadable = "A-2", false
	if diff := cmp.Diff([]models.FoundPayment{one, other}, intake.FoundPayments(documentOf(t, foundText))); diff != "" {
		t.Error(diff)
	}
	if got := intake.FoundPayments(documentOf(t, strings.Replace(foundText, "Parameters", "Bundle", 1))); got != nil {
		t.Errorf("a Bundle tells %v", got)
	}
}

// FuzzRemittanceAdvice holds that what is found and the files of payments are read without harm, and that a file that is read has its payment.
func FuzzRemittanceAdvice(f *testing.F) {
	bundle := `{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"PaymentReconciliation"}},{"fullUrl":"https://acme.example/ClaimResponse/7","resource":{"resourceType":"ClaimResponse","use":"claim"}}]}`
	seed(f, foundText, `{'resourceType':'Binary','contentType':'application/fhir+json','data':'`+base64.StdEncoding.EncodeToString([]byte(bundle))+`'}`, `{'resourceType':'Binary','contentType':'application/fhir+json+gzip','data':'H4sI'}`)
	f.Fuzz(func(t *testing.T, src []byte) {
		d, err := fhir.Parse(src)
		if err != nil {
			return
		}
		intake.FoundPayments(d)
		if a, err := intake.RemittanceAdvice(d); err == nil && a.Payment == nil {
			t.Error("a file without a payment is read")
		}
	})
}
