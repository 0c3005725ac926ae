// Package starter holds the small set of codes that medbill ships, so that a first claim can be coded before any file is loaded. It
// has no text of CPT, CARC, RARC or the NUBC; numbers of theirs stand with plain words of our own. It never says that a code does
// not exist.
package starter

import (
	"embed"
	"encoding/csv"
	"fmt"

	"medbill/internal/codes"
)

//go:embed *.csv
var files embed.FS

// Name is what every release of the set is called.
const Name = "starter"

var tables = []struct {
	file  string
	table codes.Table
}{
	{"places.csv", codes.Places}, {"icd10cm.csv", codes.ICD10CM}, {"hcpcs.csv", codes.HCPCS}, {"modifiers.csv", codes.Modifiers},
	{"discharges.csv", codes.Discharges},
}

// Editions gives the set, a release for each table, which holds on any day and gives way to whatever is loaded. Panics where a file
// of it is damaged, which a test rules out.
func Editions() []codes.Edition {
	var all []codes.Edition
	for _, t := range tables {
		content, err := conceptsIn(t.file)
		if err != nil {
			panic(fmt.Sprintf("the starter set has a damaged %s: %v", t.file, err))
		}
		all = append(all, codes.Edition{Content: content, Release: codes.Release{
			Table: t.table, Kind: codes.KindConcepts, Name: Name, Rows: content.Len(), Billable: content.BillableCount(), Source: t.file,
		}})
	}
	return all
}

// conceptsIn reads code, display and billable (yes or no) under their header.
func conceptsIn(name string) (*codes.Concepts, error) {
	file, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // it is only read
	r := csv.NewReader(file)
	r.FieldsPerRecord = 3
	rows, err := r.ReadAll()
	if err != nil {
		return nil, err
	}
	var list []codes.Concept
	for _, row := range rows[1:] {
		list = append(list, codes.Concept{Code: row[0], Display: row[1], Billable: row[2] == "yes"})
	}
	return codes.NewConcepts(list)
}
