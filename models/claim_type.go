package models

// ClaimType is the form of a claim: what people did, or what a house gave. A visit may make one of each.
// https://terminology.hl7.org/CodeSystem-claim-type.html
type ClaimType string

// The types.
const (
	ClaimProfessional  ClaimType = "professional"  // X12 005010X222A1, 837P
	ClaimInstitutional ClaimType = "institutional" // X12 005010X223A2, 837I
)

// ClaimTypeFacts is what there is to know about a type of claim: how much fits on one, and whether its lines stand at a place of
// service and point to diagnoses.
type ClaimTypeFacts struct {
	Type         ClaimType
	LinesMax     int // loop 2400
	DiagnosesMax int // HI segments
	HasPlace     bool
	HasPointers  bool
}

// ClaimTypes is the table of types.
var ClaimTypes = []ClaimTypeFacts{
	{Type: ClaimProfessional, LinesMax: ClaimLinesMax, DiagnosesMax: ClaimDiagnosesMax, HasPlace: true, HasPointers: true},
	{Type: ClaimInstitutional, LinesMax: 999, DiagnosesMax: 25},
}

// Facts gives the row of the table; the zero row for an unknown type.
func (t ClaimType) Facts() ClaimTypeFacts {
	for _, facts := range ClaimTypes {
		if facts.Type == t {
			return facts
		}
	}
	return ClaimTypeFacts{}
}

// ClaimTypeOf gives the type of claim that a service of this revenue code stands on: a revenue code says where in a house it was
// given, so one without is somebody's work.
func ClaimTypeOf(revenue string) ClaimType {
	if revenue != "" {
		return ClaimInstitutional
	}
	return ClaimProfessional
}
