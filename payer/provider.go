package payer

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// provider is a server of a practice as one payer sees it: with that payer's token, and nothing else of it.
type provider struct {
	base  string // without /fhir/R4
	token string
	http  *http.Client
}

const (
	fhirPath       = "/fhir/R4"
	requestTimeout = 30 * time.Second
	bodyBytesMax   = 16 << 20
	pageSize       = "100"
)

// reply is what came back.
type reply struct {
	status int
	body   []byte
}

// ok reports whether the server did as it was asked.
func (r reply) ok() bool { return r.status >= 200 && r.status < 300 }

// passing reports whether the same may be accepted later: the server is away or busy, or the token is to be renewed.
func (r reply) passing() bool {
	switch r.status {
	case http.StatusUnauthorized, http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// why gives what an OperationOutcome says.
func (r reply) why() string {
	var outcome struct {
		Issue []struct {
			Diagnostics string   `json:"diagnostics"`
			Expression  []string `json:"expression"`
		} `json:"issue"`
	}
	if json.Unmarshal(r.body, &outcome) != nil || len(outcome.Issue) == 0 {
		return http.StatusText(r.status)
	}
	var texts []string
	for _, issue := range outcome.Issue {
		texts = append(texts, strings.TrimSpace(issue.Diagnostics+" "+strings.Join(issue.Expression, " ")))
	}
	return strings.Join(texts, " ")
}

func (p provider) send(ctx context.Context, method, address string, body []byte) (reply, error) {
	if !strings.HasPrefix(address, "http") {
		address = p.base + fhirPath + "/" + address
	}
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return reply{}, err
	}
	request.Header.Set("Authorization", "Bearer "+p.token)
	request.Header.Set("Accept", fhirJSON)
	if body != nil {
		request.Header.Set("Content-Type", fhirJSON)
	}
	response, err := p.http.Do(request)
	if err != nil {
		return reply{}, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, bodyBytesMax))
	if err != nil {
		return reply{}, err
	}
	return reply{response.StatusCode, text}, nil
}

const fhirJSON = "application/fhir+json"

// read gets a document into what it is read as.
func (p provider) read(ctx context.Context, ref string, into any) error {
	r, err := p.send(ctx, http.MethodGet, ref, nil)
	if err != nil {
		return err
	}
	if !r.ok() {
		return refusal{"GET " + kindOf(ref), r}
	}
	if err := json.Unmarshal(r.body, into); err != nil {
		return fmt.Errorf("GET %s: the answer cannot be read", kindOf(ref))
	}
	return nil
}

// kindOf names what was asked for without whose it is.
func kindOf(ref string) string {
	if strings.HasPrefix(ref, "http") {
		return "the next page"
	}
	kind, _, _ := strings.Cut(strings.TrimPrefix(ref, "/"), "/")
	kind, _, _ = strings.Cut(kind, "?")
	return kind
}

// refusal is an answer that is none.
type refusal struct {
	what string
	reply
}

func (r refusal) Error() string { return fmt.Sprintf("%s: HTTP %d: %s", r.what, r.status, r.why()) }

// search gives every match of a query, page by page.
func (p provider) search(ctx context.Context, resourceType string, query url.Values, each func(json.RawMessage) error) error {
	query.Set("_count", pageSize)
	for address := resourceType + "?" + query.Encode(); address != ""; {
		var page struct {
			Link  []struct{ Relation, URL string } `json:"link"`
			Entry []struct {
				Resource json.RawMessage `json:"resource"`
			} `json:"entry"`
		}
		if err := p.read(ctx, address, &page); err != nil {
			return err
		}
		for _, entry := range page.Entry {
			if err := each(entry.Resource); err != nil {
				return err
			}
		}
		address = ""
		for _, link := range page.Link {
			if link.Relation == "next" {
				address = link.URL
			}
		}
	}
	return nil
}
