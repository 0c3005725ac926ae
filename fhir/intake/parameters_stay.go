package intake

import (
	"medbill/models"
	"medbill/models/money"
)

// revenue reads a revenue code, as valueCode, valueString or valueCoding.
func (r *refusals) revenue(part spot) string {
	code := part.oneOf("value", "Code", "String").Text()
	if coding := part.choice("value", "Coding"); systemOf(coding.Get("system")) == models.SystemRevenue {
		code = coding.Get("code").Text()
	}
	if code == "" {
		r.invalid("code-invalid", part.path+".value", "The revenue code must be one of the NUBC's.")
	}
	r.check(part.path+".value", models.CheckCode(code))
	return code
}

// stay reads the parameter stay of $code: typeOfBill, admitted, discharged, priority, pointOfOrigin and dischargeStatus once each, and
// as often as there are diagnosis, provider, procedure, occurrence, occurrenceSpan, condition and value, which have parts.
func (r *refusals) stay(p spot, c *models.Coding) {
	words := map[string]*string{
		"typeOfBill": &c.Stay.BillType, "priority": &c.Stay.Priority, "pointOfOrigin": &c.Stay.PointOfOrigin, "dischargeStatus": &c.Stay.DischargeStatus,
	}
	moments := map[string]*string{"admitted": &c.Stay.Admitted, "discharged": &c.Stay.Discharged}
	seen := map[string]bool{}
	for part := range p.each("part") {
		name := part.Get("name").Text()
		word, isWord := words[name]
		moment, isMoment := moments[name]
		switch {
		case (isWord || isMoment) && !r.once(part, name, seen):
		case isWord:
			*word = r.word(part)
		case isMoment:
			n := part.choice("value", "DateTime")
			r.day(n, nil)
			*moment = n.Text()
		case !r.repeated(name, part, c):
			r.invalid("invalid", part.path, "This part is unknown; the OperationDefinition of $code lists those that are.")
		}
	}
	c.Stay.BillType = models.BillType(c.Stay.BillType)
}

// word reads a code, as valueCode or valueString.
func (r *refusals) word(part spot) string {
	n := part.oneOf("value", "Code", "String")
	if n.Text() == "" {
		r.invalid("required", n.path, "The code is missing; state it as valueCode.")
	}
	r.check(n.path, models.CheckCode(n.Text()))
	return n.Text()
}

// informations names the kinds of information as the parts of a stay.
var informations = map[string]models.InformationKind{
	"occurrence": models.InformationOccurrence, "occurrenceSpan": models.InformationSpan,
	"condition": models.InformationCondition, "value": models.InformationValue,
}

// repeated reads a part that may stand often, or reports that it is none.
func (r *refusals) repeated(name string, part spot, c *models.Coding) bool {
	kind, isInformation := informations[name]
	switch {
	case name == "diagnosis":
		r.diagnosed(part, c.Diagnoses)
	case name == "provider":
		c.Stay.Providers = append(c.Stay.Providers, r.roleOf(part))
	case name == "procedure":
		var one models.StayProcedure
		r.parts(part, "a procedure takes code and date.", map[string]func(spot){
			"code": func(p spot) { one.Code = r.word(p) },
			"date": func(p spot) { one.Day = r.day(p.choice("value", "Date"), nil) },
		})
		c.Stay.Procedures = append(c.Stay.Procedures, one)
	case isInformation:
		c.Stay.Information = append(c.Stay.Information, r.informed(kind, part))
	default:
		return false
	}
	return true
}

// parts reads parts that each stand at most once; takes says which there are.
func (r *refusals) parts(p spot, takes string, readers map[string]func(spot)) {
	seen := map[string]bool{}
	for part := range p.each("part") {
		name := part.Get("name").Text()
		read, known := readers[name]
		switch {
		case !known:
			r.invalid("invalid", part.path, "This part is unknown; "+takes)
		case r.once(part, name, seen):
			read(part)
		}
	}
}

// diagnosed reads what a house says of a diagnosis, by its place in the list.
func (r *refusals) diagnosed(p spot, diagnoses []models.Diagnosis) {
	at := -1
	var said models.InHospital
	for part := range p.each("part") {
		switch part.Get("name").Text() {
		case "sequence":
			if n, ok := r.pointer(part.choice("value", "PositiveInt"), len(diagnoses)); ok {
				at = n - 1
			}
		case "role":
			said.Roles = append(said.Roles, r.word(part))
		case "onAdmission":
			said.OnAdmission = r.word(part)
		case "package":
			said.Package = r.word(part)
		default:
			r.invalid("invalid", part.path, "This part is unknown; a diagnosis of a stay takes sequence, role, onAdmission and package.")
		}
	}
	if at < 0 {
		r.invalid("required", p.path+".part", "The part sequence is missing; say which diagnosis it is, counted from 1.")
		return
	}
	diagnoses[at].InHospital = said
}

func (r *refusals) roleOf(p spot) models.StayProvider {
	var one models.StayProvider
	r.parts(p, "a provider takes role and practitioner.", map[string]func(spot){
		"role": func(part spot) { one.Role = models.ProviderRole(r.word(part)) },
		"practitioner": func(part spot) {
			reference := part.choice("value", "Reference")
			one.Who.ID = models.PractitionerID(idOf(reference.Node, "Practitioner"))
			if one.Who.ID == "" {
				r.invalid("value", reference.path, "The provider must be named as Practitioner/ and the id.")
			}
		},
	})
	return one
}

func (r *refusals) informed(kind models.InformationKind, p spot) models.StayInformation {
	one := models.StayInformation{Kind: kind}
	r.parts(p, "a code of a stay takes code, and as it needs them date, start, end, amount and number.", map[string]func(spot){
		"code":  func(part spot) { one.Code = r.word(part) },
		"date":  func(part spot) { one.From = r.day(part.choice("value", "Date"), nil) },
		"start": func(part spot) { one.From = r.day(part.choice("value", "Date"), nil) },
		"end":   func(part spot) { one.Until = r.day(part.choice("value", "Date"), nil) },
		"amount": func(part spot) {
			if cents, ok := r.amount(part.choice("value", "Money")); ok {
				one.Amount = &cents
			}
		},
		"number": func(part spot) {
			if n, ok := r.number(part.choice("value", "Decimal")); ok {
				one.Number = &n
			}
		},
	})
	return one
}

// number reads a value of at most three decimals that is not negative.
func (r *refusals) number(n spot) (models.Units, bool) {
	thousandths, err := money.ParseDecimal(string(n.Raw()), 3)
	if err != nil || thousandths < 0 {
		r.invalid("value", n.path, "The value must be a number of at most three decimals, or dollars with their currency as system and code.")
		return 0, false
	}
	return models.Units(thousandths), true
}
