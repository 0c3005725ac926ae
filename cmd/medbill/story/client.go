// Package story plays one visit through the HTTP API of a medbill, as an EHR, a biller, a payer and a patient would. Every
// step can be sent again: a story that was cut off goes on where it stopped and ends in the same books. The demo shows it,
// the tests kill the server under it.
package story

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"medbill/fhir"
)

const (
	requestTimeout = 30 * time.Second
	answerBytesMax = 16 << 20
)

// client speaks to one server.
type client struct {
	base string // http://host:port
	http http.Client
}

// reply is what came back.
type reply struct {
	status int
	etag   string
	body   *fhir.Document
}

// send makes one request in a role; headers come in pairs.
func (c *client) send(ctx context.Context, token, method, path, body string, headers ...string) (reply, error) {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, c.base+path, strings.NewReader(body))
	if err != nil {
		return reply{}, err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/fhir+json")
	if path == "/graphql" {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := c.http.Do(request)
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(response.Body, answerBytesMax))
	if err != nil {
		return reply{}, err
	}
	r := reply{status: response.StatusCode, etag: response.Header.Get("ETag")}
	if len(bytes.TrimSpace(text)) > 0 {
		if r.body, err = fhir.Parse(text); err != nil {
			return r, fmt.Errorf("%s %s: HTTP %d without JSON", method, path, r.status)
		}
	}
	if r.status >= http.StatusBadRequest {
		return r, fmt.Errorf("%s %s: HTTP %d: %s", method, path, r.status, reasons(r.body))
	}
	return r, nil
}

// reasons gives the diagnostics of an OperationOutcome.
func reasons(d *fhir.Document) string {
	if d == nil {
		return "no reason given"
	}
	var texts []string
	for issue := range d.Root().Get("issue").Children() {
		text := issue.Get("diagnostics").Text()
		if path := issue.Get("expression").At(0).Text(); path != "" {
			text += " (" + path + ")"
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, " ")
}

// find searches until something is found: between the steps stand jobs, which take a moment.
func (c *client) find(ctx context.Context, token, path string, patience time.Duration) (fhir.Node, error) {
	deadline := time.After(patience)
	for {
		r, err := c.send(ctx, token, http.MethodGet, path, "")
		if err != nil {
			return fhir.Node{}, err
		}
		if match := r.body.Root().Get("entry").At(0).Get("resource"); match.Exists() {
			return match, nil
		}
		select {
		case <-deadline:
			return fhir.Node{}, errors.New("nothing came of the step before: GET " + path + " finds nothing")
		case <-ctx.Done():
			return fhir.Node{}, ctx.Err()
		case <-time.After(pollPause):
		}
	}
}

const pollPause = 40 * time.Millisecond
