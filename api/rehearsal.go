package api

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/gin-gonic/gin"

	"medbill/billing"
	"medbill/fhir"
	"medbill/fhir/render"
	"medbill/models"
)

// markRehearsal says in the answer that nothing was kept.
func markRehearsal(c *gin.Context, rehearsed bool) {
	if rehearsed {
		c.Header(headerDryRun, "true")
	}
}

// rehearsedParameter is a part of what a rehearsal tells: a document, or an entry with its postings.
type rehearsedParameter struct {
	Name           string               `json:"name"`
	Resource       json.RawMessage      `json:"resource,omitempty"`
	ValueCode      string               `json:"valueCode,omitempty"`
	ValueReference *fhir.Reference      `json:"valueReference,omitempty"`
	ValueMoney     *fhir.Money          `json:"valueMoney,omitempty"`
	Part           []rehearsedParameter `json:"part,omitempty"`
}

// rehearsal gives as Parameters what an operation would have done: document (the resource as it would stand) and entry (its
// kind, and per posting the account and the amount), and per claim what its rules would notice, as an OperationOutcome.
func rehearsal(r billing.Rehearsed) []byte {
	out := struct {
		ResourceType string               `json:"resourceType"`
		Parameter    []rehearsedParameter `json:"parameter,omitempty"`
	}{ResourceType: "Parameters"}
	for _, d := range r.Documents {
		out.Parameter = append(out.Parameter, rehearsedParameter{Name: "document", Resource: d.Body})
	}
	for _, e := range r.Entries {
		out.Parameter = append(out.Parameter, entryOf(e))
	}
	for _, id := range slices.Sorted(maps.Keys(r.Findings)) {
		out.Parameter = append(out.Parameter, rehearsedParameter{Name: "findings", Part: []rehearsedParameter{
			{Name: "claim", ValueReference: fhir.To("Claim", id)}, {Name: "outcome", Resource: render.Findings(r.Findings[id])},
		}})
	}
	return fhir.Encode(out)
}

func entryOf(e models.Entry) rehearsedParameter {
	entry := rehearsedParameter{Name: "entry", Part: []rehearsedParameter{{Name: "kind", ValueCode: string(e.Kind)}}}
	for _, p := range e.Postings {
		entry.Part = append(entry.Part, rehearsedParameter{Name: "posting", Part: []rehearsedParameter{
			{Name: "account", ValueCode: string(p.Account)}, {Name: "amount", ValueMoney: fhir.USD(p.Amount)},
		}})
	}
	return entry
}
