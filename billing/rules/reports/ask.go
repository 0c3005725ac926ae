package reports

import (
	"maps"
	"slices"
	"strings"

	"medbill/models"
	"medbill/models/fault"
)

// The reports.
const (
	TrialBalance = "trial-balance"
	Aging        = "aging"
	Ledger       = "ledger"
	KPI          = "kpi"
	Denials      = "denials"
)

// By of a report of receivables, beside payer, patient and provider.
const byParty models.Dimension = "party"

// Spec is what there is to know about a report before it is made.
type Spec struct {
	Name  string
	Title string
	Takes []string           // its parameters
	By    []models.Dimension // what its rows may be grouped by
	Words string             // how it is counted
}

// Specs is every report there is.
var Specs = []Spec{
	{
		Name: TrialBalance, Title: "Trial balance", Takes: []string{"asOf", "by"},
		By: []models.Dimension{models.DimensionAccount, models.DimensionPayer, models.DimensionClaim, models.DimensionPatient, models.DimensionRemittance, models.DimensionProvider, models.DimensionLocation},
		Words: "The balance of each account: all postings of entries whose effective day is asOf or earlier, added up; a balance above 0.00 stands in debit, one below in credit, one of 0.00 is left out. " +
			"The debits and the credits of all rows add up to the same.",
	},
	{
		Name: Aging, Title: "Aging of receivables", Takes: []string{"asOf", "of", "by", "from"},
		By: []models.Dimension{byParty, models.DimensionPayer, models.DimensionPatient, models.DimensionProvider},
		Words: "What is open of each charge at each party (the sum of its postings on that party's AR accounts up to asOf), by how many days lie between its day and asOf; 30 days are in 0-30. " +
			"Charges are counted beside the amounts; one that is open at two parties counts at each. A charge that is overpaid counts below 0.00. All amounts add up to the AR accounts of the trial balance.",
	},
	{
		Name: Ledger, Title: "General ledger by month and account", Takes: []string{"from", "until"},
		Words: "What was posted to each account in each month of effective days, each side added up by itself; reversals stand on the other side and are not taken off.",
	},
	{
		Name: KPI, Title: "Figures of the practice", Takes: []string{"asOf"},
		Words: "Each figure is its numerator divided by its denominator, both of which stand beside it with how they are counted. The last 90 days are asOf and the 89 days before. A value that is empty is not counted, and the row says why.",
	},
	{
		Name: Denials, Title: "Denials and appeals", Takes: []string{"asOf", "by"}, By: []models.Dimension{byCategory, models.DimensionPayer, models.DimensionProvider},
		Words: "Lines that a payer judged first in the last 90 days (asOf and the 89 days before) and refused in part or whole ÷ all lines judged first in them, of the payer or provider where it is grouped by that, and what was refused ÷ what was billed on " +
			"those. A line stands under the first of its reasons. Appealed is what was ever appealed, decided where the payer took its answer back and judged again, and overturned what it does not refuse any more by its last judgement ÷ what it refused first.",
	},
}

// Ask is what somebody wants to know.
type Ask struct {
	Spec
	AsOf        models.Date // "" is today
	From, Until models.Date // of the ledger; "" is open
	By          []models.Dimension
	Of          models.Debtor // "" is both
	Since       models.ReceivableSince
}

var errUnknown = fault.At(fault.NotFound, "not-found", "name", "There is no such report; there are "+join(names(), " and ")+".")

// Read gives what the parameters of a report ask for, each by its name, values in lists or with commas between them. An unknown report
// is not found; a parameter that the report does not take, or with a value that is none, is refused (Invalid), each by its name.
func Read(name string, parameters map[string][]string) (Ask, error) {
	at := slices.IndexFunc(Specs, func(s Spec) bool { return s.Name == name })
	if at < 0 {
		return Ask{}, errUnknown
	}
	ask := Ask{Spec: Specs[at], Since: models.SinceService}
	var issues []fault.Issue
	for _, parameter := range slices.Sorted(maps.Keys(parameters)) {
		values := split(parameters[parameter])
		text := ""
		switch {
		case !slices.Contains(ask.Takes, parameter):
			text = "The report has no such parameter; it takes " + join(ask.Takes, " and ") + "."
		case len(values) > 1 && parameter != "by":
			text = "The parameter stands twice; send one value."
		case len(values) > 0:
			text = ask.read(parameter, values)
		}
		if text != "" {
			issues = append(issues, fault.Issue{Code: "value", Path: parameter, Text: text})
		}
	}
	if ask.Name == TrialBalance && !slices.Contains(ask.By, models.DimensionAccount) {
		ask.By = append([]models.Dimension{models.DimensionAccount}, ask.By...)
	}
	if ask.Name == Denials && len(ask.By) == 0 {
		ask.By = []models.Dimension{byCategory}
	}
	if ask.From != "" && ask.Until != "" && ask.Until < ask.From {
		issues = append(issues, fault.Issue{Code: "value", Path: "until", Text: "The last day must not come before the first."})
	}
	return ask, fault.Of(fault.Invalid, issues)
}

// read takes one parameter and gives what is wrong with it.
func (a *Ask) read(parameter string, values []string) string {
	switch parameter {
	case "asOf":
		return day(&a.AsOf, values[0])
	case "until":
		return day(&a.Until, values[0])
	case "by":
		return a.group(values)
	case "of":
		switch values[0] {
		case "all":
			a.Of = ""
		case string(models.DebtorInsurance), string(models.DebtorPatient):
			a.Of = models.Debtor(values[0])
		default:
			return "The value must be insurance, patient or all."
		}
		return ""
	}
	if a.Name == Ledger {
		return day(&a.From, values[0])
	}
	a.Since = models.ReceivableSince(values[0])
	if !slices.Contains([]models.ReceivableSince{models.SinceService, models.SinceBill, models.SinceResponsible}, a.Since) {
		return "The value must be service, first-bill or responsible."
	}
	return ""
}

func (a *Ask) group(values []string) string {
	if len(values) == 1 && values[0] == "none" && a.Name == Aging {
		return ""
	}
	for _, value := range values {
		by := models.Dimension(value)
		if !slices.Contains(a.Spec.By, by) {
			return "The rows may be grouped by " + join(a.Spec.By, " and ") + "."
		}
		if slices.Contains(a.By, by) {
			return "A word stands twice; send each once."
		}
		a.By = append(a.By, by)
	}
	return ""
}

func day(into *models.Date, text string) string {
	parsed, ok := models.ParseDate(text)
	if !ok || string(parsed) != text {
		return "The day must be written as 2026-03-02."
	}
	*into = parsed
	return ""
}

func split(values []string) []string {
	var list []string
	for _, value := range values {
		for one := range strings.SplitSeq(value, ",") {
			if one = strings.TrimSpace(one); one != "" {
				list = append(list, one)
			}
		}
	}
	return list
}

func names() []string {
	list := make([]string, len(Specs))
	for i, s := range Specs {
		list[i] = s.Name
	}
	return list
}

func join[Text ~string](list []Text, last string) string {
	text := ""
	for i, one := range list {
		switch {
		case i == 0:
		case i == len(list)-1:
			text += last
		default:
			text += ", "
		}
		text += string(one)
	}
	return text
}

// TooLong refuses a report that has more rows than RowsMax, and says what makes it shorter.
func TooLong() error {
	return fault.At(fault.TooLarge, "too-costly", "by", "The report would have more than 100,000 rows; group it by less.")
}

// table begins the report.
func (a Ask) table(columns ...Column) Table {
	return Table{Name: a.Name, Title: a.Title, AsOf: a.AsOf, Explanation: a.Words, Columns: columns}
}

func (a Ask) groupColumns() []Column {
	columns := make([]Column, len(a.By))
	for i, by := range a.By {
		columns[i] = Column{string(by), KindText}
	}
	return columns
}
