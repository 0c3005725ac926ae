package api

import (
	"testing"

	"medbill/fhir"
	"medbill/fhir/render"
	"medbill/models/fault"
)

func TestEveryKindOfFaultHasItsStatus(t *testing.T) {
	want := map[fault.Kind]int{
		fault.Internal: 500, fault.Invalid: 400, fault.BusinessRule: 422, fault.Unauthenticated: 401, fault.Forbidden: 403, fault.NotFound: 404, fault.Gone: 410,
		fault.Conflict: 409, fault.Stale: 412, fault.Ambiguous: 412, fault.Unsupported: 405, fault.NotAcceptable: 406, fault.UnsupportedMedia: 415, fault.TooLarge: 413, fault.Busy: 503,
	}
	for kind := range fault.KindCount {
		k := fault.Kind(kind)
		if statuses[k] != want[k] {
			t.Errorf("kind %d has status %d, want %d", kind, statuses[k], want[k])
		}
		d, err := fhir.Parse(render.Outcome(fault.New(k, "own.code", "A text.")))
		if err != nil || d.Root().In("issue", "code").Text() == "" {
			t.Errorf("kind %d has no outcome: %v", kind, err)
		}
	}
}
