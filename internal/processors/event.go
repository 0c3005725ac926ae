package processors

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"time"

	"medbill/models"
	"medbill/models/fault"
)

// EventBytesMax bounds the body of an event, which has a few lines.
const EventBytesMax = 64 << 10

// Event is what a processor sends. Reference is its own of the payment, or of a payout, of which Fee is what it kept beside the amount; Tenant and Patient are left out or say whose it is.
type Event struct {
	ID        string      `json:"id"`
	Type      string      `json:"type"`
	Reference string      `json:"reference"`
	Amount    json.Number `json:"amount"`
	Currency  string      `json:"currency"`
	Tenant    string      `json:"tenant,omitempty"`
	Patient   string      `json:"patient,omitempty"`
	Fee       json.Number `json:"fee,omitempty"`
	Created   time.Time   `json:"created"`
}

// ReadEvent reads an event that a processor signed. It refuses (Invalid, each by the name of its member) what says less or what no event says, (Invalid, card-number) the number of a card wherever it stands, and (BusinessRule) another currency
// or tenant. What else the body says is left alone and not kept.
func (p Processor) ReadEvent(body []byte) (models.ProcessorEvent, error) {
	var e Event
	var all any
	if read(body, &e) != nil || read(body, &all) != nil {
		return models.ProcessorEvent{}, fault.New(fault.Invalid, "invalid", "The body is not the JSON of an event: id, type, reference, amount, currency and created.")
	}
	if err := noCards(all); err != nil {
		return models.ProcessorEvent{}, err
	}
	event := models.ProcessorEvent{
		TenantID: p.Tenant, Processor: p.Name, ID: e.ID, Type: models.ProcessorEventType(e.Type), Reference: e.Reference, PatientID: models.PatientID(e.Patient), BodyHash: hashOf(body), Created: models.InstantOf(e.Created),
	}
	if err := models.CheckLine(e.ID); err != nil {
		return event, fault.Under("id", err)
	}
	if err := models.CheckLine(e.Reference); err != nil {
		return event, fault.Under("reference", err)
	}
	var err error
	if event.Amount, err = models.ReadAmount(e.Amount.String()); err == nil {
		err = models.CheckPaid(event.Amount)
	}
	switch {
	case err != nil:
		return event, fault.Under("amount", err)
	case !slices.Contains(models.ProcessorEventTypes(), event.Type):
		return event, fault.At(fault.Invalid, "code-invalid", "type", "The type is payment.succeeded, payment.failed, payment.disputed, payment.refunded, payment.dispute-won, payment.dispute-lost or payout.")
	case e.Created.IsZero():
		return event, fault.At(fault.Invalid, "required", "created", "The event must say when it was made, as in 2026-03-02T09:00:00Z.")
	case e.Patient != "" && !models.IsID(e.Patient):
		return event, fault.At(fault.Invalid, "value", "patient", "The patient is the id of a Patient.")
	case e.Tenant != "" && models.TenantID(e.Tenant) != p.Tenant:
		return event, fault.At(fault.BusinessRule, "event.tenant", "tenant", "The processor is another tenant's; send the event to the address of its own.")
	}
	if event.Fee, err = feeOf(e); err != nil {
		return event, fault.Under("fee", err)
	}
	return event, fault.Under("currency", models.CheckCurrency(e.Currency))
}

// feeOf reads what a processor kept; 0 where the event says nothing of it.
func feeOf(e Event) (models.Cents, error) {
	if e.Fee == "" {
		return 0, nil
	}
	fee, err := models.ReadAmount(e.Fee.String())
	switch {
	case err != nil:
		return 0, err
	case models.ProcessorEventType(e.Type) != models.EventPayout:
		return 0, fault.New(fault.Invalid, "value", "A fee goes with a payout; leave it out.")
	case fee < 0 || fee > models.AmountMax:
		return 0, fault.New(fault.Invalid, "value", "A processor keeps nothing or something, and no more than an amount may be.")
	}
	return fee, nil
}

func read(body []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return nil
}

// noCards refuses the number of a card in any member or name of a value.
func noCards(value any) error {
	switch v := value.(type) {
	case string:
		return models.CheckNoCard(v)
	case json.Number:
		return models.CheckNoCard(v.String())
	case []any:
		for _, one := range v {
			if err := noCards(one); err != nil {
				return err
			}
		}
	case map[string]any:
		for name, one := range v {
			if err := models.CheckNoCard(name); err != nil {
				return err
			}
			if err := noCards(one); err != nil {
				return err
			}
		}
	}
	return nil
}

func hashOf(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}
