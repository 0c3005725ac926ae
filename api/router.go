// Package api is the FHIR door of medbill over gin: it turns HTTP into calls of internal/records and billing, and their
// answers into HTTP. It owns addresses, headers, content negotiation, Bundles as bytes and the map from faults to status
// codes; it decides nothing about records, rights or money. https://hl7.org/fhir/R4/http.html
package api

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/klauspost/compress/gzhttp"

	"medbill/billing"
	"medbill/fhir"
	"medbill/internal/auth"
	"medbill/internal/clock"
	"medbill/internal/processors"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/turns"
	"medbill/models/operation"
)

// Path is where the FHIR service stands; the base URL of records ends with it.
const Path = "/fhir/R4"

// Config is what the door leads to.
type Config struct {
	Records  *records.Records
	Office   *billing.Office
	DB       *store.DB
	Verifier *auth.Verifier
	Log      *slog.Logger
	Clock    clock.Clock      // measures durations; zero is the system's
	Passing  *billing.Passing // moves the business clock of a development server; nil where that is the machine's

	Processors *processors.Book // whose events are heard; nil for none

	// Issuer, AuthorizeURL and TokenURL tell SMART apps where tokens come from; what is empty is not published.
	Issuer       string
	AuthorizeURL string
	TokenURL     string

	CORS       []string // origins of browsers that may call, written as browsers send them
	Dev        bool     // offer the playground
	Metrics    bool     // offer the metrics here, open to everybody; Server.Metrics gives them for an address of their own
	GraphQL    http.Handler
	Playground http.Handler
}

// Server answers HTTP. It is safe for concurrent use.
type Server struct {
	Config
	handler  http.Handler
	metrics  *metrics
	metadata static
	smart    static
	statics  map[string]map[string]static // documents of ours by type and id
	schema   schemaCheck
	underway underway
	work     *turns.Turns  // at the processors
	bodies   *turns.Turns  // with a large body
	awaiting chan struct{} // who waits for what payers say
}

// gin keeps its mode in a global; its debug output would print every route.
func init() { gin.SetMode(gin.ReleaseMode) }

// New gives the door. GraphQL and Playground may be nil; everything else of c that leads somewhere is needed.
func New(c Config) *Server {
	s := &Server{Config: c, statics: definitionDocuments(), awaiting: make(chan struct{}, awaitingMax)}
	s.work, s.bodies = turns.New(workers(c.DB.IsEmbedded())), turns.New(largeBodies)
	s.metrics = newMetrics(c.DB, c.Office)
	s.metadata = newStatic(s.capabilities())
	s.smart = newStatic(s.smartConfiguration())
	engine := gin.New()
	engine.HandleMethodNotAllowed = true
	engine.RedirectTrailingSlash = false
	engine.ForwardedByClientIP = false
	engine.Use(s.observe, s.recover, s.handle(s.origin), s.handle(s.limit), s.within)
	engine.NoRoute(s.handle(s.notFound))
	engine.NoMethod(s.handle(s.notAllowed))
	s.routes(engine)
	compress, err := gzhttp.NewWrapper(gzhttp.MinSize(compressBytesMin), gzhttp.CompressionLevel(compressLevel), gzhttp.EnableZstd(false))
	if err != nil {
		panic("api: " + err.Error())
	}
	s.handler = compress(engine)
	return s
}

const (
	compressBytesMin = 1 << 10
	compressLevel    = 3 // most of the gain at a third of the time of the default
)

// ServeHTTP answers one request. An address means the same with and without a slash at its end.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if path := strings.TrimRight(r.URL.Path, "/"); path != "" {
		r.URL.Path = path
	}
	s.handler.ServeHTTP(w, r)
}

// RequestTimeout is how long a request may work: then what it asks of the database is broken off, and what is left of it refused.
const RequestTimeout = time.Minute

func (s *Server) within(c *gin.Context) {
	ctx, cancel := context.WithTimeout(c.Request.Context(), RequestTimeout)
	defer cancel()
	c.Request = c.Request.WithContext(ctx)
	c.Next()
}

// handler answers a request or says why not.
type handler func(*gin.Context) error

// typeHandler is a handler for one resource type of the register.
type typeHandler func(c *gin.Context, typ string) error

// handle makes every refusal of a handler an OperationOutcome.
func (s *Server) handle(h handler) gin.HandlerFunc {
	return func(c *gin.Context) {
		if err := h(c); err != nil {
			s.refuse(c, err)
		}
	}
}

func (s *Server) routes(engine *gin.Engine) {
	get(engine, "/", s.handle(s.welcome))
	get(engine, "/healthz", s.handle(s.healthy))
	get(engine, "/readyz", s.handle(s.ready))
	get(engine, "/.well-known/smart-configuration", s.handle(s.wellKnown))
	if s.Config.Metrics {
		get(engine, "/metrics", gin.WrapH(s.metrics.handler))
	}
	if s.Dev && s.Playground != nil {
		get(engine, "/playground", gin.WrapH(s.Playground))
	}
	if s.Passing != nil {
		get(engine, "/clock", s.handle(s.access), s.handle(s.tellClock))
		engine.POST("/clock", s.handle(s.access), s.handle(s.moveClock))
	}
	if s.GraphQL != nil {
		engine.POST("/graphql", s.handle(s.access), s.handle(s.turn), gin.WrapH(s.GraphQL))
	}
	get(engine, "/reports/:file", s.handle(s.access), s.handle(s.turn), s.handle(s.report))
	engine.POST("/deposits", s.handle(s.access), s.handle(s.turn), s.handle(s.alone), s.handle(s.deposits))
	engine.POST("/payments/:processor/events", s.handle(s.signed), s.handle(s.turn), s.handle(s.processorEvent))
	open := engine.Group(Path, s.handle(s.negotiate))
	get(open, "/metadata", s.handle(s.metadataDocument))
	get(open, "/.well-known/smart-configuration", s.handle(s.wellKnown))
	guarded := open.Group("", s.handle(s.access), s.handle(s.turn), s.handle(s.alone))
	guarded.POST("", s.handle(s.bundle))
	for _, t := range fhir.Types() {
		s.typeRoutes(guarded.Group("/"+t.Name), t)
	}
	for typ := range s.statics {
		get(guarded, "/"+typ+"/:id", s.of(typ, s.definition))
	}
	for _, o := range operation.All() {
		s.operationRoutes(guarded, o)
	}
}

// typeRoutes makes the routes of one type of the register; the CapabilityStatement is written from the same offers.
func (s *Server) typeRoutes(g *gin.RouterGroup, t fhir.Type) {
	get(g, "", s.of(t.Name, s.search))
	g.POST("/_search", s.of(t.Name, s.searchPosted))
	get(g, "/:id", s.of(t.Name, s.read))
	get(g, "/:id/_history", s.of(t.Name, s.history))
	get(g, "/:id/_history/:vid", s.of(t.Name, s.readVersion))
	g.POST("", s.of(t.Name, s.create))
	if !t.IsChanged() {
		return
	}
	g.PUT("", s.of(t.Name, s.updateWhere))
	g.PUT("/:id", s.of(t.Name, s.update))
	g.DELETE("", s.of(t.Name, s.deleteWhere))
	g.DELETE("/:id", s.of(t.Name, s.delete))
}

// operationRoutes makes the routes of one operation of the table.
func (s *Server) operationRoutes(g *gin.RouterGroup, o operation.Operation) {
	if o.IsSystem() {
		s.operationRoute(g, "/$"+o.Code, o, "")
	}
	for _, typ := range o.Types {
		if o.OnType {
			s.operationRoute(g, "/"+typ+"/$"+o.Code, o, typ)
		} else {
			s.operationRoute(g, "/"+typ+"/:id/$"+o.Code, o, typ)
		}
	}
}

func (s *Server) operationRoute(g *gin.RouterGroup, path string, o operation.Operation, typ string) {
	switch {
	case o.Has(http.MethodGet):
		get(g, path, s.runs(o, typ))
	case o.OnType: // else it would be the address of a record
		get(g, path, s.handle(func(c *gin.Context) error {
			c.Header("Allow", http.MethodPost)
			return s.notAllowed(c)
		}))
	}
	if o.Has(http.MethodPost) {
		g.POST(path, s.runs(o, typ))
	}
}

func (s *Server) of(typ string, h typeHandler) gin.HandlerFunc {
	return s.handle(func(c *gin.Context) error { return h(c, typ) })
}

// get offers GET, and HEAD with the same headers and no body. https://hl7.org/fhir/R4/http.html#head
func get(r gin.IRoutes, path string, h ...gin.HandlerFunc) {
	r.GET(path, h...)
	r.HEAD(path, h...)
}
