package models

import (
	"errors"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"medbill/models/fault"
	"medbill/models/money"
)

// What a value from outside may be, whichever door it comes through: what is over is refused with these words, and nothing is
// cut. The checks give faults without a place; whoever knows where the value stands puts it there (fault.Under). What FHIR
// itself says of a value is for fhir and fhir/validate.
const (
	// KeyCharsMax bounds an idempotency key; a UUID has 36.
	KeyCharsMax = 255
	// LineCharsMax bounds a text of one line, such as a reference or a name. Processors' references have at most 255 characters,
	// a trace number 50 (X12 TRN02), and an index entry of PostgreSQL holds 2,704 bytes.
	LineCharsMax = 255
	// TextCharsMax bounds what a person writes: a page.
	TextCharsMax = 2000
	// CodeCharsMax bounds the code of a service or a diagnosis: those of CPT, HCPCS and ICD-10-CM have at most eight characters, and
	// what an EHR calls its own is not longer than an id.
	CodeCharsMax = 64
	// IDCharsMax is the length of a FHIR id. https://hl7.org/fhir/R4/datatypes.html#id
	IDCharsMax = 64
	// CaseServicesMax bounds what one visit may be charged with: no claim form has more lines than the institutional one, 999. X12
	// 005010X223A2, loop 2400.
	CaseServicesMax = 999
	// AmountMax is what an amount that enters the books may be; sums of a whole document stay far from overflow. X12 005010X222A1
	// and X221A1, section B.1.1.3.1.2: an amount has at most ten digits.
	AmountMax Cents = 99_999_999_99
	// DayMin and DayMax bound a day on which something was done or paid, or from which it is billed. Nobody alive was treated before 1900, which Synthea's
	// oldest histories keep too; a later day than today is for the scrubber, which holds the claim, but a year like 9999 means
	// that no day was meant.
	DayMin Date = "1900-01-01"
	DayMax Date = "2199-12-31"
)

func refused(text string) error { return fault.New(fault.Invalid, "value", text) }

// CheckKey refuses (Invalid, value) an idempotency key that is empty, has blanks or other than ASCII's letters, digits and
// signs, or more than KeyCharsMax characters.
func CheckKey(key string) error {
	switch {
	case len(key) > KeyCharsMax:
		return refused("The key has more than " + strconv.Itoa(KeyCharsMax) + " characters; a UUID is enough.")
	case key == "", strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }):
		return refused("The key is empty or holds a blank or a character beyond ASCII; use letters and digits, such as a UUID.")
	}
	return nil
}

// CheckLine refuses (Invalid, value) a text of one line that is empty or blank, begins or ends with a blank, holds control
// characters or none of Unicode's, or has more than LineCharsMax characters.
func CheckLine(text string) error {
	switch {
	case utf8.RuneCountInString(text) > LineCharsMax:
		return refused("The text has more than " + strconv.Itoa(LineCharsMax) + " characters; shorten it.")
	case !utf8.ValidString(text), strings.ContainsFunc(text, unicode.IsControl):
		return refused("The text holds a control character or is not Unicode; leave that out.")
	case text == "", strings.TrimSpace(text) != text:
		return refused("The text is empty or has blanks at its ends; leave them out.")
	}
	return nil
}

// CheckLineOrNone is CheckLine for a text that may be left out.
func CheckLineOrNone(text string) error {
	if text == "" {
		return nil
	}
	return CheckLine(text)
}

// CheckText refuses (Invalid, value) a text of one or more lines that is empty or blank, holds other control characters than tabs and
// line ends or none of Unicode's, or has more than TextCharsMax characters.
func CheckText(text string) error {
	isControl := func(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune("\t\r\n", r) }
	switch {
	case utf8.RuneCountInString(text) > TextCharsMax:
		return refused("The text has more than " + strconv.Itoa(TextCharsMax) + " characters; shorten it.")
	case !utf8.ValidString(text), strings.ContainsFunc(text, isControl):
		return refused("The text holds a control character or is not Unicode; leave that out.")
	case strings.TrimSpace(text) == "":
		return refused("The text is empty; write what is to be read.")
	}
	return nil
}

// CheckID refuses (Invalid, value) what cannot be the id of a record.
func CheckID(id string) error {
	if !IsID(id) {
		return refused("The id must have 1 to 64 letters, digits, hyphens and points.")
	}
	return nil
}

// CheckAddress refuses (NotFound) an id in an address that no record can have.
func CheckAddress(id string) error {
	if !IsID(id) {
		return fault.New(fault.NotFound, "not-found", "There is no such record: an id has 1 to 64 letters, digits, hyphens and points.")
	}
	return nil
}

// IsID reports whether text has the form of a FHIR id. https://hl7.org/fhir/R4/datatypes.html#id
func IsID[T string | []byte](text T) bool {
	for i := range len(text) {
		c := text[i]
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '.' {
			return false
		}
	}
	return len(text) > 0 && len(text) <= IDCharsMax
}

// CheckCode refuses (Invalid, value) a code that is longer than any.
func CheckCode(code string) error {
	if len(code) > CodeCharsMax {
		return refused("The code has more than " + strconv.Itoa(CodeCharsMax) + " characters; no code system of services or diagnoses has such.")
	}
	return nil
}

// CheckDay refuses (Invalid, value) a day of service, payment or go-live that is none or lies beyond DayMin and DayMax.
func CheckDay(day Date) error {
	switch parsed, ok := ParseDate(string(day)); {
	case !ok || parsed != day:
		return refused("The date must name the day, as in 2026-03-02.")
	case day < DayMin || day > DayMax:
		return refused("The day must lie between " + string(DayMin) + " and " + string(DayMax) + "; correct the year.")
	}
	return nil
}

// ReadAmount reads an amount that enters the books. It refuses what is no decimal number (Invalid, value), and (BusinessRule) a
// fraction of a cent (money.fraction) and more than AmountMax (money.too-large).
func ReadAmount(text string) (Cents, error) {
	cents, err := money.Parse(text)
	switch {
	case errors.Is(err, money.ErrPrecision):
		return 0, fault.New(fault.BusinessRule, "money.fraction", "The amount has a fraction of a cent; state it with at most two decimal places.")
	case errors.Is(err, money.ErrRange), err == nil && (cents > AmountMax || cents < -AmountMax):
		return 0, fault.New(fault.BusinessRule, "money.too-large", "The amount is larger than 99999999.99; correct it.")
	case err != nil:
		return 0, refused("The amount is not a decimal number; state it with at most two decimal places.")
	}
	return cents, nil
}

// CheckCurrency refuses (BusinessRule, money.currency) an amount that the books cannot hold.
func CheckCurrency(currency string) error {
	if currency != "USD" {
		return fault.New(fault.BusinessRule, "money.currency", "The currency must be USD; the books hold no other.")
	}
	return nil
}

// CheckPaid refuses (Invalid, value) a payment of nothing or less.
func CheckPaid(amount Cents) error {
	if amount <= 0 {
		return refused("The amount must be more than zero.")
	}
	return nil
}

// ReadUnits reads how often a service was done. It refuses (Invalid, value) what ParseUnits refuses.
func ReadUnits(text string) (Units, error) {
	units, err := ParseUnits(text)
	if err != nil {
		return 0, refused("The units must be a number above 0 with at most three decimals and eight digits before them.")
	}
	return units, nil
}

// CheckServices refuses (BusinessRule, too-costly) more services than one visit may be charged with.
func CheckServices(count int) error {
	if count > CaseServicesMax {
		return fault.New(fault.BusinessRule, "too-costly", tooManyServices)
	}
	return nil
}

const tooManyServices = "A visit holds at most 999 services; bill the others with a visit of their own."
