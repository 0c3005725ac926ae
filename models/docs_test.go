package models_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"medbill/models"
)

func yes(is bool) string {
	if is {
		return "yes"
	}
	return ""
}

// row gives how a row of a table begins in a document; a cell that is empty is one blank.
func row(cells ...string) string {
	text := "|"
	for _, cell := range cells {
		text += " " + cell + " |"
	}
	return strings.ReplaceAll(text, "  ", " ")
}

// docs/ARCHITECTURE.md shows the tables of states and of kinds of work as they are.
func TestTablesAreDrawn(t *testing.T) {
	content, err := os.ReadFile("../docs/ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	for _, f := range models.CaseStates {
		rows = append(rows, row(quote(f.State), string(f.Turn)))
	}
	for _, f := range models.ChargeStates {
		rows = append(rows, row(quote(f.State), f.Status, yes(f.InBooks), yes(f.Waits)))
	}
	for _, f := range models.ClaimStates {
		rows = append(rows, row(quote(f.State), f.Status, yes(f.Sent), yes(f.PayerSees), yes(f.Editable), yes(f.Awaited)))
	}
	for _, f := range models.WorkKinds {
		rows = append(rows, row(quote(f.Kind), string(f.Owner), string(f.Role)))
	}
	for _, want := range rows {
		if !strings.Contains(string(content), "\n"+want) {
			t.Errorf("docs/ARCHITECTURE.md has no row %s", want)
		}
	}
}

func quote[T ~string](word T) string { return fmt.Sprintf("`%s`", string(word)) }
