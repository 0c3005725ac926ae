package billing_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"medbill/billing"
	"medbill/internal/store"
	"medbill/internal/store/journal"
	"medbill/internal/store/storetest"
	"medbill/models"
)

// paidVisit brings the visit of the worked example to its paid bill.
func (d *desk) paidVisit() {
	d.t.Helper()
	d.practice()
	d.visitPaid()
}

func (d *desk) visitPaid() {
	d.t.Helper()
	ctx := context.Background()
	d.visit()
	claim := d.search("Claim", "encounter=Encounter/visit&claim-state=ready", 1)[0]
	if _, err := d.office.SubmitClaim(ctx, d.admin(), billing.Call{}, models.ClaimID(claim.ID)); err != nil {
		d.t.Fatal(err)
	}
	if _, err := d.records.Create(ctx, d.payer("acme"), "ClaimResponse", []byte(answer(claim.ID, "ICN-1")), ""); err != nil {
		d.t.Fatal(err)
	}
	invoice := d.search("Invoice", "patient=Patient/ann&status=issued", 1)[0]
	payment := billing.PaymentRequest{InvoiceID: models.InvoiceID(invoice.ID), Amount: 7400, Method: models.PaymentCard, Reference: "ch_1"}
	if _, err := d.office.Pay(ctx, d.admin(), billing.Call{Key: "k1"}, payment); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) breaches() (found []billing.Breach, seen billing.Verified) {
	d.t.Helper()
	seen, err := d.office.Verify(context.Background(), d.tenant, billing.Watch{Breach: func(b billing.Breach) { found = append(found, b) }})
	if err != nil {
		d.t.Fatal(err)
	}
	return found, seen
}

// Whatever is changed by hand is found, and told without a value.
func TestVerifyFindsWhatWasChangedByHand(t *testing.T) {
	const canary = "CANARY-7781"
	entry := "entry_id = (SELECT id FROM journal_entries WHERE cause LIKE 'answer/%')"
	first := entry + " AND sequence = 1"
	harms := []struct{ what, do, undo, subject string }{
		{"the amount of a posting", "UPDATE postings SET amount = amount + 1 WHERE " + first, "UPDATE postings SET amount = amount - 1 WHERE " + first, "entry "},
		{"two amounts, so that they still add up", "UPDATE postings SET amount = amount + CASE sequence WHEN 1 THEN 1 ELSE -1 END WHERE " + entry + " AND sequence < 3",
			"UPDATE postings SET amount = amount - CASE sequence WHEN 1 THEN 1 ELSE -1 END WHERE " + entry + " AND sequence < 3", "entry "},
		{"the account of a posting", "UPDATE postings SET account = 'Contra:Bundled' WHERE " + first, "UPDATE postings SET account = 'Clearing:ERA' WHERE " + first, "entry "},
		{"the patient of a posting", "UPDATE postings SET patient_id = '" + canary + "' WHERE " + first, "UPDATE postings SET patient_id = 'ann' WHERE " + first, "entry "},
		{"the cause of an entry", "UPDATE journal_entries SET cause = cause || 'x' WHERE cause LIKE 'payment/%'", "UPDATE journal_entries SET cause = substr(cause, 1, length(cause) - 1) WHERE cause LIKE 'payment/%'", "entry "},
		{"a kept document", "UPDATE documents SET body = replace(body, 'Zzyzx Clinic', '" + canary + "') WHERE type = 'Organization'", "UPDATE documents SET body = replace(body, '" + canary + "', 'Zzyzx Clinic') WHERE type = 'Organization'", "Organization/practice"},
		{"a kept document into nothing", "UPDATE documents SET body = '{' || body WHERE type = 'Encounter'", "UPDATE documents SET body = substr(body, 2) WHERE type = 'Encounter'", "Encounter/visit"},
		{"a booked document", "UPDATE documents SET body = body || ' ' WHERE type = 'Claim'", "UPDATE documents SET body = substr(body, 1, length(body) - 1) WHERE type = 'Claim'", "Claim/"},
		{"an older version", "UPDATE document_history SET body = body || ' ' WHERE type = 'Claim' AND version = 1", "UPDATE document_history SET body = substr(body, 1, length(body) - 1) WHERE type = 'Claim' AND version = 1", "/_history/1"},
		{"the number of a version", "UPDATE document_history SET version = version + 100 WHERE type = 'Claim' AND version = 1", "UPDATE document_history SET version = 1 WHERE version = 101", "Claim/"},
		{"a code under which a document is found", "UPDATE token_keys SET code = code || '" + canary + "' WHERE id = 'practice' AND param = 'identifier'", "UPDATE token_keys SET code = replace(code, '" + canary + "', '') WHERE id = 'practice' AND param = 'identifier'", "Organization/practice"},
		{"a day under which a document is found", "UPDATE date_keys SET low = low - 1 WHERE type = 'Encounter'", "UPDATE date_keys SET low = low + 1 WHERE type = 'Encounter'", "Encounter/visit"},
		{"a patient under whom a document is found", "UPDATE reference_keys SET target_id = '" + canary + "' WHERE type = 'Procedure' AND id = 'pr1' AND target_id = 'ann'", "UPDATE reference_keys SET target_id = 'ann' WHERE target_id = '" + canary + "'", "Procedure/pr1"},
		{"a key too many", "INSERT INTO string_keys (tenant_id, type, param, value, exact, id) VALUES ('zzyzx', 'Patient', 'family', '" + canary + "', '" + canary + "', 'ann')", "DELETE FROM string_keys WHERE value = '" + canary + "'", "Patient/ann"},
		{"the amount of a claim line", "UPDATE claim_lines SET billed = billed + 1 WHERE sequence = 2", "UPDATE claim_lines SET billed = billed - 1 WHERE sequence = 2", "Claim/"},
		{"the code of a claim line", "UPDATE claim_lines SET code = code || 'X' WHERE sequence = 2", "UPDATE claim_lines SET code = replace(code, 'X', '') WHERE sequence = 2", "Claim/"},
		{"the state of a claim", "UPDATE claims SET state = 'transmitted'", "UPDATE claims SET state = 'adjudicated'", "Claim/"},
		{"the price of a charge", "UPDATE charges SET billed = billed + 1 WHERE sequence = 1", "UPDATE charges SET billed = billed - 1 WHERE sequence = 1", "ChargeItem/"},
		{"an adjustment of an answer", "UPDATE adjustments SET amount = amount + 1 WHERE sequence = 1", "UPDATE adjustments SET amount = amount - 1 WHERE sequence = 1", "ClaimResponse/"},
		{"what is due on an invoice", "UPDATE invoices SET due = due + 1", "UPDATE invoices SET due = due - 1", "Invoice/"},
		{"what is due on a line of it", "UPDATE invoice_lines SET due = due + 1 WHERE sequence = 1", "UPDATE invoice_lines SET due = due - 1 WHERE sequence = 1", "Invoice/"},
		{"a document that is taken away", "UPDATE documents SET type = 'Chargeitem' WHERE type = 'ChargeItem'", "UPDATE documents SET type = 'ChargeItem' WHERE type = 'Chargeitem'", "ChargeItem/"},
		{"a row that is taken away", "UPDATE accounts SET id = id || 'x'", "UPDATE accounts SET id = substr(id, 1, length(id) - 1)", "Account/"},
	}
	storetest.EachURL(t, func(t *testing.T, url string) {
		d := open(t, storetest.Open(t, url))
		d.paidVisit()
		if found, seen := d.breaches(); len(found) > 0 || seen.Entries != 7 || seen.Documents < 20 {
			t.Fatalf("before anything was changed verify finds %v and saw %+v", found, seen)
		}
		hand := storetest.ByHand(t, url)
		hand.OpenJournal()
		for _, h := range harms {
			hand.Do(h.do)
			found, _ := d.breaches()
			named := false
			for _, b := range found {
				named = named || strings.Contains(b.Subject, h.subject)
				if strings.Contains(b.String(), canary) {
					t.Errorf("after a change of %s verify tells a value: %s", h.what, b)
				}
			}
			if !named {
				t.Errorf("after a change of %s verify finds %v", h.what, found)
			}
			hand.Do(h.undo)
			if found, _ := d.breaches(); len(found) > 0 {
				t.Fatalf("after %s was put right verify finds %v", h.what, found)
			}
		}
		// Who knows of the digest still leaves the keys and the rows behind.
		for _, of := range []struct{ where, old, changed, subject string }{{"id = 'practice'", "Zzyzx Clinic", "Canary Clinic", "Organization/practice"}, {"type = 'Invoice'", `"balanced"`, `"issued"`, "Invoice/"}} {
			set := func(body string) {
				hand.Do("UPDATE documents SET body = '" + strings.ReplaceAll(body, "'", "''") + "', digest = '" + store.Digest([]byte(body)) + "' WHERE " + of.where)
			}
			body := hand.Text("SELECT body FROM documents WHERE " + of.where)
			set(strings.Replace(body, of.old, of.changed, 1))
			if found, _ := d.breaches(); len(found) == 0 || !strings.HasPrefix(found[0].Subject, of.subject) {
				t.Errorf("after a change with its digest verify finds %v", found)
			}
			set(body)
		}
		hand.Do("DELETE FROM postings WHERE payment_id <> ''")
		hand.Do("DELETE FROM journal_entries WHERE cause LIKE 'payment/%' OR cause LIKE 'allocation/%'")
		found, _ := d.breaches()
		subjects := make([]string, len(found))
		for i, b := range found {
			subjects[i], _, _ = strings.Cut(strings.ReplaceAll(b.Subject, " ", "/"), "/")
		}
		if got := strings.Join(subjects, " "); got != "payment Encounter PaymentNotice Encounter" {
			t.Errorf("after a payment left the journal verify finds %s: %v", got, found)
		}
	})
}

// TestVerifyHoldsTheStateOfACaseToWhatIsOwed holds it for each state: where nobody owes anything any more the accounts are even.
func TestVerifyHoldsTheStateOfACaseToWhatIsOwed(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		d := open(t, storetest.Open(t, url))
		d.practice()
		d.visit()
		hand := storetest.ByHand(t, url)
		holds := func(owes func(models.CaseFacts) bool) {
			t.Helper()
			d.quiet()
			was := hand.Text("SELECT state FROM cases WHERE id = 'Encounter/visit'")
			for _, facts := range models.CaseStates {
				hand.Do("UPDATE cases SET state = '" + string(facts.State) + "' WHERE id = 'Encounter/visit'")
				found, _ := d.breaches()
				if isTold := len(found) == 1 && found[0].Subject == "Encounter/visit"; isTold == owes(facts) || len(found) > 1 {
					t.Errorf("of a case that is %s and said to be %s verify finds %v", was, facts.State, found)
				}
			}
			hand.Do("UPDATE cases SET state = '" + was + "' WHERE id = 'Encounter/visit'")
			d.clean()
		}
		claim := d.transmit("visit")
		holds(func(f models.CaseFacts) bool { return f.PayerOwes })
		if _, err := d.records.Create(context.Background(), d.payer("acme"), "ClaimResponse", []byte(answer(claim, "ICN-1")), ""); err != nil {
			t.Fatal(err)
		}
		holds(func(f models.CaseFacts) bool { return f.PatientOwes })
	})
}

func TestVerifyHoldsReversalsToWhatTheyMirror(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		d := open(t, storetest.Open(t, url))
		of := models.Dimensions{PatientID: "ann"}
		posting := func(amount models.Cents) []models.Posting {
			return []models.Posting{{Account: models.AccountBank, Amount: amount, Dimensions: of}, {Account: models.AccountSuspense, Amount: -amount, Dimensions: of}}
		}
		reversal := func(id, of models.EntryID, amount models.Cents) models.Entry {
			return models.Entry{ID: id, Kind: models.EntryReversal, Cause: models.CauseOfReversal(of), Reverses: of, Postings: posting(amount)}
		}
		post := func(entries ...models.Entry) {
			err := d.db.As(models.Actor{Tenant: d.tenant}).Update(context.Background(), func(tx *store.Tx) error {
				for _, e := range entries {
					if err := journal.Post(tx, e); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		for _, id := range []models.EntryID{"good", "other"} {
			post(models.Entry{ID: id, Kind: models.EntryDeallocation, Cause: models.Cause(id), Postings: posting(500)})
		}
		post(reversal("mirror", "good", -500))
		if found, _ := d.breaches(); len(found) > 0 {
			t.Errorf("a sound reversal gives %v", found)
		}
		post(reversal("lone", "nobody", -500), reversal("skewed", "other", -400))
		found, _ := d.breaches()
		if len(found) != 2 || found[0].Subject != "entry lone" || found[1].Subject != "entry skewed" {
			t.Errorf("verify finds %v", found)
		}
	})
}

// Verify looks at one moment, so that work going on beside it is no breach, and sees its own tenant only.
func TestVerifyIsCleanAmongWrites(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		d := open(t, storetest.Open(t, url))
		d.practice()
		done := make(chan error, 1)
		go func() {
			for i := range 40 {
				id := fmt.Sprintf("busy%d", i%7)
				body := fmt.Sprintf(`{"resourceType":"Patient","id":%q,"name":[{"family":"Zzyzx%d"}]}`, id, i)
				if _, err := d.records.Update(context.Background(), d.admin(), models.Ref{Type: "Patient", ID: id}, []byte(body), 0); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
		for running := true; running; {
			select {
			case err := <-done:
				if err != nil {
					t.Fatal(err)
				}
				running = false
			default:
			}
			if found, _ := d.breaches(); len(found) > 0 {
				t.Fatalf("beside writes verify finds %v", found)
			}
		}
		other := *d
		other.tenant = "other"
		if found, seen := other.breaches(); len(found) > 0 || seen != (billing.Verified{}) {
			t.Errorf("another tenant sees %+v and %v", seen, found)
		}
	})
}
