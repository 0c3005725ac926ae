package payer

import (
	"net/http"
	"time"
)

// metadata is what the FHIR door can (FHIR R4 CapabilityStatement).
func (p *Payer) metadata(w http.ResponseWriter, _ *http.Request) {
	operation := func(name, of string) object { return object{"name": name, "definition": of} }
	const pas, pr = "http://hl7.org/fhir/us/davinci-pas/OperationDefinition/", "http://hl7.org/fhir/us/davinci-pr/OperationDefinition/"
	write(w, http.StatusOK, fhirJSON, object{
		"resourceType": "CapabilityStatement", "status": "active", "date": p.Now().Format(time.DateOnly), "kind": "instance", "fhirVersion": "4.0.1", "format": []string{fhirJSON},
		"implementation": object{"description": "A payer to practise against"},
		"rest": []object{{
			"mode": "server",
			"resource": []object{
				{"type": "Claim", "operation": []object{operation("submit", pas+"Claim-submit"), operation("inquire", pas+"Claim-inquiry")}},
				{"type": "CoverageEligibilityRequest", "interaction": []object{{"code": "create"}}, "operation": []object{operation("submit", "http://hl7.org/fhir/OperationDefinition/CoverageEligibilityRequest-submit")}},
			},
			"operation": []object{operation("searchByPayment", pr+"SearchByPayment"), operation("downloadRemittance", pr+"DownloadRemittance")},
		}},
	})
}
