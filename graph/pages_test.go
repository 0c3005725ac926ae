package graph_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/internal/store/storetest"
)

// TestPagesCoverAListOnce holds that going from cursor to cursor shows every record once, whatever the size of the pages,
// and that every edge's cursor continues after it.
func TestPagesCoverAListOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		var people []string
		for i := range 23 {
			people = append(people, fmt.Sprintf(`{"resourceType":"Patient","id":"p%02d","gender":"%s","birthDate":"19%02d-01-01","identifier":[{"system":"http://example.org/mrn","value":"M,%d"}]}`, i, []string{"female", "male"}[i%2], 50+i, i))
		}
		d.bundle(d.role(auth.RoleAdmin), people...)
		type page struct {
			Patients struct {
				Edges []struct {
					Cursor string
					Node   struct{ ID string }
				}
				PageInfo struct {
					HasNextPage, HasPreviousPage bool
					StartCursor, EndCursor       *string
				}
			}
		}
		admin := d.role(auth.RoleAdmin)
		next := func(first int, after *string) (p page) {
			a := d.ask(admin, `query($n:Int,$a:String){patients(first:$n,after:$a){edges{cursor node{id}} pageInfo{hasNextPage hasPreviousPage startCursor endCursor}}}`, "n", first, "a", after)
			if err := json.Unmarshal(a.Data, &p); err != nil || len(a.Errors) > 0 {
				t.Fatal(err, a.Errors)
			}
			return p
		}
		for _, first := range []int{1, 7, 22, 23, 100} {
			var seen []string
			var after *string
			for more := true; more; {
				p := next(first, after).Patients
				if p.PageInfo.HasPreviousPage != (after != nil) {
					t.Errorf("pages of %d: hasPreviousPage is %v after %d", first, p.PageInfo.HasPreviousPage, len(seen))
				}
				for _, e := range p.Edges {
					seen = append(seen, e.Node.ID)
				}
				after, more = p.PageInfo.EndCursor, p.PageInfo.HasNextPage
			}
			if len(seen) != 23 || seen[0] != "p00" || seen[22] != "p22" {
				t.Errorf("pages of %d show %v", first, seen)
			}
		}
		whole := next(100, nil).Patients.Edges
		for i, e := range whole[:22] {
			if p := next(1, &e.Cursor).Patients; p.Edges[0].Node.ID != whole[i+1].Node.ID {
				t.Errorf("after %s stands %s", e.Node.ID, p.Edges[0].Node.ID)
			}
		}
		for filter, want := range map[string]int{
			`{}`:                     23,
			`{gender:"female"}`:      12,
			`{gender:"female,male"}`: 0, // a value, not a list
			`{gender:""}`:            0,
			`{identifier:"M,3"}`:     1,
			`{identifier:"http://example.org/mrn|M,3"}`:   1,
			`{identifier:"http://example.org/other|M,3"}`: 0,
			`{birthDate:"1953-01-01"}`:                    1,
			`{birthDate:"1953",gender:"female"}`:          0,
		} {
			a := d.ask(admin, `{patients(first:1,filter:`+filter+`){totalCount}}`)
			if got := string(a.Data); !strings.Contains(got, fmt.Sprintf(`"totalCount":%d}`, want)) {
				t.Errorf("%s finds %s %v, want %d", filter, got, a.Errors, want)
			}
		}
	})
}

// TestFiltersAskWhatRESTAsks holds the filters of visits, claims and invoices.
func TestFiltersAskWhatRESTAsks(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d, _, _ := billed(t, db)
		for query, want := range map[string]int{
			`encounters(filter:{patient:"ann",status:["finished","planned"],class:"AMB",date:{from:"2026-03-02",until:"2026-03-02"}})`: 1,
			`encounters(filter:{date:{from:"2026-03-03"}})`: 0,
			`encounters(filter:{status:[]})`:                0,
			`claims(filter:{claimState:["adjudicated","held"],insurer:"acme",encounter:"visit",status:["active"]})`: 1,
			`claims(filter:{insurer:"practice"})`:                                         0,
			`claims(filter:{patient:""})`:                                                 0,
			`invoices(filter:{patient:"ann",status:["issued"],date:{from:"2000-01-01"}})`: 1,
			`invoices(filter:{date:{until:"2000-01-01"}})`:                                0,
		} {
			d.says(d.role(auth.RoleBiller), fmt.Sprintf(`{"list":{"totalCount":%d}}`, want), `{list:`+query+`{totalCount}}`)
		}
		d.refuses(d.role(auth.RoleBiller), "BAD_USER_INPUT", `{claims(filter:{created:{from:"yesterday"}}){totalCount}}`)
	})
}
