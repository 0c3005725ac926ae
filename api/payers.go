package api

import (
	"bytes"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"

	"medbill/fhir/intake"
	"medbill/internal/payers"
	"medbill/models"
	"medbill/models/fault"
	"medbill/models/operation"
)

// payers answers $payers with the directory and what is known of each payer.
func (s *Server) payers(r run) error {
	asked, err := r.asked()
	if err != nil {
		return err
	}
	day, err := askedDay(asked["on"])
	if err != nil {
		return err
	}
	book, err := s.Office.Payers(r.ctx(), r.who)
	if err != nil {
		return err
	}
	list := parameterList{}
	everyone := models.Payer{ID: models.EveryPayer}
	for _, p := range slices.Concat(book.Data().Payers, []models.Payer{everyone}) {
		wanted := asked["payer"] == "" || asked["payer"] == string(p.ID)
		if facts := book.On(p.ID, day); wanted && (p.ID != models.EveryPayer || len(facts) > 0) {
			list.parts("entry", payerParts(p, facts, book.EnrolmentsWith(p.ID, day)))
		}
	}
	if asked["payer"] != "" && len(list) == 0 {
		return fault.At(fault.NotFound, "not-found", "payer", "The payer is not in the directory.")
	}
	s.write(r.Context, http.StatusOK, list.encode())
	return nil
}

func payerParts(p models.Payer, facts []models.PayerFact, enrolments []models.Enrolment) parameterList {
	part := parameterList{}
	part.text("id", string(p.ID))
	part.text("name", p.Name)
	for _, alias := range p.Aliases {
		part.text("alias", alias)
	}
	for _, i := range p.Identifiers {
		part.text("identifier", i.System+"|"+i.Value)
	}
	for _, t := range p.Transactions {
		part.code("transaction", t)
	}
	for _, f := range facts {
		one := parameterList{}
		one.code("subject", string(f.Subject))
		one.text("code", f.Code)
		one.text("value", f.Value)
		one.date("from", f.From)
		one.date("until", f.Until)
		part.parts("fact", one)
	}
	for _, e := range enrolments {
		one := parameterList{}
		one.text("npi", e.NPI)
		one.date("from", e.From)
		one.date("until", e.Until)
		part.parts("enrolment", one)
	}
	return part
}

// loadPayers answers $load-payers with the payers of the file as they stand then.
func (s *Server) loadPayers(r run) error {
	content, err := r.askedCSV()
	if err != nil {
		return err
	}
	file, err := payers.ReadCSV(content)
	if err != nil {
		return err
	}
	loaded, err := s.Office.LoadPayers(r.ctx(), r.who, r.call, file)
	if err != nil {
		return err
	}
	markRehearsal(r.Context, loaded.Rehearsal != nil)
	list := parameterList{}
	list.boolean("changed", loaded.Result.Changed)
	for _, p := range loaded.Result.Payers {
		part := parameterList{}
		part.text("id", string(p.ID))
		part.text("name", p.Name)
		part.number("facts", p.Facts)
		part.number("enrolments", p.Enrolments)
		list.parts("payer", part)
	}
	s.write(r.Context, http.StatusOK, list.encode())
	return nil
}

// askedCSV gives the lines of a request whose only parameter they are: its body, or Parameters.
func (r run) askedCSV() (io.Reader, error) {
	media, _, _ := mime.ParseMediaType(r.GetHeader("Content-Type"))
	if media != operation.MediaCSV {
		sent, err := parameters(r.Context)
		if err != nil {
			return nil, err
		}
		asked, err := intake.Asked(sent, r.row)
		return strings.NewReader(asked["csv"]), err
	}
	if err := requireMedia(r.Context, r.row.Media...); err != nil {
		return nil, err
	}
	if _, err := r.inAddress(); err != nil {
		return nil, err
	}
	content, err := readAll(r.Context)
	return bytes.NewReader(content), err
}
