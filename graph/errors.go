package graph

import (
	"context"
	"errors"
	"log/slog"
	"runtime/debug"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"medbill/models/fault"
)

// codes is what extensions.code says for each kind of fault.
var codes = [fault.KindCount]string{
	fault.Internal:         "INTERNAL",
	fault.Invalid:          "BAD_USER_INPUT",
	fault.BusinessRule:     "UNPROCESSABLE",
	fault.Unauthenticated:  "UNAUTHENTICATED",
	fault.Forbidden:        "FORBIDDEN",
	fault.NotFound:         "NOT_FOUND",
	fault.Gone:             "GONE",
	fault.Conflict:         "CONFLICT",
	fault.Stale:            "STALE",
	fault.Ambiguous:        "CONFLICT",
	fault.Unsupported:      "UNSUPPORTED",
	fault.NotAcceptable:    "UNSUPPORTED",
	fault.UnsupportedMedia: "UNSUPPORTED",
	fault.TooLarge:         "BAD_USER_INPUT",
	fault.Busy:             "BUSY",
}

// issue is a fault.Issue in extensions.issues.
type issue struct {
	Code string `json:"code"`
	Path string `json:"path,omitempty"`
	Text string `json:"text"`
}

var (
	errPanic    = errors.New("a panic was caught")
	errInternal = fault.From(errPanic).Issues
)

// present turns every error into a GraphQL error: the texts of the fault's issues, and with extensions.code its kind.
// Nothing of an internal error is told.
func present(f *fault.Fault) *gqlerror.Error {
	issues := f.Issues
	if f.Kind == fault.Internal || len(issues) == 0 {
		issues = errInternal
	}
	texts := make([]string, len(issues))
	listed := make([]issue, len(issues))
	for i, one := range issues {
		texts[i], listed[i] = one.Text, issue(one)
	}
	return &gqlerror.Error{Message: strings.Join(texts, " "), Extensions: map[string]any{"code": codes[f.Kind], "issues": listed}}
}

func isBusy(e *gqlerror.Error) bool { return e.Extensions["code"] == codes[fault.Busy] }

// presenter gives what the executor calls for each error; log is told of internal ones, by the field's name in the schema.
func presenter(log *slog.Logger) graphql.ErrorPresenterFunc {
	return func(ctx context.Context, err error) *gqlerror.Error {
		var found *gqlerror.Error
		isFound := errors.As(err, &found)
		if isFound && found.Err == nil {
			return withoutValues(found)
		}
		f := fault.From(err)
		if f.Kind == fault.Internal && f.Err != nil && ctx.Err() == nil {
			log.ErrorContext(ctx, "graphql field failed", append(fieldOf(ctx), "error", f.Err.Error())...)
		}
		presented := present(f)
		if isFound {
			presented.Path, presented.Locations = found.Path, found.Locations
		}
		return presented
	}
}

// withoutValues keeps what the parser and the validator say about the query, but not where they quote its values.
func withoutValues(found *gqlerror.Error) *gqlerror.Error {
	told := *found
	inVariable := len(found.Path) > 0 && found.Path[0] == ast.PathName("variable")
	switch {
	case found.Extensions["code"] == errcode.ParseFailed && len(found.Locations) == 0: // all else that is wrong has its place
		told.Message = "The query has more than 2000 words, values and signs; ask in several queries."
	case found.Extensions["code"] == errcode.ParseFailed:
		told.Message = "The query is not written as GraphQL; it goes wrong at the place in locations."
	case found.Extensions["code"] == errcode.ValidationFailed && len(found.Locations) == 0 && !inVariable:
		told.Message = "The query holds no operation, or none of the name in operationName."
	case found.Rule == "ValuesOfCorrectType" || inVariable:
		told.Message = "A value does not have the type that the schema asks for at this place."
	}
	return &told
}

// recoverer gives what the executor calls for a panic in a resolver. The value of the panic may hold anything, so it is
// neither told nor logged.
func recoverer(log *slog.Logger) graphql.RecoverFunc {
	return func(ctx context.Context, _ any) error {
		log.ErrorContext(ctx, "graphql resolver panicked", append(fieldOf(ctx), "trace", string(debug.Stack()))...)
		return &fault.Fault{Kind: fault.Internal, Issues: errInternal}
	}
}

// fieldOf gives log attributes of the field that is being resolved.
func fieldOf(ctx context.Context) []any {
	if field := graphql.GetFieldContext(ctx); field != nil && field.Field.Field != nil {
		return []any{"type", field.Object, "field", field.Field.Name}
	}
	return nil
}
