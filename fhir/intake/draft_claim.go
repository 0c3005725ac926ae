package intake

import (
	"slices"
	"time"

	"medbill/fhir"
	"medbill/models"
	"medbill/models/money"
)

// DraftClaim reads a draft Claim that a front end wrote. Our number, our extensions and `created` are not read: they are
// the server's. Lines keep their order; a line's units are 1 where it has no quantity, its date is the Claim's where that is a
// single day, and its provider is the one of its careTeamSequence, else the claim's. Days are taken in zone, or as written
// where zone is nil. roles are the PractitionerRoles that DraftRoles gives, as far as they are there. Its case is that of the visit its items name, "" where they name none. What may be missing until the
// claim is scrubbed (insurer, rendering provider, diagnoses, dates, place of service) is empty.
//
// It refuses (Invalid) a missing patient, focal coverage, item, code or amount, other code systems than CPT, HCPCS and
// ICD-10-CM, pointers at no diagnosis or member of the care team, and amounts that contradict each other; (BusinessRule) what
// is no professional or institutional draft of a first claim, a billing provider that is no Organization or a role for one, a line that several may have done, several visits, a
// factor, several places of service, and amounts that cannot enter the books.
func DraftClaim(d *fhir.Document, zone *time.Location, roles ...models.PractitionerRole) (models.Claim, error) {
	root := rootOf(d, "Claim")
	c := draftReader{
		Claim: models.Claim{ID: models.ClaimID(d.ID()), State: models.ClaimDraft, Position: 1, Part: 1},
		zone:  zone, own: heldIn(root.Node), roles: roles, diagnosed: map[int]bool{}, numbered: map[int]bool{},
	}
	c.kind(root)
	c.parties(root)
	c.careTeam(root)
	c.coverage(root)
	c.diagnoses(root)
	c.period(root)
	c.hospital(root)
	lines := root.Get("item").Len()
	if c.check(root.path+".item", models.CheckServices(lines)) {
		for item := range root.each("item") {
			c.line(item)
		}
	}
	if lines == 0 {
		c.invalid("required", root.path+".item", "The claim has no item; state at least one service.")
	}
	if c.Type.Facts().HasPlace {
		c.head(root)
	}
	c.visit(root)
	c.total(root)
	if err := c.err(); err != nil {
		return models.Claim{}, err
	}
	return c.Claim, nil
}

// draftReader is a draft as far as it is read.
type draftReader struct {
	models.Claim
	refusals
	zone      *time.Location
	own       held
	roles     []models.PractitionerRole
	wholeDay  models.Date  // the day of a billable period of one day
	diagnosed map[int]bool // sequences of diagnoses
	numbered  map[int]bool // sequences of items
	team      []teamMember
}

// firstFrequency is the claim frequency code of a first claim. X12 CLM05-3.
const firstFrequency = "1"

func (c *draftReader) kind(root spot) {
	if !root.Get("status").Is("draft") {
		c.rule("claim.not-draft", root.path+".status", "Only a draft can be sent; the server sets every other status.")
	}
	if !root.Get("use").Is("claim") {
		c.rule("claim.use", root.path+".use", "The use must be claim; preauthorizations and predeterminations are not billed.")
	}
	for e := range root.each("extension") {
		if code := e.choice("value", "Code"); e.Get("url").Is(fhir.ExtensionClaimFrequency) && code.Text() != firstFrequency {
			c.rule("claim.frequency", code.path, "A claim that replaces or voids another one is made here; decide replace or void about the work on that one, or call its $void.")
		}
	}
	for _, facts := range models.ClaimTypes {
		if hasCode(root.Get("type"), fhir.SystemClaimType, string(facts.Type)) {
			c.Type = facts.Type
		}
	}
	if c.Type == "" {
		c.rule("claim.type", root.path+".type", "The type must be professional or institutional; other claims are not billed here.")
	}
}

func (c *draftReader) parties(root spot) {
	c.PatientID = models.PatientID(idOf(root.Get("patient"), "Patient"))
	if c.PatientID == "" {
		c.invalid("required", root.path+".patient", "The claim must name its patient, as Patient/ and its id.")
	}
	c.InsurerID = models.OrganizationID(idOf(root.Get("insurer"), "Organization"))
	c.BillingID = models.OrganizationID(idOf(root.Get("provider"), "Organization"))
	if c.BillingID == "" {
		provider, _ := c.own.provider(root.Get("provider"))
		c.BillingID = provider.In(c.roles).PracticeID
	}
	if c.BillingID == "" {
		c.rule("claim.provider", root.path+".provider", "The provider must be the Organization that bills, or a PractitionerRole for it; name who did the service in careTeam.")
	}
}

// DraftRoles gives the PractitionerRoles that a draft names, for its billing provider or in its care team.
func DraftRoles(d *fhir.Document) []models.Ref {
	providers := []fhir.Node{d.Root().Get("provider")}
	for m := range d.Root().Get("careTeam").Children() {
		providers = append(providers, m.Get("provider"))
	}
	var roles []models.Ref
	for _, p := range providers {
		if ref := (models.Ref{Type: "PractitionerRole", ID: idOf(p, "PractitionerRole")}); ref.ID != "" && !slices.Contains(roles, ref) {
			roles = append(roles, ref)
		}
	}
	return roles
}

// visit takes the case that the items belong to, which is that of the one visit they name.
func (c *draftReader) visit(root spot) {
	switch visits := visitsIn(root.Get("item")); {
	case len(visits) > 1:
		c.rule("claim.visits", root.path+".item", "The items name several visits; send one claim for each.")
	case len(visits) == 1:
		c.CaseID = models.CaseOf(visits[0])
	}
}

// coverage takes the focal insurance; its position counts the insurances with a lower sequence.
func (c *draftReader) coverage(root spot) {
	var focal []spot
	for insurance := range root.each("insurance") {
		if insurance.Get("focal").Text() == "true" {
			focal = append(focal, insurance)
		}
	}
	if len(focal) != 1 {
		c.invalid("value", root.path+".insurance", "Exactly one insurance must be focal: the one this claim is for.")
		return
	}
	reference := focal[0].get("coverage")
	c.CoverageID = models.CoverageID(idOf(reference.Node, "Coverage"))
	if c.CoverageID == "" {
		c.invalid("required", reference.path, "The focal insurance must name its coverage, as Coverage/ and its id.")
	}
	for number := range focal[0].each("preAuthRef") {
		if c.check(number.path, models.CheckLine(number.Text())) {
			c.Authorized = append(c.Authorized, number.Text())
		}
	}
	own, _ := positiveOf(focal[0].Get("sequence"))
	for insurance := range root.Get("insurance").Children() {
		if other, ok := positiveOf(insurance.Get("sequence")); ok && other < own {
			c.Position++
		}
	}
}

func (c *draftReader) diagnoses(root spot) {
	for diagnosis := range c.entries(root, "diagnosis") {
		sequence, ok := c.positive(diagnosis.get("sequence"))
		if ok && c.diagnosed[sequence] {
			c.invalid("value", diagnosis.path+".sequence", "This sequence stands twice; number the diagnoses each once.")
		}
		c.diagnosed[sequence] = ok || c.diagnosed[sequence]
		code := diagnosisCode(diagnosis.Get("diagnosisCodeableConcept"))
		if code == "" {
			c.invalid("code-invalid", diagnosis.path+".diagnosis", "The diagnosis must be a CodeableConcept with an ICD-10-CM code.")
		}
		c.check(diagnosis.path+".diagnosis", models.CheckCode(code))
		c.Diagnoses = append(c.Diagnoses, models.ClaimDiagnosis{Sequence: sequence, Code: code, InHospital: c.inHospital(diagnosis)})
	}
}

func (c *draftReader) period(root spot) {
	period := root.get("billablePeriod")
	days := spanIn(period.Node, c.zone)
	c.ServiceFrom, c.ServiceUntil = days.From, days.Until
	c.plausible(period.get("start"), days.From)
	c.plausible(period.get("end"), days.Until)
	if c.ServiceFrom != "" && c.ServiceUntil != "" && c.ServiceUntil < c.ServiceFrom {
		c.invalid("value", period.path+".end", "The period ends before it starts; correct its days.")
	}
	if c.ServiceFrom == c.ServiceUntil {
		c.wholeDay = c.ServiceFrom
	}
}

func (c *draftReader) line(item spot) {
	sequence, ok := c.positive(item.get("sequence"))
	if ok && c.numbered[sequence] {
		c.invalid("value", item.path+".sequence", "This sequence stands twice; number the items each once.")
	}
	c.numbered[sequence] = true
	s := c.service(item)
	for modifier := range item.each("modifier") {
		code := modifier.In("coding", "code").Text()
		if !isModifier(code) {
			c.invalid("code-invalid", modifier.path, "A modifier has two capital letters or digits, as the code of its first coding.")
			continue
		}
		s.modifiers = append(s.modifiers, code)
	}
	units, billed := c.price(item)
	c.Lines = append(c.Lines, models.ClaimLine{
		Sequence: sequence, System: s.system, Code: s.code, Revenue: s.revenue, Modifiers: s.modifiers, Units: units, Measure: c.measure(item), Drug: c.given(item),
		Pointers: c.pointers(item), ServiceDate: c.serviced(item), Rendering: c.rendering(item), Billed: billed,
	})
	c.Billed += billed
	c.place(item)
}

// service reads the code of a line as the type of the claim has it.
func (c *draftReader) service(item spot) service {
	if c.Type == models.ClaimInstitutional {
		return c.ofHouse(item)
	}
	s := serviceOf(item.Get("productOrService"))
	if s.code == "" || s.revenue != "" {
		c.invalid("code-invalid", item.path+".productOrService", "The service must have a CPT or HCPCS code, with its system, and no revenue code.")
	}
	c.check(item.path+".productOrService", models.CheckCode(s.code))
	return s
}

func (c *draftReader) pointers(item spot) models.Numbers {
	var pointers models.Numbers
	for n := range item.each("diagnosisSequence") {
		sequence, ok := c.positive(n)
		switch {
		case !ok:
		case !c.diagnosed[sequence]:
			c.invalid("value", n.path, "The pointer names no diagnosis of the claim; use the sequence of one.")
		default:
			pointers = append(pointers, sequence)
		}
	}
	return pointers
}

// plausible refuses a day of service that no day of one can be; one that is not there is for whoever needs it.
func (r *refusals) plausible(n spot, day models.Date) {
	if day != "" {
		r.check(n.path, models.CheckDay(day))
	}
}

// serviced gives the day of the service and widens the claim's period to it.
func (c *draftReader) serviced(item spot) models.Date {
	var from, until models.Date
	if date := item.choice("serviced", "Date"); date.Exists() {
		from = c.day(date, c.zone)
		until = from
		c.plausible(date, from)
	}
	if period := item.choice("serviced", "Period"); period.Exists() {
		from, until = c.day(period.get("start"), c.zone), spanIn(period.Node, c.zone).Until
		c.plausible(period.get("start"), from)
		c.plausible(period.get("end"), until)
	}
	if from == "" && c.Stay.IsInpatient() {
		return "" // the lines of a stay need no day
	}
	if from == "" {
		return c.wholeDay
	}
	if c.Type == models.ClaimInstitutional && c.ServiceFrom != "" {
		return from // the statement is the sender's word, and what lies outside is found
	}
	if c.ServiceFrom == "" || from < c.ServiceFrom {
		c.ServiceFrom = from
	}
	c.ServiceUntil = max(c.ServiceUntil, from, until)
	return from
}

// price gives units and the amount for all of them: net, else unit price × units. Where both stand they must agree.
func (c *draftReader) price(item spot) (units models.Units, billed money.Cents) {
	units = models.OneUnit
	if quantity := item.get("quantity"); quantity.Exists() {
		units = c.units(quantity.get("value"))
	}
	if factor := item.get("factor"); factor.Exists() {
		if n, err := money.Parse(factor.Text()); err != nil || n != 100 {
			c.rule("claim.factor", factor.path, "A factor cannot be billed; state the amount in net without it.")
		}
	}
	net, unitPrice := item.get("net"), item.get("unitPrice")
	if !net.Exists() && !unitPrice.Exists() {
		c.invalid("required", net.path, "The item has no amount; state net or unitPrice.")
		return units, 0
	}
	var product money.Cents
	productOK := false
	if unitPrice.Exists() {
		var each money.Cents
		if each, productOK = c.asked(unitPrice); productOK {
			product = units.Times(each)
		}
		if productOK && product > models.AmountMax {
			c.rule("money.too-large", unitPrice.path, "The amount for all units is larger than 99999999.99; correct it.")
			return units, 0
		}
	}
	if !net.Exists() {
		return units, product
	}
	billed, ok := c.asked(net)
	if ok && productOK && billed != product {
		c.invalid("value", net.path, "The net amount is not unitPrice times quantity; correct one of them.")
	}
	return units, billed
}

// asked reads an amount that is asked for, which is never negative.
func (c *draftReader) asked(m spot) (money.Cents, bool) {
	amount, ok := c.amount(m)
	if ok && amount < 0 {
		c.invalid("value", m.path, "The amount must not be negative.")
		return 0, false
	}
	return amount, ok
}

// measure gives what the units of a line are.
func (c *draftReader) measure(item spot) models.Measure {
	quantity := item.get("quantity")
	measure, known := measureOf(quantity.Node)
	if !known {
		c.rule("claim.quantity", quantity.path+".code", "A line counts units of its code, or of anaesthesia minutes with the UCUM code min; what was given of a drug stands in detail.")
	}
	return measure
}

// given gives the drug of a line: the one detail that names a National Drug Code.
func (c *draftReader) given(item spot) models.Drug {
	var given models.Drug
	for detail := range item.each("detail") {
		drug := c.drug(detail.get("productOrService"), detail.get("quantity"))
		switch {
		case drug == (models.Drug{}):
		case given != (models.Drug{}):
			c.rule("claim.drugs", detail.path, "A line names one drug; send a line for each.")
		default:
			given = drug
		}
	}
	return given
}

// place takes the place of service, which is one for the whole claim.
func (c *draftReader) place(item spot) {
	location := item.choice("location", "CodeableConcept")
	if !location.Exists() || !c.Type.Facts().HasPlace {
		return
	}
	code := codeIn(location.Node, models.SystemPlaceOfService)
	switch {
	case code == "":
		c.invalid("code-invalid", location.path, "The location must have a code of the CMS place of service code set.")
	case c.PlaceOfService != "" && c.PlaceOfService != code:
		c.rule("claim.places", location.path, "All items of a claim must have the same place of service; send one claim per place.")
	default:
		c.PlaceOfService = code
	}
}

func (c *draftReader) total(root spot) {
	total := root.get("total")
	if !total.Exists() {
		return
	}
	if amount, ok := c.amount(total); ok && amount != c.Billed && len(c.issues) == 0 {
		c.invalid("value", total.path, "The total is not the sum of the items; correct one of them.")
	}
}

// units reads a count of units; one that cannot be read counts as one until the refusal is told.
func (r *refusals) units(value spot) models.Units {
	units, err := models.ReadUnits(string(value.Raw()))
	if !r.check(value.path, err) {
		return models.OneUnit
	}
	return units
}
