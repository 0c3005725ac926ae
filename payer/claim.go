package payer

import (
	"cmp"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"strings"
	"time"

	"medbill/models/money"
	"medbill/payer/plan"
)

// Claim is what a payer keeps of a claim: enough to answer it.
type Claim struct {
	Key          string             `json:"key"` // seed, plan, member, day, frequency and count, as text
	Plan         string             `json:"plan"`
	Organization string             `json:"organization,omitempty"` // the payer at the provider's server; empty: came to the payer's own door
	ID           string             `json:"id"`                     // at the provider's server
	Sent         string             `json:"sent,omitempty"`
	Number       identifier         `json:"number"` // the provider's
	Type         concept            `json:"type"`
	Patient      reference          `json:"patient"`
	Insurer      reference          `json:"insurer"`
	Provider     reference          `json:"provider"`
	Member       string             `json:"member"`
	Frequency    string             `json:"frequency"`
	PriorID      string             `json:"priorId,omitempty"`     // the claim that this one replaces or voids
	PriorNumber  string             `json:"priorNumber,omitempty"` // the payer's number of that
	Authorized   bool               `json:"authorized,omitempty"`
	Serviced     string             `json:"serviced"`
	Received     time.Time          `json:"received"`
	Attempt      int                `json:"attempt"` // how many came before of the member and day
	Lines        []plan.Line        `json:"lines"`
	Prior        map[int]plan.Prior `json:"prior,omitempty"` // what the payers before left
}

// arrival tells apart what arrives: a claim that was sent again arrived again.
func (c *Claim) arrival() string { return c.Plan + "|" + c.Organization + "|" + c.ID + "|" + c.Sent }

// name derives a payer's number from what it is about: the same every time it is played.
func name(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "|")))
	return base32.StdEncoding.EncodeToString(sum[:])[:nameLength]
}

const nameLength = 12

// icn is the payer's number of the claim.
func (c *Claim) icn() string { return strings.ToUpper(c.Plan[:1]) + "-" + name("icn", c.Key) }

// read gives the claim that a document is, but for the member, what others answered and what only its payer knows.
func (d claimDocument) read() (*Claim, error) {
	c := &Claim{
		ID: d.ID, Sent: d.extension("sent").ValueDateTime, Type: d.Type, Patient: d.Patient, Insurer: d.Insurer, Provider: d.Provider,
		Frequency: cmp.Or(d.extension("claim-frequency").ValueCode, "1"), Authorized: len(d.focal().PreAuthRef) > 0,
		Serviced: d.BillablePeriod.Start,
	}
	if len(d.Identifier) > 0 {
		c.Number = d.Identifier[0]
	}
	for _, r := range d.Related {
		c.PriorID, c.PriorNumber = tail(r.Claim.Reference), r.Reference.Value
	}
	for i, item := range d.Item {
		charge, err := money.Parse(cmp.Or(item.Net.Value.String(), "0"))
		if err != nil {
			return nil, fmt.Errorf("item %d: the amount is no amount of cents", i+1)
		}
		units, err := money.ParseDecimal(cmp.Or(item.Quantity.Value.String(), "1"), 0)
		if err != nil {
			units = 1 // parts of a unit are allowed as one
		}
		c.Lines = append(c.Lines, plan.Line{Number: cmp.Or(item.Sequence, i+1), Code: item.code(), Units: max(units, 1), Charge: charge})
		if day := cmp.Or(item.ServicedDate, item.ServicedPeriod.Start); day != "" && (c.Serviced == "" || day < c.Serviced) {
			c.Serviced = day
		}
	}
	if len(c.Lines) == 0 {
		return nil, fmt.Errorf("the claim has no item")
	}
	return c, nil
}

func (i claimItem) code() string {
	for _, of := range []concept{i.ProductOrService, i.Revenue} {
		for _, c := range of.Coding {
			if c.Code != "" && c.Code != "not-applicable" {
				return c.Code
			}
		}
	}
	return ""
}

// tail gives the id of a reference.
func tail(of string) string { return of[strings.LastIndex(of, "/")+1:] }

// dayOf reads a day; what cannot be read is the first day there is.
func dayOf(text string) time.Time {
	day, _ := time.Parse(time.DateOnly, text[:min(len(text), len(time.DateOnly))])
	return day
}
