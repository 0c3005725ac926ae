package published

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"medbill/internal/codes"
	"medbill/models"
)

var (
	quarterName = regexp.MustCompile(`(20\d\d)[-_ ]?q([1-4])`)
	monthName   = regexp.MustCompile(`(20\d\d)[-_ ]?(0[1-9]|1[0-2]|jan|apr|jul|oct)(?:[^a-z0-9]|$)|(jan|apr|jul|oct)[a-z]*[-_ ]?(20\d\d)`)
	dayName     = regexp.MustCompile(`(0[1-9]|1[0-2])-01-(20\d\d)`)      // an NCCI table: Eff_07-01-2024
	versionName = regexp.MustCompile(`cci(?:pra|oph)-v(\d\d)([0-3])r\d`) // v302r0 is the third quarter of the thirtieth year
	rvuName     = regexp.MustCompile(`^rvu(\d\d)([a-d])`)                // RVU25D
	rvuMonth    = regexp.MustCompile(`^pprrvu(\d\d)_(jan|apr|jul|oct)`)  // PPRRVU25_OCT
	yearName    = regexp.MustCompile(`(20\d\d)`)
	shortYear   = regexp.MustCompile(`(?:fy|^)(\d\d)(?:\D|$)`)
	months      = map[string]string{"jan": "01", "apr": "04", "jul": "07", "oct": "10"}
)

// release names a release and says for which days it is made: as the options say, else as the name of the file does.
func (l *lines) release(table codes.Table, o Options) (codes.Release, error) {
	r := codes.Release{Table: table, Kind: table.Facts().Kind, Complete: true}
	r.Name, r.Span = dated(table, strings.ToLower(l.name))
	if o.Name != "" {
		r.Name = o.Name
	}
	if o.From != "" || o.Until != "" {
		r.Span = models.Span{From: o.From, Until: o.Until}
		if r.Name == "" {
			r.Name = string(o.From)
		}
	}
	for _, d := range []models.Date{r.Span.From, r.Span.Until} {
		if parsed, ok := models.ParseDate(string(d)); d != "" && (!ok || parsed != d) {
			return r, errors.New("a day is written as 2026-03-02")
		}
	}
	if r.Span.From == "" || r.Name == "" {
		return r, errors.New("neither the file nor its name says from which day it holds; say so with --from, and --release where it has a name")
	}
	if r.Span.Until != "" && r.Span.Until < r.Span.From {
		return r, errors.New("its last day comes before its first")
	}
	return r, nil
}

// dated reads a release out of the name of a file.
func dated(table codes.Table, name string) (string, models.Span) {
	switch table {
	case codes.ICD10CM, codes.ICD10PCS, codes.POAExempt, codes.Tabular:
		year := yearName.FindString(name)
		if m := shortYear.FindStringSubmatch(name); year == "" && m != nil {
			year = "20" + m[1]
		}
		span := fiscalYear(year)
		if year != "" && strings.Contains(name, "april") { // the addition in the middle of the year
			return year + "-04", models.Span{From: models.Date(year + "-04-01"), Until: span.Until}
		}
		return year, span
	}
	if year, quarter := quarterIn(name); year != "" {
		first := fmt.Sprintf("%s-%02d-01", year, 3*int(quarter[0]-'0')-2)
		last := map[string]string{"1": "03-31", "2": "06-30", "3": "09-30", "4": "12-31"}[quarter]
		return year + "Q" + quarter, models.Span{From: models.Date(first), Until: models.Date(year + "-" + last)}
	}
	if m := rvuName.FindStringSubmatch(name); m != nil {
		name = "20" + m[1] + "-" + map[string]string{"a": "01", "b": "04", "c": "07", "d": "10"}[m[2]]
	}
	if m := rvuMonth.FindStringSubmatch(name); m != nil {
		name = "20" + m[1] + "-" + m[2]
	}
	if m := monthName.FindStringSubmatch(name); m != nil {
		year, month := m[1]+m[4], m[2]+m[3]
		if number, ok := months[month]; ok {
			month = number
		}
		return year + "-" + month, models.Span{From: models.Date(year + "-" + month + "-01")}
	}
	year := yearName.FindString(name)
	if m := shortYear.FindStringSubmatch(name); year == "" && m != nil {
		year = "20" + m[1]
	}
	if year != "" {
		return year, models.Span{From: models.Date(year + "-01-01")}
	}
	return "", models.Span{}
}

// quarterIn reads the quarter of an NCCI table, however CMS writes it in the name.
func quarterIn(name string) (year, quarter string) {
	if m := quarterName.FindStringSubmatch(name); m != nil {
		return m[1], m[2]
	}
	if m := versionName.FindStringSubmatch(name); m != nil { // version 1 was that of 1995
		n, _ := strconv.Atoi(m[1])
		return strconv.Itoa(1994 + n), string(m[2][0] + 1)
	}
	if m := dayName.FindStringSubmatch(name); m != nil {
		if month, _ := strconv.Atoi(m[1]); month%3 == 1 {
			return m[2], strconv.Itoa((month + 2) / 3)
		}
	}
	return "", ""
}

// fiscalYear is when ICD-10 of a year holds: from October 1 of the year before. https://www.cms.gov/medicare/coding-billing/icd-10-codes
func fiscalYear(year string) models.Span {
	var n int
	if _, err := fmt.Sscanf(year, "%d", &n); err != nil {
		return models.Span{}
	}
	return models.Span{From: models.Date(fmt.Sprintf("%d-10-01", n-1)), Until: models.Date(fmt.Sprintf("%d-09-30", n))}
}

// compactDay reads 20240701 and 2024-07-01; "" where there is none: an empty cell, or a star.
func compactDay(text string) (models.Date, bool) {
	text = strings.TrimSpace(text)
	if text == "" || text == "*" || text == "99991231" || text == "9999-12-31" {
		return "", true
	}
	if len(text) == 8 {
		text = text[:4] + "-" + text[4:6] + "-" + text[6:]
	}
	d, ok := models.ParseDate(text)
	return d, ok && len(text) == 10
}
