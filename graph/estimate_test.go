package graph_test

import (
	"context"
	"strings"
	"testing"

	"medbill/billing"
	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/internal/store/storetest"
	"medbill/models"
)

// TestServicesAreEstimatedOverGraphQL holds what who pays himself is told of services, what he was told in good faith and is asked to pay before, and where a refusal stands.
func TestServicesAreEstimatedOverGraphQL(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.bundle(d.role(auth.RoleAdmin), append(practice(), person("ann")[0], strings.ReplaceAll(person("bob")[0], "ann", "bob"))...)
		asked := func(patient, more, service string) string {
			return `{estimate(input:{patient:"` + patient + `",on:"2026-03-02",` + more + `service:[{code:"99214",modifier:["25"]},` + service + `]}){known coverage total{value} lines{sequence charge patient{value}} steps{text amount{value}}}}`
		}
		desk, ann := d.role(auth.RoleFrontDesk), d.role(auth.RolePatient)
		ann.Patient = "ann"
		told := `{"estimate":{"known":true,"coverage":null,"total":{"value":"370.00"},"lines":[{"sequence":1,"charge":null,"patient":{"value":"250.00"}},{"sequence":2,"charge":null,"patient":{"value":"120.00"}}],"steps":[{"text":"Charged for the services, which no plan pays","amount":{"value":"370.00"}}]}}`
		d.says(desk, told, asked("ann", "", `{code:"93000",units:"2"}`))
		d.says(ann, told, asked("ann", "", `{code:"93000",units:"2"}`))
		d.refuses(ann, "NOT_FOUND", asked("bob", "", `{code:"93000"}`))
		d.refuses(d.role(auth.RoleEHR), "FORBIDDEN", asked("ann", "", `{code:"93000"}`))
		for query, path := range map[string]string{
			asked("ann", "", `{code:"93010"}`):                                 "input.service[1].code",
			asked("ann", "", `{code:"9300"}`):                                  "input.service[1].code",
			asked("ann", "", `{code:"93000",units:"0.0001"}`):                  "input.service[1].units",
			asked("ann", "", `{code:"93000",charge:{value:"-1"}}`):             "input.service[1].charge",
			asked("ann", `place:"1",`, `{code:"93000"}`):                       "input.place",
			asked("ann", `coverage:"none",`, `{code:"93000"}`):                 "input.coverage",
			asked("ann", "", `{code:"93000",charge:{value:"1",currency:"E"}}`): "input.service[1].charge.currency",
		} {
			a := d.ask(desk, query)
			if len(a.Errors) != 1 || len(a.Errors[0].Extensions.Issues) == 0 || a.Errors[0].Extensions.Issues[0].Path != path {
				t.Errorf("%s says %s %+v, want %s", query, a.Data, a.Errors, path)
			}
		}
		before := models.Cents(5000)
		plan := models.EstimatePlan{Prepayment: &before, EstimateRequest: models.EstimateRequest{Day: "2035-03-05", Services: []models.Service{{System: models.SystemCPT, Code: "93000", Units: models.UnitsOf(2)}}}}
		if _, err := d.office.MakeEstimate(context.Background(), desk, billing.Call{}, "ann", plan); err != nil {
			t.Fatal(err)
		}
		for _, who := range []auth.Principal{desk, ann} {
			d.says(who, `{"patient":{"goodFaithEstimates":[{"day":"2035-03-05","total":{"value":"120.00"},"prepayment":{"value":"50.00"},"appointment":null,"visit":null,"lines":[{"sequence":1,"code":"93000","modifier":[],"units":"2","charge":{"value":"120.00"}}]}],"account":null}}`,
				`{patient(id:"ann"){goodFaithEstimates{day total{value} prepayment{value} appointment visit lines{sequence code modifier units charge{value}}} account{id}}}`)
		}
		d.refuses(ann, "NOT_FOUND", `{patient(id:"bob"){goodFaithEstimates{day}}}`)
	})
}
