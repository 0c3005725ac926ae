package operation

var printed = Operation{
	Code: "pdf", Types: []string{"Claim", "Invoice", "PaymentNotice"}, Methods: askedPosted, ByReading: []string{"Patient"}, Gives: MediaPDF,
	Name: "Print", Title: "A document as it goes by mail",
	Text: "Gives a PDF: of an Invoice what is asked, line by line, and why; of a PaymentNotice its receipt; of a Claim of use predetermination the good faith estimate, also for who takes payments; of a Claim that is appealed the letter to its payer. " +
		"For who may read the record and its Patient; a patient prints what is theirs. It changes nothing. Where Accept asks for FHIR it is a Binary. What was billed elsewhere, and another Claim, is a conflict.",
	Parameters: []Parameter{binary},
}

var superbill = Operation{
	Code: "superbill", Types: []string{"Encounter"}, Methods: askedPosted, ByReading: []string{"Account", "Patient"}, Gives: MediaPDF,
	Name: "Superbill", Title: "A visit in the codes that plans ask for",
	Text: "Gives a PDF with who did what at a visit, its diagnoses, what it is charged at and what was paid, for a plan that the patient asks by themselves. For who may read the Encounter, its Patient and Accounts; a patient prints what is theirs. " +
		"It changes nothing. Where Accept asks for FHIR it is a Binary. A visit of which nothing is charged is a conflict.",
	Parameters: []Parameter{binary},
}

var statementPrinted = Operation{
	Code: "statement-pdf", Types: []string{"Patient"}, Methods: askedPosted, Scope: ScopePay, Gives: MediaPDF,
	Name: "PrintStatement", Title: "A statement as it goes by mail",
	Text: "Gives a PDF of a statement that the guarantor of a patient was sent: what is due by patient and visit, why, since when, and how to pay it. For who takes payments; a patient's own token is given the statements to the patient. " +
		"It changes nothing. Where Accept asks for FHIR it is a Binary. Where none was sent it is a conflict.",
	Parameters: []Parameter{
		{Name: "statement", Max: "1", Type: "string", Text: "The id of the statement; the last one where it is left out."},
		binary,
	},
}

var binary = Parameter{Name: "return", Out: true, Min: 1, Max: "1", Type: "Binary", Text: "The document, application/pdf."}
