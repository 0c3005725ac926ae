package operation

// stay is what a coder says for a hospital.
func stay() Parameter {
	code := func(name, text string) Parameter { return Parameter{Name: name, Max: "1", Type: "code", Text: text} }
	of := func(name, text string, parts ...Parameter) Parameter {
		return Parameter{Name: name, Max: "*", Text: text, Part: parts}
	}
	needed := Parameter{Name: "code", Min: 1, Max: "1", Type: "code", Text: "Its code."}
	return Parameter{Name: "stay", Max: "1", Text: "What a hospital says of the visit, where a service has a revenue code; what is left out is taken from the Encounter. Codes are the NUBC's.", Part: []Parameter{
		code("typeOfBill", "Three digits; 111 for who stays and 131 for who comes and goes, where it is left out."),
		{Name: "admitted", Max: "1", Type: "dateTime", Text: "When the patient was admitted, with the hour."},
		{Name: "discharged", Max: "1", Type: "dateTime", Text: "When he was discharged."},
		code("priority", "The priority of the admission or visit."),
		code("pointOfOrigin", "Where the patient came from."),
		code("dischargeStatus", "Where he went."),
		of(
			"diagnosis", "What a diagnosis is to the stay.",
			Parameter{Name: "sequence", Min: 1, Max: "1", Type: "positiveInt", Text: "Its place in the list, counted from 1."},
			Parameter{Name: "role", Max: "*", Type: "code", Text: "principal, admitting, patientreasonforvisit, externalcauseofinjury or other."},
			code("onAdmission", "Y, N, U, W, or 1 for exempt."), code("package", "MS-DRG, of the principal diagnosis."),
		),
		of(
			"provider", "Who took part.",
			Parameter{Name: "role", Min: 1, Max: "1", Type: "code", Text: "attending, operating, otheroperating, referring or rendering."},
			Parameter{Name: "practitioner", Min: 1, Max: "1", Type: "Reference", Text: "The Practitioner."},
		),
		of("procedure", "An ICD-10-PCS code, the principal one first.", needed, Parameter{Name: "date", Max: "1", Type: "date", Text: "The day it was done."}),
		of("occurrence", "An occurrence code.", needed, Parameter{Name: "date", Max: "1", Type: "date", Text: "Its day."}),
		of(
			"occurrenceSpan", "An occurrence span code.", needed, Parameter{Name: "start", Max: "1", Type: "date", Text: "Its first day."},
			Parameter{Name: "end", Max: "1", Type: "date", Text: "Its last day."},
		),
		of("condition", "A condition code.", needed),
		of(
			"value", "A value code.", needed, Parameter{Name: "amount", Max: "1", Type: "Money", Text: "Its value in dollars."},
			Parameter{Name: "number", Max: "1", Type: "decimal", Text: "Any other value."},
		),
	}}
}
