package graph_test

import (
	"testing"

	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/internal/store/storetest"
)

func TestReferencesAreFollowedHoweverTheyAreWritten(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.bundle(d.role(auth.RoleAdmin),
			`{"resourceType":"Organization","id":"acme","name":"ACME PPO","identifier":[{"system":"urn:payer","value":"60998"}]}`,
			`{"resourceType":"Patient","id":"ann","name":[{"family":"Canary"}]}`,
			`{"resourceType":"Coverage","id":"plan","status":"active","beneficiary":{"reference":"http://test/fhir/R4/Patient/ann"},"payor":[{"identifier":{"system":"urn:payer","value":"60998"}}]}`,
			`{"resourceType":"Coverage","id":"rest","status":"active","beneficiary":{"reference":"Patient/ann"},"payor":[{"identifier":{"system":"urn:payer","value":"1"}}]}`)
		d.says(d.role(auth.RoleAdmin),
			`{"patient":{"coverages":[{"id":"plan","beneficiary":{"id":"ann"},"payor":[{"id":"acme"}]},{"id":"rest","beneficiary":{"id":"ann"},"payor":[]}]}}`,
			`{patient(id:"ann"){coverages{id beneficiary{id} payor{id}}}}`)
	})
}
