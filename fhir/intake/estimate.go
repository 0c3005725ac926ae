package intake

import (
	"medbill/fhir"
	"medbill/models"
)

// Estimate reads the Parameters of $estimate on a Patient: on (valueDate), service (repeated, with the parts code, modifier, units and charge), and place (valueCode), practitioner and coverage
// (valueReference), which may be left out. It refuses unknown and repeated parameters and parts, codes of other systems, and a request without a service or a day.
func Estimate(d *fhir.Document) (models.EstimateRequest, error) {
	r, e := &refusals{}, models.EstimateRequest{}
	seen := r.services(d, &e, "The parameter is unknown; the operation takes on, service, place, practitioner and coverage.", func(name string, p spot) bool {
		if name == "coverage" {
			e.CoverageID = models.CoverageID(r.named(p.choice("value", "Reference"), "Coverage"))
		}
		return name == "coverage"
	})
	r.needed(seen, "Parameters.parameter", "on", "The parameter on is missing; state the day of the services.")
	if err := r.err(); err != nil {
		return models.EstimateRequest{}, err
	}
	return e, nil
}

// GoodFaithEstimate reads the Parameters of $good-faith-estimate: what Estimate reads but for the plan, with appointment and provider (valueReference) and prepayment (valueMoney), which may be left out. The day
// may be left to the appointment.
func GoodFaithEstimate(d *fhir.Document) (models.EstimatePlan, error) {
	r, e := &refusals{}, models.EstimatePlan{}
	seen := r.services(d, &e.EstimateRequest, "The parameter is unknown; the operation takes on, appointment, service, place, practitioner, provider and prepayment.", func(name string, p spot) bool {
		switch name {
		case "appointment":
			e.Appointment = r.named(p.choice("value", "Reference"), "Appointment")
		case "provider":
			e.Biller = r.organization(p.choice("value", "Reference"))
		case "prepayment":
			amount, _ := r.amount(p.choice("value", "Money"))
			e.Prepayment = &amount
		default:
			return false
		}
		return true
	})
	if !seen["appointment"] {
		r.needed(seen, "Parameters.parameter", "on", "The parameter on is missing; state the day of the services, or the appointment.")
	}
	if err := r.err(); err != nil {
		return models.EstimatePlan{}, err
	}
	return e, nil
}

// services reads services that nobody did yet and what is said of all of them; more takes what else there is, or reports that it is unknown.
func (r *refusals) services(d *fhir.Document, e *models.EstimateRequest, unknown string, more func(name string, p spot) bool) map[string]bool {
	seen := map[string]bool{}
	for p := range rootOf(d, "Parameters").each("parameter") {
		name := p.Get("name").Text()
		if name == "service" {
			e.Services = append(e.Services, r.planned(p))
			continue
		}
		if r.once(p, name, seen) && !r.estimated(name, p, e) && !more(name, p) {
			r.invalid("invalid", p.path, unknown)
		}
	}
	if len(e.Services) == 0 {
		r.invalid("required", "Parameters.parameter", "The parameter service is missing; state at least one service.")
	}
	for i := range e.Services {
		e.Services[i].ServiceDate = e.Day
	}
	return seen
}

// estimated reads what is said of all services, and reports whether there is such a parameter.
func (r *refusals) estimated(name string, p spot, e *models.EstimateRequest) bool {
	switch name {
	case "on":
		e.Day = r.day(p.choice("value", "Date"), nil)
	case "place":
		e.Place = r.code(p.choice("value", "Code"))
	case "practitioner":
		e.Rendering = models.PractitionerID(r.named(p.choice("value", "Reference"), "Practitioner"))
	default:
		return false
	}
	return true
}

// code reads a code that is there.
func (r *refusals) code(n spot) string {
	if n.Text() == "" {
		r.invalid("value", n.path, "The parameter must be a valueCode.")
	}
	return n.Text()
}

// named reads a reference to a record of ours, which is there.
func (r *refusals) named(reference spot, typ string) string {
	id := idOf(reference.Node, typ)
	if id == "" {
		r.invalid("value", reference.path, "The parameter must be a valueReference to a "+typ+" of this server.")
	}
	return id
}

// planned reads a service that nobody did yet.
func (r *refusals) planned(p spot) models.Service {
	s := models.Service{Units: models.OneUnit}
	seen := map[string]bool{}
	for part := range p.each("part") {
		name := part.Get("name").Text()
		if name != "modifier" && !r.once(part, name, seen) {
			continue
		}
		switch name {
		case "code":
			code := r.service(part)
			s.System, s.Code = code.system, code.code
			s.Modifiers = append(s.Modifiers, code.modifiers...)
			if code.revenue != "" {
				r.invalid("code-invalid", part.path+".value", "What a house bills by revenue codes is not estimated; state the CPT or HCPCS code of the service.")
			}
		case "modifier":
			if code := r.modifier(part.choice("value", "Code")); code != "" {
				s.Modifiers = append(s.Modifiers, code)
			}
		case "units":
			s.Units = r.units(part.oneOf("value", "Decimal", "PositiveInt"))
		case "charge":
			amount, _ := r.amount(part.choice("value", "Money"))
			s.Stated = &amount
		default:
			r.invalid("invalid", part.path, "This part is unknown; a service takes code, modifier, units and charge.")
		}
	}
	r.needed(seen, p.path+".part", "code", "The part code is missing; state the CPT or HCPCS code of the service.")
	return s
}
