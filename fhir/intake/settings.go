package intake

import (
	"strings"

	"medbill/fhir"
	"medbill/models"
)

// Settings reads the Parameters of $settings: name, timeZone, practice, goLive, autoSubmit, dueDays, selfPayHours, reviewShare, writeOffMax, closedThrough, connection
// (repeated, with the parts payer and kind) and clear (repeated, a setting that is to be empty). It refuses unknown and
// repeated parameters and values of another type; what a setting may be is billing's to say.
func Settings(d *fhir.Document) (models.SettingsChange, error) {
	r, change := &refusals{}, models.SettingsChange{}
	seen := map[string]bool{}
	for p := range rootOf(d, "Parameters").each("parameter") {
		name := p.Get("name").Text()
		if name == "connection" {
			change.Connections = append(change.Connections, r.connection(p))
			continue
		}
		if name == "clear" {
			name = r.cleared(p, &change)
		} else {
			r.setting(p, name, &change)
		}
		r.once(p, name, seen)
	}
	if err := r.err(); err != nil {
		return models.SettingsChange{}, err
	}
	return change, nil
}

func (r *refusals) setting(p spot, name string, change *models.SettingsChange) {
	switch name {
	case "name":
		change.Name = pointer(r.text(p.choice("value", "String")))
	case "timeZone":
		change.TimeZone = pointer(r.text(p.choice("value", "String")))
	case "practice":
		change.PracticeID = pointer(r.organization(p.choice("value", "Reference")))
	case "goLive":
		change.GoLive = pointer(r.day(p.choice("value", "Date"), nil))
	case "autoSubmit":
		change.AutoSubmit = pointer(r.boolean(p.choice("value", "Boolean")))
	case "dueDays":
		change.DueDays = pointer(r.unsigned(p.choice("value", "UnsignedInt")))
	case "reviewShare":
		change.ReviewShare = pointer(r.unsigned(p.choice("value", "UnsignedInt")))
	case "writeOffMax":
		change.WriteOffMax = pointer(r.unsigned(p.choice("value", "UnsignedInt")))
	case "closedThrough":
		change.ClosedThrough = pointer(r.day(p.choice("value", "Date"), nil))
	case "selfPayHours":
		change.SelfPayHours = pointer(r.unsigned(p.choice("value", "UnsignedInt")))
	default:
		r.invalid("invalid", p.path, "This parameter is unknown; the OperationDefinition of $settings lists those that are.")
	}
}

// cleared empties a setting and gives its name.
func (r *refusals) cleared(p spot, change *models.SettingsChange) string {
	code := p.choice("value", "Code")
	switch code.Text() {
	case "name":
		change.Name = pointer("")
	case "practice":
		change.PracticeID = pointer(models.OrganizationID(""))
	case "goLive":
		change.GoLive = pointer(models.Date(""))
	case "closedThrough":
		change.ClosedThrough = pointer(models.Date(""))
	default:
		r.invalid("code-invalid", code.path, "Only name, practice, goLive and closedThrough can be empty; name one of them as valueCode.")
	}
	return code.Text()
}

func (r *refusals) connection(p spot) models.PayerConnection {
	var c models.PayerConnection
	seen := map[string]bool{}
	for part := range p.each("part") {
		name := part.Get("name").Text()
		if !r.once(part, name, seen) {
			continue
		}
		switch name {
		case "payer":
			c.PayerID = r.organization(part.choice("value", "Reference"))
		case "kind":
			c.Kind = models.ConnectionKind(part.choice("value", "Code").Text())
		default:
			r.invalid("invalid", part.path, "This part is unknown; a connection takes payer and kind.")
		}
	}
	r.needed(seen, p.path+".part", "payer", "The part payer is missing; refer to the payer's Organization.")
	r.needed(seen, p.path+".part", "kind", "The part kind is missing; state how the payer is reached.")
	return c
}

func (r *refusals) organization(reference spot) models.OrganizationID {
	id, ok := strings.CutPrefix(reference.Get("reference").Text(), "Organization/")
	if !ok {
		r.invalid("value", reference.path, "The parameter must be a valueReference to an Organization of this server.")
		return ""
	}
	r.check(reference.path, models.CheckID(id))
	return models.OrganizationID(id)
}

func (r *refusals) boolean(n spot) bool {
	if n.Kind() != fhir.KindBool {
		r.invalid("value", n.path, "The parameter must be a valueBoolean.")
	}
	return n.Text() == "true"
}

// unsigned reads a whole number that may be 0.
func (r *refusals) unsigned(n spot) int {
	if n.Kind() == fhir.KindNumber && n.Text() == "0" {
		return 0
	}
	number, ok := positiveOf(n.Node)
	if !ok {
		r.invalid("value", n.path, "The parameter must be a valueUnsignedInt of at most eight digits.")
	}
	return number
}

func pointer[V any](v V) *V { return &v }
