// Package partners is how payers are reached that have a server of their own: where it is, by what token, and a request to it. The operator says so in a file; tenants do not, since what this process
// calls is nobody else's to choose.
package partners

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"medbill/internal/forms"
	"medbill/models"
)

const (
	linesMax      = 100_000
	replyBytesMax = 8 << 20
	replyWait     = 30 * time.Second
	fhirJSON      = "application/fhir+json"
)

// Partner is one payer of one tenant.
type Partner struct {
	Tenant models.TenantID
	Payer  models.OrganizationID
}

type address struct {
	base      string // of its FHIR server, without a slash at the end
	tokenFile string // read at each request, so that whoever renews the token writes the file; "" for none
}

// Book says where payers are. The nil Book knows none.
type Book struct {
	addresses map[Partner]address
	client    *http.Client
}

var reader = forms.Reader[Book]{
	Name: "partners", LinesMax: linesMax, TooLong: "The file has more than 100000 lines.",
	Forms: []forms.Form[Book]{{Columns: []string{"tenant", "payer", "base", "token_file"}, AnyOrder: true, Row: (*Book).take}},
}

// Read reads the file of payers: tenant, the id of the payer's Organization, the base URL of its FHIR server (https, or this machine) and the file that has its token, "" for none. It refuses (every line at
// once) what is none, and a payer that stands twice.
func Read(path string) (*Book, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	b := &Book{addresses: map[Partner]address{}, client: &http.Client{
		Timeout:       replyWait,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	if err := reader.Read(file, b); err != nil {
		return nil, fmt.Errorf("read the payers that are called: %w", err)
	}
	return b, nil
}

func (b *Book) take(_ int, row []string) []forms.Problem {
	who := Partner{models.TenantID(row[0]), models.OrganizationID(row[1])}
	base, err := url.Parse(row[2])
	switch {
	case who.Tenant == "":
		return []forms.Problem{{Column: "tenant", Text: "Name the tenant."}}
	case !models.IsID(row[1]):
		return []forms.Problem{{Column: "payer", Text: "Write the id of the payer's Organization."}}
	case err != nil || base.Host == "" || base.Scheme != "https" && (base.Scheme != "http" || !isHere(base.Hostname())):
		return []forms.Problem{{Column: "base", Text: "Write the base URL of the payer's FHIR server, with https; http only on this machine."}}
	}
	if _, twice := b.addresses[who]; twice {
		return []forms.Problem{{Column: "payer", Text: "The tenant's payer stands twice; write it once."}}
	}
	b.addresses[who] = address{strings.TrimSuffix(row[2], "/"), row[3]}
	return nil
}

func isHere(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Has reports whether a payer can be called.
func (b *Book) Has(who Partner) bool {
	if b == nil {
		return false
	}
	_, has := b.addresses[who]
	return has
}

// Reply is what a payer's server answers.
type Reply struct {
	Status int
	Body   []byte
}

// Failed reports that the same request may go well later: nobody was there, or the server is busy, or the token is to be renewed.
func (r Reply) Failed() bool {
	switch r.Status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusRequestTimeout, http.StatusTooManyRequests:
		return true
	}
	return r.Status >= http.StatusInternalServerError || r.Status < http.StatusOK
}

// Done reports that the server did as it was asked.
func (r Reply) Done() bool { return r.Status >= http.StatusOK && r.Status < http.StatusMultipleChoices }

// Post sends a document to a place under a payer's base. What the error says names neither the payer nor what was sent.
func (b *Book) Post(ctx context.Context, who Partner, place string, body []byte) (Reply, error) {
	if !b.Has(who) {
		return Reply{}, errors.New("the payer has no address here")
	}
	at := b.addresses[who]
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, at.base+"/"+place, bytes.NewReader(body))
	if err != nil {
		return Reply{}, err
	}
	request.Header.Set("Content-Type", fhirJSON)
	request.Header.Set("Accept", fhirJSON)
	if at.tokenFile != "" {
		token, err := os.ReadFile(at.tokenFile)
		if err != nil {
			return Reply{}, errors.New("the file of the payer's token cannot be read")
		}
		request.Header.Set("Authorization", "Bearer "+strings.TrimSpace(string(token)))
	}
	response, err := b.client.Do(request)
	if err != nil {
		return Reply{}, errors.New("the payer's server cannot be reached")
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, replyBytesMax+1))
	if err == nil && len(text) > replyBytesMax {
		err = errors.New("the payer's server answers with too much")
	}
	return Reply{response.StatusCode, text}, err
}
