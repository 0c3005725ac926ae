package charge

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"medbill/models"
	"medbill/models/fault"
	"medbill/models/money"
)

// csvColumns is the first line of a fee schedule file. system, modifiers, payer, from and until may be empty: CPT or HCPCS
// by the form of the code, no modifier, every payer, an open end. Modifiers are separated by blanks, payer is an
// Organization id, amounts are dollars.
var csvColumns = []string{"code", "system", "modifiers", "payer", "from", "until", "amount"}

// ReadCSV reads a fee schedule. It refuses (Invalid, every line at once) a missing column, a code that is none, a day that
// is none and an amount that is not a positive number of cents.
func ReadCSV(r io.Reader) ([]models.Price, error) {
	reader := csv.NewReader(r)
	header, err := reader.Read()
	if err != nil || strings.Join(header, ",") != strings.Join(csvColumns, ",") {
		return nil, fault.At(fault.Invalid, "fees.header", "line 1", "The first line must be "+strings.Join(csvColumns, ",")+".")
	}
	var prices []models.Price
	var issues []fault.Issue
	for {
		row, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return prices, fault.Of(fault.Invalid, issues)
		}
		line, _ := reader.FieldPos(0)
		at := fmt.Sprintf("line %d", line)
		if err != nil {
			return nil, fault.At(fault.Invalid, "fees.line", at, "The line is not CSV with as many fields as the first line.")
		}
		price, problem := priceOf(row)
		if problem != "" {
			issues = append(issues, fault.Issue{Code: "fees.line", Path: at, Text: problem})
		}
		prices = append(prices, price)
	}
}

func priceOf(row []string) (models.Price, string) {
	price := models.Price{Code: row[0], System: row[1], Modifiers: strings.Fields(row[2]), PayerID: models.OrganizationID(row[3])}
	if len(price.Code) != 5 {
		return price, "The code must have five characters."
	}
	if price.System == "" {
		price.System = models.SystemCPT
		if c := price.Code[0]; c >= 'A' && c <= 'Z' {
			price.System = models.SystemHCPCS
		}
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
	amount, err := money.Parse(row[6])
	if err != nil || amount <= 0 {
		return price, "The amount must be a positive number of dollars with at most two decimals."
	}
	price.Amount = amount
	return price, ""
}
