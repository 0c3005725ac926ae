package api

import (
	"strings"

	"medbill/fhir"
)

// operationURL is the canonical of an operation's definition; its last part is the id it is served under.
func operationURL(o operation) string {
	return strings.TrimSuffix(fhir.ExtensionBase, "StructureDefinition/") + "OperationDefinition/" + operationID(o)
}

func operationID(o operation) string { return o.Type + "-" + o.Code }

// definitionDocuments gives the documents of ours that explain what R4 does not know, by type and id.
func definitionDocuments() map[string]map[string]static {
	definitions := map[string]map[string]static{"OperationDefinition": {}, "StructureDefinition": {}}
	for _, o := range operations {
		definitions["OperationDefinition"][operationID(o)] = newStatic(operationDefinitionOf(o))
	}
	for _, e := range extensions {
		definitions["StructureDefinition"][strings.TrimPrefix(e.url, fhir.ExtensionBase)] = newStatic(extensionDefinition(e))
	}
	return definitions
}

// https://hl7.org/fhir/R4/operationdefinition.html
type operationDefinition struct {
	ResourceType string                `json:"resourceType"`
	ID           string                `json:"id"`
	URL          string                `json:"url"`
	Name         string                `json:"name"`
	Title        string                `json:"title"`
	Status       string                `json:"status"`
	Kind         string                `json:"kind"`
	Date         string                `json:"date"`
	Description  string                `json:"description"`
	AffectsState bool                  `json:"affectsState"`
	Code         string                `json:"code"`
	Resource     []string              `json:"resource"`
	System       bool                  `json:"system"`
	Type         bool                  `json:"type"`
	Instance     bool                  `json:"instance"`
	Parameter    []definitionParameter `json:"parameter,omitempty"`
}

type definitionParameter struct {
	Name          string                `json:"name"`
	Use           string                `json:"use"`
	Min           int                   `json:"min"`
	Max           string                `json:"max"`
	Documentation string                `json:"documentation"`
	Type          string                `json:"type,omitempty"`
	Part          []definitionParameter `json:"part,omitempty"`
}

// operationText is what an OperationDefinition says beside its addresses.
type operationText struct {
	name, title, description string
	parameters               []definitionParameter
}

var operationTexts = map[string]operationText{
	"code": {
		"CodeVisit", "Code a visit", "Says what a finished visit was: its diagnoses in order and its services, in place of what was there. The same again changes nothing; once the claim went out it is a conflict.",
		[]definitionParameter{
			{Name: "diagnosis", Use: "in", Min: 1, Max: "12", Type: "CodeableConcept", Documentation: "An ICD-10-CM code, in the order of the claim; valueCode, valueString and valueCoding are taken too."},
			{Name: "charge", Use: "in", Min: 1, Max: "*", Documentation: "One service.", Part: []definitionParameter{
				{Name: "code", Use: "in", Min: 1, Max: "1", Type: "Coding", Documentation: "A CPT or HCPCS code with its system; valueCodeableConcept is taken too."},
				{Name: "modifier", Use: "in", Min: 0, Max: "4", Type: "code", Documentation: "A modifier of two characters."},
				{Name: "units", Use: "in", Min: 0, Max: "1", Type: "positiveInt", Documentation: "How often it was done; 1 where it is left out."},
				{Name: "pointer", Use: "in", Min: 0, Max: "4", Type: "positiveInt", Documentation: "The number of a diagnosis it was done for, counted from 1; the first four where it is left out."},
				{Name: "serviceDate", Use: "in", Min: 1, Max: "1", Type: "date", Documentation: "The day it was done."},
			}},
			{Name: "visit-state", Use: "out", Min: 1, Max: "1", Type: "code", Documentation: "How far the visit is in billing: coding, pricing, charged, billed, voided or held."},
			{Name: "charge", Use: "out", Min: 0, Max: "*", Type: "Reference", Documentation: "A ChargeItem that came of it."},
		},
	},
	"submit": {
		"SubmitClaim", "Submit a claim", "Sends a claim to its payer, once. A claim that its findings hold is refused with them; one that is sent already is given back as it is.",
		[]definitionParameter{{Name: "return", Use: "out", Min: 1, Max: "1", Type: "Claim", Documentation: "The Claim as it stands then."}},
	},
	"validate": {
		"ValidateClaim", "Validate a claim", "Checks a claim by the rules of billing. One that is not sent becomes ready or held by what they notice.",
		[]definitionParameter{{Name: "return", Use: "out", Min: 1, Max: "1", Type: "OperationOutcome", Documentation: "What the rules notice; one issue of severity information where that is nothing."}},
	},
	"pay": {
		"PayInvoice", "Pay an invoice", "Puts a patient's payment in the books. The header Idempotency-Key names the payment: the same key again is the same payment, and with another content it is refused.",
		[]definitionParameter{
			{Name: "amount", Use: "in", Min: 1, Max: "1", Type: "Money", Documentation: "What was paid, in USD. What exceeds the balance becomes a credit."},
			{Name: "method", Use: "in", Min: 1, Max: "1", Type: "code", Documentation: "card, cash, check or ach."},
			{Name: "reference", Use: "in", Min: 0, Max: "1", Type: "string", Documentation: "The card processor's reference, a check number, or the like."},
			{Name: "return", Use: "out", Min: 1, Max: "1", Type: "Invoice", Documentation: "The Invoice as it stands then."},
		},
	},
}

func operationDefinitionOf(o operation) []byte {
	text := operationTexts[o.Code]
	return fhir.Encode(operationDefinition{
		ResourceType: "OperationDefinition", ID: operationID(o), URL: operationURL(o), Name: text.name, Title: text.title, Status: "active",
		Kind: "operation", Date: capabilityDate, Description: text.description, AffectsState: true, Code: o.Code, Resource: []string{o.Type},
		Instance: true, Parameter: text.parameters,
	})
}

// extension is one of ours: where it stands and what it holds.
type extension struct {
	url, name, description, dataType string
	on                               []string
	targets                          []string // of a reference
}

var extensions = []extension{
	{fhir.ExtensionClaimState, "ClaimState", "How far a claim is on its way; Claim.status is too coarse for it.", "code", []string{"Claim"}, nil},
	{fhir.ExtensionLineControlNumber, "LineControlNumber", "The number of a line that comes back in a remittance.", "string", []string{"Claim.item"}, nil},
	{fhir.ExtensionCharge, "Charge", "The charge that a line bills.", "Reference", []string{"Claim.item"}, []string{"ChargeItem"}},
	{fhir.ExtensionModifier, "ProcedureModifier", "A CPT or HCPCS modifier, as code or Coding.", "", []string{"Procedure", "ChargeItem", "ChargeItemDefinition", "CodeableConcept"}, nil},
	{fhir.ExtensionDiagnosisPointer, "DiagnosisPointer", "The number of a diagnosis of the visit, for which a charge was made.", "positiveInt", []string{"ChargeItem"}, nil},
	{fhir.ExtensionUnitPrice, "UnitPrice", "The price of one unit; priceOverride is the price of all.", "Money", []string{"ChargeItem"}, nil},
	{fhir.ExtensionResponsible, "ResponsibleParty", "Marks a charge that no payer is asked for, with the code patient.", "code", []string{"ChargeItem"}, nil},
	{fhir.ExtensionPayer, "Payer", "Limits prices to one payer.", "Reference", []string{"ChargeItemDefinition"}, []string{"Organization"}},
	{fhir.ExtensionDueDate, "DueDate", "The day until which an invoice is to be paid.", "date", []string{"Invoice"}, nil},
	{fhir.ExtensionEncounter, "InvoiceEncounter", "The visit that an invoice bills.", "Reference", []string{"Invoice"}, []string{"Encounter"}},
}

// https://hl7.org/fhir/R4/defining-extensions.html
type structureDefinition struct {
	ResourceType   string              `json:"resourceType"`
	ID             string              `json:"id"`
	URL            string              `json:"url"`
	Name           string              `json:"name"`
	Status         string              `json:"status"`
	Date           string              `json:"date"`
	Description    string              `json:"description"`
	FHIRVersion    string              `json:"fhirVersion"`
	Kind           string              `json:"kind"`
	Abstract       bool                `json:"abstract"`
	Context        []extensionContext  `json:"context"`
	Type           string              `json:"type"`
	BaseDefinition string              `json:"baseDefinition"`
	Derivation     string              `json:"derivation"`
	Differential   elementDefinitionOf `json:"differential"`
}

type extensionContext struct {
	Type       string `json:"type"`
	Expression string `json:"expression"`
}

type elementDefinitionOf struct {
	Element []elementDefinition `json:"element"`
}

type elementDefinition struct {
	ID         string        `json:"id"`
	Path       string        `json:"path"`
	Short      string        `json:"short,omitempty"`
	Definition string        `json:"definition,omitempty"`
	Min        *int          `json:"min,omitempty"`
	Max        string        `json:"max,omitempty"`
	Type       []elementType `json:"type,omitempty"`
	FixedURI   string        `json:"fixedUri,omitempty"`
}

type elementType struct {
	Code          string   `json:"code"`
	TargetProfile []string `json:"targetProfile,omitempty"`
}

const coreDefinitions = "http://hl7.org/fhir/StructureDefinition/"

func extensionDefinition(e extension) []byte {
	none, one := 0, 1
	value := elementDefinition{ID: "Extension.value[x]", Path: "Extension.value[x]", Min: &one, Type: []elementType{{Code: e.dataType}}}
	if e.dataType == "" {
		value.Type = []elementType{{Code: "code"}, {Code: "Coding"}}
	}
	for _, target := range e.targets {
		value.Type[0].TargetProfile = append(value.Type[0].TargetProfile, coreDefinitions+target)
	}
	d := structureDefinition{
		ResourceType: "StructureDefinition", ID: strings.TrimPrefix(e.url, fhir.ExtensionBase), URL: e.url, Name: e.name, Status: "active",
		Date: capabilityDate, Description: e.description, FHIRVersion: fhirVersion, Kind: "complex-type", Type: "Extension",
		BaseDefinition: coreDefinitions + "Extension", Derivation: "constraint",
		Differential: elementDefinitionOf{Element: []elementDefinition{
			{ID: "Extension", Path: "Extension", Short: e.name, Definition: e.description},
			{ID: "Extension.extension", Path: "Extension.extension", Min: &none, Max: "0"},
			{ID: "Extension.url", Path: "Extension.url", FixedURI: e.url},
			value,
		}},
	}
	for _, place := range e.on {
		d.Context = append(d.Context, extensionContext{"element", place})
	}
	return fhir.Encode(d)
}
