package day

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"medbill/fhir"
	"medbill/internal/clock"
)

const (
	requestTimeout = 90 * time.Second
	answerBytesMax = 64 << 20
	againAfter     = 100 * time.Millisecond
)

// door is somebody's way into a server, that of the practice or the payer's own.
type door struct {
	base, token string
	patience    time.Duration // with a server that is away
	http        *http.Client
}

// send makes one request and gives what came. It asks again while the server is away or busy, so all that is sent may be sent twice: headers, in pairs,
// have a key where that takes one.
func (d door) send(ctx context.Context, method, path, body string, headers ...string) (string, error) {
	start := clock.System().Now()
	for {
		text, err := d.once(ctx, method, path, body, headers...)
		if !errors.Is(err, errAway) || ctx.Err() != nil || clock.System().Since(start) > d.patience {
			return text, err
		}
		time.Sleep(againAfter)
	}
}

var errAway = errors.New("the server is away or busy")

func (d door) once(ctx context.Context, method, path, body string, headers ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, d.base+path, strings.NewReader(body))
	if err != nil {
		return "", err
	}
	request.Header.Set("Authorization", "Bearer "+d.token)
	request.Header.Set("Content-Type", "application/json")
	if strings.HasPrefix(path, "/fhir/") {
		request.Header.Set("Content-Type", "application/fhir+json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	where, _, _ := strings.Cut(path, "?")
	response, err := d.http.Do(request)
	if err != nil {
		return "", fmt.Errorf("%s %s: %w: %w", method, where, errAway, err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(response.Body, answerBytesMax))
	switch {
	case err != nil || isPassing(response.StatusCode):
		return "", fmt.Errorf("%s %s: HTTP %d: %w", method, where, response.StatusCode, errAway)
	case response.StatusCode >= http.StatusBadRequest:
		return "", fmt.Errorf("%s %s: HTTP %d: %.900s", method, where, response.StatusCode, text)
	}
	return string(text), nil
}

// isPassing reports whether the same may be taken later.
func isPassing(status int) bool {
	return status == http.StatusTooManyRequests || status >= http.StatusBadGateway && status <= http.StatusGatewayTimeout
}

// search gives every match of a query, page by page.
func (d door) search(ctx context.Context, query string) ([]fhir.Node, error) {
	var found []fhir.Node
	for path := "/fhir/R4/" + query; path != ""; {
		text, err := d.send(ctx, http.MethodGet, path, "")
		if err != nil {
			return nil, err
		}
		page, err := fhir.Parse([]byte(text))
		if err != nil {
			return nil, fmt.Errorf("read what a search found: %w", err)
		}
		for entry := range page.Root().Get("entry").Children() {
			found = append(found, entry.Get("resource"))
		}
		path = ""
		for link := range page.Root().Get("link").Children() {
			if link.Get("relation").Is("next") {
				path = strings.TrimPrefix(link.Get("url").Text(), d.base)
			}
		}
	}
	return found, nil
}
