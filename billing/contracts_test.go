package billing_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"medbill/billing"
	"medbill/internal/contracts"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/storetest"
	"medbill/models"
	"medbill/models/fault"
)

const (
	contractHeader = "contract,payer,name,from,until,lesser,policy,tolerance,tolerance-percent,dispute-days,locality,schedule-day,conversion,base\n"
	rateHeader     = "contract,kind,code,modifiers,place,provider,value,from,until\n"
)

// contracts loads a file and gives what came of it.
func (d *desk) contracts(text string) billing.LoadedContracts {
	d.t.Helper()
	loaded, err := d.loadContracts(text, billing.Call{})
	if err != nil {
		d.t.Fatal(err)
	}
	return loaded
}

func (d *desk) loadContracts(text string, c billing.Call) (billing.LoadedContracts, error) {
	d.t.Helper()
	file, err := contracts.ReadCSV(strings.NewReader(text))
	if err != nil {
		d.t.Fatal(err)
	}
	done, err := d.office.LoadContracts(context.Background(), d.admin(), c, file)
	return done.Result, err
}

// rateEdition gives which edition of contracts the settings name, and how many rows are kept.
func (d *desk) rateEdition() (edition string, rows int) {
	d.t.Helper()
	d.view(func(v *store.View) error {
		s, _, err := books.Settings(v)
		if err != nil {
			return err
		}
		data, err := books.ContractData(v)
		edition, rows = s.RateEdition, len(data.Contracts)+len(data.Rates)
		return err
	})
	return edition, rows
}

// expected gives what is expected of a claim as "200.00 ? = ?".
func (d *desk) expected(id string) string {
	d.t.Helper()
	e, err := d.office.Expect(context.Background(), d.admin(), models.ClaimID(id))
	if err != nil {
		d.t.Fatal(err)
	}
	var words []string
	for _, l := range e.Lines {
		word := "?"
		if l.IsKnown {
			word = l.Allowed.String()
		}
		words = append(words, word)
	}
	total := "?"
	if e.IsKnown {
		total = e.Allowed.String()
	}
	return strings.Join(words, " ") + " = " + total
}

// TestWhatIsExpectedOfAClaimIsAskedByTheContractsAsTheyStand: none, one without all rates, one with them, and another one.
func TestWhatIsExpectedOfAClaimIsAskedByTheContractsAsTheyStand(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.practice()
		d.settings(models.SettingsChange{})
		d.visit()
		claim := d.search("Claim", "encounter=Encounter/visit&claim-state=ready", 1)[0].ID
		for _, step := range []struct{ sentence, load, want string }{
			{"there is no contract", directory, "? ? ? = ?"},
			{"a contract without rates", contractHeader + "acme-2026,acme,ACME PPO,2026-01-01,2026-12-31,line,,1.00,,,,,,\n", "? ? ? = ?"},
			{"rates of some services", rateHeader + "acme-2026,flat,99214,,,,150,,\nacme-2026,percent-of-charge,93000,,,,33.35,,\n", "150.00 20.01 ? = ?"},
			{"rates of all", rateHeader + "acme-2026,flat,99214,25,,,150,,\nacme-2026,percent-of-charge,,,,,33.35,,\n", "150.00 20.01 5.00 = 175.01"},
			{"a contract that begins later on", contractHeader + "acme-new,acme,ACME PPO,2026-03-03,,line,,,,,,,,\n", "150.00 20.01 5.00 = 175.01"},
			{"one that began by then", contractHeader + "acme-new,acme,ACME PPO,2026-03-02,,line,,,,,,,,\n", "? ? ? = ?"},
			{"one that was taken away", contractHeader + "acme-new,,,,,,,,,,,,,\n", "150.00 20.01 5.00 = 175.01"},
		} {
			if strings.HasPrefix(step.load, "payer") {
				d.payers(step.load)
			} else {
				d.contracts(step.load)
			}
			if got := d.expected(claim); got != step.want {
				t.Errorf("%s: got %s, want %s", step.sentence, got, step.want)
			}
		}
	})
}

// TestAFileOfContractsIsTakenWholeOrNotAtAll: what does not fit, the same again, a rehearsal, and a tenant that is none.
func TestAFileOfContractsIsTakenWholeOrNotAtAll(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.practice()
		d.settings(models.SettingsChange{})
		d.payers(directory)
		if loaded := d.contracts(contractHeader + "a,acme,A,2026-01-01,,,,,,,,,,\n"); !loaded.Changed || loaded.Contracts[0] != (billing.ContractCount{ID: "a", Name: "A"}) {
			t.Errorf("loading gives %+v", loaded)
		}
		if loaded := d.contracts(rateHeader + "a,flat,99213,,,,88.95,,\na,flat,99214,25 95,11,doc,1.2345,2026-01-01,2026-12-31\n"); loaded.Contracts[0].Rates != 2 {
			t.Errorf("loading gives %+v", loaded)
		}
		edition, rows := d.rateEdition()
		for _, row := range []struct{ sentence, text, want string }{
			{"a payer that nobody entered", contractHeader + "b,typo,B,,,,,,,,,,,\n", "line 2"},
			{"two contracts of a day", contractHeader + "b,acme,B,2026-01-01,,,,,,,,,,\n", "line 2"},
			{"rates of nothing", rateHeader + "a,flat,99215,,,,1,,\nc,flat,99213,,,,1,,\n", "line 3"},
		} {
			_, err := d.loadContracts(row.text, billing.Call{})
			var f *fault.Fault
			if !errors.As(err, &f) || f.Kind != fault.BusinessRule || f.Issues[0].Path != row.want {
				t.Errorf("%s: %v", row.sentence, err)
			}
		}
		if loaded := d.contracts(contractHeader + "a,acme,A,2026-01-01,,,,,,,,,,\n"); loaded.Changed {
			t.Error("the same again changes something")
		}
		if _, err := d.loadContracts(rateHeader+"a,flat,99213,,,,1,,\n", billing.Call{DryRun: true}); err != nil {
			t.Error(err)
		}
		if e, n := d.rateEdition(); e != edition || n != rows || n != 3 {
			t.Errorf("refused files and a rehearsal left edition %s with %d rows", e, n)
		}
		if _, err := d.office.LoadContracts(context.Background(), operator("typo"), billing.Call{}, contracts.File{}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a tenant that is none: %v", err)
		}
		d.contracts(contractHeader + "a,,,,,,,,,,,,,\n")
		if e, n := d.rateEdition(); e == edition || n != 0 {
			t.Errorf("a contract that was taken away left %d rows", n)
		}
	})
}

// TestAContractCostsACaseNoStatement holds that contracts are read once an edition: who plans a visit by one that the process has read already
// sends as many statements as where there is none, and its answer costs one more, to see whether the work is open.
func TestAContractCostsACaseNoStatement(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		ctx := context.Background()
		db := storetest.Open(t, url)
		storetest.CountsRuns(t)
		d := workless(t, db)
		costs := func(tenant models.TenantID, files ...string) (plan, answered int64) {
			d.tenant = tenant
			d.settings(models.SettingsChange{})
			d.practice()
			for _, text := range files {
				d.contracts(text)
			}
			d.view(func(v *store.View) error {
				s, _, err := books.Settings(v)
				if err != nil {
					return err
				}
				first, err := books.ContractBook(v, s.RateEdition)
				if second, _ := books.ContractBook(v, s.RateEdition); first != second {
					t.Error("an edition is read twice")
				}
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
			plan = db.Statements() - before
			claim := d.search("Claim", "claim-state=ready", 1)[0].ID
			d.submit(claim)
			before = db.Statements()
			if _, err := d.records.Create(ctx, d.payer("acme"), "ClaimResponse", []byte(answer(claim, "ICN-1")), ""); err != nil {
				t.Fatal(err)
			}
			return plan, db.Statements() - before
		}
		d.tenant = "agreed"
		d.settings(models.SettingsChange{})
		d.payers(directory)
		plan, answered := costs("agreed", contractHeader+"acme-2026,acme,ACME,2026-01-01,,line,,,,,,,,\n", rateHeader+"acme-2026,percent-of-charge,*,,,,10,,\n")
		d.tenant = "free"
		d.settings(models.SettingsChange{})
		d.payers(directory)
		otherPlan, otherAnswer := costs("free")
		if plan != otherPlan || answered > otherAnswer+1 {
			t.Errorf("with a contract a plan sends %d statements and an answer %d, without %d and %d", plan, answered, otherPlan, otherAnswer)
		}
	})
}
