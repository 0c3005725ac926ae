package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"medbill/internal/auth"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/documents"
	"medbill/internal/store/storetest"
	"medbill/models"
)

const mib = 1 << 20

// stock stores patients with a name of almost a MiB.
func (d *desk) stock(n int) {
	d.t.Helper()
	d.bundle(d.role(auth.RoleAdmin), `{"resourceType":"Organization","id":"first","name":"First"}`) // makes the tenant
	puts := make([]documents.Indexed, n)
	for i := range puts {
		puts[i] = storetest.Indexed(d.t, 1, fmt.Sprintf(`{"resourceType":"Patient","id":"p%02d","meta":{"versionId":"1","lastUpdated":"2026-03-02T10:00:00.000Z"},"name":[{"text":"%s"}]}`, i, strings.Repeat("x", mib-1000)))
	}
	storetest.Save(d.t, d.db.As(models.Actor{Tenant: tenant, Subject: "stock"}), puts...)
}

// TestAnOperationReadsNoMoreThanItMay asks for the same page of large records under many names.
func TestAnOperationReadsNoMoreThanItMay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.stock(10)
		var query strings.Builder
		for i := range 8 {
			fmt.Fprintf(&query, "a%d:patients(first:100){nodes{id} pageInfo{hasNextPage}} ", i)
		}
		a := d.ask(d.role(auth.RoleAdmin), "{"+query.String()+"}")
		pages := strings.Count(string(a.Data), `{"nodes":[{"id":"p00"},{"id":"p01"},{"id":"p02"},{"id":"p03"},{"id":"p04"},{"id":"p05"},{"id":"p06"},{"id":"p07"}],"pageInfo":{"hasNextPage":true}}`)
		if pages != 5 || a.codes() != "BAD_USER_INPUT BAD_USER_INPUT BAD_USER_INPUT" {
			t.Errorf("%d pages are read, and %s: %.300s", pages, a.codes(), a.Data)
		}
	})
}

// TestAnAnswerHoldsNoMoreThanItMay asks for the text of one record under many names.
func TestAnAnswerHoldsNoMoreThanItMay(t *testing.T) {
	d := open(t, storetest.Open(t, storetest.URL(t, "sqlite")))
	d.stock(1)
	var query strings.Builder
	for i := range 60 {
		fmt.Fprintf(&query, "a%d:name{text} ", i)
	}
	a := d.ask(d.role(auth.RoleAdmin), `{patient(id:"p00"){`+query.String()+"}}")
	if len(a.Data) > records.AnswerBytesMax+mib || !strings.HasPrefix(a.codes(), "BAD_USER_INPUT") {
		t.Errorf("the answer holds %d bytes, %s", len(a.Data), a.codes())
	}
}
