package published

import (
	"errors"
	"strconv"
	"strings"

	"medbill/internal/codes"
)

// pairsTable tells by the name of a file whose edits it has.
func pairsTable(name string, o Options) (codes.Table, error) {
	switch {
	case o.Table != "":
		return o.Table, nil
	case strings.Contains(name, "practitioner"), strings.Contains(name, "ccipra"), strings.Contains(name, "mcr-pra"):
		return codes.PairsPractitioner, nil
	case strings.Contains(name, "hospital"), strings.Contains(name, "ccioph"), strings.Contains(name, "outpatient"):
		return codes.PairsHospital, nil
	}
	return "", errors.New("the name of the file does not say whose edits they are; add --table ptp-practitioner or ptp-hospital")
}

// takePairs reads procedure-to-procedure edits.
// https://www.cms.gov/medicare/coding-billing/national-correct-coding-initiative-ncci-edits/medicare-ncci-procedure-procedure-ptp-edits
func takePairs(r *rows, _ codes.Release) (codes.Content, error) {
	one, two := r.at("column_1", "column 1"), r.at("column_2", "column 2")
	from, until := r.at("effective"), r.at("deletion")
	indicator, rationale := r.at("modifier"), r.at("rationale")
	var b codes.PairsBuilder
	same := map[string]string{} // a code is kept once, however many rows name it
	keep := func(text string) string {
		kept, found := same[text]
		if !found {
			kept = strings.Clone(text)
			same[kept] = kept
		}
		return kept
	}
	begun := false
	err := r.each(func(cell func(int) string) error {
		if !begun && len(cell(indicator)) != 1 {
			return nil // CMS writes its header over several lines
		}
		begun = true
		if strings.ContainsAny(cell(one)+cell(two), " \t\n") {
			return errNoCode
		}
		e := codes.PairEdit{Column1: keep(cell(one)), Column2: keep(cell(two)), Rationale: keep(cell(rationale))}
		if i := cell(indicator); len(i) == 1 {
			e.Indicator = i[0]
		}
		var begins, ends bool
		e.Span.From, begins = compactDay(cell(from))
		if e.Span.Until, ends = compactDay(cell(until)); !begins || !ends {
			return errNoDay
		}
		return b.Add(e)
	})
	if err != nil {
		return nil, err
	}
	return b.Build()
}

// unitsTable tells by the name of a file whose edits it has.
func unitsTable(name string, o Options) (codes.Table, error) {
	switch {
	case o.Table != "":
		return o.Table, nil
	case strings.Contains(name, "prac"):
		return codes.UnitsPractitioner, nil
	case strings.Contains(name, "dme"), strings.Contains(name, "supplier"):
		return codes.UnitsSupplier, nil
	case strings.Contains(name, "out"), strings.Contains(name, "hospital"):
		return codes.UnitsHospital, nil
	}
	return "", errors.New("the name of the file does not say whose edits they are; add --table mue-practitioner, mue-hospital or mue-supplier")
}

// takeUnits reads medically unlikely edits; what the indicator means stands before the text that CMS writes behind it.
func takeUnits(r *rows, _ codes.Release) (codes.Content, error) {
	code, most := r.at("hcpcs"), r.at("mue_units", "mue values")
	adjudication, rationale := r.at("mue_mai", "adjudication"), r.at("rationale")
	var list []codes.UnitEdit
	err := r.each(func(cell func(int) string) error {
		e := codes.UnitEdit{Code: cell(code), Rationale: cell(rationale)}
		var err error
		if e.Max, err = strconv.Atoi(cell(most)); err != nil {
			return errors.New("its units are no number")
		}
		if i := cell(adjudication); i != "" {
			e.Adjudication = i[0]
		}
		if e.Code == "" {
			return errNoCode
		}
		list = append(list, e)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return codes.NewUnits(list)
}

// takeAddOns reads add-on code edits.
func takeAddOns(r *rows, _ codes.Release) (codes.Content, error) {
	primary, addOn, kind := r.at("primary"), r.at("add_on", "add-on"), r.at("edit_type", "edit type")
	var list []codes.AddOn
	err := r.each(func(cell func(int) string) error {
		e := codes.AddOn{Code: cell(addOn), Primary: cell(primary)}
		if t := cell(kind); t != "" {
			e.Type = t[0]
		}
		if e.Code == "" || e.Primary == "" || e.Type < '1' || e.Type > '3' {
			return errors.New("an add-on code has a primary code and a type of 1, 2 or 3")
		}
		list = append(list, e)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return codes.NewAddOns(list)
}
