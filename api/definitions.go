package api

import (
	"strings"

	"medbill/fhir"
	"medbill/models/operation"
)

// operationURL is the canonical of an operation's definition; its last part is the id it is served under.
func operationURL(o operation.Operation) string {
	return strings.TrimSuffix(fhir.ExtensionBase, "StructureDefinition/") + "OperationDefinition/" + o.ID()
}

// definitionDocuments gives the documents of ours that explain what R4 does not know, by type and id.
func definitionDocuments() map[string]map[string]static {
	definitions := map[string]map[string]static{"OperationDefinition": {}, "StructureDefinition": {}}
	for _, o := range operation.All() {
		definitions["OperationDefinition"][o.ID()] = newStatic(operationDefinitionOf(o))
	}
	for _, e := range fhir.Extensions {
		definitions["StructureDefinition"][strings.TrimPrefix(e.URL, fhir.ExtensionBase)] = newStatic(extensionDefinition(e))
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
	Resource     []string              `json:"resource,omitempty"`
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

func operationDefinitionOf(o operation.Operation) []byte {
	return fhir.Encode(operationDefinition{
		ResourceType: "OperationDefinition", ID: o.ID(), URL: operationURL(o), Name: o.Name, Title: o.Title, Status: "active",
		Kind: "operation", Date: capabilityDate, Description: o.Text, AffectsState: o.AffectsState, Code: o.Code, Resource: o.Types,
		System: o.IsSystem(), Type: o.OnType, Instance: o.IsInstance(), Parameter: definitionParameters(o.Parameters),
	})
}

func definitionParameters(list []operation.Parameter) []definitionParameter {
	var written []definitionParameter
	for _, p := range list {
		written = append(written, definitionParameter{
			Name: p.Name, Use: useOf(p), Min: p.Min, Max: p.Max, Documentation: p.Text, Type: p.Type, Part: definitionParameters(p.Part),
		})
	}
	return written
}

func useOf(p operation.Parameter) string {
	if p.Out {
		return "out"
	}
	return "in"
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

func extensionDefinition(e fhir.ExtensionFacts) []byte {
	none, one := 0, 1
	value := elementDefinition{ID: "Extension.value[x]", Path: "Extension.value[x]", Min: &one}
	for _, dataType := range e.Types {
		value.Type = append(value.Type, elementType{Code: dataType})
	}
	for _, target := range e.Targets {
		value.Type[0].TargetProfile = append(value.Type[0].TargetProfile, coreDefinitions+target)
	}
	d := structureDefinition{
		ResourceType: "StructureDefinition", ID: strings.TrimPrefix(e.URL, fhir.ExtensionBase), URL: e.URL, Name: e.Name, Status: "active",
		Date: capabilityDate, Description: e.Text, FHIRVersion: fhirVersion, Kind: "complex-type", Type: "Extension",
		BaseDefinition: coreDefinitions + "Extension", Derivation: "constraint",
		Differential: elementDefinitionOf{Element: []elementDefinition{
			{ID: "Extension", Path: "Extension", Short: e.Name, Definition: e.Text},
			{ID: "Extension.extension", Path: "Extension.extension", Min: &none, Max: "0"},
			{ID: "Extension.url", Path: "Extension.url", FixedURI: e.URL},
			value,
		}},
	}
	for _, place := range e.On {
		d.Context = append(d.Context, extensionContext{"element", place})
	}
	return fhir.Encode(d)
}
