package intake

import (
	"slices"
	"strconv"
	"time"

	"medbill/fhir"
	"medbill/models"
)

// guarantorsMax bounds those who ever answered for one account.
const guarantorsMax = 100

// IsPatientAccount reports whether an Account is to be one patient's billing account: by its type, or where it has none, and not about
// something else than patients. https://hl7.org/fhir/R4/account.html
func IsPatientAccount(d *fhir.Document) bool {
	root := d.Root()
	if kind := root.Get("type"); kind.Exists() && !hasCode(kind, fhir.SystemActCode, fhir.CodePatientAccount) {
		return false
	}
	subjects := root.Get("subject")
	own := heldIn(root)
	for reference := range subjects.Children() {
		if typ := own.named(reference).Type; typ == "Patient" || typ == "" {
			return true
		}
	}
	return subjects.Len() == 0
}

// Account reads whose account it is and who answers for it; days are taken in zone. It refuses (BusinessRule) an account of no patient
// or of several (account.subject), one that is not active (account.status), a guarantor who is nobody of this server
// (account.guarantor), and a period that ends before it starts (account.period).
func Account(d *fhir.Document, zone *time.Location) (models.PatientID, []models.Guarantor, error) {
	root, r := rootOf(d, "Account"), &refusals{}
	own := heldIn(root.Node)
	var patient models.PatientID
	if subjects := root.Get("subject"); subjects.Len() == 1 {
		patient = models.PatientID(idOf(subjects.At(0), "Patient"))
	}
	if patient == "" {
		r.rule("account.subject", "Account.subject", "An account is one patient's; name a Patient of this server as its only subject.")
	}
	if root.Get("status").Text() != "active" {
		r.rule("account.status", "Account.status", "What is in the books stays active; end the period of a guarantor who answers no longer.")
	}
	list := root.Get("guarantor").Len()
	if list > guarantorsMax {
		r.rule("account.too-many", "Account.guarantor", "The account has more than "+strconv.Itoa(guarantorsMax)+" guarantors; leave out those whose time is over.")
		return patient, nil, r.err()
	}
	var answering []models.Guarantor
	for one := range root.each("guarantor") {
		period := spanIn(one.Get("period"), zone)
		g := models.Guarantor{Party: own.named(one.Get("party")), PeriodFrom: period.From, PeriodTo: period.Until, OnHold: one.Get("onHold").Text() == "true"}
		if g.Party.ID == "" || !slices.Contains([]string{"Patient", "RelatedPerson", "Organization"}, g.Party.Type) {
			r.rule("account.guarantor", one.path+".party", "Who answers is a Patient, a RelatedPerson or an Organization of this server; name one by its address or by an identifier that it alone has.")
		}
		if g.PeriodFrom != "" && g.PeriodTo != "" && g.PeriodTo < g.PeriodFrom {
			r.rule("account.period", one.path+".period", "The period ends before it starts; correct one of its days.")
		}
		answering = append(answering, g)
	}
	return patient, answering, r.err()
}

// Person reads a Patient or a RelatedPerson as somebody who may be asked for what is due; of a birth date that does not reach the day
// the last day that it may be counts.
func Person(d *fhir.Document) models.Person {
	p := models.Person{Ref: models.Ref{Type: d.Type(), ID: d.ID()}}
	if born := d.Root().Get("birthDate"); born.Exists() {
		p.Born = day(born)
		if p.Born == "" {
			_, p.Born = daysOfPart(born.Text())
		}
	}
	return p
}
