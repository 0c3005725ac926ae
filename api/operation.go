package api

import (
	"bytes"
	"context"
	"net/http"

	"github.com/gin-gonic/gin"

	"medbill/billing"
	"medbill/fhir"
	"medbill/fhir/intake"
	"medbill/fhir/render"
	"medbill/fhir/validate"
	"medbill/internal/auth"
	"medbill/models"
	"medbill/models/fault"
	"medbill/models/operation"
)

// run is one request for an operation: who asks, for which record, and how it is to be done.
type run struct {
	*gin.Context
	row  operation.Operation
	who  auth.Principal
	ref  models.Ref // the record; zero for an operation of the system
	call billing.Call
}

// ctx is the request's own context.
func (r run) ctx() context.Context { return r.Request.Context() }

// reads gives the reader of an operation whose parameters are all simple, as its row has them.
func (r run) reads() func(*fhir.Document) (map[string]string, error) {
	return func(d *fhir.Document) (map[string]string, error) { return intake.Asked(d, r.row) }
}

// runner does what one row of the table offers.
type runner func(s *Server, r run) error

// runners binds each row of models/operation to its code, by the row's id; a test holds that neither side has more.
var runners = map[string]runner{
	"Encounter-code":       (*Server).code,
	"Encounter-hold":       (*Server).hold,
	"Claim-submit":         (*Server).submit,
	"Claim-void":           (*Server).void,
	"Claim-validate":       (*Server).validate,
	"Claim-authorize":      (*Server).authorize,
	"ClaimResponse-notify": (*Server).notify,
	"Claim-override":       (*Server).override,
	"Invoice-pay":          (*Server).pay,
	"Patient-collect":      (*Server).collect,

	"PaymentNotice-reverse":       (*Server).reversePayment,
	"PaymentNotice-allocate":      (*Server).movePayment,
	"Invoice-write-off":           (*Server).writeOff,
	"Invoice-revert-write-off":    (*Server).revertWriteOff,
	"ChargeItem-write-off":        (*Server).writeOffBalance,
	"ChargeItem-revert-write-off": (*Server).revertBalance,
	"Patient-refund":              (*Server).refund,
	"Patient-pay-refund":          (*Server).payRefund,
	"Patient-cancel-refund":       (*Server).cancelRefund,
	"close-till":                  (*Server).closeTill,
	"till":                        (*Server).till,
	"Encounter-Claim-retry":       (*Server).retryCase,
	"retry":                       (*Server).retry,
	"Task-take":                   (*Server).takeWork,
	"Task-snooze":                 (*Server).snoozeWork,
	"Task-decide":                 (*Server).decideWork,
	"settings":                    (*Server).settings,
	"fees":                        (*Server).fees,
	"load-fees":                   (*Server).loadFees,
	"end-fees":                    (*Server).endFees,

	"run-statements":             (*Server).runStatements,
	"Patient-statement":          (*Server).statement,
	"Patient-hold-statements":    (*Server).holdStatements,
	"Patient-release-statements": (*Server).releaseStatements,
	"Patient-payment-plan":       (*Server).paymentPlan,
	"Patient-end-payment-plan":   (*Server).endPaymentPlan,
	"Invoice-dispute":            (*Server).dispute,

	"CoverageEligibilityRequest-submit": (*Server).askCoverage,

	"payers":                          (*Server).payers,
	"load-payers":                     (*Server).loadPayers,
	"contracts":                       (*Server).contracts,
	"load-contracts":                  (*Server).loadContracts,
	"import-balances":                 (*Server).importBalances,
	"match-deposit":                   (*Server).matchDeposit,
	"unmatch-deposit":                 (*Server).unmatchDeposit,
	"Claim-expect":                    (*Server).expect,
	"Encounter-estimate":              (*Server).estimate,
	"Patient-estimate":                (*Server).estimateServices,
	"Patient-good-faith-estimate":     (*Server).goodFaithEstimate,
	"Patient-request-estimate":        (*Server).requestEstimate,
	"Claim-timeline":                  (*Server).timeline,
	"Claim-Invoice-Account-explain":   (*Server).explain,
	"Claim-Invoice-PaymentNotice-pdf": (*Server).print,
	"Encounter-superbill":             (*Server).print,
	"Patient-statement-pdf":           (*Server).printStatement,
	"rules":                           (*Server).practiceRules,
	"save-rule":                       (*Server).saveRule,
	"switch-rule":                     (*Server).switchRule,
	"try-rule":                        (*Server).tryRule,
	"codes":                           (*Server).codes,
	"load-codes":                      (*Server).loadCodes,
	"drop-codes":                      (*Server).dropCodes,
	"CodeSystem-lookup":               (*Server).lookUp,
	"CodeSystem-validate-code":        (*Server).validateCode,
	"ValueSet-expand":                 (*Server).expand,
}

// runs answers requests for an operation on records of a type, or "" for the system's: what all have in common is read and
// checked here.
func (s *Server) runs(o operation.Operation, typ string) gin.HandlerFunc {
	do := runners[o.ID()]
	return s.handle(func(c *gin.Context) error {
		r, err := runOf(c, o, typ)
		if err != nil {
			return err
		}
		if o.IsSystem() && c.Request.Method == http.MethodPost && r.who.Scopes.AllowsOperation(o.Scope) {
			if err := s.Records.Enter(r.ctx(), r.who); err != nil {
				return err
			}
		}
		return do(s, r)
	})
}

func runOf(c *gin.Context, o operation.Operation, typ string) (run, error) {
	r := run{Context: c, row: o, ref: models.Ref{Type: typ}}
	var err error
	if r.who, err = principal(c); err != nil {
		return r, err
	}
	if o.IsInstance() {
		if r.ref.ID, err = segmentID(c); err != nil {
			return r, err
		}
	}
	asked, err := callOf(c)
	r.call = billing.Call{Key: asked.Key, DryRun: asked.DryRun}
	if err == nil && r.call.Key == "" && o.NeedsKey {
		err = fault.At(fault.Invalid, "required", headerKey, "The request needs a key of its own in the header Idempotency-Key, so that sending it again does nothing twice.")
	}
	return r, err
}

// code answers Encounter/[id]/$code with the visit's state and its charges.
func (s *Server) code(r run) error {
	sent, err := parameters(r.Context)
	if err != nil {
		return err
	}
	said, err := intake.Coding(sent)
	if err != nil {
		return err
	}
	coded, err := s.Office.CodeVisit(r.ctx(), r.who, r.call, models.VisitID(r.ref.ID), said)
	if err != nil {
		return inParameters(err, sent, said)
	}
	return s.answer(r, coded.Rehearsal, func() error {
		s.write(r.Context, http.StatusOK, codedParameters(coded.Result))
		return nil
	})
}

// hold answers Encounter/[id]/$hold with the Task that it opened.
func (s *Server) hold(r run) error {
	asked, err := r.asked()
	if err != nil {
		return err
	}
	done, err := s.Office.HoldVisit(r.ctx(), r.who, r.call, models.VisitID(r.ref.ID), billing.Pause{Kind: models.WorkKind(asked["for"]), Text: asked["text"]})
	if err != nil {
		return err
	}
	return s.answer(r, done.Rehearsal, func() error {
		return s.writeStored(r.Context, models.Ref{Type: "Task", ID: string(done.Result.ID)})
	})
}

// submit answers Claim/[id]/$submit with the Claim as it stands then.
func (s *Server) submit(r run) error {
	if err := noParameters(r.Context); err != nil {
		return err
	}
	done, err := s.Office.SubmitClaim(r.ctx(), r.who, r.call, models.ClaimID(r.ref.ID))
	if err != nil {
		return err
	}
	return s.answer(r, done.Rehearsal, func() error { return s.writeStored(r.Context, r.ref) })
}

// void answers Claim/[id]/$void with the Claim as it stands then.
func (s *Server) void(r run) error {
	if err := noParameters(r.Context); err != nil {
		return err
	}
	done, err := s.Office.VoidClaim(r.ctx(), r.who, r.call, models.ClaimID(r.ref.ID))
	if err != nil {
		return err
	}
	return s.answer(r, done.Rehearsal, func() error { return s.writeStored(r.Context, r.ref) })
}

// validate answers Claim/[id]/$validate with what the rules notice; findings are an answer, not a failure.
func (s *Server) validate(r run) error {
	if err := noParameters(r.Context); err != nil {
		return err
	}
	done, err := s.Office.ValidateClaim(r.ctx(), r.who, r.call, models.ClaimID(r.ref.ID))
	if err != nil {
		return err
	}
	markRehearsal(r.Context, done.Rehearsal != nil)
	s.write(r.Context, http.StatusOK, render.Findings(done.Result)) // what a rehearsal would find is the answer as well
	return nil
}

// override answers Claim/[id]/$override with what the rules notice then.
func (s *Server) override(r run) error {
	asked, err := r.asked()
	if err != nil {
		return err
	}
	request := billing.OverrideRequest{Mark: asked["finding"], Reason: asked["reason"], Undo: asked["undo"] == "true"}
	done, err := s.Office.OverrideFinding(r.ctx(), r.who, r.call, models.ClaimID(r.ref.ID), request)
	if err != nil {
		return err
	}
	markRehearsal(r.Context, done.Rehearsal != nil)
	s.write(r.Context, http.StatusOK, render.Findings(done.Result))
	return nil
}

// carryOut runs an operation that takes Parameters and changes something: read reads them, do runs the use case, whose refusals are told at the parameters, and write answers with what it made. A rehearsal is answered with what would be.
func carryOut[A, T any](s *Server, r run, read func(*fhir.Document) (A, error), do func(A) (billing.Done[T], error), write func(T) error) error {
	sent, err := parameters(r.Context)
	if err != nil {
		return err
	}
	asked, err := read(sent)
	if err != nil {
		return err
	}
	made, err := do(asked)
	if err != nil {
		return atParameters(err, r.row, sent)
	}
	return s.answer(r, made.Rehearsal, func() error { return write(made.Result) })
}

// stored answers with a record as it stands.
func stored[T any](s *Server, r run, ref func(T) models.Ref) func(T) error {
	return func(made T) error { return s.writeStored(r.Context, ref(made)) }
}

// itself answers with the record that the operation is about.
func itself[T any](s *Server, r run) func(T) error {
	return stored(s, r, func(T) models.Ref { return r.ref })
}

// pay answers Invoice/[id]/$pay with the Invoice as it stands then. Whether this payer may pay so is the use case's to say.
func (s *Server) pay(r run) error {
	return carryOut(s, r, intake.Payment, func(asked intake.PaymentRequest) (billing.Done[models.Invoice], error) {
		return s.Office.Pay(r.ctx(), r.who, r.call, billing.PaymentRequest{InvoiceID: models.InvoiceID(r.ref.ID), Amount: asked.Amount, Method: asked.Method, Reference: asked.Reference})
	}, itself[models.Invoice](s, r))
}

// collect answers Patient/[id]/$collect with the PaymentNotice of the payment.
func (s *Server) collect(r run) error {
	return carryOut(s, r, intake.Collect, func(asked intake.CollectRequest) (billing.Done[models.Payment], error) {
		return s.Office.Collect(r.ctx(), r.who, r.call, billing.CollectRequest{
			PatientID: models.PatientID(r.ref.ID), For: asked.For, Amount: asked.Amount, Method: asked.Method, Reference: asked.Reference, Processor: asked.Processor, Till: asked.Till,
		})
	}, stored(s, r, func(p models.Payment) models.Ref { return models.Ref{Type: "PaymentNotice", ID: string(p.ID)} }))
}

// retryCase answers Encounter/[id]/$retry and Claim/[id]/$retry.
func (s *Server) retryCase(r run) error {
	if err := noParameters(r.Context); err != nil {
		return err
	}
	done, err := s.Office.RetryCase(r.ctx(), r.who, r.call, r.ref)
	if err != nil {
		return err
	}
	markRehearsal(r.Context, done.Rehearsal != nil)
	s.write(r.Context, http.StatusOK, retriedParameters(done.Result))
	return nil
}

// retry answers $retry with the number of cases.
func (s *Server) retry(r run) error {
	if err := noParameters(r.Context); err != nil {
		return err
	}
	n, err := s.Office.Retry(r.ctx(), r.who, r.call)
	if err != nil {
		return err
	}
	markRehearsal(r.Context, r.call.DryRun)
	s.write(r.Context, http.StatusOK, retriedParameters(n))
	return nil
}

func retriedParameters(n int) []byte {
	list := parameterList{}
	list.number("retried", n)
	return list.encode()
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

// document reads a body that is R4.
func document(c *gin.Context) (*fhir.Document, error) {
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
	return d, nil
}

// parameters reads the Parameters that an operation takes.
func parameters(c *gin.Context) (*fhir.Document, error) {
	d, err := document(c)
	if err != nil {
		return nil, err
	}
	if d.Type() != "Parameters" {
		return nil, fault.At(fault.Invalid, "invalid", "resourceType", "The operation takes Parameters; its OperationDefinition lists them.")
	}
	return d, nil
}

// someParameters reads the Parameters that an operation takes where any are sent.
func someParameters(c *gin.Context) (*fhir.Document, error) {
	if c.Request.ContentLength == 0 {
		return fhir.Parse([]byte(`{"resourceType":"Parameters"}`))
	}
	return parameters(c)
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

// answer writes what came of an operation, or of a rehearsal what would have come: the documents as they would stand, and the
// journal entries.
func (s *Server) answer(r run, rehearsed *billing.Rehearsed, write func() error) error {
	if rehearsed == nil {
		return write()
	}
	markRehearsal(r.Context, true)
	s.write(r.Context, http.StatusOK, rehearsal(*rehearsed))
	return nil
}

// operationParameters is what an operation of ours gives back where it is not a document.
type operationParameters struct {
	ResourceType string               `json:"resourceType"`
	Parameter    []operationParameter `json:"parameter,omitempty"`
}

type operationParameter struct {
	Name             string               `json:"name"`
	ValueString      string               `json:"valueString,omitempty"`
	ValueCode        string               `json:"valueCode,omitempty"`
	ValueDate        string               `json:"valueDate,omitempty"`
	ValueInstant     string               `json:"valueInstant,omitempty"`
	ValueBoolean     *bool                `json:"valueBoolean,omitempty"`
	ValueUnsignedInt *int                 `json:"valueUnsignedInt,omitempty"`
	ValueReference   *fhir.Reference      `json:"valueReference,omitempty"`
	ValueMoney       *fhir.Money          `json:"valueMoney,omitempty"`
	Part             []operationParameter `json:"part,omitempty"`
}

func codedParameters(coded billing.Coded) []byte {
	out := operationParameters{ResourceType: "Parameters", Parameter: []operationParameter{{Name: "case-state", ValueCode: string(coded.Case.State)}}}
	for _, charge := range coded.Charges {
		out.Parameter = append(out.Parameter, operationParameter{Name: "charge", ValueReference: fhir.To("ChargeItem", charge.ID)})
	}
	return fhir.Encode(out)
}
