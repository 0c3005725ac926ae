package journal_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"medbill/billing/rules/reports"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/journal"
	"medbill/internal/store/storetest"
	"medbill/models"
)

const firstDay = models.Date("2026-01-01")

// history are random entries on few charges of few parties, some of which come to nothing.
func history(r *rapid.T, posted *int) []models.Entry {
	accounts := []models.LedgerAccount{models.AccountARInsurance, models.AccountARPatient, models.AccountRevenue, models.AccountContractual, models.AccountClearing}
	var entries []models.Entry
	for range rapid.IntRange(1, 12).Draw(r, "entries") {
		*posted++
		e := models.Entry{Kind: models.EntryCharge, Cause: charged(*posted), Effective: firstDay.AddDays(rapid.IntRange(0, 200).Draw(r, "day"))}
		left := models.Cents(0)
		for range rapid.IntRange(1, 3).Draw(r, "postings") {
			p := about(r, rapid.SampledFrom(accounts).Draw(r, "account"))
			p.Amount = models.Cents(rapid.SampledFrom([]int64{-200, -100, 100, 200}).Draw(r, "amount"))
			left += p.Amount
			e.Postings = append(e.Postings, p)
		}
		if left != 0 {
			p := about(r, models.AccountOpening)
			p.Amount = -left
			e.Postings = append(e.Postings, p)
		}
		if len(e.Postings) > 1 {
			entries = append(entries, e)
		}
	}
	return entries
}

func about(r *rapid.T, account models.LedgerAccount) models.Posting {
	charge := rapid.IntRange(0, 3).Draw(r, "charge")
	return models.Posting{Account: account, Dimensions: models.Dimensions{
		PatientID: models.PatientID(fmt.Sprint("p", charge%2)), CaseID: models.CaseID(fmt.Sprintf("Encounter/v%d", charge)), ChargeID: models.ChargeID(fmt.Sprint("ch", charge)),
		PayerID: models.OrganizationID(rapid.SampledFrom([]string{"acme", "beta"}).Draw(r, "payer")), LocationID: "room", RemittanceID: rapid.SampledFrom([]string{"", "r1"}).Draw(r, "remittance"),
	}}
}

// fillCharges writes the charges of history, each of its own day.
func fillCharges(t *testing.T, s *store.Session) {
	storetest.Update(t, s, func(tx *store.Tx) error {
		for i := range 4 {
			id := models.CaseID(fmt.Sprintf("Encounter/v%d", i))
			kase := models.Case{ID: id, PatientID: models.PatientID(fmt.Sprint("p", i%2)), State: models.CaseSent, ServiceDate: "2025-12-31"}
			c := models.Charge{ID: models.ChargeID(fmt.Sprint("ch", i)), CaseID: id, PatientID: kase.PatientID, Sequence: 1, State: models.ChargePosted, System: models.SystemCPT, Code: "99213", Units: models.OneUnit, ServiceDate: firstDay.AddDays(i * 29)}
			if err := books.SaveCase(tx, kase); err != nil {
				return err
			}
			if i == 3 {
				c.ServiceDate = "" // what says no day is of its case's
			}
			if err := books.SaveCharges(tx, c); err != nil {
				return err
			}
		}
		return nil
	})
}

// naive is what a naive reading of all postings makes of one charge at one party.
type naive struct {
	party string
	payer models.OrganizationID
	of    models.ChargeID
}

// agedBy is the aging of all postings, one after the other.
func agedBy(all []models.Entry, asOf models.Date, of models.Debtor, since models.ReceivableSince) map[string]models.Cents {
	days := map[naive]map[models.Date]models.Cents{}
	for _, e := range all {
		for _, p := range e.Postings {
			key := naive{"insurance", p.PayerID, p.ChargeID}
			if p.Account == models.AccountARPatient {
				key = naive{"patient", "", p.ChargeID}
			}
			if e.Effective > asOf || p.Account != models.AccountARPatient && p.Account != models.AccountARInsurance || of != "" && string(of) != key.party {
				continue
			}
			if days[key] == nil {
				days[key] = map[models.Date]models.Cents{}
			}
			days[key][e.Effective] += p.Amount
		}
	}
	buckets := map[string]models.Cents{}
	for key, of := range days {
		var balance models.Cents
		from := models.Date("")
		for _, day := range slices.Sorted(maps.Keys(of)) {
			was := balance
			if balance += of[day]; was*balance <= 0 && of[day] != 0 {
				from = day
			}
		}
		if since == models.SinceService {
			from = models.Date("2025-12-31")
			if n := int(key.of[2] - '0'); n < 3 {
				from = firstDay.AddDays(n * 29)
			}
		}
		age, name := from.DaysUntil(asOf), "121+"
		for _, b := range []struct {
			days int
			name string
		}{{120, "91-120"}, {90, "61-90"}, {60, "31-60"}, {30, "0-30"}} {
			if age <= b.days {
				name = b.name
			}
		}
		buckets[key.party+" "+name] += balance
	}
	maps.DeleteFunc(buckets, func(_ string, amount models.Cents) bool { return amount == 0 })
	return buckets
}

// bucketsOf is the aging of the store in the same form.
func bucketsOf(table reports.Table) map[string]models.Cents {
	buckets := map[string]models.Cents{}
	for _, row := range table.Rows {
		for i, column := range table.Columns[1:7] {
			if amount := row[1+i].Amount; amount != 0 {
				buckets[row[0].Text+" "+column.Name] = amount
			}
		}
	}
	return buckets
}

// The aging of the store is that of all postings added up one after the other, as of any day, and comes to the AR accounts of the trial
// balance.
func TestAgingIsThatOfAllPostings(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		fillCharges(t, s)
		var all []models.Entry
		posted := 0
		rapid.Check(t, func(r *rapid.T) {
			entries := history(r, &posted)
			if err := s.Update(context.Background(), func(tx *store.Tx) error { return journal.Post(tx, entries...) }); err != nil {
				r.Fatal(err)
			}
			all = append(all, entries...)
			asOf := firstDay.AddDays(rapid.IntRange(0, 210).Draw(r, "as of"))
			of := rapid.SampledFrom([]models.Debtor{"", models.DebtorInsurance, models.DebtorPatient}).Draw(r, "of")
			since := rapid.SampledFrom([]models.ReceivableSince{models.SinceService, models.SinceResponsible}).Draw(r, "since")
			word := string(of)
			if of == "" {
				word = "all"
			}
			ask, err := reports.Read(reports.Aging, map[string][]string{"asOf": {string(asOf)}, "by": {"party"}, "of": {word}, "from": {string(since)}})
			if err != nil {
				r.Fatal(err)
			}
			ager := ask.Ager()
			var sums []models.LedgerSum
			err = s.View(context.Background(), func(v *store.View) error {
				if since == models.SinceResponsible {
					err = journal.EachReceivable(v, asOf, of, ager.Add)
				} else {
					err = journal.EachAged(v, journal.ReceivableQuery{AsOf: asOf, Of: of, Since: since}, ager.AddSum)
				}
				if err != nil {
					return err
				}
				sums, err = journal.Sums(v, journal.SumQuery{Days: models.Span{Until: asOf}, By: []models.Dimension{models.DimensionAccount}, Limit: 1000})
				return err
			})
			if err != nil {
				r.Fatal(err)
			}
			got, want := bucketsOf(ager.Table()), agedBy(all, asOf, of, since)
			if !maps.Equal(got, want) {
				r.Fatalf("as of %s of %q since %s: %v, want %v", asOf, of, since, got, want)
			}
			var total, receivable models.Cents
			for _, amount := range got {
				total += amount
			}
			for _, sum := range sums {
				if slices.Contains(models.ReceivableAccounts(of), models.LedgerAccount(sum.By[0])) {
					receivable += sum.Balance()
				}
			}
			if total != receivable {
				r.Fatalf("the aging is of %s, the accounts say %s", total, receivable)
			}
		})
	})
}

// Sums by any dimensions are those of all postings of the days.
func TestSumsAreThoseOfAllPostings(t *testing.T) {
	value := map[models.Dimension]func(models.Entry, models.Posting) string{
		models.DimensionMonth:      func(e models.Entry, _ models.Posting) string { return string(e.Effective[:7]) },
		models.DimensionAccount:    func(_ models.Entry, p models.Posting) string { return string(p.Account) },
		models.DimensionPayer:      func(_ models.Entry, p models.Posting) string { return string(p.PayerID) },
		models.DimensionClaim:      func(models.Entry, models.Posting) string { return "" }, // no claim bills these charges
		models.DimensionPatient:    func(_ models.Entry, p models.Posting) string { return string(p.PatientID) },
		models.DimensionRemittance: func(_ models.Entry, p models.Posting) string { return p.RemittanceID },
		models.DimensionProvider:   func(_ models.Entry, p models.Posting) string { return string(p.RenderingID) },
		models.DimensionLocation:   func(_ models.Entry, p models.Posting) string { return p.LocationID },
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		var all []models.Entry
		posted := 0
		rapid.Check(t, func(r *rapid.T) {
			entries := history(r, &posted)
			if err := s.Update(context.Background(), func(tx *store.Tx) error { return journal.Post(tx, entries...) }); err != nil {
				r.Fatal(err)
			}
			all = append(all, entries...)
			by := rapid.SliceOfNDistinct(rapid.SampledFrom(slices.Sorted(maps.Keys(value))), 1, 3, rapid.ID).Draw(r, "by")
			q := journal.SumQuery{By: by, Open: rapid.Bool().Draw(r, "open"), Limit: 10000}
			q.Days = models.Span{From: firstDay.AddDays(rapid.IntRange(0, 100).Draw(r, "from")), Until: firstDay.AddDays(rapid.IntRange(100, 210).Draw(r, "until"))}
			want := map[string]models.LedgerSum{}
			for _, e := range all {
				for _, p := range e.Postings {
					if !q.Days.Contains(e.Effective) {
						continue
					}
					var keys []string
					for _, d := range by {
						keys = append(keys, value[d](e, p))
					}
					sum := want[fmt.Sprint(keys)]
					sum.Debits, sum.Credits = sum.Debits+max(p.Amount, 0), sum.Credits+max(-p.Amount, 0)
					want[fmt.Sprint(keys)] = sum
				}
			}
			maps.DeleteFunc(want, func(_ string, sum models.LedgerSum) bool { return q.Open && sum.Balance() == 0 })
			var got []models.LedgerSum
			err := s.View(context.Background(), func(v *store.View) (err error) {
				got, err = journal.Sums(v, q)
				return err
			})
			if err != nil || len(got) != len(want) || !slices.IsSortedFunc(got, func(a, b models.LedgerSum) int { return slices.Compare(a.By, b.By) }) {
				r.Fatalf("%v: %+v, want %+v", err, got, want)
			}
			for _, sum := range got {
				if w := want[fmt.Sprint(sum.By)]; w.Debits != sum.Debits || w.Credits != sum.Credits {
					r.Fatalf("%v is %s and %s, want %s and %s", sum.By, sum.Debits, sum.Credits, w.Debits, w.Credits)
				}
			}
		})
		storetest.View(t, s, func(v *store.View) error {
			if few, err := journal.Sums(v, journal.SumQuery{By: []models.Dimension{models.DimensionMonth}, Limit: 1}); err != nil || len(few) != 1 {
				t.Errorf("one sum is %v, %v", few, err)
			}
			if _, err := journal.Sums(v, journal.SumQuery{By: []models.Dimension{"weather"}, Limit: 1}); err == nil {
				t.Error("sums by what there is not are given")
			}
			return nil
		})
	})
}
