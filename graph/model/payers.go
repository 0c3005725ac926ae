package model

import (
	"medbill/internal/payers"
	"medbill/models"
	"medbill/models/fault"
)

// What a practice knows of its payers.
type (
	// Payer is an entry of the directory, with the book that tells of it.
	Payer struct {
		row  models.Payer
		book *payers.Book
	}
	// PayerFact is what a payer wants.
	PayerFact struct{ row models.PayerFact }
	// Enrolment is a provider whose claims a payer takes.
	Enrolment struct{ row models.Enrolment }
)

// PayersOf shows the directory, and what holds for every payer where there is something.
func PayersOf(book *payers.Book) []Payer {
	list := []Payer{}
	for _, row := range book.Data().Payers {
		list = append(list, Payer{row, book})
	}
	if len(book.On(models.EveryPayer, "")) > 0 {
		list = append(list, Payer{models.Payer{ID: models.EveryPayer}, book})
	}
	return list
}

// ID is its Organization's.
func (p Payer) ID() string { return string(p.row.ID) }

// OrganizationID names the record; "" for every payer.
func (p Payer) OrganizationID() models.OrganizationID {
	if p.row.ID == models.EveryPayer {
		return ""
	}
	return p.row.ID
}

// Name is nil for every payer.
func (p Payer) Name() *string { return given(p.row.Name) }

// Aliases are what else it is called.
func (p Payer) Aliases() []string { return p.row.Aliases }

// Identifiers are its numbers.
func (p Payer) Identifiers() []string {
	list := make([]string, len(p.row.Identifiers))
	for i, one := range p.row.Identifiers {
		list[i] = one.System + "|" + one.Value
	}
	return list
}

// Transactions are those that it takes.
func (p Payer) Transactions() []string { return p.row.Transactions }

// Facts are those that hold on a day.
func (p Payer) Facts(on *string) ([]PayerFact, error) {
	day, err := askedDay(on)
	var list []PayerFact
	for _, row := range p.book.On(p.row.ID, day) {
		list = append(list, PayerFact{row})
	}
	return list, err
}

// Enrolments are those that hold on a day.
func (p Payer) Enrolments(on *string) ([]Enrolment, error) {
	day, err := askedDay(on)
	var list []Enrolment
	for _, row := range p.book.EnrolmentsWith(p.row.ID, day) {
		list = append(list, Enrolment{row})
	}
	return list, err
}

// askedDay refuses what is no day.
func askedDay(text *string) (models.Date, error) {
	if text == nil {
		return "", nil
	}
	day, ok := models.ParseDate(*text)
	if !ok || string(day) != *text {
		return "", fault.At(fault.Invalid, "value", "on", "The day is written as 2026-03-02.")
	}
	return day, nil
}

// Subject is what the fact is about.
func (f PayerFact) Subject() string { return string(f.row.Subject) }

// Code is nil for every service.
func (f PayerFact) Code() *string { return given(f.row.Code) }

// Value is what it says.
func (f PayerFact) Value() string { return f.row.Value }

// From is nil where it holds since ever.
func (f PayerFact) From() *string { return given(f.row.From) }

// Until is nil where it does not end.
func (f PayerFact) Until() *string { return given(f.row.Until) }

// NPI is the provider's.
func (e Enrolment) NPI() string { return e.row.NPI }

// From is nil where it holds since ever.
func (e Enrolment) From() *string { return given(e.row.From) }

// Until is nil where it does not end.
func (e Enrolment) Until() *string { return given(e.row.Until) }
