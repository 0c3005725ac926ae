package payer

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"

	"medbill/models/money"
)

// parameter is one of FHIR's Parameters, as far as it is read.
type parameter struct {
	Name        string      `json:"name"`
	ValueString string      `json:"valueString"`
	ValueDate   string      `json:"valueDate"`
	ValuePeriod period      `json:"valuePeriod"`
	ValueMoney  *amount     `json:"valueMoney"`
	Part        []parameter `json:"part"`
}

type parameters struct {
	ResourceType string      `json:"resourceType"`
	Parameter    []parameter `json:"parameter"`
}

// paymentQuery is what a practice knows of money that it got.
type paymentQuery struct {
	tin, number string
	from, to    string // days; empty: any
	low, high   *money.Cents
}

// read takes the parameters over, those within others too.
func (q *paymentQuery) read(list []parameter) {
	for _, one := range list {
		cents := func() *money.Cents {
			if one.ValueMoney == nil {
				return nil
			}
			c, err := money.Parse(one.ValueMoney.Value.String())
			if err != nil {
				return nil
			}
			return &c
		}
		switch one.Name {
		case "TIN":
			q.tin = one.ValueString
		case "PaymentNumber":
			q.number = one.ValueString
		case "PaymentIssueDate", "PaymentDate":
			q.from, q.to = one.ValuePeriod.Start, one.ValuePeriod.End
			if one.ValueDate != "" {
				q.from, q.to = one.ValueDate, one.ValueDate
			}
		case "PaymentAmountLow":
			q.low = cents()
		case "PaymentAmountHigh":
			q.high = cents()
		case "PaymentAmount":
			q.low, q.high = cents(), cents()
		}
		q.read(one.Part)
	}
}

// finds reports whether a payment may be the one: what is not asked for may be anything.
func (q *paymentQuery) finds(r *Remittance, paid money.Cents) bool {
	return (q.number == "" || q.number == r.Trace) && (q.from == "" || r.Day >= q.from) && (q.to == "" || r.Day <= q.to) &&
		(q.low == nil || paid >= *q.low) && (q.high == nil || paid <= *q.high)
}

// searchByPayment finds the remittance of money that a practice got (Da Vinci Postable Remittance 1.0.0).
func (p *Payer) searchByPayment(w http.ResponseWriter, r *http.Request) {
	var body parameters
	if !into(w, r, &body) {
		return
	}
	var q paymentQuery
	q.read(body.Parameter)
	if q.tin == "" || q == (paymentQuery{tin: q.tin}) {
		refuse(w, http.StatusUnprocessableEntity, "required", "Give TIN, and of PaymentInfo one of PaymentNumber, PaymentIssueDate and PaymentAmount at least.")
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	text := func(name, value string) object { return object{"name": name, "valueString": value} }
	found, told := []object{text("TIN", q.tin)}, map[string]bool{}
	for _, remittance := range p.state.remittances {
		paid := remittance.deposit(p.state)
		if !q.finds(remittance, paid) {
			continue
		}
		if !told[remittance.Plan] {
			found = append(found, object{"name": "Payer", "part": []object{text("PayerID", remittance.Plan), text("PayerName", Plans[remittance.Plan].Title)}})
		}
		told[remittance.Plan] = true
		found = append(found, object{"name": "PaymentInfo", "part": []object{
			{"name": "PaymentIssueDate", "valueDate": remittance.Day}, text("PaymentNumber", remittance.Trace), {"name": "PaymentAmount", "valueMoney": usd(paid)},
			{"name": "Remittance", "part": []object{
				text("RemittanceAdviceIdentifier", remittance.Trace), {"name": "RemittanceAdviceType", "valueCode": fhirJSON},
				{"name": "RemittanceAdviceDate", "valueDate": remittance.Day}, {"name": "RemittanceAdviceFileSize", "valueInteger": len(p.state.advice(remittance))},
			}},
		}})
	}
	if len(found) == 1 { // what is found by nothing is told by an outcome
		write(w, http.StatusOK, fhirJSON, object{"resourceType": "OperationOutcome", "issue": []object{{"severity": "warning", "code": "not-found", "diagnostics": "There is no payment like this."}}})
		return
	}
	write(w, http.StatusOK, fhirJSON, object{"resourceType": "Parameters", "parameter": found})
}

// advice is a remittance with its answers as one Bundle, each under an address of the payer's own.
func (s *state) advice(r *Remittance) json.RawMessage {
	payment := s.reconciliation(r, r.Parts, r.Amount)
	details, _ := payment["detail"].([]object)
	entries := []object{{"fullUrl": systemOf(r.Plan, fhirFolder) + "/PaymentReconciliation/" + r.Trace, "resource": payment}}
	for i, key := range r.Letters { // whose details come first
		address := "ClaimResponse/" + name("answer", key)
		details[i]["response"] = object{"reference": address}
		entries = append(entries, object{"fullUrl": systemOf(r.Plan, fhirFolder) + "/" + address, "resource": s.byKey[key].Document})
	}
	return encode(object{"resourceType": "Bundle", "type": "collection", "entry": entries})
}

const (
	fhirFolder    = "fhir/R4"
	adviceNumbers = "http://hl7.org/fhir/us/davinci-pr/StructureDefinition/remittanceIdentifierExt"
)

// downloadRemittance gives a remittance as a file (Da Vinci Postable Remittance 1.0.0): of this payer, the Bundle that advice makes.
func (p *Payer) downloadRemittance(w http.ResponseWriter, r *http.Request) {
	var body parameters
	if !into(w, r, &body) {
		return
	}
	wanted := ""
	for _, one := range body.Parameter {
		if one.Name == "RemittanceAdviceIdentifier" {
			wanted = one.ValueString
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, remittance := range p.state.remittances {
		if wanted != "" && remittance.Trace == wanted {
			write(w, http.StatusOK, fhirJSON, object{
				"resourceType": "Binary", "contentType": fhirJSON + "+gzip", "data": base64.StdEncoding.EncodeToString(zipped(p.state.advice(remittance))),
				"_data": object{"extension": []object{{"url": adviceNumbers, "valueString": remittance.Trace}}},
			})
			return
		}
	}
	refuse(w, http.StatusNotFound, "not-found", "There is no remittance of this RemittanceAdviceIdentifier; $searchByPayment tells those there are.")
}

// zipped gives a file as gzip has it.
func zipped(text []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write(text)
	if err = errors.Join(err, z.Close()); err != nil {
		panic("payer: a file that cannot be written: " + err.Error())
	}
	return b.Bytes()
}
