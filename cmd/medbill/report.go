package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"unicode/utf8"

	"medbill/billing"
	"medbill/billing/rules/reports"
	"medbill/internal/store"
	"medbill/models"
)

// reportCommand is `medbill report`.
type reportCommand struct {
	place
	Name   string     `arg:"" help:"trial-balance, aging, ledger, kpi or denials."`
	AsOf   string     `help:"Last day that counts; today without it." placeholder:"YYYY-MM-DD"`
	By     []string   `help:"What the rows are grouped by: of trial-balance account, payer, claim, patient, remittance, provider, location; of aging party, payer, patient, provider." placeholder:"WORD"`
	Of     string     `help:"Of aging: insurance, patient or all." placeholder:"PARTY"`
	From   string     `help:"Of aging the day from which money ages: service, first-bill or responsible; of ledger the first day." placeholder:"WORD|DAY"`
	Until  string     `help:"Of ledger: the last day." placeholder:"YYYY-MM-DD"`
	Tenant tenantName `help:"Tenant whose books they are; may be left out where there is one." placeholder:"ID"`
	CSV    bool       `name:"csv" help:"Print lines of CSV."`
}

// Run prints the report of the data, beside a server that may be running.
func (c reportCommand) Run(ctx context.Context, out streams) error {
	if err := c.settings().CheckData(); err != nil {
		return err
	}
	ask, err := reports.Read(c.Name, c.parameters())
	if err != nil {
		return err
	}
	db, err := c.beside(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	tenant, err := c.tenant(ctx, db)
	if err != nil {
		return err
	}
	table, err := billing.New(db, logger(out, slog.LevelWarn)).Report(ctx, operator(tenant), ask)
	if err != nil {
		return err
	}
	if !c.CSV {
		printReport(out.out, table)
		return nil
	}
	text, err := table.CSV()
	if err == nil {
		_, err = io.WriteString(out.out, text)
	}
	return err
}

// parameters gives what was said, by the names of every door.
func (c reportCommand) parameters() map[string][]string {
	said := map[string][]string{}
	for name, value := range map[string]string{"asOf": c.AsOf, "of": c.Of, "from": c.From, "until": c.Until} {
		if value != "" {
			said[name] = []string{value}
		}
	}
	if len(c.By) > 0 {
		said["by"] = c.By
	}
	return said
}

// tenant gives whose books are meant: the one that is named, or the only one there is.
func (c reportCommand) tenant(ctx context.Context, db *store.DB) (tenantName, error) {
	if c.Tenant != "" {
		return c.Tenant, nil
	}
	known, err := db.Tenants(ctx)
	if err == nil && len(known) != 1 {
		err = errors.New("the database does not have exactly one tenant; name one with --tenant")
	}
	if err != nil {
		return "", err
	}
	return tenantName(known[0]), nil
}

// printReport prints a report for a person: its rows, a bar for each bucket of an aging in place of the counts, and how it is counted.
func printReport(w io.Writer, t reports.Table) {
	fmt.Fprintln(w, strings.TrimSpace(t.Title+" "+string(t.AsOf)))
	bars := t.Bars()
	shown := make([]bool, len(t.Columns))
	lines := [][]string{make([]string, len(t.Columns))}
	for i, column := range t.Columns {
		shown[i] = column.Kind != reports.KindCount || len(bars) == 0
		lines[0][i] = column.Name
	}
	for _, row := range t.Rows {
		lines = append(lines, reports.Texts(row))
	}
	widths := make([]int, len(t.Columns))
	for _, line := range lines {
		for i, text := range line {
			widths[i] = max(widths[i], utf8.RuneCountInString(text))
		}
	}
	for _, line := range lines {
		var text strings.Builder
		for i, cell := range line {
			width := widths[i]
			if slices.Contains([]reports.Kind{reports.KindText, reports.KindMonth}, t.Columns[i].Kind) {
				width = -width
			}
			if shown[i] {
				fmt.Fprintf(&text, "%*s  ", width, cell)
			}
		}
		fmt.Fprintln(w, strings.TrimRight(text.String(), " "))
	}
	printBars(w, bars)
	fmt.Fprintf(w, "\n%s\n", strings.ReplaceAll(t.Explanation, ". ", ".\n"))
}

const barWidth = 40

// printBars draws the buckets of an aging, the largest as long as a bar may be.
func printBars(w io.Writer, bars []reports.Bar) {
	if len(bars) == 0 {
		return
	}
	var most models.Cents
	for _, bar := range bars {
		most = max(most, bar.Amount)
	}
	fmt.Fprintln(w)
	for _, bar := range bars {
		length := 0
		if bar.Amount > 0 {
			length = int(max(1, bar.Amount*barWidth/most))
		}
		fmt.Fprintln(w, strings.TrimRight(fmt.Sprintf("%8s %14s %6d  %s", bar.Name, bar.Amount, bar.Charges, strings.Repeat("█", length)), " "))
	}
}
