package intake

import (
	"cmp"
	"strings"
	"time"

	"medbill/fhir"
	"medbill/models"
)

// stayIn reads what an Encounter tells a hospital claim: when the patient came and left, how urgently, from where and to where.
func stayIn(encounter fhir.Node, zone *time.Location) models.Stay {
	hospitalization := encounter.Get("hospitalization")
	return models.Stay{
		Admitted: momentIn(encounter.In("period", "start"), zone), Discharged: momentIn(encounter.In("period", "end"), zone),
		Priority:        codeOfHouse(encounter.Get("priority"), fhir.SystemAdmissionType, fhir.SystemActPriority, priorities),
		PointOfOrigin:   codeOfHouse(hospitalization.Get("admitSource"), fhir.SystemPointOfOrigin, fhir.SystemAdmitSource, origins),
		DischargeStatus: codeOfHouse(hospitalization.Get("dischargeDisposition"), fhir.SystemDischargeStatus, fhir.SystemDischargeDisposition, dispositions),
	}
}

// momentIn gives a dateTime as it was written, or in the zone of the house where it names the moment but no place, as dayIn does: the
// hour of an admission is the house's.
func momentIn(n fhir.Node, zone *time.Location) string {
	text := n.Text()
	moment, err := time.Parse(time.RFC3339, text)
	if err != nil || zone == nil || !strings.HasSuffix(text, "Z") && !strings.HasSuffix(text, "-00:00") {
		return text
	}
	return moment.In(zone).Format(time.RFC3339)
}

// codeOfHouse gives the NUBC's code of a concept, or the one that an HL7 code means; "" where neither tells.
func codeOfHouse(concept fhir.Node, nubc, hl7 string, meant map[string]string) string {
	return cmp.Or(codeIn(concept, nubc), meant[codeIn(concept, hl7)])
}

// What HL7's codes mean in the NUBC's. Those that may mean several are not here: a person says them.
// https://terminology.hl7.org/CodeSystem-v3-ActPriority.html, CodeSystem-admit-source.html, CodeSystem-discharge-disposition.html
var (
	priorities   = map[string]string{"EM": "1", "UR": "2", "EL": "3"}
	origins      = map[string]string{"gp": "2", "mp": "2", "outp": "2", "hosp-trans": "4", "nursing": "5", "psych": "6", "rehab": "6", "other": "9"}
	dispositions = map[string]string{"home": "01", "snf": "03", "aadvice": "07", "exp": "20", "rehab": "62", "long": "63", "psy": "65"}
)
