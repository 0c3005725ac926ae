package intake

import (
	"iter"
	"slices"
	"strings"
	"time"
	"unicode"

	"medbill/fhir"
	"medbill/models"
	"medbill/models/money"
)

// AnsweredClaim gives the Claim that a ClaimResponse names in request, or "". It decides whose document it is before
// Answer reads it.
func AnsweredClaim(d *fhir.Document) models.ClaimID {
	return models.ClaimID(idOf(d.Root().Get("request"), "Claim"))
}

// AnsweredNumber gives the number of ours under which a ClaimResponse names its Claim in request, or "".
func AnsweredNumber(d *fhir.Document) string {
	identifier := d.Root().Get("request").Get("identifier")
	if system := identifier.Get("system"); system.Exists() && !system.Is(fhir.SystemClaimNumber) {
		return ""
	}
	return identifier.Get("value").Text()
}

// AnsweredPatient gives the patient that a ClaimResponse names, or "".
func AnsweredPatient(d *fhir.Document) models.PatientID {
	return models.PatientID(idOf(d.Root().Get("patient"), "Patient"))
}

// AnswerKey gives the first identifier of a Claim or a ClaimResponse as `system|value`, or "" where it has none.
func AnswerKey(d *fhir.Document) string {
	if numbers := numbersIn(d.Root().Get("identifier").Children()); len(numbers) > 0 {
		return numbers[0]
	}
	return ""
}

// numbersIn gives identifiers as `system|value`; one without a value ends them.
func numbersIn(identifiers iter.Seq[fhir.Node]) []string {
	var list []string
	for identifier := range identifiers {
		value := identifier.Get("value").Text()
		if value == "" {
			break
		}
		list = append(list, identifier.Get("system").Text()+"|"+value)
	}
	return list
}

// Answer reads a ClaimResponse as a payer's answer. Per line it takes submitted, eligible (where stated) and benefit, and
// one adjustment per CAS triplet: category = group code, reason = CARC, positive takes off the charge. Adjustments are
// numbered from 1 in document order, those of lines before those of the claim. Other categories inform and are not read.
// Billed is Σ submitted; Paid is Σ benefit less the claim's own adjustments. Totals are kept as stated, not checked.
//
// It refuses (Invalid) what misses an amount, an itemSequence, submitted, benefit or a CARC, and two statements that
// contradict each other; (BusinessRule) lines the payer added, payment adjustments and amounts that cannot enter the books.
// Whether it balances and answers each line once is not asked here. An answer of outcome queued or error judges nothing: its
// lines are not read. One with the extension clp-status 22 takes an answer back. Remarks are the RARCs of processNote and those
// that stand beside a reason. Its day is that of the payment, else the one on which it was made.
func Answer(d *fhir.Document, zone *time.Location) (models.Answer, error) {
	root := rootOf(d, "ClaimResponse")
	a := answerReader{Answer: models.Answer{
		ID: models.AnswerID(d.ID()), ClaimID: AnsweredClaim(d),
		PayerID: models.OrganizationID(idOf(root.Get("insurer"), "Organization")), Key: AnswerKey(d),
	}}
	a.head(root)
	a.kind(root, zone)
	if a.Outcome == models.OutcomeQueued || a.Outcome == models.OutcomeError {
		return a.Answer, a.err()
	}
	for item := range a.entries(root, "item") {
		a.line(item)
	}
	a.claimLevel(root)
	a.totals(root)
	if err := a.err(); err != nil {
		return models.Answer{}, err
	}
	return a.Answer, nil
}

// answerReader is an answer as far as it is read.
type answerReader struct {
	models.Answer
	refusals
	remarks map[int][]string // of the notes that lines name, by number
}

func (a *answerReader) head(root spot) {
	if a.PayerID == "" {
		a.invalid("required", root.path+".insurer", "The answer must name its payer, as Organization/ and its id.")
	}
	if !root.Get("status").Is("active") {
		a.rule("answer.not-active", root.path+".status", "Only an active ClaimResponse can be posted; set its status to active.")
	}
	if !root.Get("use").Is("claim") {
		a.rule("answer.use", root.path+".use", "Only an answer to a claim can be posted; preauthorizations and predeterminations cannot.")
	}
	for identifier := range root.each("identifier") {
		if value := identifier.get("value"); value.Exists() {
			a.check(value.path, models.CheckLine(value.Text()))
		}
		if system := identifier.get("system"); system.Exists() {
			a.check(system.path, models.CheckLine(system.Text()))
		}
		break // the first is its key
	}
	for added := range root.each("addItem") {
		a.rule("answer.added-line", added.path, "Lines that the payer adds cannot be posted; answer the lines of the Claim.")
	}
}

// kind reads what sort of answer it is, its day and its remarks.
func (a *answerReader) kind(root spot, zone *time.Location) {
	a.Source = a.source(root)
	a.Kind, a.Outcome = models.AnswerOriginal, models.AnswerOutcome(root.Get("outcome").Text())
	for e := range root.each("extension") {
		if e.Get("url").Is(fhir.ExtensionClaimPaymentStatus) {
			status := e.choice("value", "Code")
			a.Status = status.Text()
			a.check(status.path, models.CheckCode(a.Status))
		}
	}
	for e := range root.each("extension") {
		if e.Get("url").Is(fhir.ExtensionClaimStatus) {
			a.Category = codeIn(e.Get("valueCodeableConcept"), models.SystemClaimStatus)
			a.check(e.path, models.CheckCode(a.Category))
		}
	}
	if a.Status == models.StatusReversal {
		a.Kind = models.AnswerReversal
	}
	a.crossover(root)
	trace := root.get("payment").get("identifier").get("value")
	if trace.Exists() {
		a.Trace = trace.Text()
		a.check(trace.path, models.CheckLine(a.Trace))
	}
	paid := root.get("payment").get("date")
	if a.Effective = dayIn(paid.Node, zone); a.Effective == "" {
		paid = root.get("created")
		a.Effective = dayIn(paid.Node, zone)
	}
	a.plausible(paid, a.Effective)
	a.notes(root)
}

// notes reads the remarks: those of the notes that lines name are theirs, all others are the claim's.
func (a *answerReader) notes(root spot) {
	a.remarks = map[int][]string{}
	for item := range root.Get("item").Children() {
		for n := range item.Get("noteNumber").Children() {
			if number, ok := positiveOf(n); ok {
				a.remarks[number] = nil
			}
		}
	}
	for note := range root.Get("processNote").Children() {
		number, _ := positiveOf(note.Get("number"))
		_, isNamed := a.remarks[number]
		for _, word := range remarksIn(note) {
			switch {
			case isNamed:
				a.remarks[number] = append(a.remarks[number], word)
			case !slices.Contains(a.Remarks, word):
				a.Remarks = append(a.Remarks, word)
			}
		}
	}
}

// remarksIn gives the RARCs of a note: those among its words, and the one in its extension.
func remarksIn(note fhir.Node) []string {
	words := strings.FieldsFunc(note.Get("text").Text(), isBetweenWords)
	for e := range note.Get("extension").Children() {
		if coding := e.Get("valueCoding"); e.Get("url").Is(fhir.ExtensionRemarkCode) && systemOf(coding.Get("system")) == models.SystemRARC {
			words = append(words, coding.Get("code").Text())
		}
	}
	return slices.DeleteFunc(words, func(word string) bool { return !isRemark(word) })
}

// remarksOf gives the RARCs of a line, each once.
func (a *answerReader) remarksOf(item spot) models.Codes {
	var codes models.Codes
	for n := range item.Get("noteNumber").Children() {
		number, _ := positiveOf(n)
		for _, word := range a.remarks[number] {
			if !slices.Contains(codes, word) {
				codes = append(codes, word)
			}
		}
	}
	return codes
}

func isBetweenWords(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

// isRemark reports whether a word has the form of a RARC: M, MA or N and a number. X12 LQ02, MOA03.
func isRemark(word string) bool {
	digits := strings.TrimPrefix(strings.TrimPrefix(word, "MA"), "N")
	if digits == word {
		digits = strings.TrimPrefix(word, "M")
	}
	return digits != word && digits != "" && len(digits) <= 3 && strings.Trim(digits, "0123456789") == ""
}

func (a *answerReader) line(item spot) {
	sequence, _ := a.positive(item.get("itemSequence"))
	s := a.adjudication(item, sequence)
	if s.submitted == nil {
		a.invalid("required", item.path+".adjudication", "The line has no adjudication of category submitted; state what was charged.")
	}
	if s.benefit == nil {
		a.invalid("required", item.path+".adjudication", "The line has no adjudication of category benefit; state what was paid, 0.00 where nothing was.")
	}
	if s.submitted == nil || s.benefit == nil {
		return
	}
	a.Billed += *s.submitted
	a.Paid += *s.benefit
	a.Lines = append(a.Lines, models.AnswerLine{LineSequence: sequence, Billed: *s.submitted, Allowed: s.eligible, Paid: *s.benefit, Remarks: a.remarksOf(item)})
}

// claimLevel reads the adjudication that stands on no line: its adjustments take off the sum of the lines, and submitted
// and benefit are totals.
func (a *answerReader) claimLevel(root spot) {
	before := len(a.Adjustments)
	s := a.adjudication(root, 0)
	for _, adjustment := range a.Adjustments[before:] {
		a.Paid -= adjustment.Amount
	}
	a.StatedSubmitted, a.StatedPaid = s.submitted, s.benefit
}

func (a *answerReader) totals(root spot) {
	for total := range root.each("total") {
		switch summaryOf(total.Get("category")) {
		case "submitted":
			a.state(&a.StatedSubmitted, total.get("amount"))
		case "benefit":
			a.state(&a.StatedPaid, total.get("amount"))
		}
	}
	payment := root.get("payment")
	if !payment.Exists() {
		return
	}
	a.state(&a.StatedPayment, payment.get("amount"))
	if adjustment := payment.get("adjustment"); adjustment.Exists() {
		if amount, ok := a.amount(adjustment); ok && amount != 0 {
			a.rule("answer.payment-adjustment", adjustment.path, "An adjustment of the payment itself cannot be posted; state it per line or claim.")
		}
	}
}

// state takes an amount into stated, and refuses it where another amount is there already. A refused amount counts as
// stated, so that it is not reported as missing too.
func (a *answerReader) state(stated **money.Cents, amount spot) {
	cents, ok := a.amount(amount)
	switch {
	case !ok:
		*stated = new(money.Cents)
	case *stated != nil && **stated != cents:
		a.invalid("value", amount.path, "The same total is stated twice with different amounts; state it once.")
	default:
		*stated = &cents
	}
}

// summary is what a list of adjudications states besides its adjustments; nil where it does not.
type summary struct{ submitted, eligible, benefit *money.Cents }

func (a *answerReader) adjudication(owner spot, line int) summary {
	var s summary
	for entry := range owner.each("adjudication") {
		category := entry.Get("category")
		if group := codeIn(category, models.SystemGroup); group != "" {
			a.adjustment(entry, line, group)
			continue
		}
		switch summaryOf(category) {
		case "submitted":
			a.state(&s.submitted, entry.get("amount"))
		case "eligible":
			a.state(&s.eligible, entry.get("amount"))
		case "benefit":
			a.state(&s.benefit, entry.get("amount"))
		}
	}
	return s
}

// summaryOf gives the category of a summary entry in HL7's or CARIN's code system.
func summaryOf(category fhir.Node) string {
	return codeIn(category, fhir.SystemAdjudication, fhir.SystemC4BBAdjudication)
}

// adjustment reads one CAS triplet. X12 005010X221A1, CAS.
func (a *answerReader) adjustment(entry spot, line int, group string) {
	switch group {
	case "CO", "PR", "OA", "PI":
	default:
		a.invalid("code-invalid", entry.path+".category", "The group code must be CO, PR, OA or PI.")
	}
	reason := codeIn(entry.Get("reason"), models.SystemCARC)
	if !isReasonCode(reason) {
		a.invalid("code-invalid", entry.path+".reason", "The adjustment must name its CARC of at most five capital letters or digits, with the system of X12.")
	}
	amount, ok := a.amount(entry.get("amount"))
	if !ok {
		return
	}
	a.Adjustments = append(a.Adjustments, models.Adjustment{
		Sequence: len(a.Adjustments) + 1, LineSequence: line, GroupCode: group, ReasonCode: reason,
		RemarkCode: codeIn(entry.Get("reason"), models.SystemRARC), Amount: amount,
	})
}

// isReasonCode reports whether code has the form of a CARC. X12 CAS02.
func isReasonCode(code string) bool {
	return code != "" && len(code) <= 5 && strings.Trim(code, letters+digits) == ""
}
