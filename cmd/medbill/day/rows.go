package day

import "medbill/models/money"

// Row is a scenario of payers as a practice lives through it.
type Row struct {
	ID      string // as `medbill payer --list` numbers it
	Visits  []Visit
	Desk    []Action
	Held    money.Cents // what comes to the bank of each visit by an answer that is not posted
	Unknown money.Cents // what comes to the bank of each visit and is no payment that a payer told; 0: all that was paid is one
}

// Balances that several visits end in.
const (
	writtenDown  = " Contra:Bundled 15.00 Contra:Contractual 140.00 Revenue:Gross -325.00"
	asDeductible = "AR:Patient 74.00 Clearing:ERA 96.00" + writtenDown
	passedOn     = "AR:Patient 10.00 Clearing:ERA 160.00" + writtenDown
	oneLineLess  = "AR:Insurance 60.00 AR:Patient 70.00 Clearing:ERA 80.00 Contra:Bundled 15.00 Contra:Contractual 100.00 Revenue:Gross -325.00"
	nothingPaid  = "AR:Insurance 325.00 Revenue:Gross -325.00"
)

// visit is one of the usual services that ends in balances and leaves work.
func visit(member, books string, open ...string) []Visit {
	return []Visit{{Member: member, Books: books, Open: open}}
}

// Rows are the scenarios of claims. Patients do not pay here.
var Rows = []Row{
	{ID: "1", Visits: visit("PAID-%d", "AR:Patient 34.00 Clearing:ERA 136.00"+writtenDown)},
	{ID: "2", Visits: visit("DED-%d", asDeductible)},
	{ID: "3", Visits: visit("DEDALL-%d", "AR:Patient 170.00"+writtenDown)},
	{ID: "4", Visits: visit("COPAY-%d", "AR:Patient 25.00 Clearing:ERA 145.00"+writtenDown)},
	{ID: "5", Visits: visit("OOP10-%d", "AR:Patient 10.00 Clearing:ERA 160.00"+writtenDown)},
	{ID: "6", Visits: visit("FULL-%d", "Clearing:ERA 325.00 Revenue:Gross -325.00")},
	{ID: "7", Visits: visit("SEQ-%d", "AR:Patient 34.00 Clearing:ERA 133.28 Contra:Bundled 15.00 Contra:Contractual 140.00 Contra:Sequestration 2.72 Revenue:Gross -325.00")},
	{ID: "8", Visits: visit("TERM-%d", nothingPaid, "review-answer PR-27")},
	{ID: "9", Visits: visit("AUTH-%d", nothingPaid, "review-answer CO-197")},
	{ID: "10", Visits: visit("NEC-%d", oneLineLess, "review-answer CO-50")},
	{ID: "11", Visits: visit("DUP-%d", nothingPaid, "review-answer OA-18")},
	{ID: "12", Visits: []Visit{{Member: "LATE-%d", Old: true, Books: nothingPaid, Open: []string{"review-answer CO-29"}}}},
	{ID: "13", Visits: visit("INFO-%d", asDeductible), Desk: []Action{{Member: "INFO-%d", Work: "review-answer", Choose: "replace"}}},
	{ID: "14", Visits: visit("NONCOV-%d", oneLineLess, "review-answer PR-204")},
	{ID: "15", Visits: visit("LOW-%d", "AR:Patient 72.00 Clearing:ERA 88.00 Contra:Bundled 15.00 Contra:Contractual 150.00 Revenue:Gross -325.00")},
	{ID: "16", Visits: visit("PEND-%d", asDeductible)},
	{ID: "17", Visits: visit("LOST-%d", nothingPaid, "no-answer claim-status-A4")},
	{ID: "18", Visits: visit("SYNTAX-%d", asDeductible), Desk: []Action{{Member: "SYNTAX-%d", Work: "rejected-claim", Choose: "resend"}}},
	{ID: "19", Visits: visit("REJ-%d", asDeductible), Desk: []Action{{Member: "REJ-%d", Work: "rejected-claim", Choose: "resend"}}},
	{ID: "20", Visits: []Visit{{Member: "XOVER-%d", Second: "ZZYZX-%d", Books: passedOn}}},
	{ID: "21", Visits: []Visit{{Member: "DED-SEC%d", Second: "SEC-%d", Books: passedOn}}},
	{ID: "22", Visits: []Visit{{Member: "DED-COB%d", Second: "COBBAD-%d", Books: "AR:Insurance 74.00 Clearing:ERA 96.00" + writtenDown, Open: []string{"review-answer cob-impact-misreported"}}}, Held: 64_00},
	{ID: "23", Visits: visit("TAKE-%d", "AR:Patient 114.00 Clearing:ERA 56.00"+writtenDown)},
	{ID: "24", Visits: []Visit{
		{Member: "FB%d-DOE", Books: "AR:Patient 114.00 Clearing:ERA 56.00" + writtenDown},
		{Member: "FB%d-ROE", Codes: []string{"99212"}, Books: "Clearing:ERA 25.00 Contra:Contractual 65.00 Revenue:Gross -90.00"},
		{Member: "FB%d-POE", Codes: []string{"99203"}, Books: "Clearing:ERA 100.00 Contra:Contractual 80.00 Revenue:Gross -180.00"},
	}},
	{ID: "25", Visits: visit("WO-%d", "AR:Patient 99.00 Clearing:ERA 71.00"+writtenDown)},
	{ID: "26", Visits: visit("SPLIT-%d", asDeductible)},
	{ID: "27", Visits: visit("MIXED-%d", asDeductible), Desk: []Action{{Member: "MIXED-%d", Work: "unmatched-answer", Choose: "match", With: theClaim}}},
	{ID: "28", Visits: visit("NOPAT-%d", nothingPaid, "review-answer CO-31")},
	{ID: "29", Visits: visit("FWD-%d", nothingPaid, "review-answer claim-status-")},
	{ID: "30", Visits: visit("CENT-%d", asDeductible), Unknown: 96_00},
	{ID: "31", Visits: visit("TWICE-%d", asDeductible)},
	{ID: "32", Visits: visit("QMB-%d", "AR:Insurance 74.00 Clearing:ERA 96.00"+writtenDown, "protected-patient")},
	{ID: "33", Visits: visit("RFAI-%d", asDeductible), Desk: []Action{{Member: "RFAI-%d", Chart: note, Work: "info-requested", Choose: "attach", With: theNote}}},
	{ID: "34", Visits: visit("VOID-%d", ""), Desk: []Action{{Member: "VOID-%d", Operation: "void"}}},
	{ID: "35", Visits: visit("REPL-%d", "AR:Patient 24.00 Clearing:ERA 96.00 Contra:Bundled 15.00 Contra:Contractual 90.00 Revenue:Gross -225.00"),
		Desk: []Action{{Member: "REPL-%d", Chart: smallerVisit, Work: "changed-after-sent", Choose: "replace"}}},
	{ID: "36", Visits: visit("LONELY-%d", asDeductible)},
}

// usual is the row that is played more often than the others.
const usual = "2"

// besideOpen is the work about payments alone, each time: the one that is a cent off was refused, when it came and when its payer was asked for it, so it was
// never told, and its money is not known. What was not sent is told by its payer's server.
var besideOpen = []string{"deposit-without-remittance", "unbalanced-remittance"}

// refusals is what is refused of what payers send, each time: a remittance that is a cent off, and one with other content under a
// known trace.
var refusals = []string{"remittance 422", "remittance 409"}

// beside is what payments have about no claim, for each time that all rows are played: interest. Nothing is left of what was
// carried forward or owed to a payer.
const beside = "Clearing:ERA 1.50 Income:Payer-interest -1.50"
