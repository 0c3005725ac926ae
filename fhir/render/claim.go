package render

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"medbill/fhir"
	"medbill/models"
)

type claim struct {
	resource
	Meta           *origin               `json:"meta,omitempty"`
	Extension      []fhir.Extension      `json:"extension,omitempty"`
	Identifier     []fhir.Identifier     `json:"identifier,omitempty"`
	Status         string                `json:"status"`
	Type           fhir.CodeableConcept  `json:"type"`
	SubType        *fhir.CodeableConcept `json:"subType,omitempty"`
	Use            string                `json:"use"`
	Patient        *fhir.Reference       `json:"patient,omitempty"`
	BillablePeriod *fhir.Period          `json:"billablePeriod,omitempty"`
	Created        string                `json:"created"`
	Insurer        *fhir.Reference       `json:"insurer,omitempty"`
	Provider       *fhir.Reference       `json:"provider,omitempty"`
	Priority       fhir.CodeableConcept  `json:"priority"`
	Related        []relatedClaim        `json:"related,omitempty"`
	CareTeam       []careTeamMember      `json:"careTeam,omitempty"`
	SupportingInfo []supportingInfo      `json:"supportingInfo,omitempty"`
	Diagnosis      []claimDiagnosis      `json:"diagnosis,omitempty"`
	Procedure      []claimProcedure      `json:"procedure,omitempty"`
	Insurance      []insurance           `json:"insurance"`
	Item           []claimItem           `json:"item,omitempty"`
	Total          *fhir.Money           `json:"total"`
}

// relatedClaim is the claim before one of the same number, and the payer's number of it.
type relatedClaim struct {
	Claim        *fhir.Reference      `json:"claim"`
	Relationship fhir.CodeableConcept `json:"relationship"`
	Reference    *fhir.Identifier     `json:"reference,omitempty"`
}

type careTeamMember struct {
	Sequence int                  `json:"sequence"`
	Provider *fhir.Reference      `json:"provider"`
	Role     fhir.CodeableConcept `json:"role"`
}

type claimDiagnosis struct {
	Sequence                 int                    `json:"sequence"`
	DiagnosisCodeableConcept fhir.CodeableConcept   `json:"diagnosisCodeableConcept"`
	Type                     []fhir.CodeableConcept `json:"type,omitempty"`
	OnAdmission              *fhir.CodeableConcept  `json:"onAdmission,omitempty"`
	PackageCode              *fhir.CodeableConcept  `json:"packageCode,omitempty"`
}

type insurance struct {
	Sequence      int             `json:"sequence"`
	Focal         bool            `json:"focal"`
	Coverage      *fhir.Reference `json:"coverage,omitempty"`
	PreAuthRef    []string        `json:"preAuthRef,omitempty"`
	ClaimResponse *fhir.Reference `json:"claimResponse,omitempty"`
}

type claimItem struct {
	Extension               []fhir.Extension       `json:"extension,omitempty"`
	Sequence                int                    `json:"sequence"`
	CareTeamSequence        []int                  `json:"careTeamSequence,omitempty"`
	DiagnosisSequence       models.Numbers         `json:"diagnosisSequence,omitempty"`
	Revenue                 *fhir.CodeableConcept  `json:"revenue,omitempty"`
	ProductOrService        fhir.CodeableConcept   `json:"productOrService"`
	Modifier                []fhir.CodeableConcept `json:"modifier,omitempty"`
	ServicedDate            models.Date            `json:"servicedDate,omitempty"`
	LocationCodeableConcept *fhir.CodeableConcept  `json:"locationCodeableConcept,omitempty"`
	Quantity                *fhir.Quantity         `json:"quantity,omitempty"`
	UnitPrice               *fhir.Money            `json:"unitPrice,omitempty"`
	Net                     *fhir.Money            `json:"net"`
	Encounter               []*fhir.Reference      `json:"encounter,omitempty"`
	Detail                  []claimDetail          `json:"detail,omitempty"`
}

// claimDetail is the drug of a line.
type claimDetail struct {
	Sequence         int                  `json:"sequence"`
	ProductOrService fhir.CodeableConcept `json:"productOrService"`
	Quantity         *fhir.Quantity       `json:"quantity,omitempty"`
}

// Claim gives a claim with its lines and diagnoses. Its state is an extension, of which status is the coarse picture; its
// number is what X12 CLM01 holds, and a line's control number is that number and the sequence. A unit price is shown where
// the line's amount is a whole number of cents per unit. Who took part in a claim that a front end wrote stays as it wrote it,
// with the assistants that the books do not know. https://hl7.org/fhir/R4/claim.html
func Claim(c models.Claim) []byte {
	d := claim{
		resource:       resource{"Claim", string(c.ID)},
		Extension:      []fhir.Extension{{URL: fhir.ExtensionClaimState, ValueCode: string(c.State)}},
		Identifier:     numbered(fhir.SystemClaimNumber, c.Number),
		Status:         c.State.Facts().Status,
		Type:           fhir.Concept(fhir.SystemClaimType, string(c.Type)),
		Use:            "claim",
		Patient:        fhir.To("Patient", c.PatientID),
		BillablePeriod: period(c.ServiceFrom, c.ServiceUntil),
		Created:        c.Created.String(),
		Insurer:        fhir.To("Organization", c.InsurerID),
		Provider:       fhir.To("Organization", c.BillingID),
		Priority:       fhir.Concept(fhir.SystemPriority, "normal"),
		Insurance:      insurances(c),
		Total:          fhir.USD(c.Billed),
	}
	if c.IsOpening() {
		d.Meta = &origin{[]fhir.Coding{fhir.OriginOpening}}
	}
	d.known(c)
	d.follows(c)
	var team []models.Performer
	switch {
	case c.Type == models.ClaimInstitutional:
		d.hospital(c)
	case !c.IsDrafted():
		team = careTeam(c)
	}
	for i, who := range team {
		role := "other"
		if who == c.Rendering {
			role = "primary"
		}
		d.CareTeam = append(d.CareTeam, careTeamMember{i + 1, performer(who), fhir.Concept(fhir.SystemCareTeamRole, role)})
	}
	for _, diagnosis := range c.Diagnoses {
		one := claimDiagnosis{Sequence: diagnosis.Sequence, DiagnosisCodeableConcept: fhir.Concept(models.SystemICD10CM, diagnosis.Code)}
		one.inHospital(diagnosis.InHospital)
		d.Diagnosis = append(d.Diagnosis, one)
	}
	for _, line := range c.Lines {
		d.Item = append(d.Item, item(c, line, team))
	}
	return fhir.Encode(d)
}

// known adds when the payer got the claim, and its number there.
func (d *claim) known(c models.Claim) {
	if c.Sent != "" {
		d.Extension = append(d.Extension, fhir.Extension{URL: fhir.ExtensionSent, ValueDateTime: string(c.Sent)})
	}
	if number := payerNumber(c.KnownAs); number != nil {
		d.Extension = append(d.Extension, fhir.Extension{URL: fhir.ExtensionPayerClaimNumber, ValueIdentifier: number})
	}
}

// payerNumber gives a payer's number of a claim; nil where there is none.
func payerNumber(number string) *fhir.Identifier {
	system, value, numbered := strings.Cut(number, "|")
	if !numbered {
		return nil
	}
	return &fhir.Identifier{System: system, Value: value}
}

// follows adds which claim this one replaces or voids.
func (d *claim) follows(c models.Claim) {
	if !c.IsCorrection() || c.Frequency == models.FrequencyAnew {
		return
	}
	d.Extension = append(d.Extension, fhir.Extension{URL: fhir.ExtensionClaimFrequency, ValueCode: string(c.Frequency)})
	before := relatedClaim{Claim: fhir.To("Claim", c.Replaces), Relationship: fhir.Concept(fhir.SystemRelatedClaim, "prior")}
	before.Reference = payerNumber(c.PayerNumber)
	d.Related = []relatedClaim{before}
}

// insurances gives the plans in turn, those that were asked before with their answers; the claim's own is focal.
func insurances(c models.Claim) []insurance {
	var list []insurance
	for _, p := range c.Prior {
		list = append(list, insurance{Sequence: len(list) + 1, Coverage: fhir.To("Coverage", p.CoverageID), ClaimResponse: fhir.To("ClaimResponse", p.AnswerID)})
	}
	return append(list, insurance{Sequence: len(list) + 1, Focal: true, Coverage: fhir.To("Coverage", c.CoverageID), PreAuthRef: c.Authorizations})
}

// careTeam gives who stands on a claim: its own provider, then those of lines that another one did, each once.
func careTeam(c models.Claim) []models.Performer {
	var team []models.Performer
	add := func(who models.Performer) {
		if who != (models.Performer{}) && !slices.Contains(team, who) {
			team = append(team, who)
		}
	}
	add(c.Rendering)
	for _, line := range c.Lines {
		add(line.Rendering)
	}
	return team
}

func item(c models.Claim, line models.ClaimLine, team []models.Performer) claimItem {
	i := claimItem{
		Sequence:          line.Sequence,
		DiagnosisSequence: line.Pointers,
		ProductOrService:  service(line),
		ServicedDate:      line.ServiceDate,
		Quantity:          units(line.Units, line.Measure),
		Net:               fhir.USD(line.Billed),
	}
	if line.Revenue != "" {
		revenue := fhir.Concept(models.SystemRevenue, line.Revenue)
		i.Revenue = &revenue
	}
	if line.ChargeID != "" {
		i.Extension = append(i.Extension, fhir.Extension{URL: fhir.ExtensionCharge, ValueReference: fhir.To("ChargeItem", line.ChargeID)})
	}
	if c.Number != "" {
		number := c.Number + "-" + strconv.Itoa(line.Sequence)
		i.Extension = append(i.Extension, fhir.Extension{URL: fhir.ExtensionLineControlNumber, ValueString: number})
	}
	if at := slices.Index(team, cmp.Or(line.Rendering, c.Rendering)); at >= 0 {
		i.CareTeamSequence = []int{at + 1}
	}
	for _, code := range line.Modifiers {
		i.Modifier = append(i.Modifier, fhir.Concept(line.System, code))
	}
	if c.PlaceOfService != "" {
		place := fhir.Concept(models.SystemPlaceOfService, c.PlaceOfService)
		i.LocationCodeableConcept = &place
	}
	if each, ok := line.Units.Each(line.Billed); ok {
		i.UnitPrice = fhir.USD(each)
	}
	if line.Drug != (models.Drug{}) {
		i.Detail = []claimDetail{{1, fhir.Concept(models.SystemNDC, line.Drug.NDC), amount(line.Drug)}}
	}
	if visit := fhir.To("Encounter", c.CaseID.Visit()); visit != nil {
		i.Encounter = []*fhir.Reference{visit}
	}
	return i
}

// service gives the code of a line; one that has a revenue code alone has none.
func service(line models.ClaimLine) fhir.CodeableConcept {
	if line.System == models.SystemRevenue {
		return fhir.NotApplicable
	}
	return fhir.Concept(line.System, line.Code)
}
