package intake

import (
	"medbill/fhir"
	"medbill/models"
)

// FeeLoad is what $load-fees asks for; the lines are as they came.
type FeeLoad struct {
	Name        string
	PayerID     models.OrganizationID
	From, Until models.Date
	CSV         string
}

// Fees reads the Parameters of $load-fees: name and csv (valueString), and optionally payer, from and until. It refuses
// unknown and repeated parameters and values of another type.
func Fees(d *fhir.Document) (FeeLoad, error) {
	r, load := &refusals{}, FeeLoad{}
	seen := r.parameters(d, "$load-fees takes name, payer, from, until and csv.", func(name string, p spot) bool { return r.fee(name, p, &load) })
	r.needed(seen, "Parameters.parameter", "name", "The parameter name is missing; say what the schedule is called.")
	r.needed(seen, "Parameters.parameter", "csv", "The parameter csv is missing; send the lines of the schedule.")
	if err := r.err(); err != nil {
		return FeeLoad{}, err
	}
	return load, nil
}

// fee reads a parameter of $load-fees, or reports that it is none.
func (r *refusals) fee(name string, p spot, load *FeeLoad) bool {
	switch name {
	case "name":
		load.Name = r.text(p.choice("value", "String"))
	case "payer":
		load.PayerID = r.organization(p.choice("value", "Reference"))
	case "from":
		load.From = r.day(p.choice("value", "Date"), nil)
	case "until":
		load.Until = r.day(p.choice("value", "Date"), nil)
	case "csv":
		load.CSV = r.text(p.choice("value", "String"))
	default:
		return false
	}
	return true
}

// FeeEnd is what $end-fees asks for.
type FeeEnd struct {
	Schedule models.FeeScheduleID
	Until    models.Date
}

// FeesEnd reads the Parameters of $end-fees: schedule (valueString) and until (valueDate).
func FeesEnd(d *fhir.Document) (FeeEnd, error) {
	r, end := &refusals{}, FeeEnd{}
	seen := r.parameters(d, "$end-fees takes schedule and until.", func(name string, p spot) bool {
		switch name {
		case "schedule":
			end.Schedule = models.FeeScheduleID(r.text(p.choice("value", "String")))
		case "until":
			end.Until = r.day(p.choice("value", "Date"), nil)
		default:
			return false
		}
		return true
	})
	r.needed(seen, "Parameters.parameter", "schedule", "The parameter schedule is missing; name the version by its id.")
	r.needed(seen, "Parameters.parameter", "until", "The parameter until is missing; name the last day.")
	if err := r.err(); err != nil {
		return FeeEnd{}, err
	}
	return end, nil
}
