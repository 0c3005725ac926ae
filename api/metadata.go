package api

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"medbill/fhir"
	"medbill/fhir/search"
	"medbill/internal/auth"
	"medbill/internal/build"
	"medbill/models/fault"
	"medbill/models/operation"
)

// capabilityDate is the day on which what this server offers last changed.
const capabilityDate = "2026-03-02"

const fhirVersion = "4.0.1"

// static is a document that is the same for everyone, until the next start.
type static struct {
	body []byte
	etag string
}

func newStatic(body []byte) static {
	sum := sha256.Sum256(body)
	return static{body, `W/"` + hex.EncodeToString(sum[:8]) + `"`}
}

func (s *Server) writeStatic(c *gin.Context, d static) {
	c.Header("ETag", d.etag)
	c.Header("Cache-Control", "no-cache") // may be kept, and is asked for again by its tag
	if header := c.GetHeader("If-None-Match"); header != "" && matchesTag(header, d.etag) {
		notModified(c)
		return
	}
	s.write(c, http.StatusOK, d.body)
}

// metadataDocument answers GET [base]/metadata. https://hl7.org/fhir/R4/http.html#capabilities
func (s *Server) metadataDocument(c *gin.Context) error {
	s.writeStatic(c, s.metadata)
	return nil
}

// The parts of a CapabilityStatement that we write. https://hl7.org/fhir/R4/capabilitystatement.html
type (
	capabilityStatement struct {
		ResourceType   string           `json:"resourceType"`
		Version        string           `json:"version,omitempty"`
		Name           string           `json:"name"`
		Title          string           `json:"title"`
		Status         string           `json:"status"`
		Date           string           `json:"date"`
		Kind           string           `json:"kind"`
		Software       software         `json:"software"`
		Implementation implementation   `json:"implementation"`
		FHIRVersion    string           `json:"fhirVersion"`
		Format         []string         `json:"format"`
		Rest           []capabilityRest `json:"rest"`
	}
	software struct {
		Name    string `json:"name"`
		Version string `json:"version,omitempty"`
	}
	implementation struct {
		Description string `json:"description"`
		URL         string `json:"url"`
	}
	capabilityRest struct {
		Mode          string                `json:"mode"`
		Documentation string                `json:"documentation"`
		Security      capabilitySecurity    `json:"security"`
		Resource      []capabilityResource  `json:"resource"`
		Interaction   []interaction         `json:"interaction"`
		Operation     []capabilityOperation `json:"operation,omitempty"`
	}
	capabilitySecurity struct {
		Extension   []oauthURIs            `json:"extension,omitempty"`
		CORS        bool                   `json:"cors"`
		Service     []fhir.CodeableConcept `json:"service"`
		Description string                 `json:"description"`
	}
	oauthURIs struct {
		URL       string     `json:"url"`
		Extension []oauthURI `json:"extension"`
	}
	oauthURI struct {
		URL      string `json:"url"`
		ValueURI string `json:"valueUri"`
	}
	interaction struct {
		Code string `json:"code"`
	}
	capabilityResource struct {
		Type              string                `json:"type"`
		Documentation     string                `json:"documentation,omitempty"`
		Interaction       []interaction         `json:"interaction,omitempty"`
		Versioning        string                `json:"versioning,omitempty"`
		ReadHistory       bool                  `json:"readHistory"`
		UpdateCreate      bool                  `json:"updateCreate"`
		ConditionalCreate bool                  `json:"conditionalCreate"`
		ConditionalRead   string                `json:"conditionalRead"`
		ConditionalUpdate bool                  `json:"conditionalUpdate"`
		ConditionalDelete string                `json:"conditionalDelete"`
		ReferencePolicy   []string              `json:"referencePolicy,omitempty"`
		SearchInclude     []string              `json:"searchInclude,omitempty"`
		SearchRevInclude  []string              `json:"searchRevInclude,omitempty"`
		SearchParam       []searchParam         `json:"searchParam,omitempty"`
		Operation         []capabilityOperation `json:"operation,omitempty"`
	}
	searchParam struct {
		Name string `json:"name"`
		Type string `json:"type"`
	}
	capabilityOperation struct {
		Name       string `json:"name"`
		Definition string `json:"definition"`
	}
)

const restDocumentation = "Searches take _count, _sort, _total, _include, _revinclude, _elements, _format, _pretty and _summary (text, data, count, false). " +
	"A total is counted up to 10000; where more match there is none, and an OperationOutcome in the Bundle says so. " +
	"A span of time is sorted by where it begins. Parameters that are not known are refused, unless the client sends Prefer: handling=lenient. " +
	"The same content sent again by PUT makes no new version. A history is that of one record. " +
	"Every request that changes something takes the header Idempotency-Key: sent again under it, the same request is done once and answered alike for 24 hours, another one is 422, and one that is still being worked on is 409; " +
	"a batch is kept entry by entry, and what is refused takes no key. With the header Medbill-Dry-Run: true it is checked and answered as if it were done, and nothing is kept. Extensions of medbill are published as StructureDefinition."

// capabilities writes what is offered, from the same register and parameters that serve it.
func (s *Server) capabilities() []byte {
	rest := capabilityRest{Mode: "server", Documentation: restDocumentation, Security: s.security(), Interaction: []interaction{{"transaction"}, {"batch"}}}
	for _, t := range fhir.Types() {
		rest.Resource = append(rest.Resource, resourceCapability(t))
	}
	for typ, documents := range s.statics {
		rest.Resource = append(rest.Resource, staticCapability(typ, documents))
	}
	for _, typ := range []string{"CodeSystem", "ValueSet"} {
		rest.Resource = append(rest.Resource, publishedCapability(typ))
	}
	rest.Operation = operationCapabilities(operation.Operation.IsSystem)
	slices.SortFunc(rest.Resource, func(a, b capabilityResource) int { return strings.Compare(a.Type, b.Type) })
	return fhir.Encode(capabilityStatement{
		ResourceType: "CapabilityStatement", Version: build.Version(), Name: "medbill", Title: "medbill FHIR service", Status: "active",
		Date: capabilityDate, Kind: "instance", Software: software{"medbill", build.Version()},
		Implementation: implementation{"Medical billing over FHIR R4", s.Records.BaseURL()},
		FHIRVersion:    fhirVersion, Format: []string{mediaFHIR, formatJSON}, Rest: []capabilityRest{rest},
	})
}

// security says how to get in; where tokens come from is published only as far as it was set.
// https://hl7.org/fhir/smart-app-launch/1.0.0/conformance/index.html
func (s *Server) security() capabilitySecurity {
	security := capabilitySecurity{
		CORS:        len(s.CORS) > 0,
		Service:     []fhir.CodeableConcept{fhir.Concept("http://terminology.hl7.org/CodeSystem/restful-security-service", "SMART-on-FHIR")},
		Description: "Every request but those for metadata needs a bearer token whose scopes follow SMART App Launch 2; operations need the scopes that the SMART configuration lists, such as operation/pay.",
	}
	if s.AuthorizeURL != "" && s.TokenURL != "" {
		security.Extension = []oauthURIs{{
			URL:       "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris",
			Extension: []oauthURI{{"authorize", s.AuthorizeURL}, {"token", s.TokenURL}},
		}}
	}
	return security
}

func resourceCapability(t fhir.Type) capabilityResource {
	r := capabilityResource{
		Type: t.Name, Versioning: "versioned", ReadHistory: true, ConditionalRead: "full-support", ConditionalDelete: "not-supported",
		Interaction: []interaction{{"read"}, {"vread"}, {"history-instance"}, {"search-type"}, {"create"}}, ConditionalCreate: true,
		ReferencePolicy: []string{"literal", "logical"}, SearchInclude: []string{"*"},
	}
	if t.IsChanged() {
		r.Interaction = append(r.Interaction, interaction{"update"}, interaction{"delete"})
		r.UpdateCreate, r.ConditionalUpdate, r.ConditionalDelete = true, true, "single"
	}
	for _, p := range search.Params(t.Name) {
		r.SearchParam = append(r.SearchParam, searchParam{p.Name, p.Kind.String()})
		if leadsToServed(p) {
			r.SearchInclude = append(r.SearchInclude, t.Name+":"+p.Name)
		}
	}
	for _, source := range fhir.Types() {
		for _, p := range search.Params(source.Name) {
			if p.LeadsTo(t.Name) {
				r.SearchRevInclude = append(r.SearchRevInclude, source.Name+":"+p.Name)
			}
		}
	}
	r.Operation = operationCapabilities(func(o operation.Operation) bool { return slices.Contains(o.Types, t.Name) })
	return r
}

// publishedCapability offers the operations on a type of which there are no records: what is published comes in releases.
func publishedCapability(typ string) capabilityResource {
	return capabilityResource{
		Type: typ, ConditionalRead: "not-supported", ConditionalDelete: "not-supported",
		Documentation: "Looked up in the releases that were loaded; there are no records of it.",
		Operation:     operationCapabilities(func(o operation.Operation) bool { return slices.Contains(o.Types, typ) }),
	}
}

// operationCapabilities offers the operations of the table that fit.
func operationCapabilities(fits func(operation.Operation) bool) []capabilityOperation {
	var offered []capabilityOperation
	for _, o := range operation.All() {
		if fits(o) {
			offered = append(offered, capabilityOperation{o.Code, operationURL(o)})
		}
	}
	return offered
}

func leadsToServed(p search.Param) bool {
	return slices.ContainsFunc(fhir.Types(), func(t fhir.Type) bool { return p.LeadsTo(t.Name) })
}

// staticCapability offers the documents that explain our operations and extensions; their canonicals end with their ids.
func staticCapability(typ string, documents map[string]static) capabilityResource {
	ids := make([]string, 0, len(documents))
	for id := range documents {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return capabilityResource{
		Type: typ, Interaction: []interaction{{"read"}}, Versioning: "no-version", ConditionalRead: "not-match", ConditionalDelete: "not-supported",
		Documentation: "Published by medbill itself: " + strings.Join(ids, ", ") + ".",
	}
}

// smartConfiguration says where tokens come from and which scopes count.
// https://hl7.org/fhir/smart-app-launch/conformance.html
func (s *Server) smartConfiguration() []byte {
	type configuration struct {
		Issuer                string   `json:"issuer,omitempty"`
		AuthorizationEndpoint string   `json:"authorization_endpoint,omitempty"`
		TokenEndpoint         string   `json:"token_endpoint,omitempty"`
		ScopesSupported       []string `json:"scopes_supported"`
		SigningAlgorithms     []string `json:"token_endpoint_auth_signing_alg_values_supported"`
		Capabilities          []string `json:"capabilities"`
	}
	scopes := []string{"patient/*.rs", "user/*.cruds", "system/*.cruds"}
	for _, o := range auth.Operations() {
		scopes = append(scopes, o.String())
	}
	return fhir.Encode(configuration{
		Issuer: s.Issuer, AuthorizationEndpoint: s.AuthorizeURL, TokenEndpoint: s.TokenURL, ScopesSupported: scopes,
		SigningAlgorithms: auth.Algorithms(), Capabilities: []string{"permission-patient", "permission-user", "permission-v1", "permission-v2"},
	})
}

// wellKnown answers .well-known/smart-configuration, always as application/json.
func (s *Server) wellKnown(c *gin.Context) error {
	c.Set(keyMedia, mediaJSON)
	s.writeStatic(c, s.smart)
	return nil
}

// definition answers the read of a document of ours.
func (s *Server) definition(c *gin.Context, typ string) error {
	if _, err := principal(c); err != nil {
		return err
	}
	d, ok := s.statics[typ][c.Param("id")]
	if !ok {
		return fault.New(fault.NotFound, "not-found", "There is no such document of ours; the CapabilityStatement lists them.")
	}
	s.writeStatic(c, d)
	return nil
}
