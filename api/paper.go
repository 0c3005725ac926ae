package api

import (
	"net/http"

	"medbill/fhir"
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
	if !r.GetBool(keyGiven) {
		s.write(r.Context, http.StatusOK, fhir.Encode(printedBinary{"Binary", mediaPDF, file}))
		return nil
	}
	r.Set(keyMedia, mediaPDF)
	r.Header("Content-Disposition", `inline; filename="`+fileNames[r.ref.Type]+`"`)
	s.write(r.Context, http.StatusOK, file)
	return nil
}

var fileNames = map[string]string{"Claim": "claim.pdf", "Encounter": "superbill.pdf", "Invoice": "invoice.pdf", "PaymentNotice": "receipt.pdf"}
