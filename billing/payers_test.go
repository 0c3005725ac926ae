package billing_test

import (
	"context"
	"strings"
	"testing"

	"medbill/billing"
	"medbill/internal/payers"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/storetest"
	"medbill/models"
	"medbill/models/fault"
)

const (
	directory = "payer,name,aliases,identifiers,transactions\nacme,ACME PPO,Acme,urn:naic|12345,837P 835\n"
	facts     = "payer,subject,code,value,from,until\n"
	enrols    = "payer,npi,from,until\n"
)

// payers loads a file and gives what came of it.
func (d *desk) payers(text string) billing.LoadedPayers {
	d.t.Helper()
	loaded, err := d.loadPayers(text, billing.Call{})
	if err != nil {
		d.t.Fatal(err)
	}
	return loaded
}

func (d *desk) loadPayers(text string, c billing.Call) (billing.LoadedPayers, error) {
	d.t.Helper()
	file, err := payers.ReadCSV(strings.NewReader(text))
	if err != nil {
		d.t.Fatal(err)
	}
	done, err := d.office.LoadPayers(context.Background(), d.admin(), c, file)
	return done.Result, err
}

// edition gives which edition of payers the settings name, and how many rows are kept.
func (d *desk) edition() (edition string, rows int) {
	d.t.Helper()
	d.view(func(v *store.View) error {
		s, _, err := books.Settings(v)
		if err != nil {
			return err
		}
		data, err := books.PayerData(v)
		edition, rows = s.PayerEdition, len(data.Payers)+len(data.Facts)+len(data.Enrolments)
		return err
	})
	return edition, rows
}

// TestWhatIsLoadedOfAPayerBearsOnWhatIsNotSent holds that a claim that waits is looked at again, by the new word, whichever way it goes.
func TestWhatIsLoadedOfAPayerBearsOnWhatIsNotSent(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.practice()
		d.settings(models.SettingsChange{})
		d.visit()
		d.search("Claim", "encounter=Encounter/visit&claim-state=ready", 1)
		d.payers(directory)
		d.search("Claim", "encounter=Encounter/visit&claim-state=ready", 1)
		d.payers(enrols + "acme,1234567893,,\nacme,1999999984,2026-03-03,\n")
		d.search("Claim", "encounter=Encounter/visit&claim-state=held", 1)
		d.search("Task", "code=correct-claim&status=requested", 1)
		d.payers(enrols + "acme,1234567893,,\nacme,1999999984,2026-03-02,\n")
		d.search("Claim", "encounter=Encounter/visit&claim-state=ready", 1)
		d.payers(facts + "*,covered-diagnosis,93000,Z00.0-Z13.9,,\n")
		d.search("Claim", "encounter=Encounter/visit&claim-state=held", 1)
		d.payers(facts + "acme,covered-diagnosis,93000,I10,2026-03-02,\n")
		d.search("Claim", "encounter=Encounter/visit&claim-state=ready", 1)
		d.payers(facts + "acme,covered-diagnosis,,,,\n")
		d.search("Claim", "encounter=Encounter/visit&claim-state=held", 1)
		d.payers(facts + "*,covered-diagnosis,,,,\nacme,frequency,93000,1/12m,,\n")
		d.search("Claim", "encounter=Encounter/visit&claim-state=ready", 1)
		d.clean()
	})
}

// TestValidateSaysWhatNobodyKnowsOfThePayer holds that a rule without a fact is told of as long as there is none.
func TestValidateSaysWhatNobodyKnowsOfThePayer(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.practice()
		d.settings(models.SettingsChange{})
		d.visit()
		claim := models.ClaimID(d.search("Claim", "encounter=Encounter/visit&claim-state=ready", 1)[0].ID)
		left := func() string {
			done, err := d.office.ValidateClaim(context.Background(), d.admin(), billing.Call{}, claim)
			if err != nil {
				t.Fatal(err)
			}
			var said []string
			for _, f := range done.Result {
				if f.Severity == models.SeverityInformation && strings.Contains(f.Remedy, "payers load") {
					said = append(said, strings.TrimPrefix(f.Rule, "scrub."))
				}
			}
			return strings.Join(said, " ")
		}
		if got := left(); got != "timely-filing member-id taxonomy required-modifier drug enrolment covered-age frequency covered-diagnosis authorization" {
			t.Errorf("with nothing known: %s", got)
		}
		d.payers(directory)
		d.payers(facts + "acme,filing-limit,,120m,,\n*,age,99213,18-,2026-01-01,\nacme,frequency,93000,9/12m,2026-03-03,\n")
		d.payers(enrols + "acme,1234567893,,\nacme,1999999984,,\n")
		if got := left(); got != "member-id taxonomy required-modifier drug frequency covered-diagnosis authorization" {
			t.Errorf("with some known: %s", got)
		}
	})
}

// TestAFileOfPayersIsTakenOnceAndWhole holds that the same again changes nothing, and that a rehearsal and a refusal leave nothing.
func TestAFileOfPayersIsTakenOnceAndWhole(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.settings(models.SettingsChange{})
		_, err := d.loadPayers(facts+"*,appeal-limit,,120,,\nacme,filing-limit,,90,,\nzenith,filing-limit,,90,,\n", billing.Call{})
		if !fault.Is(err, fault.BusinessRule) || !strings.Contains(err.Error(), "line 3") || !strings.Contains(err.Error(), "line 4") {
			t.Errorf("payers that are not in the directory: %v", err)
		}
		if edition, rows := d.edition(); edition != "" || rows != 0 {
			t.Errorf("a refused file left %d rows, edition %q", rows, edition)
		}
		if got := d.payers(directory); !got.Changed || len(got.Payers) != 1 || got.Payers[0] != (billing.PayerCount{ID: "acme", Name: "ACME PPO"}) {
			t.Errorf("%+v", got)
		}
		if _, err := d.loadPayers(facts+"acme,filing-limit,,90,,\n", billing.Call{DryRun: true}); err != nil {
			t.Error(err)
		}
		first, rows := d.edition()
		if first == "" || rows != 1 {
			t.Errorf("a rehearsal left %d rows", rows)
		}
		d.payers(facts + "acme,filing-limit,,90,,\nacme,age,99213,18-,,\n*,appeal-limit,,120,,\n")
		loaded, rows := d.edition()
		if got := d.payers(facts + "acme,filing-limit,,90,,\nacme,age,99213,18-,,\n*,appeal-limit,,120,,\n"); got.Changed || rows != 4 || len(got.Payers) != 2 {
			t.Errorf("the same again: %+v, %d rows", got, rows)
		}
		if again, _ := d.edition(); again != loaded || loaded == first {
			t.Errorf("editions %q, %q, %q", first, loaded, again)
		}
		if _, err := d.office.LoadPayers(context.Background(), operator("typo"), billing.Call{}, payers.File{}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a tenant that nobody made: %v", err)
		}
		if _, err := d.office.Payers(context.Background(), operator("typo")); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a tenant that nobody made: %v", err)
		}
		book, err := d.office.Payers(context.Background(), d.admin())
		if f, found := book.Fact("acme", models.AppealLimit, "", "2026-03-02"); err != nil || !found || f.Value != "120" {
			t.Errorf("%+v, %v", f, err)
		}
	})
}

// TestABookIsReadOnceAnEdition holds that who plans many cases reads the payers once, and again after they changed.
func TestABookIsReadOnceAnEdition(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.settings(models.SettingsChange{})
		read := func() (book *payers.Book) {
			d.view(func(v *store.View) error {
				s, _, err := books.Settings(v)
				if err == nil {
					book, err = books.PayerBook(v, s.PayerEdition)
				}
				return err
			})
			return book
		}
		if read() != nil {
			t.Error("there is a book before anything is loaded")
		}
		d.payers(directory)
		first, second := read(), read()
		d.payers(facts + "acme,filing-limit,,90,,\n")
		if third := read(); first == nil || first != second || third == first || third.Data().Facts == nil {
			t.Errorf("books %p, %p and after a load %p", first, second, third)
		}
	})
}

// TestAClaimToAKnownPayerCostsNoMore holds that what is known of payers is not asked for with each case: whoever plans one by an edition
// that the process has read already sends as many statements as where nothing is known.
func TestAClaimToAKnownPayerCostsNoMore(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		ctx := context.Background()
		db := storetest.Open(t, url)
		storetest.CountsRuns(t)
		d := workless(t, db)
		plan := func(tenant models.TenantID, files ...string) int64 {
			d.tenant = tenant
			d.settings(models.SettingsChange{})
			d.practice()
			for _, text := range files {
				d.payers(text)
			}
			d.view(func(v *store.View) error {
				s, _, err := books.Settings(v)
				if err == nil {
					_, err = books.PayerBook(v, s.PayerEdition)
				}
				return err
			})
			if _, _, err := d.records.Bundle(ctx, d.admin(), []byte(d.visitBundle())); err != nil {
				t.Fatal(err)
			}
			before := db.Statements()
			if err := d.step(); err != nil {
				t.Fatal(err)
			}
			return db.Statements() - before
		}
		known := plan("known", directory, facts+"acme,filing-limit,,120m,,\nacme,covered-diagnosis,93000,I10,,\nacme,age,93000,18-,,\n", enrols+"acme,1234567893,,\nacme,1999999984,,\n")
		if unknown := plan("unknown"); known != unknown {
			t.Errorf("a plan by what is known of its payer sends %d statements, without %d", known, unknown)
		}
	})
}
