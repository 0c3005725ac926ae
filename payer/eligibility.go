package payer

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"medbill/models/money"
	"medbill/payer/plan"
)

// Eligibility is what a payer says of a member who is asked about.
type Eligibility struct {
	Inactive      bool
	Refused       string // AAA03
	FollowUp      string // AAA04
	Once          bool   // refused the first time only
	OtherPayer    string // the plan that comes first
	Family        bool   // the family's amounts are told beside the member's
	Dependent     bool
	Authorization bool
	Empty         bool // nothing is said of benefits
}

// Question is one that was answered.
type Question struct {
	Arrival  string          `json:"arrival"`
	Version  string          `json:"version,omitempty"`
	Refused  string          `json:"refused,omitempty"` // AAA03
	Plan     string          `json:"plan"`
	Member   string          `json:"member"`
	Serviced string          `json:"serviced,omitempty"`
	Status   int             `json:"status,omitempty"`
	Why      string          `json:"why,omitempty"`
	Document json.RawMessage `json:"document,omitempty"`
}

// questionDocument is a CoverageEligibilityRequest as it is read.
type questionDocument struct {
	ResourceType string `json:"resourceType"`
	ID           string `json:"id"`
	Meta         struct {
		VersionID string `json:"versionId"`
	} `json:"meta"`
	Identifier     []identifier `json:"identifier"`
	Purpose        []string     `json:"purpose"`
	Patient        reference    `json:"patient"`
	ServicedDate   string       `json:"servicedDate"`
	ServicedPeriod period       `json:"servicedPeriod"`
	Created        string       `json:"created"`
	Insurer        reference    `json:"insurer"`
	Insurance      []insurance  `json:"insurance"`
	Item           []struct {
		Category         concept `json:"category"`
		ProductOrService concept `json:"productOrService"`
	} `json:"item"`
}

func (d questionDocument) coverage() reference {
	return claimDocument{Insurance: d.Insurance}.focal().Coverage
}

func (d questionDocument) read(arrival, planName string, coverage coverageDocument) *Question {
	q := &Question{Arrival: arrival, Version: d.Meta.VersionID, Plan: planName, Member: coverage.member(), Serviced: d.ServicedDate}
	if q.Serviced == "" {
		q.Serviced = d.ServicedPeriod.Start
	}
	return q
}

// asked reports whether a question was answered before. One that the payer had no answer to at the time is asked again by its
// next version.
func (p *Payer) asked(arrival, version string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, q := range slices.Backward(p.state.questions) {
		if q.Arrival == arrival {
			return q.Refused != notNow || q.Version == version
		}
	}
	return false
}

// notNow is AAA03 of a payer that cannot answer at the time.
const notNow = "42"

// respond gives the answer to a question as things stand (FHIR R4 CoverageEligibilityResponse).
func (p *Payer) respond(q *Question, d questionDocument) json.RawMessage {
	p.mu.Lock()
	defer p.mu.Unlock()
	today := p.now().Format("2006-01-02")
	if q.Serviced == "" {
		q.Serviced = today
	}
	answer := object{
		"resourceType": "CoverageEligibilityResponse", "status": "active", "purpose": d.Purpose, "patient": d.Patient, "servicedDate": q.Serviced, "created": today,
		"request": object{"reference": "CoverageEligibilityRequest/" + d.ID}, "outcome": "complete", "insurer": d.Insurer,
	}
	if d.ID == "" && len(d.Identifier) > 0 {
		answer["request"] = object{"identifier": d.Identifier[0]}
	}
	says := eligibilityOf(q.Member)
	before := 0
	for _, other := range p.state.questions {
		if other.Plan == q.Plan && other.Member == q.Member {
			before++
		}
	}
	if says.Refused != "" && !(says.Once && before > 0) {
		q.Refused, answer["outcome"] = says.Refused, "error"
		answer["error"] = []object{{
			"code":      conceptOf("https://codesystem.x12.org/005010/901", says.Refused),
			"extension": []object{{"url": extensions + "follow-up", "valueCoding": object{"system": "https://codesystem.x12.org/005010/889", "code": says.FollowUp}}},
		}}
		return encode(answer)
	}
	if says.Dependent {
		answer["disposition"] = "The member is a dependent of another subscriber."
	}
	answer["insurance"] = []object{p.state.covers(q, d, says)}
	return encode(answer)
}

// eligibilityOf gives what is said of a member; of one who plays in no such scenario, what its plan covers.
func eligibilityOf(member string) *Eligibility {
	found, says := "", (*Eligibility)(nil)
	for _, r := range Rows {
		if r.Eligibility != nil && strings.HasPrefix(strings.ToUpper(member), r.Prefix) && len(r.Prefix) > len(found) {
			found, says = r.Prefix, r.Eligibility
		}
	}
	if says == nil {
		return &Eligibility{Authorization: termsOf(ACME, member).Authorization}
	}
	return says
}

func termsOf(planName, member string) plan.Terms {
	_, part := rowOf(planName, member)
	return part.Terms
}

// amounts are what a member has and has used.
type amounts struct {
	deductible, deductibleUsed, outOfPocket, outOfPocketUsed, copay money.Cents
	coinsurance                                                     int64
}

// ofScenario is the member whom the scenarios of eligibility are about.
var ofScenario = amounts{500_00, 450_00, 1000_00, 450_00, 25_00, 20}

// covers is the insurance of an answer.
func (s *state) covers(q *Question, d questionDocument, says *Eligibility) object {
	year := dayOf(q.Serviced).Year()
	in := object{
		"coverage": d.coverage(), "inforce": !says.Inactive,
		"benefitPeriod": object{"start": strconv.Itoa(year) + "-01-01", "end": strconv.Itoa(year) + "-12-31"},
	}
	if says.OtherPayer != "" {
		in["extension"] = []object{{"url": extensions + "other-payer", "extension": []object{
			{"url": "payer", "valueIdentifier": object{"system": systemOf(says.OtherPayer, "payer"), "value": says.OtherPayer}},
			{"url": "order", "valuePositiveInt": 1}, {"url": "member", "valueString": says.OtherPayer + "-" + name("member", q.Member)},
		}}}
	}
	if says.Inactive || says.Empty {
		return in
	}
	has := ofScenario
	if row, _ := rowOf(q.Plan, q.Member); row.ID != "" || !strings.HasPrefix(strings.ToUpper(q.Member), "E") {
		t, used := termsOf(q.Plan, q.Member), s.used(&Claim{Plan: q.Plan, Member: q.Member, Serviced: q.Serviced})
		has = amounts{t.Deductible, min(used.Deductible, t.Deductible), t.OutOfPocket, min(used.OutOfPocket, t.OutOfPocket), t.Copay, t.Coinsurance}
	}
	in["item"] = benefits(q, d, says, has)
	return in
}

// benefits are the items of an insurance: the year's amounts, the family's, and what is to be paid at a visit.
func benefits(q *Question, d questionDocument, says *Eligibility, has amounts) []object {
	annual := func(unit string, list ...object) object {
		return object{
			"category": serviceType("30"), "name": Plans[q.Plan].Title, "network": conceptOf(codesOfBenefits+"network", "in"), "unit": conceptOf(codesOfBenefits+"unit", unit),
			"term": conceptOf(codesOfBenefits+"term", "annual"), "benefit": list,
		}
	}
	year := []object{limit("benefit-type", "deductible", has.deductible, has.deductibleUsed)}
	if has.outOfPocket > 0 {
		year = append(year, limit("coverage-copay-type", "maxoutofpocket", has.outOfPocket, has.outOfPocketUsed))
	}
	items := []object{annual("individual", year...)}
	if says.Family {
		items = append(items, annual("family", limit("benefit-type", "deductible", 2*has.deductible, 2*has.deductible-familyLeft)))
	}
	var visit []object
	if has.copay > 0 {
		visit = append(visit, object{"type": conceptOf(codesOfBenefits+"type", "copay"), "allowedMoney": usd(has.copay)})
	}
	visit = append(visit, object{"type": conceptOf(codesOfBenefits+"type", "copay-percent"), "allowedUnsignedInt": has.coinsurance})
	services := []object{{"category": serviceType("98")}}
	if len(d.Item) > 0 {
		services = nil
	}
	for _, asked := range d.Item {
		about := object{}
		if len(asked.Category.Coding) > 0 {
			about["category"] = asked.Category
		} else {
			about["productOrService"] = asked.ProductOrService
		}
		services = append(services, about)
	}
	for _, about := range services {
		about["authorizationRequired"], about["benefit"] = says.Authorization, visit
		items = append(items, about)
	}
	return items
}

const (
	codesOfBenefits = "http://terminology.hl7.org/CodeSystem/benefit-"
	familyLeft      = money.Cents(20_00) // of the deductible, where the family's is told
)

func serviceType(code string) object {
	return conceptOf("https://x12.org/codes/service-type-codes", code)
}

func limit(system, code string, all, used money.Cents) object {
	return object{"type": conceptOf("http://terminology.hl7.org/CodeSystem/"+system, code), "allowedMoney": usd(all), "usedMoney": usd(used)}
}
