package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"medbill/internal/store/storetest"
)

func feeFile(t *testing.T, lines string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "fees.csv")
	if err := os.WriteFile(path, []byte("code,system,modifiers,payer,from,until,amount\n"+lines), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// payerFiles writes a file of the directory, one of facts and one of enrolments.
func payerFiles(t *testing.T) []string {
	t.Helper()
	dir := t.TempDir()
	var paths []string
	for i, text := range []string{"payer,name,aliases,identifiers,transactions\ndemo-acme,ACME,,,837P\n", "payer,subject,code,value,from,until\ndemo-acme,filing-limit,,90,2026-01-01,\n", "payer,npi,from,until\ndemo-acme,1234567893,,\n"} {
		paths = append(paths, filepath.Join(dir, strconv.Itoa(i)+".csv"))
		if err := os.WriteFile(paths[i], []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return paths
}

// TestTheCareOfTheDataNeedsNoStop runs every command of the data beside a server that is up, on both databases, and sees
// that the server goes on and knows what they did.
func TestTheCareOfTheDataNeedsNoStop(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		ctx, cancel := context.WithTimeout(context.Background(), runTimeout)
		defer cancel()
		dir := t.TempDir()
		s, tokens := served(ctx, t, demoCommand{Data: dir, Database: url, Addr: "127.0.0.1:0"})
		at := []string{"--data", dir, "--database", url}
		file := feeFile(t, "99213,,,,,,150\n99024,,,,,,0.00\n")
		order := filepath.Join(t.TempDir(), "icd10cm_order_2026.txt")
		if err := os.WriteFile(order, fmt.Appendf(nil, "00001 %-7s 1 %-60s %s\n", "I10", "Invented", "Invented at length"), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := send(ctx, t, s.base, tokens["ehr"], "PUT", "/fhir/R4/Patient/moved-in", `{"resourceType":"Patient","id":"moved-in"}`); !strings.Contains(got, `"moved-in"`) {
			t.Fatalf("the server says %s", got)
		}
		for _, row := range []struct {
			name, want string
			args       []string
		}{
			{"a setting", "due days 14", []string{"tenant", "demo", "--due-days", "14", "--self-pay-hours", "48"}},
			{"a connection", "payer demo-acme is reached by fhir", []string{"tenant", "demo", "--connection", "demo-acme=fhir"}},
			{"a connection by which nothing is sent", "FHIR only", []string{"tenant", "demo", "--connection", "demo-acme=folder"}},
			{"another tenant", `tenant second: name ""`, []string{"tenant", "second"}},
			{"a schedule", `"2026 standard": payer "", from "2026-01-01" until "", 2 prices`, []string{"fees", "load", file, "--tenant", "demo", "--name", "2026 standard", "--from", "2026-01-01"}},
			{"the schedules", `"2026 standard"`, []string{"fees", "list", "--tenant", "demo"}},
			{"a schedule of nobody", "The tenant is unknown here", []string{"fees", "load", file, "--tenant", "typo", "--name", "x"}},
			{"a schedule that ties", "(line 2)", []string{"fees", "load", file, "--tenant", "demo", "--name", "y", "--from", "2026-01-01"}},
			{"a schedule with bad lines", "(line 2)", []string{"fees", "load", feeFile(t, "99213,x,,,,,150\n"), "--tenant", "demo", "--name", "z"}},
			{"a version that is none", "no such version", []string{"fees", "end", "none", "--tenant", "demo", "--until", "2026-12-31"}},
			{"no payer", "no such payer", []string{"payers", "list", "--tenant", "demo"}},
			{"payers", `demo-acme "ACME": 1 facts, 1 enrolments, loaded`, append([]string{"payers", "load", "--tenant", "demo"}, payerFiles(t)...)},
			{"payers again", "demo-acme \"ACME\": 1 facts, 1 enrolments, unchanged", append([]string{"payers", "load", "--tenant", "demo"}, payerFiles(t)...)},
			{"what a payer wants", `filing-limit "": 90, from "2026-01-01" until ""`, []string{"payers", "list", "--tenant", "demo", "--payer", "demo-acme", "--on", "2026-03-02"}},
			{"what a payer wanted", "0 facts, 1 enrolments", []string{"payers", "list", "--tenant", "demo", "--payer", "demo-acme", "--on", "2025-12-31"}},
			{"a file that is none of payers'", "(line 1)", []string{"payers", "load", file, "--tenant", "demo"}},
			{"payers of nobody", "The tenant is unknown here", append([]string{"payers", "load", "--tenant", "typo"}, payerFiles(t)...)},
			{"no contract", "no such contract", []string{"contracts", "list", "--tenant", "demo"}},
			{"contracts", `acme-2026 "ACME": 2 rates, loaded`, append([]string{"contracts", "load", "--tenant", "demo"}, contractFiles(t)...)},
			{"contracts again", `acme-2026 "ACME": 2 rates, unchanged`, append([]string{"contracts", "load", "--tenant", "demo"}, contractFiles(t)...)},
			{"what a payer allows", `line 2: flat "99214" 150.00, modifiers "25"`, []string{"contracts", "list", "--tenant", "demo", "--contract", "acme-2026", "--on", "2026-03-02"}},
			{"what a payer allowed", "no such contract", []string{"contracts", "list", "--tenant", "demo", "--on", "2025-12-31"}},
			{"a day that is none", "--on must be a day", []string{"contracts", "list", "--tenant", "demo", "--on", "today"}},
			{"a file that is none of contracts'", "(line 1)", []string{"contracts", "load", file, "--tenant", "demo"}},
			{"contracts of nobody", "The tenant is unknown here", append([]string{"contracts", "load", "--tenant", "typo"}, contractFiles(t)...)},
			{"no rule", "has written no rules yet", []string{"rules", "list", "--tenant", "demo"}},
			{"a rule", `large version 1: warning each claim, saved, "A large claim."`, []string{"rules", "save", ruleFile(t, "claim.billed > 1000000"), "--tenant", "demo"}},
			{"a rule again", "unchanged", []string{"rules", "save", ruleFile(t, "claim.billed > 1000000"), "--tenant", "demo"}},
			{"a rule that is none", "(when)", []string{"rules", "save", ruleFile(t, "claim.bill > 1"), "--tenant", "demo"}},
			{"a rule that does something else", "(example[0])", []string{"rules", "save", ruleFile(t, "claim.billed > 2000000"), "--tenant", "demo"}},
			{"a rule of nobody", "The tenant is unknown here", []string{"rules", "save", ruleFile(t, "true"), "--tenant", "typo"}},
			{"a trial", "0 claims were looked at; it would act on 0", []string{"rules", "try", "large", "--tenant", "demo", "--from", "2020-01-01", "--until", "2020-12-31"}},
			{"a trial of a file", "it would act on", []string{"rules", "try", ruleFile(t, "true"), "--tenant", "demo", "--from", "2020-01-01", "--until", "2035-12-31"}},
			{"a rule that is on", "large version 1: warning each claim, on", []string{"rules", "on", "large", "--tenant", "demo"}},
			{"the rules", "large version 1: warning each claim, on", []string{"rules", "list", "--tenant", "demo"}},
			{"the rules as a document", "### large, version 1 (on)", []string{"rules", "doc", "--tenant", "demo"}},
			{"a rule that is off", "large version 1: warning each claim, off", []string{"rules", "off", "large", "--tenant", "demo"}},
			{"a rule that is not there", "no such rule", []string{"rules", "on", "none", "--tenant", "demo"}},
			{"no release", "no release is here yet", []string{"codes", "list"}},
			{"a rehearsal of a release", "icd-10-cm 2026: 1 rows, 1 billable, from 2025-10-01 until 2026-09-30, would be loaded", []string{"codes", "load", order, "--dry-run"}},
			{"a release", "icd-10-cm 2026: 1 rows, 1 billable, from 2025-10-01 until 2026-09-30, loaded", []string{"codes", "load", order}},
			{"a release again", "2026-09-30, unchanged", []string{"codes", "load", order}},
			{"the starter set", "places-of-service starter: 52 rows, 52 billable, any day until the next, loaded", []string{"codes", "load", "--starter"}},
			{"the starter set again", "places-of-service starter: 52 rows, 52 billable, any day until the next, unchanged", []string{"codes", "load", "--starter"}},
			{"the releases", "icd10cm_order_2026.txt", []string{"codes", "list"}},
			{"a file that is none", "none of the files that are known", []string{"codes", "load", file}},
			{"no file", "--starter", []string{"codes", "load"}},
			{"a release dropped", "icd-10-cm starter dropped", []string{"codes", "drop", "icd-10-cm", "starter"}},
			{"a release dropped twice", "no such release", []string{"codes", "drop", "icd-10-cm", "starter"}},
			{"a report", "Trial balance 20", []string{"report", "trial-balance", "--tenant", "demo"}},
			{"an aging", "    121+           0.00      0", []string{"report", "aging", "--tenant", "demo", "--by", "party,payer", "--from", "responsible", "--as-of", "2035-01-01"}},
			{"a report as csv", "figure,value,unit,numerator,denominator,counted\r\n", []string{"report", "kpi", "--tenant", "demo", "--csv"}},
			{"a report of some tenant", "name one with --tenant", []string{"report", "kpi"}},
			{"a report of nobody", "The tenant is unknown here", []string{"report", "kpi", "--tenant", "typo"}},
			{"no report", "there are trial-balance, aging, ledger, kpi and denials", []string{"report", "profit", "--tenant", "demo"}},
			{"a report by what there is not", "grouped by party, payer, patient and provider. (by)", []string{"report", "aging", "--by", "claim", "--tenant", "demo"}},
			{"a rehearsal of balances from before", "1 balances of 12.00 would be taken over, 0 known before", []string{"open-balances", balanceFile(t, "moved-in"), "--tenant", "demo", "--dry-run"}},
			{"balances from before", "1 balances of 12.00 taken over, 0 known before", []string{"open-balances", balanceFile(t, "moved-in"), "--tenant", "demo"}},
			{"balances from before again", "0 balances of 0.00 taken over, 1 known before", []string{"open-balances", balanceFile(t, "moved-in"), "--tenant", "demo"}},
			{"a balance of nobody", "(line 2, column patient)", []string{"open-balances", balanceFile(t, "typo"), "--tenant", "demo"}},
			{"a file that is none of balances", "(line 1)", []string{"open-balances", file, "--tenant", "demo"}},
			{"a rehearsal of statements", "statements over 12.00 to be sent", []string{"statements", "--tenant", "demo", "--dry-run"}},
			{"statements", "1 of 1 guarantors: statements over 12.00 sent", []string{"statements", "--tenant", "demo"}},
			{"statements again", "  1 not-yet", []string{"statements", "--tenant", "demo"}},
			{"statements of nobody", "The tenant is unknown here", []string{"statements", "--tenant", "typo"}},
			{"verify", "tenant demo: ", []string{"verify"}},
			{"verify of one", "clean\n", []string{"verify", "--tenant", "second"}},
			{"verify of a tenant that is none", `no tenant "typo"`, []string{"verify", "--tenant", "typo"}},
		} {
			if got := said(t, append(row.args, at...)...); !strings.Contains(got, row.want) {
				t.Errorf("%s: %q is missing in:\n%s", row.name, row.want, got)
			}
		}
		if got := send(ctx, t, s.base, tokens["manager"], "GET", "/fhir/R4/$settings", ""); !strings.Contains(got, `{"name":"dueDays","valueUnsignedInt":14}`) {
			t.Errorf("the server says %s", got)
		}
		if got := send(ctx, t, s.base, tokens["coder"], "GET", "/fhir/R4/CodeSystem/$lookup?system=http://hl7.org/fhir/sid/icd-10-cm&code=I10&date=2026-03-02", ""); !strings.Contains(got, "Invented at length") {
			t.Errorf("the server says %s", got)
		}
		if got := send(ctx, t, s.base, tokens["manager"], "GET", "/fhir/R4/$fees", ""); !strings.Contains(got, "2026 standard") {
			t.Errorf("the server says %s", got)
		}
		if err := s.stop(); err != nil {
			t.Fatal(err)
		}
	})
}

func TestVerifyOfNothingIsAnError(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		if got := said(t, "verify", "--data", t.TempDir(), "--database", url); !strings.Contains(got, "the database has no tenant") || strings.Contains(got, "clean") {
			t.Error(got)
		}
	})
	dir := filepath.Join(t.TempDir(), "nowhere")
	for _, args := range [][]string{{"verify"}, {"fees", "list", "--tenant", "t"}} {
		if got := said(t, append(args, "--data", dir)...); !strings.Contains(got, "there is no medbill database yet") {
			t.Errorf("%v: %s", args, got)
		}
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("a command that only looks made the data folder")
	}
}

// ruleFile writes a rule on large claims with a condition.
func ruleFile(t *testing.T, when string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "large.json")
	content := fmt.Sprintf(`{"id":"large","title":"A large claim.","text":"Look it over.","when":%q,"each":"claim","action":"warning",
		"examples":[{"title":"10,000.01","view":{"claim":{"billed":1000001}},"acts":["claim"]}]}`, when)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// balanceFile writes a file of a balance that a patient owes from before.
func balanceFile(t *testing.T, patient string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "balances.csv")
	text := "patient,payer,coverage,number,payer_number,service_date,system,code,amount\n" + patient + ",,,OF-" + patient + ",,2026-01-12,,,12.00\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// contractFiles gives a contract with the demo's payer, and its rates.
func contractFiles(t *testing.T) []string {
	t.Helper()
	dir := t.TempDir()
	var paths []string
	for name, text := range map[string]string{
		"1.csv": "contract,payer,name,from,until,lesser,policy,tolerance,tolerance-percent,dispute-days,locality,schedule-day,conversion,base\nacme-2026,demo-acme,ACME,2026-01-01,,,,,,,,,,\n",
		"2.csv": "contract,kind,code,modifiers,place,provider,value,from,until\nacme-2026,flat,99214,25,,,150,,\nacme-2026,percent-of-charge,*,,,,60,,\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	slices.Sort(paths)
	return paths
}
