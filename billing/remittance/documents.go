package remittance

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"medbill/billing/desk"
	"medbill/billing/rules/claim"
	"medbill/fhir/intake"
	"medbill/internal/auth"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/documents"
	"medbill/models"
	"medbill/models/fault"
)

// DecideTask takes a request for documents from the payer that it names, or from a system that is trusted with all payers. It refuses a Task from anybody else (Unsupported): work is opened by what happens.
func DecideTask(_ *store.Tx, a records.Arrival) (records.Fate, error) {
	level, ok := a.Principal.Allows("Task", auth.PermissionCreate)
	if !ok || a.Principal.Organization == "" && level != auth.LevelSystem {
		return 0, fault.New(fault.Unsupported, "not-supported", "Billing makes this type itself; only a payer sends one, which asks for documents.")
	}
	return records.FateBooked, nil
}

// BookTask makes a payer's request for documents work for the billing desk. The same request again changes nothing and gives the first. It refuses (Forbidden) one in another payer's name and
// (BusinessRule) one about a claim that the payer does not have.
func BookTask(tx *store.Tx, a records.Arrival) (string, error) {
	s, d, err := desk.Receive(tx, a)
	if err != nil {
		return "", err
	}
	asked, err := intake.DocumentsRequest(d, s.Zone())
	if err != nil {
		return "", err
	}
	if a.Principal.Organization != "" && asked.PayerID != a.Principal.Organization {
		return "", fault.At(fault.Forbidden, "forbidden", "Task.requester", "A payer asks for itself; name the organization of the access token.")
	}
	c, known, err := books.Claim(s.View, asked.ClaimID)
	if err == nil && (!known || c.InsurerID != asked.PayerID || !c.State.Facts().Sent) {
		err = fault.At(fault.BusinessRule, "task.claim", "Task.focus", "The payer has no such claim; name the one that the documents are for.")
	}
	if err != nil {
		return "", err
	}
	if err := books.Lock(s.Tx, string(c.CaseID), models.Ref{Type: "Patient", ID: string(c.PatientID)}.String()); err != nil {
		return "", err
	}
	subject := requestOf(asked, a.Ref.ID)
	if first, is, err := requested(s, subject); err != nil || is {
		return first, err
	}
	if err := documents.SaveSent(tx, a.Ref, a.Document.Bytes()); err != nil {
		return "", err
	}
	return a.Ref.ID, ask(s, c, subject, asked, models.WorkItemID(a.Ref.ID))
}

// requestOf names a request among all: by the payer's control number for the claim, else by its own id.
func requestOf(asked models.DocumentsRequest, id string) models.Ref {
	if asked.Number == "" {
		return models.Ref{Type: "Task", ID: id}
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{string(asked.PayerID), string(asked.ClaimID), asked.Number}, "\x00")))
	return models.Ref{Type: "Task", ID: hex.EncodeToString(sum[:16])}
}

// requested gives the Task under which a request came before.
func requested(s *desk.Sheet, subject models.Ref) (string, bool, error) {
	open, is, err := books.OpenItem(s.View, models.WorkInfo, subject)
	if err != nil || is {
		return string(open.ID), is, err
	}
	done, err := books.DecidedWork(s.View, subject)
	if err != nil || len(done) == 0 {
		return "", false, err
	}
	return string(done[0].ID), true, nil
}

// ask opens the work, in place of what an answer asked for in general, and notes on the claim that its payer waits.
func ask(s *desk.Sheet, c models.Claim, subject models.Ref, asked models.DocumentsRequest, id models.WorkItemID) error {
	kase, _, err := books.Case(s.View, c.CaseID)
	if err != nil {
		return err
	}
	general := func(w models.WorkItem) bool {
		return w.Kind == models.WorkInfo && w.ClaimID == c.ID && w.Subject.Type == "ClaimResponse"
	}
	if err := s.Done(kase.ID, general); err != nil {
		return err
	}
	if next, err := claim.Next(c.State, claim.AskFor); err == nil {
		if err := s.MoveClaim(c, next); err != nil {
			return err
		}
	} // the payer may ask about a claim that it judged too
	item := models.WorkItem{
		ID: id, Kind: models.WorkInfo, Category: models.CategoryDocuments, CaseID: kase.ID, PatientID: c.PatientID, ClaimID: c.ID, PayerID: c.InsurerID, Subject: subject, Due: asked.Due,
		Reason: "The payer waits for documents before it judges the claim; attach them.",
	}
	for i, wanted := range asked.Wanted {
		item.Reasons = append(item.Reasons, models.WorkReason{Code: "document-wanted", Path: fmt.Sprintf("Task.input[%d]", i), Text: "The document with the code " + wanted.Code + "."})
	}
	return s.Item(true, item)
}

// Attach gives the payer the documents that it asked for; it is its turn then. It refuses (BusinessRule) none, and one that is not there or another patient's.
func Attach(s *desk.Sheet, w models.WorkItem, given []models.Ref) error {
	if len(given) == 0 {
		return fault.At(fault.Invalid, "required", "document", "The decision names at least one DocumentReference that the payer is given.")
	}
	for i, ref := range given {
		d, err := s.Document(ref)
		if err != nil {
			return err
		}
		if d == nil || intake.DocumentSubject(d) != w.PatientID {
			return fault.At(fault.BusinessRule, "document.unknown", fmt.Sprintf("document[%d]", i), "There is no such DocumentReference of the patient; name one whose subject the patient is.")
		}
	}
	next := w
	next.Given, next.Category = given, models.CategoryDocuments
	if _, err := books.SaveWork(s.Tx, w, next, models.WorkChanged, ""); err != nil {
		return err
	}
	c, _, err := books.Claim(s.View, w.ClaimID)
	if err != nil || c.State != models.ClaimAsked {
		return err
	}
	state, err := claim.Next(c.State, claim.Pend)
	if err != nil {
		return err
	}
	return s.MoveClaim(c, state)
}
