package models_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"medbill/migrations"
	"medbill/models"
)

// constants gives the values of this package's typed text constants by their type, from the source: one that is added and
// forgotten elsewhere is found.
func constants(t *testing.T) map[string][]string {
	t.Helper()
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]string{}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, declared := range file.Decls {
			if group, ok := declared.(*ast.GenDecl); ok && group.Tok == token.CONST {
				for _, spec := range group.Specs {
					typ, value := typedText(spec.(*ast.ValueSpec))
					if typ != "" {
						found[typ] = append(found[typ], value)
					}
				}
			}
		}
	}
	return found
}

// typedText gives type and value of a constant like `ClaimDraft ClaimState = "draft"`, "" for any other.
func typedText(spec *ast.ValueSpec) (typ, value string) {
	named, ok := spec.Type.(*ast.Ident)
	if !ok || len(spec.Values) != 1 {
		return "", ""
	}
	literal, ok := spec.Values[0].(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return "", ""
	}
	value, err := strconv.Unquote(literal.Value)
	if err != nil {
		return "", ""
	}
	return named.Name, value
}

// column gives one column of a table.
func column[Row any, Key ~string](rows []Row, key func(Row) Key) []string {
	texts := make([]string, len(rows))
	for i, row := range rows {
		texts[i] = string(key(row))
	}
	return texts
}

// tables are those that say what there is to know about each constant of a type.
func tables() map[string][]string {
	return map[string][]string{
		"CaseState":     column(models.CaseStates, func(f models.CaseFacts) models.CaseState { return f.State }),
		"ChargeState":   column(models.ChargeStates, func(f models.ChargeFacts) models.ChargeState { return f.State }),
		"ClaimState":    column(models.ClaimStates, func(f models.ClaimFacts) models.ClaimState { return f.State }),
		"WorkKind":      column(models.WorkKinds, func(f models.WorkFacts) models.WorkKind { return f.Kind }),
		"LedgerAccount": column(models.ChartOfAccounts, func(f models.AccountFacts) models.LedgerAccount { return f.Account }),
	}
}

func TestEveryConstantStandsInItsTableOnce(t *testing.T) {
	declared := constants(t)
	for typ, rows := range tables() {
		if !slices.Equal(slices.Sorted(slices.Values(rows)), slices.Sorted(slices.Values(declared[typ]))) {
			t.Errorf("the constants of %s are %q, its table has %q", typ, declared[typ], rows)
		}
	}
}

// checked says which constants the condition of a column lists.
var checked = map[string]string{
	"cases_state_known": "CaseState", "cases_due_known": "CaseStep", "cases_coded_by_known": "CodedBy", "charges_measure_known": "Measure", "claim_lines_measure_known": "Measure", "charges_drug_unit_known": "DrugUnit", "claim_lines_drug_unit_known": "DrugUnit",
	"charges_state_known": "ChargeState", "coverage_checks_state_known": "CheckState", "authorizations_state_known": "AuthorizationState", "coverage_checks_in_force_known": "Tristate",
	"claims_type_known": "ClaimType", "answers_claim_type_known": "ClaimType", "claims_state_known": "ClaimState", "claims_frequency_known": "ClaimFrequency", "claim_findings_severity_known": "Severity", "answers_kind_known": "AnswerKind", "unmatched_answers_kind_known": "AnswerKind", "answers_source_known": "AnswerSource", "remittances_source_known": "AnswerSource", "remittances_outcome_known": "RemittanceOutcome", "remittances_method_known": "RemittanceMethod", "deposits_source_known": "BankFile", "deposits_state_known": "DepositState", "deposits_asked_known": "DepositAsked", "deposit_matches_pays_known": "DepositPays",
	"answers_outcome_known": "AnswerOutcome", "journal_entries_kind_known": "EntryKind", "postings_account_known": "LedgerAccount",
	"invoices_status_known": "InvoiceStatus", "payments_method_known": "PaymentMethod", "payments_state_known": "PaymentState", "processor_events_type_known": "ProcessorEventType", "refunds_state_known": "RefundState", "write_offs_kind_known": "WriteOffKind", "statements_step_known": "StatementStep", "statement_holds_kind_known": "HoldKind", "payment_plans_state_known": "PlanState", "work_items_kind_known": "WorkKind",
	"work_items_status_known": "WorkStatus", "coding_words_kind_known": "CodingKind", "work_items_role_known": "WorkRole", "claim_findings_override_role_known": "WorkRole", "work_items_decision_known": "Decision", "work_events_action_known": "WorkAction", "payer_connections_kind_known": "ConnectionKind", "payer_facts_subject_known": "PayerSubject", "contracts_lesser_known": "Lesser", "contracts_policy_known": "PricePolicy", "contract_rates_kind_known": "RateKind", "practice_rules_reach_known": "RuleReach", "practice_rules_action_known": "RuleAction", "practice_rules_state_known": "RuleState", "audit_events_action_known": "AuditAction",
}

// foreignWords are conditions whose words are not of this package: group codes of X12, and how a date is known.
var foreignWords = []string{"adjustments_group_known", "date_keys_low_by_known", "date_keys_high_by_known"}

var (
	known     = regexp.MustCompile(`CONSTRAINT (\w+_known) CHECK \((?:\w+ = '' OR )?\w+ IN \(([^)]*)\)\)`)
	narrow    = regexp.MustCompile(`CREATE INDEX (\w+) ON \w+ \([^)]*\) WHERE state IN \(([^)]*)\)`)
	quoted    = regexp.MustCompile(`'([^']*)'`)
	databases = []string{"sqlite", "postgres"}
)

// lists gives the words that a pattern finds in the schema, by the name before them, in the order of their code points.
func lists(t *testing.T, database string, pattern *regexp.Regexp) map[string][]string {
	t.Helper()
	text, err := fs.ReadFile(migrations.Files(), database+"/00001_spine.sql")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]string{}
	for _, match := range pattern.FindAllStringSubmatch(string(text), -1) {
		for _, word := range quoted.FindAllStringSubmatch(match[2], -1) {
			found[match[1]] = append(found[match[1]], word[1])
		}
		slices.Sort(found[match[1]])
	}
	return found
}

func TestDatabaseKnowsTheSameWords(t *testing.T) {
	declared := constants(t)
	for _, database := range databases {
		conditions := lists(t, database, known)
		for name, words := range conditions {
			if typ := checked[name]; typ == "" && !slices.Contains(foreignWords, name) {
				t.Errorf("%s: nobody says whose words %s lists", database, name)
			} else if typ != "" && !slices.Equal(words, slices.Sorted(slices.Values(declared[typ]))) {
				t.Errorf("%s: %s lists %q, the constants of %s are %q", database, name, words, typ, declared[typ])
			}
		}
		for name := range checked {
			if conditions[name] == nil {
				t.Errorf("%s has no condition %s", database, name)
			}
		}
	}
}

// An index over what is still open holds exactly the states of which the fact is true.
func TestNarrowIndexHoldsTheStatesOfItsFact(t *testing.T) {
	editable := column(models.ClaimStatesWhere(func(f models.ClaimFacts) bool { return f.Editable }), func(s models.ClaimState) models.ClaimState { return s })
	for _, database := range databases {
		if got := lists(t, database, narrow)["claims_unsent"]; !slices.Equal(got, slices.Sorted(slices.Values(editable))) {
			t.Errorf("%s: claims_unsent holds %q, the books make anew what is %q", database, got, editable)
		}
	}
}

func TestFactsOfClaimsAgree(t *testing.T) {
	for _, f := range models.ClaimStates {
		switch {
		case f.State.Facts() != f:
			t.Errorf("the facts of %s are %+v", f.State, f.State.Facts())
		case f.Sent && !f.PayerSees, f.Awaited && !f.Sent, f.Editable && f.Sent:
			t.Errorf("%+v contradicts itself", f)
		case (f.Sent && f.State.IsLive()) != (f.Status == "active"), f.Editable != (f.Status == "draft"):
			t.Errorf("%+v shows as %s", f, f.Status)
		case f.State.IsLive() && !f.Sent && !f.Editable:
			t.Errorf("%+v asks for money, and nobody has it", f)
		}
	}
	if got := models.ClaimState("unknown").Facts(); got != (models.ClaimFacts{}) {
		t.Errorf("an unknown state is %+v", got)
	}
}

func TestFactsOfChargesAgree(t *testing.T) {
	for _, f := range models.ChargeStates {
		c := models.Charge{State: f.State}
		if f.State.Facts() != f || f.InBooks && f.Waits || f.Status == "" || c.IsPosted() != f.InBooks || c.IsSelfPay() != f.InBooks {
			t.Errorf("%+v contradicts itself", f)
		}
	}
	if got := models.ChargeState("unknown").Facts(); got != (models.ChargeFacts{}) {
		t.Errorf("an unknown state is %+v", got)
	}
}

// Both ends: no state without a turn and no turn without a state; no work without an owner and no owner without work.
func TestEveryStateIsSomebodysTurn(t *testing.T) {
	declared := constants(t)
	turns := column(models.CaseStates, func(f models.CaseFacts) models.Turn { return f.State.Turn() })
	owners := column(models.WorkKinds, func(f models.WorkFacts) models.WorkOwner { return f.Kind.Facts().Owner })
	for typ, used := range map[string][]string{"Turn": turns, "WorkOwner": owners} {
		used = slices.Compact(slices.Sorted(slices.Values(used)))
		if want := slices.Sorted(slices.Values(declared[typ])); !slices.Equal(used, want) {
			t.Errorf("the table uses %q, the constants of %s are %q", used, typ, want)
		}
	}
	if turn, owner := models.CaseState("unknown").Turn(), models.WorkKind("unknown").Facts().Owner; turn != "" || owner != "" {
		t.Errorf("an unknown state is the turn of %q, unknown work is %q's", turn, owner)
	}
}

// A claim is made, awaited or over; a charge is in the books, may come or is gone; never two of these.
func TestEveryStateIsInOnePhase(t *testing.T) {
	over := []models.ClaimState{models.ClaimAdjudicated, models.ClaimReplaced, models.ClaimVoided, models.ClaimWithdrawn}
	for _, f := range models.ClaimStates {
		if holds(f.Editable, f.Awaited, slices.Contains(over, f.State)) != 1 {
			t.Errorf("%+v is not in one phase", f)
		}
	}
	gone := []models.ChargeState{models.ChargeAborted, models.ChargeMistaken}
	for _, f := range models.ChargeStates {
		if holds(f.InBooks, f.Waits, slices.Contains(gone, f.State)) != 1 {
			t.Errorf("%+v is not in one phase", f)
		}
	}
}

func holds(facts ...bool) int {
	return len(slices.DeleteFunc(facts, func(fact bool) bool { return !fact }))
}

// An account grows on the side of its class, and what may stand on an invoice is the patient's or takes off what was billed.
func TestAccountsGrowOnTheSideOfTheirClass(t *testing.T) {
	sides := map[models.AccountClass]models.Side{
		models.ClassAsset: models.SideDebit, models.ClassContra: models.SideDebit,
		models.ClassLiability: models.SideCredit, models.ClassRevenue: models.SideCredit, models.ClassEquity: models.SideCredit,
		models.ClassIncome: models.SideCredit, models.ClassExpense: models.SideDebit,
	}
	for _, f := range models.ChartOfAccounts {
		got, ok := f.Account.Facts()
		if !ok || got != f || f.Normal == 0 || f.Normal != sides[f.Class] {
			t.Errorf("%+v grows on the other side, or is found as %+v", f, got)
		}
		if (f.Role == models.RoleAdjusted) != (f.Class == models.ClassContra) {
			t.Errorf("%+v does not show as what it takes off", f)
		}
		if prefix, _, _ := strings.Cut(string(f.Account), ":"); prefix == "" || strings.HasPrefix(string(f.Account), "Contra:") != (f.Class == models.ClassContra) {
			t.Errorf("%s does not say that it is %s", f.Account, f.Class)
		}
	}
	if got, ok := models.LedgerAccount("Cash:Pocket").Facts(); ok {
		t.Errorf("an unknown account is %+v", got)
	}
}

func ExampleClaimStatesWhere() {
	fmt.Println(models.ClaimStatesWhere(func(f models.ClaimFacts) bool { return f.Editable }))
	// Output: [draft held ready rejected-syntax rejected]
}

// What a person may decide is decided about some kind, once; and every day, stake and priority of the table is known.
func TestWorkIsWhole(t *testing.T) {
	decided := map[string]bool{}
	for _, d := range models.Decisions {
		for _, kind := range d.Kinds {
			if key := strings.Join([]string{string(d.Decision), string(kind), string(d.Undoes)}, " "); decided[key] || kind.Facts().Kind == "" {
				t.Errorf("%s stands twice, or is about no work", key)
			} else {
				decided[key] = true
			}
		}
		if d.Decision == models.Undecided || d.Scope == "" || d.Text == "" || len(d.Kinds) == 0 {
			t.Errorf("%+v leaves something out", d)
		}
	}
	made := column(models.Decisions, func(d models.DecisionFacts) models.Decision { return d.Decision })
	for _, d := range constants(t)["Decision"] {
		if d != "" && !slices.Contains(made, d) {
			t.Errorf("nothing is decided by %s", d)
		}
	}
	for _, f := range models.WorkKinds {
		if f.Role == "" || f.Days <= 0 || f.From == "" || f.Stake == "" || f.Priority == 0 {
			t.Errorf("%+v leaves something out", f)
		}
		if _, ok := f.Kind.Decides("buy"); ok {
			t.Errorf("%s is decided by a word that there is not", f.Kind)
		}
	}
}

// An item is due so many days after it was opened, or after the day of service, which may be long ago.
func TestWorkIsDueFromItsDay(t *testing.T) {
	for _, row := range []struct {
		kind          models.WorkKind
		service, want models.Date
	}{
		{models.WorkCode, "2026-02-27", "2026-03-02"},
		{models.WorkCode, "", "2026-03-13"},
		{models.WorkClaim, "2025-01-01", "2026-03-12"},
	} {
		if got := row.kind.Facts().Due("2026-03-10", row.service); got != row.want {
			t.Errorf("%s of %q, opened on 2026-03-10, is due on %s, want %s", row.kind, row.service, got, row.want)
		}
	}
}
