package model

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"

	"medbill/models"
)

// What a coder sees.
type (
	// Chart is a visit as a coder sees it.
	Chart struct {
		visit models.VisitID
		seen  Seen
	}
	// Seen is what is known of it beside its documents.
	Seen struct {
		Proposed  models.Coding
		Problems  []models.Finding
		IsUsable  bool
		Payers    []models.Coverage
		Unclear   string
		Earlier   []models.Case
		Suggested []Suggestion
	}
	// Suggestion is a code that facts speak for.
	Suggestion struct {
		System, Code string
		Count        int
	}
	// Communication is a message about a visit.
	Communication struct{ resource }
	// CodingWord is what a person said a visit was.
	CodingWord struct{ row models.CodingWord }
	// Proposal is what the EHR's own codes come to.
	Proposal struct{ seen Seen }
	// ProposedCharge is one service of it.
	ProposedCharge struct{ row models.Service }
	// DocumentReference is a note.
	DocumentReference struct{ resource }
	// DocumentContent is what it holds or leads to.
	DocumentContent struct{ node }
	// Observation is FHIR Observation.
	Observation struct{ resource }
	// ChartEntry is a record that says that something was done.
	ChartEntry interface{ IsChartEntry() }
)

// IsChartEntry says that a Procedure tells what was done.
func (Procedure) IsChartEntry() {}

// IsChartEntry says that a ChargeItem tells what was done.
func (ChargeItem) IsChartEntry() {}

// ChartOf shows a chart.
func ChartOf(visit models.VisitID, seen Seen) *Chart { return &Chart{visit, seen} }

// ID names the visit.
func (c Chart) ID() string { return string(c.visit) }

// Suggestions are codes that facts speak for.
func (c Chart) Suggestions() []Suggestion { return append([]Suggestion{}, c.seen.Suggested...) }

// From says what speaks for it.
func (s Suggestion) From() SuggestionSource {
	if s.Count > 0 {
		return SuggestionSourceFavourite
	}
	return SuggestionSourceChart
}

// Uses is nil for what the chart says.
func (s Suggestion) Uses() *int {
	if s.Count == 0 {
		return nil
	}
	return &s.Count
}

// IsWorkSubject says that a question waits for an answer.
func (Communication) IsWorkSubject() {}

// Status is completed and the like.
func (c Communication) Status() *string { return text(c.get("status")) }

// Sent is when.
func (c Communication) Sent() *string { return text(c.get("sent")) }

// Payload gives the texts.
func (c Communication) Payload() []string {
	said := []string{}
	for p := range c.get("payload").fhir.Each() {
		if text := p.Get("contentString").Text(); text != "" {
			said = append(said, text)
		}
	}
	return said
}

// CodingWordOf shows what a person said.
func CodingWordOf(row models.CodingWord) CodingWord { return CodingWord{row} }

// ID is that of its Provenance.
func (w CodingWord) ID() string { return string(w.row.ID) }

// Kind says how it came about.
func (w CodingWord) Kind() models.CodingKind { return w.row.Kind }

// By is who said it.
func (w CodingWord) By() User { return User{w.row.Who} }

// At is when.
func (w CodingWord) At() string { return w.row.At.String() }

// Of is whose coding was looked over.
func (w CodingWord) Of() *User { return UserOf(w.row.Of) }

// Diagnosis gives the codes, in order.
func (w CodingWord) Diagnosis() []string { return append([]string{}, w.row.Diagnoses...) }

// Service gives the codes.
func (w CodingWord) Service() []string {
	codes := []string{}
	for _, s := range w.row.Services {
		_, code, _ := strings.Cut(s, "|")
		codes = append(codes, code)
	}
	return codes
}

// Proposed is what the EHR's own codes come to.
func (c Chart) Proposed() Proposal { return Proposal{c.seen} }

// PayerRefs names who is asked, in turn.
func (c Chart) PayerRefs() []models.Ref {
	refs := make([]models.Ref, len(c.seen.Payers))
	for i, p := range c.seen.Payers {
		refs[i] = models.Ref{Type: "Organization", ID: string(p.PayerID)}
	}
	return refs
}

// PayersUnclear is nil where it is clear who pays.
func (c Chart) PayersUnclear() *string { return given(c.seen.Unclear) }

// EarlierCases are the patient's others.
func (c Chart) EarlierCases() []models.Case { return c.seen.Earlier }

// IsUsable reports whether it makes a claim.
func (p Proposal) IsUsable() bool { return p.seen.IsUsable }

// Diagnosis gives the codes, in order.
func (p Proposal) Diagnosis() []string {
	codes := []string{}
	for _, d := range p.seen.Proposed.Diagnoses {
		codes = append(codes, d.Code)
	}
	return codes
}

// Charge gives the services.
func (p Proposal) Charge() []ProposedCharge {
	charges := []ProposedCharge{}
	for _, s := range p.seen.Proposed.Services {
		charges = append(charges, ProposedCharge{s})
	}
	return charges
}

// Problems gives what cannot be billed.
func (p Proposal) Problems() []models.Finding { return append([]models.Finding{}, p.seen.Problems...) }

// System is CPT or HCPCS.
func (c ProposedCharge) System() string { return c.row.System }

// Code is the service.
func (c ProposedCharge) Code() string { return c.row.Code }

// Modifier gives the modifiers.
func (c ProposedCharge) Modifier() []string { return append([]string{}, c.row.Modifiers...) }

// Units is how often.
func (c ProposedCharge) Units() string { return c.row.Units.String() }

// IsInMinutes reports whether the units are minutes.
func (c ProposedCharge) IsInMinutes() bool { return c.row.Measure == models.InMinutes }

// Drug gives what was given; nil where nothing was.
func (c ProposedCharge) Drug() *Drug {
	if c.row.Drug == (models.Drug{}) {
		return nil
	}
	return &Drug{c.row.Drug}
}

// Drug is which drug was given, and how much of it.
type Drug struct{ row models.Drug }

// Ndc is its number.
func (d Drug) Ndc() string { return d.row.NDC }

// Quantity is how much; nil where the record does not say.
func (d Drug) Quantity() *string {
	if d.row.Quantity == 0 {
		return nil
	}
	text := d.row.Quantity.String()
	return &text
}

// Unit is in what.
func (d Drug) Unit() *DrugUnit {
	if d.row.Quantity == 0 {
		return nil
	}
	unit := DrugUnit(d.row.Unit)
	return &unit
}

// DiagnosisSequence says what it was for.
func (c ProposedCharge) DiagnosisSequence() []int { return append([]int{}, c.row.Pointers...) }

// ServiceDate is the day.
func (c ProposedCharge) ServiceDate() string { return string(c.row.ServiceDate) }

// SourceRef names the record that says so.
func (c ProposedCharge) SourceRef() models.Ref {
	typ, id, _ := strings.Cut(c.row.Source, "/")
	return models.Ref{Type: typ, ID: id}
}

// Status is current, superseded or entered-in-error.
func (d DocumentReference) Status() *string { return text(d.get("status")) }

// DocStatus is preliminary, final and the like.
func (d DocumentReference) DocStatus() *string { return text(d.get("docStatus")) }

// Type is the kind of document.
func (d DocumentReference) Type() *CodeableConcept { return one[CodeableConcept](d.get("type")) }

// Category sorts it coarsely.
func (d DocumentReference) Category() []CodeableConcept {
	return list[CodeableConcept](d.get("category"))
}

// Date is when it was made known.
func (d DocumentReference) Date() *string { return text(d.get("date")) }

// Description is a title for people.
func (d DocumentReference) Description() *string { return text(d.get("description")) }

// Content gives its attachments.
func (d DocumentReference) Content() []DocumentContent {
	return list[DocumentContent](d.get("content"))
}

// ContentType is its media type.
func (c DocumentContent) ContentType() *string { return text(c.at("DocumentContent.contentType")) }

// Title is what it is called.
func (c DocumentContent) Title() *string { return text(c.at("DocumentContent.title")) }

// URL is where it is.
func (c DocumentContent) URL() *string { return text(c.at("DocumentContent.url")) }

// Size is its length in bytes.
func (c DocumentContent) Size() *int { return integer(c.at("DocumentContent.size")) }

// Creation is when it was written.
func (c DocumentContent) Creation() *string { return text(c.at("DocumentContent.creation")) }

// Text is what an attachment of plain text says; nil for any other.
func (c DocumentContent) Text() *string {
	if !strings.HasPrefix(c.fhir.In("attachment", "contentType").Text(), "text/plain") {
		return nil
	}
	said, err := base64.StdEncoding.DecodeString(c.fhir.In("attachment", "data").Text())
	if err != nil || len(said) == 0 || !utf8.Valid(said) {
		return nil
	}
	note := string(said)
	return &note
}

// Status is final, preliminary and the like.
func (o Observation) Status() *string { return text(o.get("status")) }

// Category sorts it coarsely.
func (o Observation) Category() []CodeableConcept { return list[CodeableConcept](o.get("category")) }

// Code is what was looked at.
func (o Observation) Code() *CodeableConcept { return one[CodeableConcept](o.get("code")) }

// EffectiveDateTime is when.
func (o Observation) EffectiveDateTime() *string { return text(o.get("effectiveDateTime")) }

// ValueQuantity is what was measured.
func (o Observation) ValueQuantity() *Quantity { return one[Quantity](o.get("valueQuantity")) }

// ValueCodeableConcept is what was found.
func (o Observation) ValueCodeableConcept() *CodeableConcept {
	return one[CodeableConcept](o.get("valueCodeableConcept"))
}

// ValueString is what was written.
func (o Observation) ValueString() *string { return text(o.get("valueString")) }

// Interpretation is high, low and the like.
func (o Observation) Interpretation() []CodeableConcept {
	return list[CodeableConcept](o.get("interpretation"))
}
