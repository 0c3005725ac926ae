package charge

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"

	"medbill/models"
	"medbill/models/fault"
	"medbill/models/money"
)

// csvColumns is the first line of a fee schedule file. system is cpt, hcpcs, revenue or the URL of one; system, modifiers, payer,
// from and until may be empty: CPT, HCPCS or revenue code by the form of the code, no modifier, every payer, the days of the schedule.
// Modifiers are separated by blanks, payer is an Organization id, amounts are dollars.
var csvColumns = []string{"code", "system", "modifiers", "payer", "from", "until", "amount"}

const (
	// LinesMax bounds a file: the largest national schedules have under 20,000 codes.
	LinesMax     = 50_000
	modifiersMax = 4
	byteOrder    = "\ufeff" // which spreadsheets put before the first column
)

// ReadCSV reads a fee schedule; the sequence of a price is its line. It refuses (Invalid, every line at once) a missing
// column, a code, system, modifier, payer, day or amount that is none, and a line that says again what an earlier one says
// for the same days.
func ReadCSV(r io.Reader) ([]models.Price, error) {
	reader := csv.NewReader(r)
	header, err := reader.Read()
	if err != nil || strings.TrimPrefix(strings.Join(header, ","), byteOrder) != strings.Join(csvColumns, ",") {
		return nil, fault.At(fault.Invalid, "fees.header", lineAt(1), "The first line must be "+strings.Join(csvColumns, ",")+".")
	}
	var prices []models.Price
	var issues []fault.Issue
	for {
		row, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		var broken *csv.ParseError
		if errors.As(err, &broken) {
			return nil, refused(append(issues, lineIssue(broken.StartLine, "The line is not CSV with as many fields as the first line.")))
		}
		if err != nil {
			return nil, err
		}
		line, _ := reader.FieldPos(0)
		if len(prices)+len(issues) >= LinesMax {
			return nil, fault.At(fault.TooLarge, "fees.lines", lineAt(line), "The file has more than 50000 lines; load it as several schedules.")
		}
		price, problem := priceOf(row)
		price.Sequence = line
		if problem != "" {
			issues = append(issues, lineIssue(line, problem))
			continue
		}
		prices = append(prices, price)
	}
	for _, i := range Repeated(prices) {
		issues = append(issues, lineIssue(prices[i].Sequence, "An earlier line prices the same code, modifiers and payer on the same days; leave one of them out."))
	}
	slices.SortStableFunc(issues, byLine)
	return prices, refused(issues)
}

// byLine orders "line 9" before "line 10".
func byLine(a, b fault.Issue) int {
	if len(a.Path) != len(b.Path) {
		return len(a.Path) - len(b.Path)
	}
	return strings.Compare(a.Path, b.Path)
}

func priceOf(row []string) (models.Price, string) {
	price := models.Price{Code: row[0], Modifiers: strings.Fields(row[2]), PayerID: models.OrganizationID(row[3])}
	isRevenue := len(price.Code) == 4 && strings.Trim(price.Code, "0123456789") == ""
	if !isRevenue && len(price.Code) != 5 || !isCapitals(price.Code) {
		return price, "The code must have five characters, capital letters and digits, or be a revenue code of four digits."
	}
	var ok bool
	if price.System, ok = systemOf(row[1], price.Code); !ok || isRevenue != (price.System == models.SystemRevenue) {
		return price, "The system must be cpt, hcpcs, revenue or the URL of one of them, as the code is one, or be left out."
	}
	if problem := badModifiers(price.Modifiers); problem != "" {
		return price, problem
	}
	if row[3] != "" && !models.IsID(row[3]) {
		return price, "The payer must be the id of its Organization."
	}
	for _, day := range []struct {
		text string
		into *models.Date
	}{{row[4], &price.From}, {row[5], &price.Until}} {
		if day.text == "" {
			continue
		}
		date, ok := models.ParseDate(day.text)
		if !ok || len(day.text) != len(date) {
			return price, "A day must be written as 2026-03-02."
		}
		*day.into = date
	}
	if isNever(models.Span{From: price.From, Until: price.Until}) {
		return price, "The line ends before it begins."
	}
	amount, err := money.Parse(row[6])
	if err != nil || amount < 0 || amount > models.AmountMax {
		return price, "The amount must be a number of dollars with at most two decimals, 0.00 or more."
	}
	price.Amount = amount
	return price, ""
}

// systemOf reads the system of a code: a word, a URL, or nothing, where the form of the code tells.
func systemOf(text, code string) (string, bool) {
	switch strings.ToLower(text) {
	case "cpt", models.SystemCPT:
		return models.SystemCPT, true
	case "hcpcs", strings.ToLower(models.SystemHCPCS):
		return models.SystemHCPCS, true
	case "revenue", strings.ToLower(models.SystemRevenue):
		return models.SystemRevenue, true
	case "":
		if len(code) == 4 {
			return models.SystemRevenue, true
		}
		if c := code[0]; c >= 'A' && c <= 'Z' {
			return models.SystemHCPCS, true
		}
		return models.SystemCPT, true
	}
	return "", false
}

func badModifiers(modifiers []string) string {
	if len(modifiers) > modifiersMax {
		return "A service has at most four modifiers."
	}
	for i, m := range modifiers {
		switch {
		case len(m) != 2 || !isCapitals(m):
			return "A modifier has two characters, capital letters and digits; several are separated by blanks."
		case slices.Contains(modifiers[:i], m):
			return "A modifier stands twice; write it once."
		}
	}
	return ""
}

func isCapitals(text string) bool {
	return !strings.ContainsFunc(text, func(c rune) bool { return (c < 'A' || c > 'Z') && (c < '0' || c > '9') })
}
