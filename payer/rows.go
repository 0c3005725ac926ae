package payer

import (
	"medbill/models/money"
	"medbill/payer/plan"
)

// The plans of the simulation.
const (
	ACME = "ACME"
	BETA = "BETA"
)

// Plans are what the payers cover, by name.
var Plans = map[string]plan.Plan{
	ACME: {
		Name: ACME, Title: "ACME PPO", Carrier: "acme",
		Allowed: map[string]money.Cents{"99214": 150_00, "93000": 20_00, "99213": 100_00, "99212": 25_00, "99203": 100_00}, Bundled: map[string]bool{"36415": true}, Other: 60,
		Terms: usual,
	},
	BETA: {
		Name: BETA, Title: "BETA SUPPLEMENTAL", Carrier: "beta",
		Allowed: map[string]money.Cents{"99214": 150_00, "93000": 20_00, "99213": 100_00}, Bundled: map[string]bool{"36415": true}, Other: 60,
		Terms: supplement,
	},
}

// Terms that several members have.
var (
	usual      = plan.Terms{Deductible: 50_00, Coinsurance: 20, OutOfPocket: 1000_00, FilingDays: 365}
	met        = plan.Terms{Coinsurance: 20, OutOfPocket: 1000_00, FilingDays: 365}
	inFull     = plan.Terms{InFull: true}
	supplement = plan.Terms{Copay: 10_00, FilingDays: 365}
)

// with gives terms with a change.
func with(t plan.Terms, change func(*plan.Terms)) plan.Terms {
	change(&t)
	return t
}

// refusing gives terms under which nothing of a claim is paid.
func refusing(group, code string, remarks ...string) plan.Terms {
	return with(usual, func(t *plan.Terms) { t.Refused, t.Remarks = plan.Reason{Group: group, Code: code}, remarks })
}

// lineRefused gives the usual terms but for the electrocardiogram, which is refused.
func lineRefused(group, code string) plan.Terms {
	return with(usual, func(t *plan.Terms) { t.RefusedLines = map[string]plan.Reason{"93000": {Group: group, Code: code}} })
}

// owing gives the usual terms with another deductible.
func owing(deductible money.Cents) *plan.Terms {
	t := with(usual, func(t *plan.Terms) { t.Deductible = deductible })
	return &t
}

// What is sent in several scenarios.
var (
	answered   = []Step{{Letter: Judgement}}
	syntax     = []Step{{Letter: Rejection, Status: "21", Text: "The claim cannot be read."}}
	subscriber = []Step{{Letter: Rejection, Category: "A7", Status: "164", Text: "The member is not known under this number."}}
)

// takenBack is what comes 87 days after the answer: the answer is undone, and corrected.
func takenBack(deductible, interest money.Cents, owed string) []Step {
	return []Step{{After: 87, Letter: Reversal}, {After: 87, Letter: Judgement, Terms: owing(deductible), Corrects: true, Interest: interest, Owed: owed, Text: "Deductible recalculated."}}
}

// everyone is a scenario with one member.
func everyone(t plan.Terms, first []Step) []Part { return []Part{{Terms: t, First: first}} }

// remitted is an answer that is paid on a trace of its own.
func remitted(how Remit) []Step {
	how.Apart = true
	return []Step{{Letter: Judgement, Remit: how}}
}

// Rows are the scenarios. Figures are for 99214 at 250.00, 93000 at 60.00 and 36415 at 15.00.
var Rows = []Row{
	{ID: "1", Prefix: "PAID", Plan: ACME, Expect: "deductible met: 136.00 paid, CO 155.00, PR 34.00", Parts: everyone(met, answered)},
	{ID: "2", Prefix: "DED", Plan: ACME, Expect: "96.00 paid, CO 155.00, PR 74.00", Parts: everyone(usual, answered)},
	{ID: "3", Prefix: "DEDALL", Plan: ACME, Expect: "nothing paid and not denied: CO 155.00, PR-1 170.00", Parts: everyone(*owing(500_00), answered)},
	{ID: "4", Prefix: "COPAY", Plan: ACME, Expect: "145.00 paid, CO 155.00, PR-3 25.00", Parts: everyone(plan.Terms{Copay: 25_00}, answered)},
	{ID: "5", Prefix: "OOP10", Plan: ACME, Expect: "160.00 paid, CO 155.00, PR 10.00", Parts: everyone(with(met, func(t *plan.Terms) { t.OutOfPocket = 10_00 }), answered)},
	{ID: "6", Prefix: "FULL", Plan: ACME, Expect: "325.00 paid", Parts: everyone(inFull, answered)},
	{ID: "7", Prefix: "SEQ", Plan: ACME, Expect: "133.28 paid, CO 155.00, CO-253 2.72, PR 34.00", Parts: everyone(with(met, func(t *plan.Terms) { t.Sequestration = 2 }), answered)},
	{ID: "8", Prefix: "TERM", Plan: ACME, Expect: "PR-27 325.00: coverage ended", Parts: everyone(refusing("PR", "27"), answered)},
	{ID: "9", Prefix: "AUTH", Plan: ACME, Expect: "CO-197 325.00 unless preAuthRef, then as 2", Parts: everyone(with(usual, func(t *plan.Terms) { t.Authorization = true }), answered)},
	{ID: "10", Prefix: "NEC", Plan: ACME, Expect: "80.00 paid, CO 115.00, CO-50 60.00 on the second line, PR 70.00", Parts: everyone(lineRefused("CO", "50"), answered)},
	{ID: "11", Prefix: "DUP", Plan: ACME, Expect: "OA-18 325.00: a duplicate", Parts: everyone(refusing("OA", "18"), answered)},
	{ID: "12", Prefix: "LATE", Plan: ACME, Expect: "CO-29 325.00 where it came more than 90 days after the service, else as 2", Parts: everyone(with(usual, func(t *plan.Terms) { t.FilingDays = 90 }), answered)},
	{ID: "13", Prefix: "INFO", Plan: ACME, Expect: "CO-16 with MA130 325.00; the corrected one as 2", Parts: []Part{{Terms: usual, First: []Step{{Letter: Judgement, Terms: incomplete()}}, Again: answered}}},
	{ID: "14", Prefix: "NONCOV", Plan: ACME, Expect: "80.00 paid, CO 115.00, PR 70.00 and PR-204 60.00 on the second line", Parts: everyone(lineRefused("PR", "204"), answered)},
	{ID: "15", Prefix: "LOW", Plan: ACME, Expect: "10.00 less allowed than agreed: 88.00 paid, CO 165.00, PR 72.00", Parts: everyone(with(usual, func(t *plan.Terms) { t.Allowed = map[string]money.Cents{"99214": 140_00} }), answered)},
	{ID: "16", Prefix: "PEND", Plan: ACME, Expect: "in process; after 14 days as 2", Parts: everyone(usual, []Step{{Letter: Acknowledgement, Category: "P1", Status: "20", Text: "In process."}, {After: 14, Letter: Judgement}})},
	{ID: "17", Prefix: "LOST", Plan: ACME, Expect: "no answer; who asks is told A4, not found", Parts: everyone(usual, []Step{{On: OnInquiry, Letter: Acknowledgement, Category: "A4", Status: "35", Text: "The claim is not known."}})},
	{ID: "18", Prefix: "SYNTAX", Plan: ACME, Expect: "rejected: cannot be read (999 R); sent again as 2", Parts: []Part{{Terms: usual, First: syntax, Again: answered}}},
	{ID: "19", Prefix: "REJ", Plan: ACME, Expect: "rejected: subscriber unknown (277CA A7); sent again as 2", Parts: []Part{{Terms: usual, First: subscriber, Again: answered}}},
	{ID: "20", Prefix: "XOVER", Plan: ACME, Expect: "as 2, and passed on to BETA (CLP02 19, MA18)", Parts: everyone(with(usual, func(t *plan.Terms) { t.Remarks = []string{"MA18"} }), []Step{{Letter: Judgement, CLP: "19", Crossover: BETA}})},
	{ID: "21", Prefix: "SEC", Plan: BETA, Expect: "the second payer: 64.00 paid, OA-23 251.00, PR-3 10.00", Parts: everyone(supplement, answered)},
	{ID: "22", Prefix: "COBBAD", Plan: BETA, Expect: "the second payer misreports: 64.00 paid, CO-45 261.00", Parts: everyone(with(supplement, func(t *plan.Terms) { t.Misreports = true }), answered)},
	{ID: "23", Prefix: "TAKE", Plan: ACME, Expect: "as 2; after 87 days taken back, and 56.00 paid, CO 155.00, PR 114.00", Parts: []Part{{Terms: usual, First: answered, Later: takenBack(100_00, 0, "")}}},
	{ID: "24", Prefix: "FB", Plan: ACME, Expect: "FB1-DOE as 23 with interest 1.50, FB1-ROE 25.00 of 90.00 that day, FB1-POE 100.00 of 180.00 a week later: 13.50 is carried forward, then kept", Parts: []Part{
		{Suffix: "DOE", Terms: usual, First: answered, Later: takenBack(100_00, 1_50, "")},
		{Suffix: "ROE", Terms: plan.Terms{}, First: []Step{{After: 87, Letter: Judgement}}},
		{Suffix: "POE", Terms: plan.Terms{}, First: []Step{{After: 94, Letter: Judgement}}},
	}},
	{ID: "25", Prefix: "WO", Plan: ACME, Expect: "as 2; after 87 days taken back, and 71.00 paid, CO 155.00, PR 99.00, with WO 25.00 owed and kept from a later payment", Parts: []Part{{Terms: usual, First: answered, Later: takenBack(81_25, 0, "WO")}}},
	{ID: "26", Prefix: "SPLIT", Plan: ACME, Expect: "two answers on two payments: 80.00, CO 100.00, PR 70.00 of the first line, a day later 16.00, CO 55.00, PR 4.00 of the others", Parts: everyone(usual, []Step{{Letter: Judgement, Lines: FirstLine}, {After: 1, Letter: Judgement, Lines: OtherLine}})},
	{ID: "27", Prefix: "MIXED", Plan: ACME, Expect: "as 2, to a claim number that nobody knows", Parts: everyone(usual, []Step{{Letter: Judgement, Mangled: true}})},
	{ID: "28", Prefix: "NOPAT", Plan: ACME, Expect: "CO-31 325.00: the patient is not known", Parts: everyone(refusing("CO", "31"), answered)},
	{ID: "29", Prefix: "FWD", Plan: ACME, Expect: "OA-B11 325.00, passed on (CLP02 23)", Parts: everyone(refusing("OA", "B11"), []Step{{Letter: Judgement, CLP: "23"}})},
	{ID: "30", Prefix: "CENT", Plan: ACME, Expect: "as 2, on a remittance that is a cent off", Parts: everyone(usual, remitted(Remit{Off: 1}))},
	{ID: "31", Prefix: "TWICE", Plan: ACME, Expect: "as 2, on a remittance that comes twice, then with other content", Parts: everyone(usual, remitted(Remit{Twice: true, Contradicts: true}))},
	{ID: "32", Prefix: "QMB", Plan: ACME, Expect: "as 2 with N781: the patient owes nothing", Parts: everyone(with(usual, func(t *plan.Terms) { t.Remarks = []string{"N781"} }), answered)},
	{ID: "33", Prefix: "RFAI", Plan: ACME, Expect: "asks for documents (R4); when they came, as 2", Parts: everyone(usual, []Step{{Letter: Acknowledgement, Category: "R4", Status: "294", Text: "Documents are asked for."}, {Letter: Documents}, {On: OnDocuments, Letter: Judgement}})},
	{ID: "34", Prefix: "VOID", Plan: ACME, Expect: "as 2; the claim of frequency 8 is answered by a reversal of 325.00", Parts: everyone(usual, answered)},
	{ID: "35", Prefix: "REPL", Plan: ACME, Expect: "as 1; the claim of frequency 7 with 99213 at 150.00 by a reversal, then 96.00 paid, CO 105.00, PR 24.00", Parts: everyone(met, answered)},
	{ID: "36", Prefix: "LONELY", Plan: ACME, Expect: "money without an answer or remittance; $searchByPayment finds it", Parts: everyone(usual, remitted(Remit{Silent: true}))},

	{ID: "E1", Prefix: "E1", Expect: "active: deductible 500.00 with 450.00 used, out of pocket 1,000.00 with 450.00, copay 25.00, coinsurance 20 %", Eligibility: &Eligibility{}},
	{ID: "E2", Prefix: "E2", Expect: "inactive", Eligibility: &Eligibility{Inactive: true}},
	{ID: "E3", Prefix: "E3", Expect: "refused: AAA 75, subscriber not found", Eligibility: &Eligibility{Refused: "75", FollowUp: "C"}},
	{ID: "E4", Prefix: "E4", Expect: "refused: AAA 42, not now; asked again active", Eligibility: &Eligibility{Refused: "42", FollowUp: "R", Once: true}},
	{ID: "E5", Prefix: "E5", Expect: "active, and another payer comes first", Eligibility: &Eligibility{OtherPayer: BETA}},
	{ID: "E6", Prefix: "E6", Expect: "active; the family has 20.00 of its deductible left, the member 50.00", Eligibility: &Eligibility{Family: true}},
	{ID: "E7", Prefix: "E7", Expect: "active as a dependent of another subscriber", Eligibility: &Eligibility{Dependent: true}},
	{ID: "E8", Prefix: "E8", Expect: "active, an authorization is required", Eligibility: &Eligibility{Authorization: true}},
	{ID: "E9", Prefix: "E9", Expect: "refused: AAA 57, the day cannot be asked about", Eligibility: &Eligibility{Refused: "57", FollowUp: "C"}},
	{ID: "E10", Prefix: "E10", Expect: "active, nothing said of benefits", Eligibility: &Eligibility{Empty: true}},

	{ID: "P1", Prefix: "A1", Expect: "authorized (A1)", Authorization: []Decision{{Action: "A1"}}},
	{ID: "P2", Prefix: "A3", Expect: "not authorized (A3)", Authorization: []Decision{{Action: "A3", Reason: "0V"}}},
	{ID: "P3", Prefix: "A41", Expect: "pended (A4), after 2 days authorized (A1)", Authorization: []Decision{{Action: "A4"}, {After: 2, Action: "A1"}}},
	{ID: "P4", Prefix: "A43", Expect: "pended (A4), after 2 days not authorized (A3)", Authorization: []Decision{{Action: "A4"}, {After: 2, Action: "A3", Reason: "0V"}}},
}

// incomplete are the terms under which a claim lacks something.
func incomplete() *plan.Terms {
	t := refusing("CO", "16", "MA130")
	return &t
}
