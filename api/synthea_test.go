package api_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"medbill/fhir"
	"medbill/fhir/search"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
)

// syntheaFilesAll is how many patients' files there are.
const syntheaFilesAll = 75

// syntheaLoaders is how many files are sent at once.
const syntheaLoaders = 4

// sentEntry is one resource of a file, and where it was stored.
type sentEntry struct {
	file     string
	resource fhir.Node
	fullURL  string
	stored   string // Type/id
}

func TestSyntheaLoadsAsItIs(t *testing.T) {
	dir := filepath.Join(sharedDir(t), "data", "synthea")
	if testing.Short() {
		t.Skip("23,000 resources on two databases")
	}
	each(t, func(t *testing.T, w *world) {
		sent := loadSynthea(t, w, dir)
		links := map[string]map[string]string{} // by file: several files bring the same practitioners
		for _, s := range sent {
			if links[s.file] == nil {
				links[s.file] = map[string]string{}
			}
			links[s.file][s.fullURL] = s.stored
		}
		readBack(t, w, sent, links)
		findByPatient(t, w, sent, links)
		w.idle(t)
		nothingToBill(t, w, sent)
		sendAgain(t, w, sent)
	})
}

// loadSynthea sends every file as it is, those about hospitals and practitioners first.
func loadSynthea(t *testing.T, w *world, dir string) []sentEntry {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.json.gz"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files in %s: %v", dir, err)
	}
	slices.Sort(files) // "0-" sorts first
	shared := 0
	for shared < len(files) && strings.HasPrefix(filepath.Base(files[shared]), "0-") {
		shared++
	}
	var mu sync.Mutex
	var all []sentEntry
	load := func(file string) {
		entries := loadFile(t, w, file)
		mu.Lock()
		defer mu.Unlock()
		all = append(all, entries...)
	}
	for _, file := range files[:shared] {
		load(file)
	}
	if len(files)-shared != syntheaFilesAll {
		t.Fatalf("%d files of patients", len(files)-shared)
	}
	if syntheaFiles < syntheaFilesAll {
		fmt.Printf("%s: %d of %d files under the race detector\n", t.Name(), syntheaFiles, syntheaFilesAll)
	}
	queue := make(chan string)
	var loaders sync.WaitGroup
	for range syntheaLoaders {
		loaders.Go(func() {
			for file := range queue {
				load(file)
			}
		})
	}
	for _, file := range files[shared : shared+syntheaFiles] {
		queue <- file
	}
	close(queue)
	loaders.Wait()
	if t.Failed() {
		t.FailNow()
	}
	return all
}

func loadFile(t *testing.T, w *world, file string) []sentEntry {
	body := gunzip(t, file)
	d, err := fhir.Parse(body)
	if err != nil {
		t.Error(err)
		return nil
	}
	a := w.do(t, admin, "POST", "", string(body))
	if a.status != 200 {
		t.Errorf("%s: %d %.500s", filepath.Base(file), a.status, a.body)
		return nil
	}
	var entries []sentEntry
	for entry := range d.Root().Get("entry").Children() {
		entries = append(entries, sentEntry{file: filepath.Base(file), resource: entry.Get("resource"), fullURL: entry.Get("fullUrl").Text()})
	}
	i := 0
	for entry := range a.node(t).Get("entry").Children() {
		location := entry.In("response", "location").Text()
		if i >= len(entries) || !entry.In("response", "status").Is("201 Created") || !strings.HasSuffix(location, "/_history/1") {
			t.Errorf("%s, entry %d: %s", filepath.Base(file), i, entry.Raw())
			return nil
		}
		entries[i].stored = strings.TrimSuffix(location, "/_history/1")
		i++
	}
	if i != len(entries) {
		t.Errorf("%s: %d entries came back, %d were sent", filepath.Base(file), i, len(entries))
	}
	return entries
}

// readBack reads everything that is stored and compares it, element for element, with what was sent.
func readBack(t *testing.T, w *world, sent []sentEntry, links map[string]map[string]string) {
	t.Helper()
	stored := make(map[string]fhir.Node, len(sent))
	for _, typ := range fhir.Types() {
		for next := w.base + "/" + typ.Name + "?_count=500"; next != ""; {
			a := w.do(t, admin, "GET", next, "").expect(t, 200)
			for entry := range a.node(t).Get("entry").Children() {
				resource := entry.Get("resource")
				stored[resource.Get("resourceType").Text()+"/"+resource.Get("id").Text()] = resource
			}
			next = a.link(t, "next")
		}
	}
	if len(stored) != len(sent) {
		t.Errorf("%d resources are stored, %d were sent", len(stored), len(sent))
	}
	for i, s := range sent {
		got, found := stored[s.stored]
		if !found {
			t.Fatalf("%s of %s is not found again", s.stored, s.file)
		}
		if difference := differ(s.resource, got, links[s.file], s.resource.Get("resourceType").Text()); difference != "" {
			t.Fatalf("%s of %s: %s", s.stored, s.file, difference)
		}
		if i%500 == 0 { // a read gives what the search gave
			if a := w.do(t, admin, "GET", s.stored, "").expect(t, 200); a.body != string(got.Raw()) {
				t.Errorf("%s reads as %s", s.stored, a.body)
			}
		}
	}
}

// differ gives the first place where got is not what was sent, "" where there is none. The server sets id and, in meta,
// version, time and its tag; it rewrites links between the entries. Everything else is equal as text and in its order.
func differ(sent, got fhir.Node, links map[string]string, path string) string {
	if sent.Kind() != got.Kind() {
		return path + " is of another kind"
	}
	switch sent.Kind() {
	case fhir.KindObject, fhir.KindArray:
	case fhir.KindString:
		if text := sent.Text(); text != got.Text() && (links[text] == "" || got.Text() != links[text]) {
			return path + " differs"
		} else if strings.HasSuffix(path, ".reference") && links[text] != "" && got.Text() == text {
			return path + " was not rewritten"
		}
		return ""
	default:
		if string(sent.Raw()) != string(got.Raw()) {
			return path + " differs"
		}
		return ""
	}
	top := !strings.Contains(path, ".")
	own := func(n fhir.Node) bool {
		return top && (n.Key() == "id" || n.Key() == "meta")
	}
	sentChildren, gotChildren := without(sent, own), without(got, own)
	if len(sentChildren) != len(gotChildren) {
		return fmt.Sprintf("%s has %d members, %d were sent", path, len(gotChildren), len(sentChildren))
	}
	for i := range sentChildren {
		if sentChildren[i].Key() != gotChildren[i].Key() {
			return path + "." + sentChildren[i].Key() + " is out of order"
		}
		if difference := differ(sentChildren[i], gotChildren[i], links, path+"."+sentChildren[i].Key()); difference != "" {
			return difference
		}
	}
	if meta := sent.Get("meta"); top && meta.Exists() {
		for member := range meta.Children() {
			key := member.Key()
			switch {
			case key == "versionId" || key == "lastUpdated":
			case key == "tag" && !strings.HasPrefix(string(got.Get("meta").Get("tag").Raw()), strings.TrimSuffix(string(member.Raw()), "]")):
				return path + ".meta.tag differs"
			case key != "tag":
				if difference := differ(member, got.Get("meta").Get(key), links, path+".meta."+key); difference != "" {
					return difference
				}
			}
		}
	}
	return ""
}

func without(n fhir.Node, skip func(fhir.Node) bool) []fhir.Node {
	var list []fhir.Node
	for child := range n.Children() {
		if !skip(child) {
			list = append(list, child)
		}
	}
	return list
}

// findByPatient counts per type and patient what was sent, and lets the server count.
func findByPatient(t *testing.T, w *world, sent []sentEntry, links map[string]map[string]string) {
	t.Helper()
	type key struct{ typ, patient string }
	want := map[key]int{}
	for _, s := range sent {
		typ := s.resource.Get("resourceType").Text()
		if _, found := search.Lookup(typ, "patient"); !found {
			continue
		}
		for _, member := range []string{"patient", "subject", "beneficiary"} {
			if reference := s.resource.In(member, "reference").Text(); reference != "" {
				want[key{typ, links[s.file][reference]}]++
			}
		}
	}
	if len(want) < syntheaFiles*5 {
		t.Errorf("only %d types of patients are to be found", len(want))
	}
	for k, n := range want {
		a := w.do(t, admin, "GET", k.typ+"?_summary=count&patient="+k.patient, "").expect(t, 200)
		if a.node(t).Get("total").Text() != fmt.Sprint(n) {
			t.Errorf("%s of %s: %s are found, %d were sent", k.typ, k.patient, a.node(t).Get("total").Text(), n)
		}
	}
}

// nothingToBill sees that visits which somebody else billed are nobody's work here.
func nothingToBill(t *testing.T, w *world, sent []sentEntry) {
	t.Helper()
	for _, typ := range []string{"Task", "ChargeItem", "Account", "Invoice"} {
		if a := w.do(t, admin, "GET", typ+"?_summary=count", "").expect(t, 200); a.node(t).Get("total").Text() != "0" {
			t.Errorf("%s %s were made", a.node(t).Get("total").Text(), typ)
		}
	}
	err := w.db.As(models.Actor{Tenant: tenant}).View(context.Background(), func(v *store.View) error {
		for _, s := range sent {
			id, isVisit := strings.CutPrefix(s.stored, "Encounter/")
			if !isVisit {
				continue
			}
			// A visit that is not finished has no case at all.
			c, opened, err := books.Case(v, models.CaseOf(models.VisitID(id)))
			if err != nil || opened && (c.State != models.CaseNotOurs || c.Reason == "" || c.Due != models.StepNone) || opened != s.resource.Get("status").Is("finished") {
				return fmt.Errorf("visit of %s: opened %v, state %s, due %q: %w", s.file, opened, c.State, c.Due, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// sendAgain sends one file as PUTs and as conditional creates, twice each: the second time changes nothing.
func sendAgain(t *testing.T, w *world, sent []sentEntry) {
	t.Helper()
	file := sent[len(sent)-1].file
	var puts, creates []string
	for _, s := range sent {
		if s.file != file {
			continue
		}
		typ, id, _ := strings.Cut(s.stored, "/")
		stored := w.do(t, admin, "GET", s.stored, "").expect(t, 200).body
		puts = append(puts, fmt.Sprintf(`{"fullUrl":"%s/%s","resource":%s,"request":{"method":"PUT","url":"%s"}}`, w.base, s.stored, stored, s.stored))
		creates = append(creates, fmt.Sprintf(`{"fullUrl":%q,"resource":%s,"request":{"method":"POST","url":%q,"ifNoneExist":"_id=%s"}}`, s.fullURL, s.resource.Raw(), typ, id))
	}
	before := w.documents(t, tenant)
	for name, entries := range map[string][]string{"PUT": puts, "ifNoneExist": creates} {
		body := `{"resourceType":"Bundle","type":"transaction","entry":[` + strings.Join(entries, ",") + `]}`
		for range 2 {
			a := w.do(t, admin, "POST", "", body).expect(t, 200)
			for entry := range a.node(t).Get("entry").Children() {
				if !entry.In("response", "status").Is("200 OK") || !entry.In("response", "etag").Is(`W/"1"`) {
					t.Fatalf("%s again: %s", name, entry.Get("response").Raw())
				}
			}
		}
	}
	if after := w.documents(t, tenant); after != before {
		t.Errorf("sending again made %d documents", after-before)
	}
}

func TestTheOfficialExamplesLoadAndReadBack(t *testing.T) {
	dir := filepath.Join(sharedDir(t), "data", "fhir-r4-examples")
	each(t, func(t *testing.T, w *world) {
		files, err := filepath.Glob(filepath.Join(dir, "*.json"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no examples in %s: %v", dir, err)
		}
		loaded := map[string]int{}
		for _, file := range files {
			typ, _, _ := strings.Cut(filepath.Base(file), "-")
			row, served := fhir.TypeOf(typ)
			if !served || !row.IsChanged() {
				continue
			}
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			d, err := fhir.Parse(content)
			if err != nil {
				t.Fatalf("%s: %v", filepath.Base(file), err)
			}
			if row.Owner == fhir.Booked && d.Root().Get("status").Is("billable") {
				continue // a charge of ours is rendered, not kept
			}
			path := typ + "/" + d.ID()
			a := w.do(t, admin, "PUT", path, string(content))
			if a.status == 409 && strings.Contains(a.body, `"account.exists"`) {
				continue // both are Peter's, who has one
			}
			if a.status != 201 {
				t.Errorf("%s: %d %.400s", filepath.Base(file), a.status, a.body)
				continue
			}
			got := w.do(t, admin, "GET", path, "").expect(t, 200)
			if difference := differ(d.Root(), got.node(t), nil, typ); difference != "" {
				t.Errorf("%s: %s", filepath.Base(file), difference)
			}
			if a := w.do(t, admin, "PUT", path, got.body).expect(t, 200); a.header.Get("ETag") != `W/"1"` {
				t.Errorf("%s: what was read and sent back made version %s", filepath.Base(file), a.header.Get("ETag"))
			}
			loaded[typ]++
		}
		if len(loaded) < 20 {
			t.Errorf("only %v are loaded", loaded)
		}
	})
}
