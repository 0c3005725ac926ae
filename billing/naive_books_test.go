package billing_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"medbill/internal/store"
	"medbill/internal/store/journal"
	"medbill/models"
)

// naive are the plain rows of a tenant's books, from which reports are counted by loops that share nothing with the reports.
type naive struct {
	entries  []models.Entry
	cases    map[models.CaseID]told
	charges  map[models.ChargeID]models.Charge
	claims   []models.Claim
	answers  []models.Answer
	invoices []models.Invoice
	work     []models.WorkItem // done too
}

func (w ward) rowsOfBooks() naive {
	w.t.Helper()
	n := naive{cases: w.cases(), charges: map[models.ChargeID]models.Charge{}}
	for _, c := range n.cases {
		for _, charge := range c.charges {
			n.charges[charge.ID] = charge
		}
		n.claims, n.answers, n.invoices = append(n.claims, c.claims...), append(n.answers, c.answers...), append(n.invoices, c.invoices...)
	}
	w.view(func(v *store.View) (err error) {
		if n.work, err = store.All[models.WorkItem](v, "id", "id <> ''"); err != nil {
			return err
		}
		return journal.Each(v, func(e models.Entry) error {
			n.entries = append(n.entries, e)
			return nil
		})
	})
	return n
}

// owing is what one party owes of one charge.
type owing struct {
	party   string
	payer   models.OrganizationID
	patient models.PatientID
	kase    models.CaseID
	charge  models.ChargeID
}

// owed gives what was put on each receivable on each day until one.
func (n naive) owed(asOf models.Date) map[owing]map[models.Date]models.Cents {
	all := map[owing]map[models.Date]models.Cents{}
	for _, e := range n.entries {
		for _, p := range e.Postings {
			o := owing{"insurance", p.PayerID, p.PatientID, p.CaseID, p.ChargeID}
			if p.Account == "AR:Patient" {
				o.party, o.payer = "patient", ""
			}
			if !strings.HasPrefix(string(p.Account), "AR:") || e.Effective > asOf {
				continue
			}
			if all[o] == nil {
				all[o] = map[models.Date]models.Cents{}
			}
			all[o][e.Effective] += p.Amount
		}
	}
	return all
}

func total(days map[models.Date]models.Cents) (sum models.Cents) {
	for _, amount := range days {
		sum += amount
	}
	return sum
}

func signOf(amount models.Cents) int {
	switch {
	case amount > 0:
		return 1
	case amount < 0:
		return -1
	}
	return 0
}

// since gives the day from which what is owed ages, "" where there is none.
func (n naive) since(o owing, days map[models.Date]models.Cents, from models.ReceivableSince, asOf models.Date) (first models.Date) {
	earlier := func(day models.Date) {
		if day != "" && day <= asOf && (first == "" || day < first) {
			first = day
		}
	}
	switch {
	case from == models.SinceService:
		if day := n.charges[o.charge].ServiceDate; day != "" {
			return day
		}
		return n.cases[o.kase].ServiceDate
	case from == models.SinceResponsible: // backwards, as long as it is on the side on which it ends
		sum := total(days)
		side := signOf(sum)
		sorted := slices.Sorted(maps.Keys(days))
		for _, day := range slices.Backward(sorted) {
			if signOf(sum) != side {
				break
			}
			first = day
			sum -= days[day]
		}
		return first
	case o.party == "patient":
		for _, i := range n.invoices {
			if i.CaseID == o.kase && i.Status != models.InvoiceCancelled && slices.ContainsFunc(i.Lines, func(l models.InvoiceLine) bool { return l.ChargeID == o.charge }) {
				earlier(i.Issued)
			}
		}
	default:
		for _, c := range n.claims {
			if slices.ContainsFunc(c.Lines, func(l models.ClaimLine) bool { return l.ChargeID == o.charge }) {
				earlier(c.Sent)
			}
		}
	}
	return first
}

// daysOld gives how many days lie between two.
func daysOld(day, asOf models.Date) int {
	from, err := time.Parse(time.DateOnly, string(day))
	if err != nil {
		panic(err) // the books hold days
	}
	until, err := time.Parse(time.DateOnly, string(asOf))
	if err != nil {
		panic(err)
	}
	return int(until.Sub(from).Hours() / 24)
}

// bucketOf gives the column of an age: 0-30, 31-60, 61-90, 91-120, 121+, undated.
func columnOf(day, asOf models.Date) int {
	if day == "" {
		return 5
	}
	switch old := daysOld(day, asOf); {
	case old < 31:
		return 0
	case old < 61:
		return 1
	case old < 91:
		return 2
	case old < 121:
		return 3
	}
	return 4
}

// aging gives the lines of one.
func (n naive) aging(asOf models.Date, from models.ReceivableSince, by, of string) (lines []string) {
	type row struct {
		amounts [6]models.Cents
		charges [6]int
	}
	rows := map[string]*row{}
	if by == "" {
		rows[""] = &row{}
	}
	for o, days := range n.owed(asOf) {
		if of != "all" && of != o.party || total(days) == 0 {
			continue
		}
		provider := n.charges[o.charge].Rendering.ID
		if o.charge == "" || n.charges[o.charge].ID == "" {
			provider = n.cases[o.kase].Rendering.ID
		}
		var key []string
		for word := range strings.SplitSeq(by, ",") {
			key = append(key, map[string]string{"": "", "party": o.party, "payer": string(o.payer), "patient": string(o.patient), "provider": string(provider)}[word])
		}
		name := strings.Join(key, " ")
		if rows[name] == nil {
			rows[name] = &row{}
		}
		column := columnOf(n.since(o, days, from, asOf), asOf)
		rows[name].amounts[column] += total(days)
		rows[name].charges[column]++
	}
	for _, name := range slices.Sorted(maps.Keys(rows)) {
		line, sum := "", models.Cents(0)
		if by != "" {
			line = name + " "
		}
		for _, amount := range rows[name].amounts {
			line, sum = line+amount.String()+" ", sum+amount
		}
		line += sum.String()
		for _, count := range rows[name].charges {
			line += fmt.Sprint(" ", count)
		}
		lines = append(lines, line)
	}
	return lines
}
