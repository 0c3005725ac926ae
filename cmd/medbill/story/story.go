package story

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"time"

	"medbill/fhir"
)

// The tenant and the people of the story, for tokens.
const (
	Tenant  = "demo"
	Patient = "demo-ann"
	Payer   = "demo-acme"
)

// Tokens are access tokens by role: admin, ehr, coder, biller, payer, patient.
type Tokens map[string]string

// Step is one thing that happened: who sent what, what came back, and the money after it.
type Step struct {
	Title string
	Sent  string
	Came  string
	Books []Balance
}

// Balance is what an account of the books holds.
type Balance struct{ Account, Amount string }

// Expected is where the story ends: what the payer paid waits for the bank, what it took off is written down, what the
// patient paid by card is on its way, and nobody owes anything.
var Expected = map[string]string{
	"AR:Insurance": "0.00", "AR:Patient": "0.00", "Clearing:ERA": "96.00", "Contra:Contractual": "140.00", "Contra:Bundled": "15.00",
	"Cash:Card-clearing": "74.00", "Revenue:Gross": "-325.00",
}

// Play tells the story to the server at base, whose payer is played beside, calling show after each step. patience is how long to wait for the work
// between two steps.
func Play(ctx context.Context, base string, tokens Tokens, patience time.Duration, show func(number, of int, s Step)) error {
	p := player{client: client{base: base}, tokens: tokens, patience: patience}
	steps := []func(context.Context) (Step, error){p.setUp, p.push, p.charge, p.prepare, p.submit, p.receive, p.answer, p.invoice, p.pay, p.close}
	for i, step := range steps {
		s, err := step(ctx)
		if err != nil {
			return fmt.Errorf("step %d: %w", i+1, err)
		}
		if s.Books, err = p.books(ctx); err != nil {
			return fmt.Errorf("read the books after step %d: %w", i+1, err)
		}
		show(i+1, len(steps), s)
	}
	return nil
}

type player struct {
	client
	tokens   Tokens
	patience time.Duration

	claim, invoiceID string
}

func (p *player) setUp(ctx context.Context) (Step, error) {
	r, err := p.send(ctx, p.tokens["admin"], http.MethodPost, "/fhir/R4", practice())
	return Step{
		Title: "The practice is set up",
		Sent:  "admin: POST /fhir/R4, a transaction with organization, practitioners, payers and a fee schedule of 3 services",
		Came:  came(r),
	}, err
}

func (p *player) push(ctx context.Context) (Step, error) {
	r, err := p.send(ctx, p.tokens["ehr"], http.MethodPost, "/fhir/R4", visit())
	return Step{
		Title: "The EHR pushes a finished visit",
		Sent:  "ehr: POST /fhir/R4, a transaction with patient, coverage, encounter, 2 diagnoses, 3 procedures",
		Came:  came(r),
	}, err
}

func came(r reply) string {
	if r.body == nil {
		return fmt.Sprintf("HTTP %d", r.status)
	}
	if entries := r.body.Root().Get("entry"); entries.Exists() {
		return fmt.Sprintf("HTTP %d, %s of %d entries", r.status, r.body.Root().Get("type").Text(), entries.Len())
	}
	return fmt.Sprintf("HTTP %d, %s", r.status, r.body.Type())
}

func (p *player) charge(ctx context.Context) (Step, error) {
	_, err := p.find(ctx, p.tokens["biller"], "/fhir/R4/ChargeItem?context=Encounter/demo-visit&_count=10", p.patience)
	if err != nil {
		return Step{}, err
	}
	r, err := p.send(ctx, p.tokens["biller"], http.MethodGet, "/fhir/R4/ChargeItem?context=Encounter/demo-visit&_count=10", "")
	if err != nil {
		return Step{}, err
	}
	lines := ""
	for e := range r.body.Root().Get("entry").Children() {
		item := e.Get("resource")
		lines += fmt.Sprintf(", %s %s", item.In("code", "coding").At(0).Get("code").Text(), item.In("priceOverride", "value").Text())
	}
	return Step{Title: "Its codes are taken over and priced", Sent: "biller: GET /fhir/R4/ChargeItem?context=Encounter/demo-visit", Came: fmt.Sprintf("HTTP %d%s", r.status, lines)}, nil
}

func (p *player) prepare(ctx context.Context) (Step, error) {
	c, err := p.find(ctx, p.tokens["biller"], "/fhir/R4/Claim?encounter=Encounter/demo-visit&claim-state:not=entered-in-error", p.patience)
	if err != nil {
		return Step{}, err
	}
	p.claim = c.Get("id").Text()
	r, err := p.send(ctx, p.tokens["coder"], http.MethodPost, "/fhir/R4/Claim/"+p.claim+"/$validate", "")
	if err != nil {
		return Step{}, err
	}
	return Step{
		Title: "A claim is made and scrubbed",
		Sent:  "coder: POST /fhir/R4/Claim/{id}/$validate",
		Came:  fmt.Sprintf("%s; claim %s of %s USD: %s", came(r), c.Get("identifier").At(0).Get("value").Text(), c.In("total", "value").Text(), reasons(r.body)),
	}, nil
}

func (p *player) submit(ctx context.Context) (Step, error) {
	r, err := p.send(ctx, p.tokens["biller"], http.MethodPost, "/fhir/R4/Claim/"+p.claim+"/$submit", "")
	if err != nil {
		return Step{}, err
	}
	return Step{Title: "The claim goes to its payer", Sent: "biller: POST /fhir/R4/Claim/{id}/$submit", Came: came(r) + ", state " + state(r.body)}, nil
}

func state(d *fhir.Document) string {
	for e := range d.Root().Get("extension").Children() {
		if e.Get("url").Is(fhir.ExtensionClaimState) {
			return e.Get("valueCode").Text()
		}
	}
	return "unknown"
}

func (p *player) receive(ctx context.Context) (Step, error) {
	const query = "/fhir/R4/Claim?insurer=Organization/" + Payer
	r, err := p.send(ctx, p.tokens["payer"], http.MethodGet, query, "")
	if err != nil {
		return Step{}, err
	}
	return Step{Title: "The payer finds its claims", Sent: "payer: GET " + query, Came: fmt.Sprintf("%s, %d claim", came(r), r.body.Root().Get("entry").Len())}, nil
}

// answer waits for what the payer makes of the claim: who plays it answers by itself.
func (p *player) answer(ctx context.Context) (Step, error) {
	a, err := p.find(ctx, p.tokens["biller"], "/fhir/R4/ClaimResponse?request=Claim/"+p.claim, p.patience)
	if err != nil {
		return Step{}, err
	}
	return Step{
		Title: "The payer answers: 96.00 paid, 155.00 taken off, 74.00 left to the patient",
		Sent:  "payer: POST /fhir/R4/ClaimResponse",
		Came:  fmt.Sprintf("ClaimResponse %s, %s, posted", a.Get("identifier").At(0).Get("value").Text(), a.Get("outcome").Text()),
	}, nil
}

func (p *player) invoice(ctx context.Context) (Step, error) {
	const query = "/fhir/R4/Invoice?patient=Patient/demo-ann"
	i, err := p.find(ctx, p.tokens["patient"], query, p.patience)
	if err != nil {
		return Step{}, err
	}
	p.invoiceID = i.Get("id").Text()
	return Step{
		Title: "The patient reads the invoice",
		Sent:  "patient: GET " + query,
		Came:  fmt.Sprintf("invoice %s, %s, %s USD due", i.Get("identifier").At(0).Get("value").Text(), i.Get("status").Text(), amountDue(i)),
	}, nil
}

// amountDue gives what is open of an invoice; its total stays what was asked.
func amountDue(invoice fhir.Node) string {
	for e := range invoice.Get("extension").Children() {
		if e.Get("url").Is(fhir.ExtensionAmountDue) {
			return e.In("valueMoney", "value").Text()
		}
	}
	return "unknown"
}

func (p *player) pay(ctx context.Context) (Step, error) {
	r, err := p.send(ctx, p.tokens["patient"], http.MethodPost, "/fhir/R4/Invoice/"+p.invoiceID+"/$pay", payment(), "Idempotency-Key", "demo-payment-1")
	return Step{
		Title: "The patient pays 74.00 by card", Sent: "patient: POST /fhir/R4/Invoice/{id}/$pay with an Idempotency-Key", Came: came(r),
	}, err
}

func (p *player) close(ctx context.Context) (Step, error) {
	r, err := p.send(ctx, p.tokens["patient"], http.MethodGet, "/fhir/R4/Invoice/"+p.invoiceID, "")
	if err != nil {
		return Step{}, err
	}
	invoice := r.body.Root()
	status, asked, due := invoice.Get("status").Text(), invoice.In("totalNet", "value").Text(), amountDue(invoice)
	if status != "balanced" || asked != "74.00" || due != "0.00" {
		return Step{}, fmt.Errorf("the invoice over %s is %s with %s due, want 74.00 balanced with 0.00", asked, status, due)
	}
	books, err := p.books(ctx)
	if err != nil {
		return Step{}, err
	}
	if err := Compare(books); err != nil {
		return Step{}, err
	}
	return Step{Title: "The bill is paid and the books are right", Sent: "patient: GET /fhir/R4/Invoice/{id}", Came: "HTTP 200, balanced, 0.00 USD due"}, nil
}

// Compare holds the books against Expected.
func Compare(books []Balance) error {
	found := map[string]string{}
	for _, b := range books {
		found[b.Account] = b.Amount
	}
	for account, want := range Expected {
		got := cmp.Or(found[account], "0.00") // an account that is even need not be listed
		if got != want {
			return fmt.Errorf("account %s holds %q, want %s", account, got, want)
		}
	}
	for account, amount := range found {
		if _, expected := Expected[account]; !expected && amount != "0.00" {
			return fmt.Errorf("account %s holds %s, want nothing", account, amount)
		}
	}
	return nil
}

// books reads the patient's account through GraphQL.
func (p *player) books(ctx context.Context) ([]Balance, error) {
	r, err := p.send(ctx, p.tokens["biller"], http.MethodPost, "/graphql",
		`{"query":"query($patient: ID!) { account(patient: $patient) { balance { account amount { value } } } }","variables":{"patient":"`+Patient+`"}}`)
	if err != nil {
		return nil, err
	}
	if failed := r.body.Root().Get("errors").At(0); failed.Exists() && failed.In("extensions", "code").Text() != "NOT_FOUND" {
		return nil, fmt.Errorf("GraphQL: %s", failed.Get("message").Text())
	}
	var books []Balance
	for b := range r.body.Root().In("data", "account", "balance").Children() {
		books = append(books, Balance{b.Get("account").Text(), b.In("amount", "value").Text()})
	}
	return books, nil
}
