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
	preference := prefers(c, "return")
	if call.DryRun {
		markRehearsal(c, true)
		preference = preferRepresentation
	}
	b := newBundle(kind+"-response", partBytesMax)
	for part, err := range outcomes {
		if err != nil {
			return s.cut(c, err)
		}
		for _, o := range part {
			if err := s.outcomeEntry(c, b, o, preference); err != nil {
				return s.cut(c, err)
			}
			s.send(c, b)
		}
	}
	s.end(c, b)
	return nil
}

// partBytesMax is how much of an answer is kept before it is sent. One that is shorter goes with its length.
const partBytesMax = 64 << 10

// send sends what is written of a Bundle so far, once it is long enough. One that is to be indented waits until it is whole.
func (s *Server) send(c *gin.Context, b *bundle) {
	if len(b.out) < partBytesMax || c.GetBool(keyPretty) {
		return
	}
	if !c.Writer.Written() {
		s.head(c)
		c.Status(http.StatusOK)
	}
	_, _ = c.Writer.Write(b.out) // a client that went away is no error of ours
	c.Writer.Flush()
	b.out = b.out[:0]
}

// end sends the rest of a Bundle.
func (s *Server) end(c *gin.Context, b *bundle) {
	rest := b.close()
	if c.Writer.Written() {
		_, _ = c.Writer.Write(rest)
		return
	}
	s.write(c, http.StatusOK, rest)
}

// cut gives an error that came before anything was sent, to be refused. After that the connection is broken off, so that no
// client takes a part for the whole.
func (s *Server) cut(c *gin.Context, err error) error {
	if !c.Writer.Written() {
		return err
	}
	s.Log.Error("answer broken off", "request", requestID(c), "route", route(c), "error", faultOf(err).Error())
	panic(http.ErrAbortHandler)
}

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
		case o.Withheld && preference == preferRepresentation:
			r.outcome = withheld
		case o.IsRead || preference == preferRepresentation:
			resource = o.Document.Body
		case preference == preferOutcome:
			r.outcome = done
		}
	}
	b.response(s.Records.BaseURL(), resource, r)
	return nil
}

// withheld says, as the outcome of an entry, that it was done and that the answer has no room for what was written.
var withheld = []byte(`{"resourceType":"OperationOutcome","issue":[{"severity":"information","code":"incomplete","diagnostics":"It is done. The answer is as large as it may be; read the record at its location."}]}`)

// entryResponse is Bundle.entry.response. https://hl7.org/fhir/R4/bundle-definitions.html#Bundle.entry.response
type entryResponse struct {
	status   int
	document models.Document // zero where the entry is about none
	outcome  []byte
}

// bundle writes a Bundle around documents that are bytes already and stay as they are.
type bundle struct {
	out     []byte // what is not sent yet
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
