package graph_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/internal/store/storetest"
)

// What a front end asks most: a patient with its visits and claims, and a page of claims with whose they are and what was answered.
const (
	patientQuery = `query($id:ID!){patient(id:$id){id name{family given} gender birthDate address{line city state postalCode}}
		encounters(first:10,filter:{patient:$id}){nodes{id status class{code} type{coding{system code display}} period{start end}}}
		claims(first:20,filter:{patient:$id}){nodes{id status state created total{value currency}
			item{sequence productOrService{coding{system code}} servicedDate quantity{value} unitPrice{value} net{value currency}}}}}`
	pageQuery = `query($id:ID){claims(first:20,filter:{patient:$id}){nodes{id state patient{id name{family}} item{sequence net{value}} responses{id outcome}}}}`
)

// TestAQueryTakesAStatementForWhatIsReadTogether holds how many statements the two queries send: one for each type and each list,
// and for answers one to find them and one to read them. The audit is written in groups beside them.
func TestAQueryTakesAStatementForWhatIsReadTogether(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.manyClaims(2)
		for _, c := range []struct {
			query string
			want  int64
		}{{patientQuery, 3}, {pageQuery, 4}} {
			sent := d.cheapest(func() {
				if a := d.ask(d.role(auth.RoleBiller), c.query, "id", "p01"); len(a.Errors) > 0 || strings.Count(string(a.Data), `"sequence"`) != 3 {
					t.Fatalf("says %s %+v", a.Data, a.Errors)
				}
			})
			if sent != c.want {
				t.Errorf("%d statements, want %d, for\n%s", sent, c.want, c.query)
			}
		}
	})
}

func BenchmarkPatientWithClaims(b *testing.B) {
	benchmark(b, func(d *desk) { d.manyVisits("ann", 20) }, patientQuery, "id", "ann")
}

func BenchmarkClaimPage(b *testing.B) {
	benchmark(b, func(d *desk) { d.manyClaims(20) }, pageQuery)
}

// manyVisits gives one patient visits on days of their own, each with a claim of three lines.
func (d *desk) manyVisits(patient string, n int) {
	d.t.Helper()
	resources := append(practice(), person(patient)...)
	for i := range n {
		for _, r := range coded(fmt.Sprintf("visit-%d", i), patient) {
			resources = append(resources, strings.ReplaceAll(r, "2026-03-02", fmt.Sprintf("2026-03-%02d", i+1)))
		}
	}
	d.bundle(d.role(auth.RoleAdmin), resources...)
	d.wait("Claim", "claim-state=ready", n)
}

// benchmark asks one query over HTTP, one after the other, on both databases. It tells the statements that one takes.
func benchmark(b *testing.B, prepare func(*desk), query string, variables ...any) {
	for _, name := range storetest.Databases {
		b.Run(name, func(b *testing.B) {
			d := open(b, storetest.Open(b, storetest.URL(b, name)))
			prepare(d)
			biller := d.role(auth.RoleBiller)
			request := map[string]any{"query": query, "variables": map[string]any{}}
			for i := 0; i < len(variables); i += 2 {
				request["variables"].(map[string]any)[variables[i].(string)] = variables[i+1]
			}
			body, err := json.Marshal(request)
			if err != nil {
				b.Fatal(err)
			}
			statements := d.cheapest(func() { d.post(biller, "application/json", body) })
			b.ReportAllocs()
			for b.Loop() {
				if status, text := d.post(biller, "application/json", body); status != http.StatusOK || strings.Contains(string(text), `"errors"`) || strings.Count(string(text), `"sequence"`) != 60 {
					b.Fatalf("status %d: %s", status, text)
				}
			}
			b.ReportMetric(float64(statements), "statements/op")
		})
	}
}
