package intake

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"io"
	"strings"

	"medbill/fhir"
	"medbill/models"
	"medbill/models/fault"
	"medbill/models/money"
)

// typeFHIR is the type of a remittance that is told by FHIR documents.
const typeFHIR = "application/fhir+json"

// FoundPayments gives the payments that a payer finds where it is asked about one, each with every file that tells it; none where it says that there are none. One whose amount is no amount of cents is none that is asked about.
// https://hl7.org/fhir/us/davinci-pr/OperationDefinition-SearchByPayment.html
func FoundPayments(d *fhir.Document) []models.FoundPayment {
	var found []models.FoundPayment
	for info := range d.Root().Get("parameter").Children() {
		if d.Type() != "Parameters" || !info.Get("name").Is("PaymentInfo") {
			continue
		}
		payment := models.FoundPayment{Trace: partOf(info, "PaymentNumber").Get("valueString").Text(), Day: day(partOf(info, "PaymentIssueDate").Get("valueDate"))}
		amount := partOf(info, "PaymentAmount").Get("valueMoney")
		var err error
		if payment.Amount, err = money.Parse(amount.Get("value").Text()); err != nil || amount.Get("currency").Exists() && !amount.Get("currency").Is("USD") {
			continue
		}
		for file := range info.Get("part").Children() {
			if !file.Get("name").Is("Remittance") {
				continue
			}
			one := payment
			one.Advice = partOf(file, "RemittanceAdviceIdentifier").Get("valueString").Text()
			one.IsReadable = partOf(file, "RemittanceAdviceType").Get("valueCode").Is(typeFHIR)
			found = append(found, one)
		}
	}
	return found
}

// partOf gives the first part of a parameter that has a name.
func partOf(parameter fhir.Node, name string) fhir.Node {
	for part := range parameter.Get("part").Children() {
		if part.Get("name").Is(name) {
			return part
		}
	}
	return fhir.Node{}
}

// Advice is what a payer tells of a payment by one file: the PaymentReconciliation, and the answers that it pays.
type Advice struct {
	Payment *fhir.Document
	Answers []AdviceAnswer
}

// AdviceAnswer is a ClaimResponse of a file, and the references by which others in the file name it.
type AdviceAnswer struct {
	Document  *fhir.Document
	Addresses []string
}

// RemittanceAdvice reads the file of a payment: a Binary with a Bundle of one PaymentReconciliation and its ClaimResponses, gzipped or not. It refuses (Invalid) another form, such as X12 835 or PDF, and (TooLarge) what is too large.
// https://hl7.org/fhir/us/davinci-pr/StructureDefinition-remittanceAdviceDocument.html
func RemittanceAdvice(d *fhir.Document) (Advice, error) {
	form, isZipped := strings.CutSuffix(d.Root().Get("contentType").Text(), "+gzip")
	if d.Type() != "Binary" || form != typeFHIR {
		return Advice{}, errAdvice
	}
	data, err := base64.StdEncoding.DecodeString(d.Root().Get("data").Text())
	if err == nil && isZipped {
		data, err = unzipped(data)
	}
	if err != nil {
		return Advice{}, errAdvice
	}
	bundle, err := fhir.Parse(data)
	if err != nil {
		return Advice{}, err
	}
	entries := bundle.Root().Get("entry")
	if bundle.Type() != "Bundle" || entries.Len() > fhir.BundleEntriesMax {
		return Advice{}, errAdvice
	}
	var a Advice
	for entry := range entries.Children() {
		if !a.add(entry) {
			return Advice{}, errAdvice
		}
	}
	if a.Payment == nil {
		return Advice{}, errAdvice
	}
	return a, nil
}

var errAdvice = fault.At(fault.Invalid, "structure", "Binary", "The file of a payment is a Bundle of one PaymentReconciliation and the ClaimResponses that it pays.")

// add takes an entry; false for one that is none of a payment's.
func (a *Advice) add(entry fhir.Node) bool {
	one := entry.Get("resource").Detach()
	switch {
	case one == nil:
		return false
	case one.Type() == "PaymentReconciliation" && a.Payment == nil:
		a.Payment = one
		return true
	case one.Type() != "ClaimResponse" || !one.Root().Get("use").Is("claim"):
		return false
	}
	answer := AdviceAnswer{Document: one}
	if id := one.ID(); id != "" {
		answer.Addresses = append(answer.Addresses, "ClaimResponse/"+id)
	}
	if url := entry.Get("fullUrl").Text(); url != "" {
		answer.Addresses = append(answer.Addresses, url)
		if _, id, ok := strings.Cut(url, "/ClaimResponse/"); ok {
			answer.Addresses = append(answer.Addresses, "ClaimResponse/"+id)
		}
	}
	a.Answers = append(a.Answers, answer)
	return true
}

// unzipped gives what gzip holds. It refuses more than a document may be, before it is read.
func unzipped(data []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(z, fhir.DocumentBytesMax+1))
	if err == nil && len(text) > fhir.DocumentBytesMax {
		err = errAdvice
	}
	return text, err
}
