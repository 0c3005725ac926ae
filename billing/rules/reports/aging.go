package reports

import (
	"slices"
	"strings"

	"medbill/models"
)

// buckets are the last days of those that have one, with their names; what is older is in the one after, and what has no day in the
// last.
var (
	bucketEnds  = []int{30, 60, 90, 120}
	bucketNames = []string{"0-30", "31-60", "61-90", "91-120", "121+", "undated"}
)

// The places of what is older than 90 days, and of what has no day.
const (
	bucketOver90  = 3
	bucketUndated = 5
	bucketCount   = 6
)

// bucketOf gives the bucket of a day as of another. A day to come is young.
func bucketOf(day, asOf models.Date) int {
	if day == "" {
		return bucketUndated
	}
	age := day.DaysUntil(asOf)
	for i, end := range bucketEnds {
		if age <= end {
			return i
		}
	}
	return len(bucketEnds)
}

// Ager adds up receivables, those of a charge at a party one after the other and by their days.
type Ager struct {
	ask      Ask
	groups   map[string]*aged
	at       models.Receivable // the one that is added up, and since when it is open
	overpaid models.Cents      // what is open below 0.00
}

// aged is what one row of an aging adds up.
type aged struct {
	key     []string
	amounts [bucketCount]models.Cents
	charges [bucketCount]int64
}

// Ager begins an aging.
func (a Ask) Ager() *Ager { return &Ager{ask: a, groups: map[string]*aged{}} }

// Add takes the next receivable. It refuses what makes more than RowsMax rows.
func (g *Ager) Add(next models.Receivable) error {
	if !isSame(g.at, next) {
		g.settle()
		g.at = next
		g.at.Amount = 0
	}
	before := g.at.Amount
	g.at.Amount += next.Amount
	if before <= 0 && g.at.Amount > 0 || before >= 0 && g.at.Amount < 0 {
		g.at.Day = next.Day // it was even, or the other way round, until then
	}
	if len(g.groups) > RowsMax {
		return TooLong()
	}
	return nil
}

// isSame reports whether two receivables are of the same charge at the same party.
func isSame(a, b models.Receivable) bool {
	a.Day, a.Amount, a.ProviderID = b.Day, b.Amount, b.ProviderID
	return a == b
}

// settle puts what was added up into its row, once.
func (g *Ager) settle() {
	at := g.at
	g.at = models.Receivable{}
	if at.Amount != 0 {
		g.put(models.AgedSum{
			Debtor: at.Debtor, PayerID: at.PayerID, PatientID: at.PatientID, ProviderID: at.ProviderID, Day: at.Day, Amount: at.Amount, Overpaid: min(at.Amount, 0), Charges: 1,
		})
	}
}

// AddSum takes what is open of several charges. It refuses what makes more than RowsMax rows.
func (g *Ager) AddSum(s models.AgedSum) error {
	g.put(s)
	if len(g.groups) > RowsMax {
		return TooLong()
	}
	return nil
}

func (g *Ager) put(s models.AgedSum) {
	key := make([]string, len(g.ask.By))
	for i, by := range g.ask.By {
		switch by {
		case byParty:
			key[i] = string(s.Debtor)
		case models.DimensionPayer:
			key[i] = string(s.PayerID)
		case models.DimensionPatient:
			key[i] = string(s.PatientID)
		case models.DimensionProvider:
			key[i] = string(s.ProviderID)
		}
	}
	joined := strings.Join(key, "\x00")
	row := g.groups[joined]
	if row == nil {
		row = &aged{key: key}
		g.groups[joined] = row
	}
	bucket := bucketOf(s.Day, g.ask.AsOf)
	row.amounts[bucket] += s.Amount
	row.charges[bucket] += s.Charges
	g.overpaid += s.Overpaid
}

var sinceWords = map[models.ReceivableSince]string{
	models.SinceService:     "The day of a charge is that of its service.",
	models.SinceBill:        "The day of a charge is the one on which a claim with it was first sent, or of a patient's the first invoice with it issued; what was not asked for yet stands in undated.",
	models.SinceResponsible: "The day of a charge is the one on which the party came to owe it: the first on which something was open there after nothing was.",
}

// Table gives the aging, by its groups. Without groups it is one row.
func (g *Ager) Table() Table {
	g.settle()
	t := g.ask.table(g.ask.groupColumns()...)
	t.Explanation += " " + sinceWords[g.ask.Since]
	for _, name := range bucketNames {
		t.Columns = append(t.Columns, Column{name, KindMoney})
	}
	t.Columns = append(t.Columns, Column{"total", KindMoney})
	for _, name := range bucketNames {
		t.Columns = append(t.Columns, Column{"charges " + name, KindCount})
	}
	rows := make([]*aged, 0, len(g.groups))
	for _, row := range g.groups {
		rows = append(rows, row)
	}
	if len(rows) == 0 && len(g.ask.By) == 0 {
		rows = append(rows, &aged{})
	}
	slices.SortFunc(rows, func(a, b *aged) int { return slices.Compare(a.key, b.key) })
	for _, row := range rows {
		t.Rows = append(t.Rows, row.cells())
	}
	return t
}

func (r *aged) cells() []Cell {
	cells := keys(r.key)
	var total models.Cents
	for _, amount := range r.amounts {
		cells = append(cells, cents(amount))
		total += amount
	}
	cells = append(cells, cents(total))
	for _, n := range r.charges {
		cells = append(cells, count(n))
	}
	return cells
}

// Bar is what a bucket comes to over all rows of an aging.
type Bar struct {
	Name    string
	Amount  models.Cents
	Charges int64
}

// Bars gives what the terminal draws of an aging: each bucket over all rows. Other reports have none.
func (t Table) Bars() []Bar {
	first := slices.IndexFunc(t.Columns, func(c Column) bool { return c.Name == bucketNames[0] })
	if t.Name != Aging || first < 0 {
		return nil
	}
	bars := make([]Bar, bucketCount)
	for i, name := range bucketNames {
		bars[i].Name = name
		for _, row := range t.Rows {
			bars[i].Amount += row[first+i].Amount
			bars[i].Charges += row[first+bucketCount+1+i].Count
		}
	}
	return bars
}
