package api

import (
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"medbill/fhir"
	"medbill/fhir/render"
	"medbill/internal/records"
	"medbill/models"
	"medbill/models/fault"
)

// bundle answers POST [base]: a transaction, or a batch. https://hl7.org/fhir/R4/http.html#transaction
func (s *Server) bundle(c *gin.Context) error {
	p, err := principal(c)
	if err != nil {
		return err
	}
	call, err := callOf(c)
	if err != nil {
		return err
	}
	content, err := body(c)
	if err != nil {
		return err
	}
	kind, outcomes, err := s.Records.Under(call).Bundle(c.Request.Context(), p, content)
	if err != nil {
		return err
	}
	b := newBundle(kind+"-response", bytesPerOutcome*len(outcomes))
	preference := prefers(c, "return")
	if call.DryRun {
		markRehearsal(c, true)
		preference = preferRepresentation
	}
	for _, o := range outcomes {
		if err := s.outcomeEntry(c, b, o, preference); err != nil {
			return err
		}
	}
	s.write(c, http.StatusOK, b.close())
	return nil
}

const bytesPerOutcome = 256

// outcomeEntry writes what one entry did, in the place its request had. A read brings its resource, a write only where the
// client prefers it.
func (s *Server) outcomeEntry(c *gin.Context, b *bundle, o records.EntryOutcome, preference string) error {
	var resource []byte
	r := entryResponse{}
	switch {
	case o.Fault != nil:
		f := faultOf(o.Fault)
		if f.Kind == fault.Internal {
			s.Log.Error("entry of a batch failed", "request", requestID(c), "error", f.Error())
		}
		r.status, r.outcome = statuses[f.Kind], render.Outcome(f)
	case o.Found != nil:
		page, err := s.searchset(*o.Found)
		if err != nil {
			return err
		}
		r.status, resource = o.Status, page
	default:
		r.status, r.document = o.Status, o.Document
		switch {
		case o.IsRead || preference == preferRepresentation:
			resource = o.Document.Body
		case preference == preferOutcome:
			r.outcome = done
		}
	}
	b.response(s.Records.BaseURL(), resource, r)
	return nil
}

// entryResponse is Bundle.entry.response. https://hl7.org/fhir/R4/bundle-definitions.html#Bundle.entry.response
type entryResponse struct {
	status   int
	document models.Document // zero where the entry is about none
	outcome  []byte
}

// bundle writes a Bundle around documents that are bytes already and stay as they are.
type bundle struct {
	out     []byte
	links   int
	entries int
}

const bundleHeadBytes = 1 << 10

// newBundle begins a Bundle of a type; size is about how many bytes its entries hold. The order is total, links, entries.
func newBundle(kind string, size int) *bundle {
	b := &bundle{out: make([]byte, 0, size+size/4+bundleHeadBytes)}
	b.add(`{"resourceType":"Bundle","type":"`, kind, `"`)
	return b
}

func (b *bundle) add(parts ...string) {
	for _, p := range parts {
		b.out = append(b.out, p...)
	}
}

func (b *bundle) total(n *int64) {
	if n != nil {
		b.add(`,"total":`, strconv.FormatInt(*n, 10))
	}
}

func (b *bundle) link(relation, url string) {
	if b.links++; b.links == 1 {
		b.add(`,"link":[`)
	} else {
		b.add(`,`)
	}
	b.add(`{"relation":"`, relation, `","url":`, quoted(url), `}`)
}

func quoted(text string) string { return string(fhir.Encode(text)) }

// begin opens an entry; it ends the links before the first one.
func (b *bundle) begin(fullURL string, resource []byte) {
	b.endLinks()
	if b.entries++; b.entries == 1 {
		b.add(`,"entry":[{`)
	} else {
		b.add(`,{`)
	}
	if fullURL != "" {
		b.add(`"fullUrl":`, quoted(fullURL), `,`)
	}
	if len(resource) > 0 {
		b.add(`"resource":`)
		b.out = append(b.out, resource...)
		b.add(`,`)
	}
}

func (b *bundle) endLinks() {
	if b.links > 0 {
		b.add(`]`)
		b.links = 0
	}
}

func (b *bundle) found(fullURL string, resource []byte, mode string) {
	b.begin(fullURL, resource)
	b.add(`"search":{"mode":"`, mode, `"}}`)
}

func (b *bundle) response(base string, resource []byte, r entryResponse) {
	fullURL := ""
	if r.document.ID != "" {
		fullURL = base + "/" + r.document.Type + "/" + r.document.ID
	}
	b.begin(fullURL, resource)
	b.add(`"response":`)
	b.responseOf(r)
	b.add(`}`)
}

func (b *bundle) responseOf(r entryResponse) {
	b.add(`{"status":"`, strconv.Itoa(r.status), ` `, http.StatusText(r.status), `"`)
	if r.document.ID != "" {
		b.add(`,"location":`, quoted(versionPath(r.document)), `,"etag":`, quoted(etag(r.document)), `,"lastModified":"`, r.document.Updated.String(), `"`)
	}
	if r.outcome != nil {
		b.add(`,"outcome":`)
		b.out = append(b.out, r.outcome...)
	}
	b.add(`}`)
}

// version writes one version in a history: what was asked, and what came of it.
func (b *bundle) version(base string, d models.Document, method string, status int) {
	b.begin(base+"/"+d.Type+"/"+d.ID, d.Body)
	b.add(`"request":{"method":"`, method, `","url":`, quoted(d.Type+"/"+d.ID), `},"response":`)
	b.responseOf(entryResponse{status: status, document: d})
	b.add(`}`)
}

// close ends the Bundle. An array is never empty: without links or entries there is none.
func (b *bundle) close() []byte {
	b.endLinks()
	if b.entries > 0 {
		b.add(`]`)
	}
	b.add(`}`)
	return b.out
}
