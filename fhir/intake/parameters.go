package intake

import (
	"cmp"
	"slices"
	"time"

	"medbill/fhir"
	"medbill/models"
	"medbill/models/money"
)

// PaymentRequest is what $pay asks for.
type PaymentRequest struct {
	Amount    money.Cents
	Method    models.PaymentMethod
	Reference string // of the card processor, check number …; "" where none is given
}

// Payment reads the Parameters of $pay: amount (valueMoney, USD), method (valueCode card, ach, cash, check or other) and an optional
// reference (valueString). It refuses unknown and repeated parameters and what amounts refuse; what a payment may be is the
// use case's to say.
func Payment(d *fhir.Document) (PaymentRequest, error) {
	r, request := &refusals{}, PaymentRequest{}
	seen := r.parameters(d, "$pay takes amount, method and reference.", func(name string, p spot) bool { return r.payment(&request, name, p) })
	r.paymentNeeds(seen)
	if err := r.err(); err != nil {
		return PaymentRequest{}, err
	}
	return request, nil
}

// payment reads a parameter of a payment, or reports that it is none.
func (r *refusals) payment(into *PaymentRequest, name string, p spot) bool {
	switch name {
	case "amount":
		into.Amount, _ = r.amount(p.choice("value", "Money"))
	case "method":
		into.Method = r.method(p.choice("value", "Code"))
	case "reference":
		into.Reference = r.text(p.choice("value", "String"))
	default:
		return false
	}
	return true
}

func (r *refusals) paymentNeeds(seen map[string]bool) {
	r.needed(seen, "Parameters.parameter", "amount", "The parameter amount is missing; state what the patient paid.")
	r.needed(seen, "Parameters.parameter", "method", "The parameter method is missing; state card, ach, cash, check or other.")
}

func (r *refusals) method(code spot) models.PaymentMethod {
	if method := models.PaymentMethod(code.Text()); slices.Contains(models.PaymentMethods(), method) {
		return method
	}
	r.invalid("code-invalid", code.path, "The method must be card, ach, cash, check or other, as valueCode.")
	return ""
}

func (r *refusals) text(n spot) string {
	if n.Kind() != fhir.KindString {
		r.invalid("value", n.path, "The parameter must be a valueString.")
	}
	return n.Text()
}

// parameters reads Parameters that each stand at most once, and gives the names of those that are there. read takes one, or reports
// that it is unknown; takes says which there are.
func (r *refusals) parameters(d *fhir.Document, takes string, read func(name string, p spot) bool) map[string]bool {
	seen := map[string]bool{}
	for p := range rootOf(d, "Parameters").each("parameter") {
		name := p.Get("name").Text()
		if r.once(p, name, seen) && !read(name, p) {
			r.invalid("invalid", p.path, "This parameter is unknown; "+takes)
		}
	}
	return seen
}

// once reports whether a parameter or part stands for the first time, and refuses it otherwise.
func (r *refusals) once(p spot, name string, seen map[string]bool) bool {
	if seen[name] {
		r.invalid("value", p.path, "This parameter stands twice; state it once.")
		return false
	}
	seen[name] = true
	return true
}

func (r *refusals) needed(seen map[string]bool, path, name, text string) {
	if !seen[name] {
		r.invalid("required", path, text)
	}
}

// Coding reads the Parameters of $code: diagnosis (repeated, an ICD-10-CM code as valueCode, valueString, valueCoding or
// valueCodeableConcept) and charge (repeated, with the parts code, revenue, modifier, units, pointer and serviceDate), and once what a house says of the stay. Diagnoses
// are numbered in their order; a charge without pointers points at the first four, unless it has a revenue code. It refuses unknown parameters and
// parts, codes of other systems, pointers at no diagnosis, and a request without a charge.
func Coding(d *fhir.Document) (models.Coding, error) {
	r, c := &refusals{}, coder{}
	for p := range rootOf(d, "Parameters").each("parameter") {
		if !c.takes(r, p) {
			r.invalid("invalid", p.path, "This parameter is unknown; $code takes diagnosis, charge and stay.")
		}
	}
	coding := c.said(r)
	if len(c.charges) == 0 {
		r.invalid("required", "Parameters.parameter", "The parameter charge is missing; state at least one service.")
	}
	if err := r.err(); err != nil {
		return models.Coding{}, err
	}
	return coding, nil
}

// coder gathers what a coder says: charges point at diagnoses, which may stand after them.
type coder struct {
	diagnoses []models.Diagnosis
	charges   []spot
	stay      spot
}

// takes reports whether a parameter is the coder's.
func (c *coder) takes(r *refusals, p spot) bool {
	switch p.Get("name").Text() {
	case "diagnosis":
		c.diagnoses = append(c.diagnoses, models.Diagnosis{Sequence: len(c.diagnoses) + 1, Code: r.diagnosis(p)})
	case "charge":
		c.charges = append(c.charges, p)
	case "stay":
		if c.stay.Exists() {
			r.invalid("value", p.path, "This parameter stands twice; state it once.")
		}
		c.stay = p
	default:
		return false
	}
	return true
}

func (c *coder) said(r *refusals) models.Coding {
	coding := models.Coding{Diagnoses: c.diagnoses}
	for _, p := range c.charges {
		coding.Services = append(coding.Services, r.charge(p, len(c.diagnoses)))
	}
	if c.stay.Exists() {
		r.stay(c.stay, &coding)
	}
	return coding
}

func (r *refusals) diagnosis(p spot) string {
	code := ""
	for _, dataType := range []string{"Code", "String"} {
		if n := p.choice("value", dataType); n.Exists() {
			code = n.Text()
		}
	}
	if n := p.choice("value", "Coding"); isICD10CM(n.Get("system")) {
		code = n.Get("code").Text()
	}
	if n := p.choice("value", "CodeableConcept"); n.Exists() {
		code = diagnosisCode(n.Node)
	}
	if code == "" {
		r.invalid("code-invalid", p.path+".value", "The diagnosis must be an ICD-10-CM code.")
	}
	return code
}

// charge reads one charge; diagnoses is how many there are to point at.
func (r *refusals) charge(p spot, diagnoses int) models.Service {
	s := models.Service{Units: models.OneUnit}
	seen := map[string]bool{}
	for part := range p.each("part") {
		name := part.Get("name").Text()
		repeats := name == "modifier" || name == "pointer"
		if !repeats && !r.once(part, name, seen) {
			continue
		}
		switch name {
		case "code":
			code := r.service(part)
			s.System, s.Code, s.Revenue = code.system, code.code, cmp.Or(code.revenue, s.Revenue)
			s.Modifiers = append(s.Modifiers, code.modifiers...)
		case "revenue":
			s.Revenue = r.revenue(part)
		case "modifier":
			if code := r.modifier(part.choice("value", "Code")); code != "" {
				s.Modifiers = append(s.Modifiers, code)
			}
		case "units":
			s.Units = r.units(part.oneOf("value", "Decimal", "PositiveInt"))
		case "minutes":
			n, _ := r.positive(part.choice("value", "PositiveInt"))
			s.Units, s.Measure = models.UnitsOf(n), models.InMinutes
		case "drug":
			s.Drug.NDC = r.ndc(part.oneOf("value", "Code", "String"))
		case "drugQuantity":
			s.Drug.Unit, s.Drug.Quantity = r.dose(part.choice("value", "Quantity"))
		case "pointer":
			if n, ok := r.pointer(part.choice("value", "PositiveInt"), diagnoses); ok {
				s.Pointers = append(s.Pointers, n)
			}
		case "serviceDate":
			s.ServiceDate = r.day(part.choice("value", "Date"), nil)
		default:
			r.invalid("invalid", part.path, "This part is unknown; a charge takes code, revenue, modifier, units or minutes, drug, drugQuantity, pointer and serviceDate.")
		}
	}
	if seen["units"] && seen["minutes"] {
		r.invalid("invalid", p.path+".part", "A charge counts units or minutes; leave one of them out.")
	}
	if seen["drug"] != seen["drugQuantity"] {
		r.invalid("required", p.path+".part", "A drug is told by drug, its number, and drugQuantity, how much of it was given; send both or none.")
	}
	if s.Revenue == "" {
		r.needed(seen, p.path+".part", "code", "The part code is missing; state the CPT or HCPCS code of the service, or its revenue code.")
	} else if s.Code == "" {
		s.System, s.Code = models.SystemRevenue, s.Revenue
	}
	if len(s.Pointers) == 0 && s.Revenue == "" {
		for n := range min(diagnoses, models.LinePointersMax) {
			s.Pointers = append(s.Pointers, n+1)
		}
	}
	return s
}

// service reads the code of a charge, as valueCoding or valueCodeableConcept.
func (r *refusals) service(part spot) service {
	s := serviceOf(part.Get("valueCodeableConcept"))
	if coding := part.Get("valueCoding"); coding.Exists() {
		code, modifiers := splitModifiers(coding.Get("code").Text())
		s = service{code: code, modifiers: modifiers}
		if systemOf(coding.Get("system")) == models.SystemRevenue {
			s = service{revenue: code}.ofHouse()
		}
		if system := serviceSystem(coding.Get("system")); system != "" {
			s.system = levelOf(system, code)
		}
	}
	if s.system == "" || s.code == "" {
		r.invalid("code-invalid", part.path+".value", "The service must be a CPT, HCPCS or revenue code, with its system.")
		return service{}
	}
	return s
}

func (r *refusals) modifier(n spot) string {
	if code := n.Text(); isModifier(code) {
		return code
	}
	r.invalid("code-invalid", n.path, "A modifier has two capital letters or digits.")
	return ""
}

func (r *refusals) pointer(n spot, diagnoses int) (int, bool) {
	number, ok := r.positive(n)
	if ok && number > diagnoses {
		r.invalid("value", n.path, "The pointer names no diagnosis; diagnoses are numbered from 1 in their order.")
		return 0, false
	}
	return number, ok
}

// day reads a day that is needed.
func (r *refusals) day(n spot, zone *time.Location) models.Date {
	date := dayIn(n.Node, zone)
	if date == "" {
		r.invalid("value", n.path, "The date must name the day, as in 2026-03-02.")
	}
	return date
}
