package api

import (
	"net/http"

	"medbill/fhir"
	"medbill/fhir/intake"
	"medbill/models"
)

// printedBinary is a document as FHIR gives it. https://hl7.org/fhir/R4/binary.html
type printedBinary struct {
	ResourceType string `json:"resourceType"`
	ContentType  string `json:"contentType"`
	Data         []byte `json:"data"`
}

// print answers with a record as it goes by mail. The name of the file says what kind of document it is, and nothing of whom it is about.
func (s *Server) print(r run) error {
	if err := noParameters(r.Context); err != nil {
		return err
	}
	file, err := s.Office.Print(r.ctx(), r.who, r.ref)
	if err != nil {
		return err
	}
	return s.givePaper(r, file)
}

// printStatement answers with a letter to who answers for a patient, the last one where none is named.
func (s *Server) printStatement(r run) error {
	asked, err := r.askedIfAny()
	if err != nil {
		return err
	}
	file, err := s.Office.PrintStatement(r.ctx(), r.who, models.PatientID(r.ref.ID), models.StatementID(asked["statement"]))
	if err != nil {
		return err
	}
	return s.givePaper(r, file)
}

// askedIfAny is asked of an operation whose Parameters may be left out.
func (r run) askedIfAny() (map[string]string, error) {
	if r.Request.Method != http.MethodPost {
		return r.asked()
	}
	sent, err := someParameters(r.Context)
	if err != nil {
		return nil, err
	}
	return intake.Asked(sent, r.row)
}

// givePaper answers with a document, in a Binary where the client takes FHIR alone.
func (s *Server) givePaper(r run, file []byte) error {
	if !r.GetBool(keyGiven) {
		s.write(r.Context, http.StatusOK, fhir.Encode(printedBinary{"Binary", mediaPDF, file}))
		return nil
	}
	r.Set(keyMedia, mediaPDF)
	r.Header("Content-Disposition", `inline; filename="`+fileNames[r.ref.Type]+`"`)
	s.write(r.Context, http.StatusOK, file)
	return nil
}

var fileNames = map[string]string{"Claim": "claim.pdf", "Encounter": "superbill.pdf", "Invoice": "invoice.pdf", "Patient": "statement.pdf", "PaymentNotice": "receipt.pdf"}
