package graph

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"runtime/debug"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"medbill/billing"
	"medbill/billing/inquiry"
	"medbill/graph/generated"
	"medbill/internal/auth"
	"medbill/internal/records"
	"medbill/models/fault"
)

// schema is what the door answers.
var schema = generated.NewExecutableSchema(generated.Config{}).Schema()

// Config says what the door opens on.
type Config struct {
	Records *records.Records
	Office  *billing.Office
	Log     *slog.Logger
	// Dev lets errors suggest the names of fields that the query may have meant.
	Dev bool
}

type handler struct {
	records *records.Records
	log     *slog.Logger
	exec    *executor.Executor
}

// NewHandler gives the endpoint: POST of one operation as application/json, at most 1 MiB. The Principal must be in the
// request's context. A request that was read is answered with 200 and its errors in the body; one that cannot be read has
// a status of its own. https://graphql.github.io/graphql-over-http/draft/
func NewHandler(c Config) http.Handler {
	h := &handler{records: c.Records, log: c.Log}
	h.exec = executor.New(generated.NewExecutableSchema(generated.Config{Resolvers: &Resolver{records: c.Records, books: inquiry.New(c.Records), office: c.Office}}))
	h.exec.SetErrorPresenter(presenter(c.Log))
	h.exec.SetRecoverFunc(recoverer(c.Log))
	h.exec.AroundFields(tell)
	h.exec.SetQueryCache(&queries{})
	h.exec.SetParserTokenLimit(queryTokensMax)
	h.exec.SetDisableSuggestion(!c.Dev)
	return h
}

// ServeHTTP answers one operation.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer func() {
		if p := recover(); p != nil {
			h.log.ErrorContext(r.Context(), "graphql request panicked", "trace", string(debug.Stack()))
			h.refused(w, http.StatusInternalServerError, &fault.Fault{Kind: fault.Internal})
		}
	}()
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		h.refused(w, http.StatusMethodNotAllowed, fault.New(fault.Unsupported, "not-supported", "GraphQL is asked by POST."))
		return
	}
	p, err := auth.From(r.Context())
	if err != nil {
		h.refused(w, http.StatusUnauthorized, fault.From(err))
		return
	}
	params, status, err := paramsOf(w, r)
	if err != nil {
		h.refused(w, status, fault.From(err))
		return
	}
	if flaw := flawIn(params.Query); flaw != nil {
		h.answer(w, &graphql.Response{Errors: gqlerror.List{flaw}})
		return
	}
	inside, record := records.Gather(r.Context())
	ctx := withLoaders(graphql.StartOperationTrace(inside), h.records.Within(records.NewBudget()), p)
	operation, refusals := h.exec.CreateOperationContext(ctx, params)
	if len(refusals) == 0 {
		if err := refuse(operation); err != nil {
			refusals = gqlerror.List{gqlerror.Wrap(err)}
		}
	}
	if len(refusals) > 0 {
		h.answer(w, h.exec.DispatchError(graphql.WithOperationContext(ctx, operation), refusals))
		return
	}
	operation.DisableIntrospection = false
	next, ctx := h.exec.DispatchOperation(ctx, operation)
	response := next(ctx)
	if response == nil { // the client is gone
		return
	}
	if err := record(); err != nil {
		h.refused(w, http.StatusServiceUnavailable, fault.From(err))
		return
	}
	h.answer(w, response)
}

// refused answers a request that is not executed.
func (h *handler) refused(w http.ResponseWriter, status int, f *fault.Fault) {
	h.write(w, status, &graphql.Response{Errors: gqlerror.List{present(f)}})
}

func (h *handler) answer(w http.ResponseWriter, response *graphql.Response) {
	h.write(w, http.StatusOK, response)
}

// write sends data as the executor wrote it.
func (h *handler) write(w http.ResponseWriter, status int, response *graphql.Response) {
	var body bytes.Buffer
	body.WriteByte('{')
	if len(response.Errors) > 0 {
		body.WriteString(`"errors":`)
		encoder := json.NewEncoder(&body)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(response.Errors); err != nil {
			h.log.Error("graphql errors cannot be written", "error", err.Error())
		}
	}
	if len(response.Data) > 0 {
		if len(response.Errors) > 0 {
			body.WriteByte(',')
		}
		body.WriteString(`"data":`)
		body.Write(response.Data)
	}
	body.WriteByte('}')
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	if slices.ContainsFunc(response.Errors, isBusy) {
		w.Header().Set("Retry-After", fault.RetryAfterSeconds)
	}
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes()) // a client that is gone needs no answer
}
