package documents_test

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"medbill/fhir"
	"medbill/fhir/search"
	"medbill/internal/store"
	"medbill/internal/store/documents"
	"medbill/internal/store/storetest"
	"medbill/models"

	"pgregory.net/rapid"
)

// library is what the search tests search: the same documents in every database, with the keys they leave.
type library struct {
	rows map[string][]search.Row // by type
}

// newLibrary makes small documents that share names, days and codes on purpose, and adds the official examples where they
// are at hand.
func newLibrary(t *testing.T) (*library, []documents.Indexed) {
	l := &library{rows: map[string][]search.Row{}}
	var puts []documents.Indexed
	add := func(body string) {
		p := storetest.Indexed(t, 1, body)
		p.Document.Updated = models.Instant(1_700_000_000_000_000 + int64(len(puts)%7)*86_400_000_000)
		puts = append(puts, p)
		l.rows[p.Document.Type] = append(l.rows[p.Document.Type], search.Row{ID: p.Document.ID, Updated: int64(p.Document.Updated), Keys: p.Keys})
	}
	families := []string{"Zzyzx", "zzyzx", "Zzýzx", "Canary", "Canary-Rose", "Ca", "C\U0010FFFFx", "100%", "a_b", `back\slash`, "O'Neil", "名前", "x\uD7FFy", "Müller  Lüdenscheidt"}
	days := []string{"1980", "1980-02", "1980-02-29", "1979-12-31", "2001-01-01"}
	genders := []string{"male", "female", "other", ""}
	for i := range 60 {
		var b strings.Builder
		fmt.Fprintf(&b, `{"resourceType":"Patient","id":"p%02d"`, i)
		if i%5 != 4 {
			fmt.Fprintf(&b, `,"name":[{"family":%s,"given":[%s]},{"family":%s}]`, quote(families[i%len(families)]), quote(families[(i*3)%len(families)]), quote(families[(i*7+1)%len(families)]))
		}
		if i%4 != 3 {
			fmt.Fprintf(&b, `,"birthDate":%q`, days[i%len(days)])
		}
		if g := genders[i%len(genders)]; g != "" {
			fmt.Fprintf(&b, `,"gender":%q`, g)
		}
		if i%3 == 0 {
			fmt.Fprintf(&b, `,"identifier":[{"system":"urn:mrn","value":"%d"},{"value":"loose-%d"}]`, i%6, i%2)
		}
		if i%2 == 0 {
			fmt.Fprintf(&b, `,"generalPractitioner":[{"reference":"Practitioner/d%d"}],"managingOrganization":{"reference":"Organization/o%d","identifier":{"system":"naic","value":"%d"}}`, i%3, i%4, i%4)
		}
		add(b.String() + "}")
	}
	amounts := []string{"48", "48.00", "47.995", "0", "-12.5", "1e2", "100.0000001", "9999999999999.99"}
	for i := range 40 {
		var b strings.Builder
		fmt.Fprintf(&b, `{"resourceType":"Invoice","id":"i%02d","status":%q`, i, []string{"issued", "balanced"}[i%2])
		if i%6 != 5 {
			fmt.Fprintf(&b, `,"totalNet":{"value":%s,"currency":%q}`, amounts[i%len(amounts)], []string{"USD", "EUR"}[i/8%2])
		}
		if i%5 != 0 {
			fmt.Fprintf(&b, `,"date":%q`, []string{"2024-03-10T10:00:00.5-05:00", "2024-03-10", "2024", "2024-03-11T00:00:00Z", "2024-03-10T23:30:00-11:00", "2024-03-10T00:30:00+13:00"}[i%6])
		}
		references := []string{"Patient/p01", "Patient/p02", "Group/p01", "https://other.example/fhir/Patient/p01", "urn:uuid:6f9619ff-8b86-d011-b42d-00c04fc964ff"}
		fmt.Fprintf(&b, `,"subject":{"reference":%q}`, references[i%len(references)])
		add(b.String() + "}")
	}
	for i := range 20 {
		period := []string{`{"start":"2013-01-14T08:00:00Z"}`, `{"end":"2013-02-01"}`, `{"start":"2013-01-14","end":"2013-01-15"}`, `{}`, `{"start":"2013-01-14","end":"2013-01-15T04:00:00Z"}`, `{"start":"2013-01-14T20:00:00-05:00","end":"2013-01-14"}`}[i%6]
		add(fmt.Sprintf(`{"resourceType":"Encounter","id":"e%02d","status":"finished","class":{"code":"AMB"},"period":%s,"length":{"value":%d,"unit":"min","system":"http://unitsofmeasure.org","code":"min"}}`, i, period, i%3*15))
	}
	if dir := storetest.Shared("fhir-r4-examples"); dir != "" {
		names, _ := filepath.Glob(filepath.Join(dir, "*.json"))
		for _, name := range names {
			body, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			d, err := fhir.Parse(body)
			if err != nil {
				t.Fatal(err)
			}
			_, served := fhir.TypeOf(d.Type())
			if known := slices.ContainsFunc(l.rows[d.Type()], func(r search.Row) bool { return r.ID == d.ID() }); served && !known && d.ID() != "" {
				add(string(body))
			}
		}
	}
	for _, rows := range l.rows {
		slices.SortFunc(rows, func(a, b search.Row) int { return strings.Compare(a.ID, b.ID) })
	}
	return l, puts
}

// resolve gives the rows the keys of their references by identifier, which led to records when the documents were stored.
func (l *library) resolve(t *testing.T, s *store.Session, puts []documents.Indexed) {
	storetest.View(t, s, func(v *store.View) error {
		for _, p := range puts {
			if !p.Keys.HasLogicals {
				continue
			}
			d, err := fhir.Parse(p.Document.Body)
			if err != nil {
				return err
			}
			resolved, err := documents.Resolve(v, d)
			if err != nil {
				return err
			}
			rows := l.rows[p.Document.Type]
			i := slices.IndexFunc(rows, func(r search.Row) bool { return r.ID == p.Document.ID })
			rows[i].Keys.References = append(slices.Clone(p.Keys.References), p.Keys.Resolved(search.Extract(resolved[0], nil))...)
		}
		return nil
	})
}

func quote(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}

// sortValue is a document's place by one sort key, as search.Query says it.
type sortValue struct {
	exists bool
	number int64
	text   string
}

func (l *library) sortValue(s search.Sort, r search.Row) sortValue {
	var best sortValue
	offer := func(param string, v sortValue) {
		if param != s.Param.Name {
			return
		}
		v.exists = true
		order := cmp.Or(cmp.Compare(v.number, best.number), strings.Compare(v.text, best.text))
		if !best.exists || order < 0 != s.Descending && order != 0 {
			best = v
		}
	}
	offer("_id", sortValue{text: r.ID})
	offer("_lastUpdated", sortValue{number: r.Updated})
	for _, k := range r.Keys.Tokens {
		offer(k.Param, sortValue{text: k.Code})
	}
	for _, k := range r.Keys.Strings {
		offer(k.Param, sortValue{text: k.Value})
	}
	for _, k := range r.Keys.Dates {
		offer(k.Param, sortValue{number: k.Low})
	}
	for _, k := range r.Keys.Numbers {
		offer(k.Param, sortValue{number: k.Low})
	}
	for _, k := range r.Keys.References {
		offer(k.Param, sortValue{text: k.Type + "/" + k.ID})
	}
	return best
}

// find gives the ids that q finds by its meaning, in its order.
func (l *library) find(q search.Query) []string {
	var found []search.Row
	for _, r := range l.rows[q.Type] {
		if q.Matches(r) {
			found = append(found, r)
		}
	}
	slices.SortStableFunc(found, func(a, b search.Row) int {
		for _, s := range q.Sort {
			x, y := l.sortValue(s, a), l.sortValue(s, b)
			if x.exists != y.exists {
				if x.exists {
					return -1
				}
				return 1
			}
			order := cmp.Or(cmp.Compare(x.number, y.number), strings.Compare(x.text, y.text))
			if order != 0 && s.Descending {
				return -order
			}
			if order != 0 {
				return order
			}
		}
		if len(q.Sort) > 0 && q.Sort[0].Descending {
			return strings.Compare(b.ID, a.ID)
		}
		return strings.Compare(a.ID, b.ID)
	})
	ids := make([]string, len(found))
	for i, r := range found {
		ids[i] = r.ID
	}
	return ids
}

// drawQuery makes a query of any kind whose values are mostly those of some document.
func (l *library) drawQuery(r *rapid.T) (string, []search.Pair) {
	types := make([]string, 0, len(l.rows))
	for typ := range l.rows {
		types = append(types, typ)
	}
	slices.Sort(types)
	typ := rapid.OneOf(rapid.SampledFrom([]string{"Patient", "Invoice", "Encounter"}), rapid.SampledFrom(types)).Draw(r, "type")
	params := search.Params(typ)
	var pairs []search.Pair
	for range rapid.IntRange(0, 3).Draw(r, "clauses") {
		p := rapid.SampledFrom(params).Draw(r, "param")
		row := rapid.SampledFrom(l.rows[typ]).Draw(r, "like")
		if pair, ok := drawClause(r, p, row); ok {
			pairs = append(pairs, pair)
		}
	}
	var sorts []string
	for range rapid.IntRange(0, 3).Draw(r, "sorts") {
		sorts = append(sorts, rapid.SampledFrom([]string{"", "-"}).Draw(r, "descending")+rapid.SampledFrom(params).Draw(r, "sort").Name)
	}
	if len(sorts) > 0 {
		pairs = append(pairs, search.Pair{Name: "_sort", Value: strings.Join(sorts, ",")})
	}
	return typ, pairs
}

func drawClause(r *rapid.T, p search.Param, like search.Row) (search.Pair, bool) {
	name := p.Name
	if !p.IsColumn() && rapid.IntRange(0, 9).Draw(r, "missing") == 0 {
		return search.Pair{Name: name + ":missing", Value: rapid.SampledFrom([]string{"true", "false"}).Draw(r, "is missing")}, true
	}
	prefix := rapid.SampledFrom([]string{"", "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"})
	values := []string{}
	switch p.Kind {
	case search.KindToken, search.KindURI:
		if p.Kind == search.KindToken {
			name += rapid.SampledFrom([]string{"", "", ":not"}).Draw(r, "modifier")
		}
		for _, k := range append(like.Keys.Tokens, search.TokenKey{Param: p.Name, Code: "nothing"}, search.TokenKey{Param: "_id", Code: like.ID}) {
			if k.Param == p.Name {
				code, system := escape(k.Code), escape(k.System)
				values = append(values, code)
				if p.Kind == search.KindToken {
					values = append(values, system+"|"+code, "|"+code, system+"|", "urn:x|"+code)
				}
			}
		}
	case search.KindString:
		name += rapid.SampledFrom([]string{"", ":exact", ":contains"}).Draw(r, "modifier")
		for _, k := range append(like.Keys.Strings, search.StringKey{Param: p.Name, Exact: "Zz"}, search.StringKey{Param: p.Name, Exact: "%"}, search.StringKey{Param: p.Name, Exact: "_"}) {
			if k.Param == p.Name {
				runes := []rune(k.Exact)
				from := rapid.IntRange(0, len(runes)).Draw(r, "from")
				until := rapid.IntRange(from, len(runes)).Draw(r, "until")
				values = append(values, escape(k.Exact), escape(string(runes[:until])), escape(string(runes[from:until])))
			}
		}
	case search.KindDate:
		for _, k := range like.Keys.Dates {
			if k.Param == p.Name && k.Low != search.DateMin && k.Low > 0 {
				text := models.Instant(k.Low).String()
				values = append(values, prefix.Draw(r, "prefix")+text[:rapid.SampledFrom([]int{4, 7, 10}).Draw(r, "precision")], prefix.Draw(r, "prefix")+text)
			}
		}
		values = append(values, prefix.Draw(r, "prefix")+"1980-02", prefix.Draw(r, "prefix")+"2024-03-10", prefix.Draw(r, "prefix")+"2023-11-14T22:13:20Z")
	case search.KindReference:
		for _, k := range append(like.Keys.References, search.ReferenceKey{Param: p.Name, Type: "Patient", ID: "p01"}) {
			if k.Param != p.Name {
				continue
			}
			if k.URL != "" {
				values = append(values, escape(k.URL))
			} else if k.ID != "" {
				values = append(values, k.ID, k.Type+"/"+k.ID, "https://other.example/fhir/"+k.Type+"/"+k.ID)
			}
		}
		if rapid.IntRange(0, 4).Draw(r, "by identifier") == 0 {
			name, values = name+":identifier", []string{"naic|1", "|1", "1", "naic|"}
		}
	default:
		for _, k := range like.Keys.Numbers {
			if k.Param == p.Name {
				values = append(values, prefix.Draw(r, "prefix")+models.Cents(k.Low/10_000).String())
			}
		}
		values = append(values, prefix.Draw(r, "prefix")+"48", prefix.Draw(r, "prefix")+"100.00", prefix.Draw(r, "prefix")+"1e2")
		if p.Kind == search.KindQuantity {
			values = append(values, "15||min", "48|urn:iso:std:iso:4217|USD", prefix.Draw(r, "prefix")+"15|http://unitsofmeasure.org|")
		}
	}
	values = slices.DeleteFunc(values, func(v string) bool { return strings.TrimLeft(v, "|") == "" })
	if len(values) == 0 {
		return search.Pair{}, false
	}
	most := rapid.SampledFrom([]int{1, 3, 3, 120}).Draw(r, "alternatives")
	chosen := rapid.SliceOfN(rapid.SampledFrom(values), 1, most).Draw(r, "values")
	return search.Pair{Name: name, Value: strings.Join(chosen, ",")}, true
}

func escape(text string) string {
	return strings.NewReplacer(`\`, `\\`, `,`, `\,`, `|`, `\|`, `$`, `\$`).Replace(text)
}

// The SQL of a search finds what the search means, in the order it says, whatever the size of a page, on both databases.
func TestSearchFindsWhatItMeans(t *testing.T) {
	l, puts := newLibrary(t)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		other := db.As(models.Actor{Tenant: "other", Subject: "tester"})
		storetest.Save(t, s, puts...)
		storetest.Save(t, other, puts...)
		l.resolve(t, s, puts)
		rapid.Check(t, func(r *rapid.T) {
			typ, pairs := l.drawQuery(r)
			base := rapid.SampledFrom([]string{"", "https://other.example/fhir"}).Draw(r, "base")
			location, err := time.LoadLocation(rapid.SampledFrom([]string{"UTC", "America/New_York", "Pacific/Kiritimati", "America/Sao_Paulo"}).Draw(r, "zone"))
			if err != nil {
				r.Fatal(err)
			}
			zone := func() (*time.Location, error) { return location, nil }
			q, err := search.Parse(typ, pairs, search.Options{Bases: []string{base}, Zone: zone})
			if err != nil {
				r.Skip("a value that is refused")
			}
			want := l.find(q)
			raw := typ + "?" + search.Encode(pairs)
			for _, size := range []int{1000, rapid.IntRange(1, 7).Draw(r, "page size")} {
				got, err := pages(s, q, size)
				if err != nil {
					r.Fatalf("%s: %v", raw, err)
				}
				if !slices.Equal(got, want) {
					r.Fatalf("%s in pages of %d\n finds %v\n  want %v", raw, size, got, want)
				}
			}
			q.Total, q.Count = search.TotalAccurate, rapid.IntRange(0, 2).Draw(r, "count")
			err = s.View(context.Background(), func(v *store.View) error {
				page, err := documents.Search(v, q, documents.Guard{}, nil)
				if err == nil && (page.Total == nil || *page.Total != int64(len(want))) {
					r.Fatalf("%s has another total than %d", raw, len(want))
				}
				return err
			})
			if err != nil {
				r.Fatal(err)
			}
		})
	})
}

// pages gives the ids that a search finds, page by page.
func pages(s *store.Session, q search.Query, size int) ([]string, error) {
	ids := []string{}
	q.Count = size
	var after *documents.Place
	for {
		var page documents.Page
		err := s.View(context.Background(), func(v *store.View) error {
			var err error
			page, err = documents.Search(v, q, documents.Guard{}, after)
			return err
		})
		if err != nil || len(page.Documents) > size {
			return ids, cmp.Or(err, fmt.Errorf("%d documents on a page of %d", len(page.Documents), size))
		}
		for _, d := range page.Documents {
			ids = append(ids, d.ID)
		}
		if page.Next == nil {
			return ids, nil
		}
		after = page.Next
	}
}

// A page link goes on where the page ended, whatever was written or deleted in between.
func TestPagesGoOnAmongWrites(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		for _, id := range []string{"b", "d", "f", "h"} {
			storetest.Save(t, s, storetest.Indexed(t, 1, storetest.Patient(id, "Zzyzx")))
		}
		q := storetest.Query(t, "Patient", "family=zzyzx&_sort=family&_count=2")
		var next *documents.Place
		read := func() string {
			var found []string
			storetest.View(t, s, func(v *store.View) error {
				page, err := documents.Search(v, q, documents.Guard{}, next)
				for _, d := range page.Documents {
					found = append(found, d.ID)
				}
				next = page.Next
				return err
			})
			return strings.Join(found, " ")
		}
		if got := read(); got != "b d" {
			t.Fatalf("the first page is %q", got)
		}
		storetest.Save(t, s, storetest.Indexed(t, 1, storetest.Patient("a", "Zzyzx")), storetest.Indexed(t, 1, storetest.Patient("e", "Zzyzx")))
		storetest.Save(t, s, documents.Indexed{Document: models.Document{Type: "Patient", ID: "d", Version: 2, Deleted: true}})
		if got := read(); got != "e f" {
			t.Fatalf("the second page is %q, want e and f", got)
		}
		if got := read(); got != "h" || next != nil {
			t.Fatalf("the third page is %q and next is %v", got, next)
		}
	})
}
