package api

import (
	"bytes"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"medbill/billing"
	"medbill/fhir"
	"medbill/fhir/intake"
	"medbill/fhir/render"
	"medbill/fhir/validate"
	"medbill/models"
	"medbill/models/fault"
)

// operation is one of medbill's own instance operations: POST [type]/[id]/$[code].
// https://hl7.org/fhir/R4/operations.html
type operation struct {
	Type string
	Code string
	run  func(s *Server, c *gin.Context) error
}

// operations is everything that is offered; definitions.go publishes what each takes and gives.
var operations = []operation{
	{"Encounter", "code", (*Server).code},
	{"Claim", "submit", (*Server).submit},
	{"Claim", "validate", (*Server).validate},
	{"Invoice", "pay", (*Server).pay},
}

func isOperation(code string) bool {
	return slices.ContainsFunc(operations, func(o operation) bool { return o.Code == code })
}

// code answers Encounter/[id]/$code with the visit's state and its charges.
func (s *Server) code(c *gin.Context) error {
	p, err := principal(c)
	if err != nil {
		return err
	}
	id, err := segmentID(c)
	if err != nil {
		return err
	}
	sent, err := parameters(c)
	if err != nil {
		return err
	}
	said, err := intake.Coding(sent)
	if err != nil {
		return err
	}
	coded, err := s.Office.CodeVisit(c.Request.Context(), p, models.VisitID(id), said)
	if err != nil {
		return inParameters(err, sent, said)
	}
	s.write(c, http.StatusOK, codedParameters(coded))
	return nil
}

// submit answers Claim/[id]/$submit with the Claim as it stands then.
func (s *Server) submit(c *gin.Context) error {
	p, err := principal(c)
	if err != nil {
		return err
	}
	id, err := segmentID(c)
	if err != nil {
		return err
	}
	if err := noParameters(c); err != nil {
		return err
	}
	if _, err := s.Office.SubmitClaim(c.Request.Context(), p, models.ClaimID(id)); err != nil {
		return err
	}
	return s.writeStored(c, models.Ref{Type: "Claim", ID: id})
}

// validate answers Claim/[id]/$validate with what the rules notice; findings are an answer, not a failure.
func (s *Server) validate(c *gin.Context) error {
	p, err := principal(c)
	if err != nil {
		return err
	}
	id, err := segmentID(c)
	if err != nil {
		return err
	}
	if err := noParameters(c); err != nil {
		return err
	}
	findings, err := s.Office.ValidateClaim(c.Request.Context(), p, models.ClaimID(id))
	if err != nil {
		return err
	}
	s.write(c, http.StatusOK, render.Findings(findings))
	return nil
}

// pay answers Invoice/[id]/$pay with the Invoice as it stands then.
func (s *Server) pay(c *gin.Context) error {
	p, err := principal(c)
	if err != nil {
		return err
	}
	id, err := segmentID(c)
	if err != nil {
		return err
	}
	key, err := idempotencyKey(c)
	if err != nil {
		return err
	}
	sent, err := parameters(c)
	if err != nil {
		return err
	}
	asked, err := intake.Payment(sent)
	if err != nil {
		return err
	}
	request := billing.PaymentRequest{InvoiceID: models.InvoiceID(id), Amount: asked.Amount, Method: asked.Method, Reference: asked.Reference, Key: key}
	if _, err := s.Office.Pay(c.Request.Context(), p, request); err != nil {
		return err
	}
	return s.writeStored(c, models.Ref{Type: "Invoice", ID: id})
}

// writeStored answers with a document as it is stored, read as its caller may read it.
func (s *Server) writeStored(c *gin.Context, ref models.Ref) error {
	p, err := principal(c)
	if err != nil {
		return err
	}
	d, err := s.Records.Read(c.Request.Context(), p, ref)
	if err != nil {
		return err
	}
	versionHeaders(c, d)
	c.Header("Content-Location", s.Records.BaseURL()+"/"+versionPath(d))
	s.write(c, http.StatusOK, d.Body)
	return nil
}

// parameters reads the Parameters that an operation takes.
func parameters(c *gin.Context) (*fhir.Document, error) {
	content, err := body(c)
	if err != nil {
		return nil, err
	}
	d, err := fhir.Parse(content)
	if err != nil {
		return nil, err
	}
	if issues := validate.Resource(d); len(issues) > 0 {
		return nil, fault.Of(fault.Invalid, issues)
	}
	if d.Type() != "Parameters" {
		return nil, fault.At(fault.Invalid, "invalid", "resourceType", "The operation takes Parameters; its OperationDefinition lists them.")
	}
	return d, nil
}

// noParameters takes an empty body, or Parameters without any.
func noParameters(c *gin.Context) error {
	if c.Request.ContentLength == 0 {
		return nil
	}
	content, err := readAll(c)
	if err != nil || len(bytes.TrimSpace(content)) == 0 {
		return err
	}
	c.Request.Body, c.Request.ContentLength = http.NoBody, 0
	if err := requireMedia(c, mediaFHIR, mediaJSON); err != nil {
		return err
	}
	d, err := fhir.Parse(content)
	if err != nil {
		return err
	}
	if issues := validate.Resource(d); len(issues) > 0 {
		return fault.Of(fault.Invalid, issues)
	}
	if d.Type() != "Parameters" || d.Root().Get("parameter").Exists() {
		return fault.At(fault.Invalid, "invalid", "Parameters.parameter", "The operation takes no parameters; send an empty body.")
	}
	return nil
}

// idempotencyKey gives the client's own key of a payment; billing says whether one is needed.
func idempotencyKey(c *gin.Context) (string, error) {
	values := c.Request.Header.Values("Idempotency-Key")
	if len(values) == 0 {
		return "", nil
	}
	for _, b := range []byte(values[0]) {
		if b <= ' ' || b > '~' {
			return "", fault.At(fault.Invalid, "value", "Idempotency-Key", "The key holds a blank or a character beyond ASCII; use letters and digits, such as a UUID.")
		}
	}
	if len(values) > 1 {
		return "", fault.At(fault.Invalid, "value", "Idempotency-Key", "The key stands twice; send one.")
	}
	return values[0], nil
}

// operationParameters is what an operation of ours gives back where it is not a document.
type operationParameters struct {
	ResourceType string               `json:"resourceType"`
	Parameter    []operationParameter `json:"parameter"`
}

type operationParameter struct {
	Name           string          `json:"name"`
	ValueCode      string          `json:"valueCode,omitempty"`
	ValueReference *fhir.Reference `json:"valueReference,omitempty"`
}

func codedParameters(coded billing.Coded) []byte {
	out := operationParameters{ResourceType: "Parameters", Parameter: []operationParameter{{Name: "visit-state", ValueCode: string(coded.Visit.State)}}}
	for _, charge := range coded.Charges {
		out.Parameter = append(out.Parameter, operationParameter{Name: "charge", ValueReference: fhir.To("ChargeItem", charge.ID)})
	}
	return fhir.Encode(out)
}
