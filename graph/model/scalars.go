package model

import (
	"encoding/json"
	"io"
	"math"

	"github.com/99designs/gqlgen/graphql"

	"medbill/models/fault"
)

// MarshalInt writes an Int.
func MarshalInt(i int) graphql.Marshaler { return graphql.MarshalInt(i) }

// UnmarshalInt reads an Int of 32 bits and refuses everything else (Invalid), fractions too: no number of the schema
// passes through a float. https://spec.graphql.org/October2021/#sec-Int
func UnmarshalInt(v any) (int, error) {
	var n int64
	var err error
	switch v := v.(type) {
	case json.Number:
		n, err = v.Int64()
	case int64:
		n = v
	case int:
		n = int64(v)
	default:
		err = errNotInt
	}
	if err != nil || n > math.MaxInt32 || n < math.MinInt32 {
		return 0, errNotInt
	}
	return int(n), nil
}

var errNotInt = fault.New(fault.Invalid, "value", "The number must be a whole one between -2147483648 and 2147483647.")

// JSON is a FHIR resource as it would be served over REST.
type JSON []byte

// MarshalGQL writes the JSON as it is.
func (j JSON) MarshalGQL(w io.Writer) { _, _ = w.Write(j) }

// UnmarshalGQL refuses: no argument is a resource.
func (*JSON) UnmarshalGQL(any) error {
	return fault.New(fault.Unsupported, "not-supported", "Resources are written over FHIR REST.")
}
