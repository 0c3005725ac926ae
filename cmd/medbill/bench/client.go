package bench

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// client speaks to one server.
type client struct {
	base string // http://host:port
	http *http.Client
}

// connectionsMax is more than any number of clients that a run has.
const connectionsMax = 256

func newClient(base string) client {
	return client{base, &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: connectionsMax}}}
}

// busyPause is how long a client waits when the server says that it is busy.
const busyPause = 50 * time.Millisecond

// send makes one request, again while the server is busy, and refuses any answer but a good one.
func (c client) send(ctx context.Context, token, method, path, body string, headers ...string) ([]byte, error) {
	for {
		status, text, err := c.once(ctx, token, method, path, body, headers...)
		switch {
		case err != nil:
			return nil, err
		case status == http.StatusServiceUnavailable:
			if err := pause(ctx, busyPause); err != nil {
				return nil, err
			}
		case status >= http.StatusBadRequest || strings.HasPrefix(string(text), `{"errors"`):
			return nil, fmt.Errorf("%s %s: HTTP %d %.2000s", method, path, status, text)
		default:
			return text, nil
		}
	}
}

func (c client) once(ctx context.Context, token, method, path, body string, headers ...string) (int, []byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, c.base+path, strings.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/fhir+json")
	if path == graphPath {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := c.http.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	return response.StatusCode, text, err
}

const (
	fhirPath  = "/fhir/R4"
	graphPath = "/graphql"
)

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
