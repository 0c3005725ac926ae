package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

const format = "medbill-proof-1"

// fact is a line of a proof; each kind has some of the fields. Amounts are cents, positive amounts of postings debits.
type fact struct {
	Kind, Format, Tenant, Digest                                              string
	ClosedThrough                                                             string
	ClosedAt                                                                  int64
	ID, State, Status, Event, Cause, Reverses, Effective, Key, Trace, Outcome string
	Moves, Posted, Billed, Paid, Net, Due, Amount, Unapplied, Sequence, Line  int64
	Refunded                                                                  int64
	Deposit                                                                   string
	Case, Charge, Claim, Patient, Payer, Answer, Remittance, Payment, Invoice string
	Rendering, Location, Account, Entry, Code, Group, Reason                  string
	Law                                                                       string
	Broken, Lines                                                             int64
}

// read gives the books of a proof. It refuses a file whose end is missing or does not say what stands before it.
func read(in io.Reader) (*books, error) {
	b, sum, buffered := newBooks(), sha256.New(), bufio.NewReader(in)
	ended := false
	for n := int64(1); ; n++ {
		text, err := buffered.ReadBytes('\n')
		switch {
		case errors.Is(err, io.EOF) && len(text) == 0 && ended:
			return b, nil
		case errors.Is(err, io.EOF):
			return nil, fmt.Errorf("it is cut off at line %d", n)
		case err != nil:
			return nil, err
		case ended:
			return nil, fmt.Errorf("something stands behind its end, line %d", n)
		}
		var f fact
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&f); err != nil {
			return nil, fmt.Errorf("line %d is no line of a proof", n)
		}
		if n == 1 && (f.Kind != "proof" || f.Format != format) {
			return nil, errors.New("it does not begin as a proof of the format " + format)
		}
		if f.Kind == "end" {
			ended = true
			if f.Lines != n-1 || f.Digest != hex.EncodeToString(sum.Sum(nil)) {
				return nil, fmt.Errorf("the end tells of %d other lines or other content", f.Lines)
			}
			b.lines = n
			continue
		}
		_, _ = sum.Write(text) // a hash never fails
		if err := b.take(f); err != nil {
			return nil, fmt.Errorf("line %d %w", n, err)
		}
	}
}
