package intake

import (
	"time"

	"medbill/fhir"
	"medbill/models"
)

// takeMinutes is for how long work is taken where nobody says.
const takeMinutes = 30

// Take reads the Parameters of $take: minutes (valuePositiveInt), 30 where they are left out.
func Take(d *fhir.Document) (minutes int, err error) {
	r := &refusals{}
	minutes = takeMinutes
	r.parameters(d, "$take takes minutes.", func(name string, p spot) bool {
		if name == "minutes" {
			minutes, _ = r.positive(p.choice("value", "PositiveInt"))
		}
		return name == "minutes"
	})
	return minutes, r.err()
}

// WorkSnooze is what $snooze asks for; 0 is now.
type WorkSnooze struct {
	Until  models.Instant
	Reason string
}

// Snooze reads the Parameters of $snooze: until (valueInstant) and reason (valueString).
func Snooze(d *fhir.Document) (WorkSnooze, error) {
	r, snooze := &refusals{}, WorkSnooze{}
	seen := r.parameters(d, "$snooze takes until and reason.", func(name string, p spot) bool {
		switch name {
		case "until":
			snooze.Until = r.instant(p.choice("value", "Instant"))
		case "reason":
			snooze.Reason = r.text(p.choice("value", "String"))
		default:
			return false
		}
		return true
	})
	r.needed(seen, "Parameters.parameter", "reason", "The parameter reason is missing; say why the work is put off.")
	return snooze, r.err()
}

func (r *refusals) instant(n spot) models.Instant {
	at, err := time.Parse(time.RFC3339Nano, n.Text())
	if err != nil {
		r.invalid("value", n.path, "The moment must be a valueInstant, as in 2026-03-02T15:04:05Z.")
		return 0
	}
	return models.InstantOf(at)
}

// WorkVerdict is what $decide asks for.
type WorkVerdict struct {
	Decision models.Decision
	Reason   string
	Coding   models.Coding
	Fees     FeeLoad
	Claim    models.ClaimID
	// Documents are DocumentReferences.
	Documents []models.Ref
	Fee       models.Cents // 0 where none is charged
}

// Verdict reads the Parameters of $decide: decision (valueCode), reason (valueString), diagnosis and charge as $code takes them,
// claim and document (valueReference), fee (valueMoney), and what $load-fees takes. What goes with which decision is the use case's to say.
func Verdict(d *fhir.Document) (WorkVerdict, error) {
	r, v, c := &refusals{}, WorkVerdict{}, coder{}
	seen := map[string]bool{}
	for p := range rootOf(d, "Parameters").each("parameter") {
		if c.takes(r, p) {
			continue
		}
		name := p.Get("name").Text()
		if name == "document" {
			v.Documents = append(v.Documents, r.document(p.choice("value", "Reference")))
			continue
		}
		if !r.once(p, name, seen) {
			continue
		}
		switch {
		case name == "decision":
			v.Decision = models.Decision(p.choice("value", "Code").Text())
		case name == "reason":
			v.Reason = r.text(p.choice("value", "String"))
		case name == "claim":
			claim := p.choice("value", "Reference")
			if v.Claim = models.ClaimID(idOf(claim.Node, "Claim")); v.Claim == "" {
				r.invalid("value", claim.path, "The claim must be a Reference to a Claim of this server.")
			}
		case name == "fee":
			v.Fee = r.paid(p)
		case !r.fee(name, p, &v.Fees):
			r.invalid("invalid", p.path, "This parameter is unknown; the OperationDefinition of $decide lists those that are.")
		}
	}
	v.Coding = c.said(r)
	r.needed(seen, "Parameters.parameter", "decision", "The parameter decision is missing; the work item lists what can be decided.")
	return v, r.err()
}

// document reads a reference to a DocumentReference.
func (r *refusals) document(reference spot) models.Ref {
	ref := models.Ref{Type: "DocumentReference", ID: idOf(reference.Node, "DocumentReference")}
	if ref.ID == "" {
		r.invalid("value", reference.path, "The document must be a Reference to a DocumentReference of this server.")
	}
	return ref
}
