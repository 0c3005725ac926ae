package store

import (
	"database/sql"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"medbill/fhir/search"
	"medbill/models"
)

// Each way of asking goes down its index; none reads all keys of a type, or of a tenant.
func TestSearchesGoDownAnIndex(t *testing.T) {
	db := openFresh(t)
	target := "k USING PRIMARY KEY (tenant_id=? AND target_id=? AND type=? AND param=? AND target_type=?"
	code := "k USING PRIMARY KEY (tenant_id=? AND type=? AND param=? AND code=?"
	for _, row := range []struct {
		typ, raw string
		want     []string
	}{
		{"Encounter", "patient=Patient/p", []string{target, target + " AND url=?"}}, // by the base that is ours, too
		{"Encounter", "patient=Patient/p,Patient/q,Patient/r", []string{target}},
		{"Encounter", "subject=p", []string{"k USING PRIMARY KEY (tenant_id=? AND target_id=? AND type=? AND param=?"}},
		{"Patient", "identifier=urn:mrn|1", []string{code + " AND system=?"}},
		{"Patient", "identifier=urn:mrn|1,urn:mrn|2,urn:ssn|3", []string{code + " AND system=?"}},
		{"Patient", "identifier=1,2", []string{code}},
		{"Patient", "family=zzy,can", []string{"k USING PRIMARY KEY (tenant_id=? AND type=? AND param=? AND value>? AND value<?", "k USING PRIMARY KEY (tenant_id=? AND type=? AND param=? AND value>? AND value<?"}},
		{"Encounter", "date=2024-03-10", []string{"k USING PRIMARY KEY (tenant_id=? AND type=? AND param=? AND low>? AND low<?"}},
		{"Patient", "_id=a,b", []string{"d USING INDEX sqlite_autoindex_documents_1 (tenant_id=? AND type=? AND id=?"}},
		{"Patient", "_sort=family", []string{"k USING COVERING INDEX string_keys_document (tenant_id=? AND id=?"}},
	} {
		pairs, err := search.Pairs(row.raw)
		if err != nil {
			t.Fatal(err)
		}
		q, err := search.Parse(row.typ, pairs, search.Options{Base: "http://test/fhir/R4"})
		if err != nil {
			t.Fatal(err)
		}
		session := db.As(models.Actor{Tenant: "zzyzx"})
		var plan string
		err = session.View(t.Context(), func(v *View) error {
			where, args := v.where(q, Guard{})
			query, args := v.page(q, where, args, nil)
			plan = planOf(t, session, query, args)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range row.want {
			if !strings.Contains(plan, want) {
				t.Errorf("%s?%s is answered by\n %s\nwant %s", row.typ, row.raw, plan, want)
				break
			}
		}
		if strings.Contains(plan, "SCAN k") || strings.Contains(plan, "SCAN d") {
			t.Errorf("%s?%s reads everything:\n %s", row.typ, row.raw, plan)
		}
	}
}

// No question about a record, its references, the books or who may see them is answered by reading all that a tenant has.
// The statements are those that the one reading connection has kept.
func TestRecordsAndBooksAreReadByAnIndex(t *testing.T) {
	db := openFreshWith(t, 1)
	session := db.As(models.Actor{Tenant: "zzyzx"})
	err := session.View(t.Context(), func(v *View) error {
		var errs []error
		note := func(_ any, err error) { errs = append(errs, err) }
		found := func(_ any, _ bool, err error) { errs = append(errs, err) }
		ref, ids, two := models.Ref{Type: "Observation", ID: "a"}, []string{"a", "b"}, []models.ClaimID{"a", "b"}
		for _, guard := range []Guard{{}, {Patient: "p"}, {Payer: "acme"}} {
			for _, typ := range []string{"Observation", "Organization", "Patient", "Claim", "ClaimResponse", "Location"} {
				found(v.Document(models.Ref{Type: typ, ID: "a"}, guard))
				note(v.Documents([]models.Ref{{Type: typ, ID: "a"}, {Type: typ, ID: "b"}}, guard))
				if guard != (Guard{}) {
					note(v.Search(search.Query{Type: typ, Count: 50, Total: search.TotalAccurate}, guard, nil))
				}
			}
		}
		found(v.Version(ref, 1, Guard{}))
		note(v.History(ref, 0, 5, Guard{}))
		note(v.Misindexed([]Put{{Document: models.Document{Type: "Patient", ID: "a"}}, {Document: models.Document{Type: "Patient", ID: "b"}}}))
		note(v.Pasts("Patient", ids))
		note(v.SentOf("Claim", ids))
		note(v.IsExternalVisit("a"))
		note(v.References("Observation", ids, "*", "", 5))
		note(v.References("Observation", ids, "subject", "Patient", 5))
		note(v.Referrers("Observation", "*", "Patient", ids, 5))
		note(v.Referrers("Observation", "subject", "Patient", ids, 5))
		note(v.ReferrersByTarget("Observation", "subject", "Patient", ids, 5))
		found(v.Visit("a"))
		note(v.Diagnoses("a"))
		note(v.Charges("a"))
		note(v.ChargesByID([]models.ChargeID{"a", "b"}))
		note(v.Prices([]string{"99213", "99214"}))
		found(v.Account("a"))
		found(v.AccountByID("a"))
		note(v.Claims(two))
		note(v.ClaimsOfVisit("a"))
		note(v.LiveClaims("a", "2026-01-01", "2026-12-31"))
		note(v.Findings(two))
		for column := range heldBy {
			note(v.HeldVisits(column, "a"))
		}
		found(v.AnswerByKey("a", "b", "c"))
		note(v.Answers(two))
		note(v.AnswersByID([]models.AnswerID{"a", "b"}))
		note(v.Invoices([]models.InvoiceID{"a", "b"}))
		note(v.InvoicesOfVisit("a"))
		note(v.InvoicesOfPatient("a"))
		found(v.InvoiceByCause("a"))
		found(v.PaymentByKey("a"))
		note(v.PaymentsOfInvoice("a"))
		found(v.EntryByCause("a"))
		note(v.EntriesByID([]models.EntryID{"a", "b"}))
		note(v.PostingsOfCharges([]models.ChargeID{"a", "b"}))
		note(v.PostingsOfClaims(two))
		note(v.PostingsOfPatient("a"))
		note(v.PostingsByClaim(two))
		note(v.BalancesOfPatients([]models.PatientID{"a", "b"}))
		note(v.PaymentsOfInvoices([]models.InvoiceID{"a", "b"}))
		found(first[models.WorkItem](v, "kind = ? AND subject = ? AND "+isOpen, "a", "b"))
		note(v.WorkItems("", "a", 5))
		note(v.OpenSubjects("a"))
		errs = append(errs, v.fill([]models.Claim{{ID: "a"}, {ID: "b"}}), v.fillAnswers([]models.Answer{{ID: "a"}, {ID: "b"}}), v.fillEntries([]models.Entry{{ID: "a"}, {ID: "b"}}))
		return errors.Join(errs...)
	})
	texts := keptTexts(t, db)
	if err != nil || len(texts) < 60 {
		t.Fatalf("%d statements were sent: %v", len(texts), err)
	}
	for _, text := range texts {
		if strings.Contains(text, "1 = 0") {
			continue // it reads nothing
		}
		args := make([]any, strings.Count(text, "?"))
		for i := range args {
			args[i] = "x"
		}
		plan := planOf(t, session, text, args)
		judged := plan
		for _, narrow := range []string{"claims_held", "work_items_waiting"} { // they hold only what waits
			judged = strings.ReplaceAll(judged, narrow+" (tenant_id=?)", narrow)
		}
		if strings.Contains(judged, "(tenant_id=?)") || strings.Contains(judged, "(tenant_id=? AND type=?)") || strings.Contains(judged, "SCAN") {
			t.Errorf("%s\n is answered by\n %s", text, plan)
		}
	}
}

// keptTexts gives the statements that the reading connection has kept.
func keptTexts(t *testing.T, db *DB) (texts []string) {
	t.Helper()
	pool, err := db.read.DB()
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pool.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	err = conn.Raw(func(c any) error {
		texts = slices.Sorted(maps.Keys(c.(*statementConn).idle))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

func planOf(t *testing.T, s *Session, query string, args []any) string {
	t.Helper()
	var steps []string
	err := s.View(t.Context(), func(v *View) error {
		return v.rows(func(rows *sql.Rows) error {
			var id, parent, unused int
			var step string
			err := rows.Scan(&id, &parent, &unused, &step)
			steps = append(steps, step)
			return err
		}, "EXPLAIN QUERY PLAN "+query, args...)
	})
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return strings.Join(steps, "\n ")
}
