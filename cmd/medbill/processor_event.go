package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"

	"medbill/internal/clock"
	"medbill/internal/processors"
)

// processorEventCommand is `medbill processor-event`.
type processorEventCommand struct {
	Server     string `help:"Address of the server." default:"http://127.0.0.1:8080" placeholder:"URL"`
	Processor  string `help:"Name of the processor in the server's file." required:"" placeholder:"NAME"`
	SecretFile string `help:"File with the secret that signs; of several lines the first." required:"" placeholder:"FILE"`
	Type       string `help:"What happened: ${enum}." enum:"payment.succeeded,payment.failed,payment.disputed,payment.refunded,payment.dispute-won,payment.dispute-lost,payout" default:"payment.succeeded"`
	Reference  string `help:"The processor's reference of the payment." required:"" placeholder:"TEXT"`
	Amount     string `help:"How much, in USD." required:"" placeholder:"0.00"`
	Fee        string `help:"Of a payout, what the processor kept beside the amount." placeholder:"0.00"`
	ID         string `name:"id" help:"The event's own number; a new one without it." placeholder:"TEXT"`
	Patient    string `help:"The id of the Patient whose money it is, where the event is to say so." placeholder:"ID"`
	Times      int    `help:"How often the same event is sent, as a processor does that got no answer." default:"1"`
}

// eventReplyMax bounds what is printed of an answer.
const eventReplyMax = 64 << 10

// Run signs the event as a processor does, sends it, and prints each answer.
func (c processorEventCommand) Run(ctx context.Context, out streams) error {
	text, err := os.ReadFile(c.SecretFile)
	if err != nil {
		return err
	}
	secrets := strings.Fields(string(text))
	if len(secrets) == 0 {
		return fmt.Errorf("%s has no secret", c.SecretFile)
	}
	now := clock.System().Now()
	body, err := json.Marshal(processors.Event{
		ID: cmp.Or(c.ID, "evt_"+strconv.FormatInt(now.UnixMicro(), 36)), Type: c.Type, Reference: c.Reference, Amount: json.Number(c.Amount), Currency: "USD", Patient: c.Patient, Fee: json.Number(c.Fee), Created: now,
	})
	if err != nil {
		return fmt.Errorf("write the event: %w", err)
	}
	for range c.Times {
		answer, err := c.send(ctx, body, processors.Sign(secrets[0], now, body))
		if err != nil {
			return err
		}
		fmt.Fprintf(out.out, "%s\n", answer)
	}
	return nil
}

func (c processorEventCommand) send(ctx context.Context, body []byte, signature string) ([]byte, error) {
	address := strings.TrimSuffix(c.Server, "/") + "/payments/" + url.PathEscape(c.Processor) + "/events"
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set(processors.Header, signature)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, eventReplyMax))
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("the server answers %s: %s", response.Status, answer)
	}
	return answer, err
}
