package graph

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"medbill/models/fault"
)

// TestEveryKindOfFaultHasItsCode holds the table of codes over all kinds, as docs/ARCHITECTURE.md's table of faults has it.
func TestEveryKindOfFaultHasItsCode(t *testing.T) {
	want := []string{"INTERNAL", "BAD_USER_INPUT", "UNPROCESSABLE", "UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND", "GONE", "CONFLICT", "STALE", "CONFLICT", "UNSUPPORTED", "UNSUPPORTED", "UNSUPPORTED", "BAD_USER_INPUT", "BUSY"}
	if len(want) != fault.KindCount {
		t.Fatalf("there are %d kinds, the test knows %d", fault.KindCount, len(want))
	}
	for kind, code := range want {
		f := &fault.Fault{Kind: fault.Kind(kind), Issues: []fault.Issue{{Code: "a.b", Path: "Claim.item", Text: "One thing."}, {Code: "c", Text: "Another."}}}
		got := presenter(slog.New(slog.DiscardHandler))(context.Background(), gqlerror.WrapPath(ast.Path{ast.PathName("claim")}, f))
		if got.Extensions["code"] != code {
			t.Errorf("kind %d has the code %v, want %s", kind, got.Extensions["code"], code)
		}
		if f.Kind == fault.Internal {
			continue
		}
		issues := got.Extensions["issues"].([]issue)
		if got.Message != "One thing. Another." || len(issues) != 2 || issues[0] != (issue{"a.b", "Claim.item", "One thing."}) || got.Path.String() != "claim" {
			t.Errorf("kind %d is told as %q at %s with %v", kind, got.Message, got.Path, issues)
		}
	}
}

// TestAnInternalErrorSaysNothing holds that the client learns nothing of it, and the log everything.
func TestAnInternalErrorSaysNothing(t *testing.T) {
	var log bytes.Buffer
	present := presenter(slog.New(slog.NewTextHandler(&log, nil)))
	for _, err := range []error{
		errors.New("secret"),
		&fault.Fault{Kind: fault.Internal, Issues: []fault.Issue{{Code: "secret", Text: "secret"}}, Err: errors.New("secret")},
		gqlerror.WrapPath(nil, errors.New("secret")),
	} {
		log.Reset()
		told := present(context.Background(), err)
		if strings.Contains(told.Error(), "secret") || told.Extensions["code"] != "INTERNAL" {
			t.Errorf("%v is told as %v", err, told)
		}
		if !strings.Contains(log.String(), "secret") {
			t.Errorf("%v is not in the log", err)
		}
	}
}

// TestAPanicIsLoggedWithoutItsValue holds that neither client nor log see what a panic carries.
func TestAPanicIsLoggedWithoutItsValue(t *testing.T) {
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, nil))
	err := func() (err error) {
		defer func() { err = recoverer(logger)(context.Background(), recover()) }()
		panic("secret")
	}()
	told := presenter(logger)(context.Background(), err)
	if told.Extensions["code"] != "INTERNAL" || strings.Contains(told.Error(), "secret") || strings.Contains(log.String(), "secret") || !strings.Contains(log.String(), "errors_test.go") {
		t.Errorf("the panic is told as %v and logged as %s", told, &log)
	}
}
