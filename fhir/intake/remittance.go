package intake

import (
	"slices"
	"time"

	"medbill/fhir"
	"medbill/models"
)

// detailsMax bounds the parts of a payment, as payers bound the claims of a remittance. X12 005010X221A1, CLP.
const detailsMax = 10_000

// Remittance reads a payer's PaymentReconciliation: who paid what under which trace number, and its details in their order. One of type payment is for the answer
// that it names in response; one of type adjustment or advance belongs to no claim and says by its PLB code what it is. Its day is that of the payment.
//
// It refuses (Invalid) what misses the issuer, the trace, an amount, the response of a payment or the code of an adjustment, (BusinessRule) what is not
// active and complete, and amounts that cannot enter the books. Whether it adds up is not asked here. https://hl7.org/fhir/R4/paymentreconciliation.html
func Remittance(d *fhir.Document, zone *time.Location) (models.Remittance, error) {
	root := rootOf(d, "PaymentReconciliation")
	r := remittanceReader{Remittance: models.Remittance{
		ID: models.RemittanceID(d.ID()), PayerID: models.OrganizationID(idOf(root.Get("paymentIssuer"), "Organization")), Outcome: models.RemittanceComplete,
	}}
	if r.PayerID == "" {
		r.invalid("required", root.path+".paymentIssuer", "The payment must name its payer, as Organization/ and its id.")
	}
	if !root.Get("status").Is("active") {
		r.rule("remittance.not-active", root.path+".status", "Only an active PaymentReconciliation can be posted; set its status to active.")
	}
	if outcome := root.Get("outcome"); outcome.Exists() && !outcome.Is("complete") {
		r.rule("remittance.outcome", root.path+".outcome", "A payment is told when all of it is known; set its outcome to complete.")
	}
	if trace := root.get("paymentIdentifier").get("value"); !trace.Exists() {
		r.invalid("required", trace.path, "The payment must state its trace number.")
	} else {
		r.Trace = trace.Text()
		r.check(trace.path, models.CheckLine(r.Trace))
	}
	r.Amount, _ = r.amount(root.get("paymentAmount"))
	day := root.get("paymentDate")
	r.Day = dayIn(day.Node, zone)
	r.plausible(day, r.Day)
	r.how(root)
	r.details(root)
	return r.Remittance, r.err()
}

type remittanceReader struct {
	models.Remittance
	refusals
}

// how reads the way that it is paid, and the door it came by.
func (r *remittanceReader) how(root spot) {
	r.Source = r.source(root)
	for e := range root.each("extension") {
		if !e.Get("url").Is(fhir.ExtensionPaymentMethod) {
			continue
		}
		method := e.choice("value", "Code")
		if r.Method = models.RemittanceMethod(method.Text()); !slices.Contains(models.RemittanceMethods(), r.Method) {
			r.invalid("code-invalid", method.path, "A payer pays by ACH, CHK, FWT, BOP or NON.")
		}
	}
}

// IsPaper reports whether a document says that a person entered it from paper.
func IsPaper(d *fhir.Document) bool {
	for e := range d.Root().Get("extension").Children() {
		if e.Get("url").Is(fhir.ExtensionSource) {
			return e.Get("valueCode").Is(string(models.SourcePaper))
		}
	}
	return false
}

// Issuer gives the payer that a PaymentReconciliation names, or "".
func Issuer(d *fhir.Document) models.OrganizationID {
	return models.OrganizationID(idOf(d.Root().Get("paymentIssuer"), "Organization"))
}

// Trace gives the trace number of a PaymentReconciliation, or "".
func Trace(d *fhir.Document) string {
	return d.Root().Get("paymentIdentifier").Get("value").Text()
}

// source reads the door that a document came by: over FHIR where it says nothing else.
func (r *refusals) source(root spot) models.AnswerSource {
	for e := range root.each("extension") {
		if !e.Get("url").Is(fhir.ExtensionSource) {
			continue
		}
		switch source := e.choice("value", "Code"); source.Text() {
		case string(models.SourceFHIR):
		case string(models.SourcePaper):
			return models.SourcePaper
		default:
			r.invalid("code-invalid", source.path, "What comes over FHIR has the source fhir, or paper where a person enters it.")
		}
	}
	return models.SourceFHIR
}

func (r *remittanceReader) details(root spot) {
	if root.Get("detail").Len() > detailsMax {
		r.rule("remittance.too-many", root.path+".detail", "The payment has more than 10,000 details; no payer puts as much into one.")
		return
	}
	for d := range root.each("detail") {
		detail := models.RemittanceDetail{Sequence: len(r.Details) + 1}
		detail.Amount, _ = r.amount(d.get("amount"))
		switch codeIn(d.Get("type"), fhir.SystemPaymentType) {
		case fhir.PaymentOfClaim:
			detail.ClaimID = models.ClaimID(idOf(d.Get("request"), "Claim"))
			if detail.AnswerID = models.AnswerID(idOf(d.Get("response"), "ClaimResponse")); detail.AnswerID == "" {
				r.invalid("required", d.path+".response", "What is paid for a claim must name the answer to it, as ClaimResponse/ and its id.")
			}
		case fhir.PaymentAdjustment, fhir.PaymentAdvance:
			if reference := d.get("identifier").get("value"); reference.Exists() {
				detail.Reference = reference.Text()
				r.check(reference.path, models.CheckLine(detail.Reference))
			}
			if detail.Code = codeIn(d.Get("type"), models.SystemPLB); detail.Code == "" {
				r.invalid("required", d.path+".type", "Money that is about no claim must say what it is, by the code of its adjustment.")
			} else {
				r.check(d.path+".type", models.CheckCode(detail.Code))
			}
		default:
			r.invalid("code-invalid", d.path+".type", "A detail is a payment, an adjustment or an advance.")
		}
		r.Details = append(r.Details, detail)
	}
}
