package attack_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"medbill/api"
	"medbill/billing"
	"medbill/graph"
	"medbill/internal/auth"
	"medbill/internal/clock"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/documents"
	"medbill/internal/store/journal"
	"medbill/internal/store/storetest"
	"medbill/models"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// The tenants: whose data is attacked from inside and from outside.
const (
	ours   = models.TenantID("zzyzx")
	theirs = models.TenantID("yonder")
)

// world is a whole server on loopback over one database, as `medbill serve` puts it together, with the keys of its issuer.
type world struct {
	db      *store.DB
	machine *records.Records
	office  *billing.Office
	log     *slog.Logger
	keys    auth.DevKeys
	folder  string // of the keys
	root    string // http://127.0.0.1:…
	client  *http.Client
}

// each runs a test on a server over each database, with two tenants that hold nothing yet.
func each(t *testing.T, test func(t *testing.T, w *world)) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) { test(t, open(t, db)) })
}

func open(t *testing.T, db *store.DB) *world {
	t.Helper()
	w := &world{db: db, folder: t.TempDir(), log: slog.New(slog.DiscardHandler)}
	w.client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: workers, DisableCompression: true}}
	w.office = billing.New(db, w.log)
	var err error
	if w.keys, err = auth.CreateDevKeys(w.folder); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(nil)
	w.root = "http://" + server.Listener.Addr().String()
	w.machine, err = records.New(db, records.Config{
		Behaviours: w.office.Behaviours(), BaseURL: w.root + api.Path, CursorKey: make([]byte, 32),
	})
	if err != nil {
		t.Fatal(err)
	}
	stop, err := db.Work(t.Context(), w.office.Shift(), w.log)
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = w.door(t, w.keys.Config())
	server.Start()
	t.Cleanup(func() {
		w.client.CloseIdleConnections()
		server.Close()
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := stop(ctx); err != nil {
			t.Error(err)
		}
	})
	for _, tenant := range []models.TenantID{ours, theirs} {
		err := db.As(models.Actor{Tenant: tenant}).Update(t.Context(), func(tx *store.Tx) error {
			return books.SaveSettings(tx, models.DevelopmentSettings)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return w
}

// door gives both doors of the server for the tokens of one issuer.
func (w *world) door(t *testing.T, tokens auth.Config) http.Handler {
	t.Helper()
	verifier, err := auth.NewVerifier(t.Context(), tokens)
	if err != nil {
		t.Fatal(err)
	}
	return api.New(api.Config{
		Records: w.machine, Office: w.office, DB: w.db, Verifier: verifier, Log: w.log, Issuer: tokens.Issuer,
		GraphQL: graph.NewHandler(graph.Config{Records: w.machine, Office: w.office, Log: w.log}),
	})
}

// beside starts another server on the same database that takes the tokens of another issuer, and gives that issuer's keys.
func (w *world) beside(t *testing.T) *world {
	t.Helper()
	other := *w
	other.folder = t.TempDir()
	own, err := auth.CreateDevKeys(other.folder)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(other.folder, "dev", "issuer.json")
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	content = bytes.ReplaceAll(content, []byte(own.Issuer), []byte("https://another.medbill.invalid"))
	if err := os.WriteFile(name, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if other.keys, err = auth.OpenDevKeys(other.folder); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(w.door(t, other.keys.Config()))
	t.Cleanup(server.Close)
	other.root = server.URL
	return &other
}

// sign gives a token that says claims for an hour.
func (w *world) sign(t testing.TB, claims auth.Claims) string {
	t.Helper()
	claims.Expires = clock.System().Now().Add(time.Hour)
	token, err := w.keys.Sign(claims)
	if err != nil {
		t.Fatal(err)
	}
	return "Bearer " + token
}

// admin gives the Authorization of a tenant's administrator.
func (w *world) admin(t testing.TB, tenant models.TenantID) string {
	t.Helper()
	return w.sign(t, auth.Claims{Tenant: tenant, Subject: "admin", Scope: "system/*.cruds operation/* operation/codes"})
}

// request is one call. path stands below the FHIR base, or begins with /graphql, /reports/ or /deposits. headers are "Name: value".
type request struct {
	method, path, body string
	headers            []string
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

// send sends a request with these Authorization headers.
func (w *world) send(t testing.TB, r request, authorization ...string) answer {
	t.Helper()
	url := w.root + r.path
	if r.path != "/graphql" && !strings.HasPrefix(r.path, "/reports/") && r.path != "/deposits" {
		url = w.root + api.Path + "/" + r.path
	}
	url = strings.TrimSuffix(url, "/")
	request, err := http.NewRequestWithContext(context.Background(), r.method, url, strings.NewReader(r.body))
	if err != nil {
		t.Fatal(err)
	}
	if r.body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	for _, h := range r.headers {
		name, value, _ := strings.Cut(h, ": ")
		request.Header.Set(name, value)
	}
	for _, a := range authorization {
		request.Header.Add("Authorization", a)
	}
	response, err := w.client.Do(request)
	if err != nil {
		t.Fatalf("%s %s: %v", r.method, r.path, err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, string(content)}
}

// must sends a request that has to succeed.
func (w *world) must(t testing.TB, authorization, method, path, body string, headers ...string) answer {
	t.Helper()
	a := w.send(t, request{method, path, body, headers}, authorization)
	if a.status/100 != 2 {
		t.Fatalf("%s %s: %d %.900s", method, path, a.status, a.body)
	}
	return a
}

// asked is what GraphQL answers.
type asked struct {
	Data   map[string]any
	Errors []struct {
		Message    string
		Path       []any
		Extensions struct{ Code string }
	}
}

// codes gives the distinct codes of the errors, sorted as they came.
func (a asked) codes() string {
	var codes []string
	for _, e := range a.Errors {
		if len(codes) == 0 || codes[len(codes)-1] != e.Extensions.Code {
			codes = append(codes, e.Extensions.Code)
		}
	}
	return strings.Join(codes, " ")
}

func asking(query string) request {
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		panic(err)
	}
	return request{method: "POST", path: "/graphql", body: string(body)}
}

// ask sends a GraphQL document.
func (w *world) ask(t testing.TB, authorization, query string) (asked, string) {
	t.Helper()
	a := w.send(t, asking(query), authorization)
	var out asked
	if err := json.Unmarshal([]byte(a.body), &out); err != nil || a.status != http.StatusOK {
		t.Fatalf("%s: %d %.300s", query, a.status, a.body)
	}
	return out, a.body
}

// bundled is a Bundle as far as the tests read one.
type bundled struct {
	ID    string
	Total *int
	Link  []struct{ Relation, URL string }
	Entry []struct {
		Resource json.RawMessage
		Search   struct{ Mode string }
		Response struct{ Status string }
	}
}

func (a answer) bundle(t testing.TB) bundled {
	t.Helper()
	var b bundled
	if err := json.Unmarshal([]byte(a.body), &b); err != nil {
		t.Fatalf("%v: %.300s", err, a.body)
	}
	return b
}

// named is a resource as far as the tests read one.
type named struct {
	ResourceType, ID string
	Meta             struct{ VersionID string }
}

func nameOf(t testing.TB, body []byte) named {
	t.Helper()
	var n named
	if err := json.Unmarshal(body, &n); err != nil {
		t.Fatalf("%v: %.300s", err, body)
	}
	return n
}

// id gives the id of the resource in an answer.
func (a answer) id(t testing.TB) string {
	t.Helper()
	return nameOf(t, []byte(a.body)).ID
}

// found gives "Type/id" of what a search finds.
func (w *world) found(t testing.TB, authorization, path string) []string {
	t.Helper()
	var list []string
	for _, e := range w.must(t, authorization, "GET", path, "").bundle(t).Entry {
		n := nameOf(t, e.Resource)
		list = append(list, n.ResourceType+"/"+n.ID)
	}
	return list
}

// await asks for a search until it finds as many as wanted, which the jobs make, and gives their ids.
func (w *world) await(t testing.TB, authorization, path string, want int) []string {
	t.Helper()
	var list []string
	for range 600 {
		if list = w.found(t, authorization, path); len(list) == want {
			for i, f := range list {
				_, list[i], _ = strings.Cut(f, "/")
			}
			return list
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("%s finds %v, want %d", path, list, want)
	return nil
}

// idle waits until no step of billing is left to do.
func (w *world) idle(t testing.TB) {
	t.Helper()
	for range 1500 {
		n, err := w.office.CountWaiting(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("steps of billing are still waiting")
}

// state is all that both tenants hold: version and digest of each document, deleted ones too, and how many entries the journals
// have.
type state map[string]string

func (w *world) state(t testing.TB) state {
	t.Helper()
	w.idle(t)
	s := state{}
	for _, tenant := range []models.TenantID{ours, theirs} {
		entries := 0
		err := w.db.As(models.Actor{Tenant: tenant}).View(context.Background(), func(v *store.View) error {
			err := documents.EachPage(v, func(page []models.Document) error {
				for _, d := range page {
					s[string(tenant)+" "+d.Type+"/"+d.ID] = fmt.Sprint(d.Version, d.Deleted, d.Digest)
				}
				return nil
			})
			if err != nil {
				return err
			}
			return journal.Each(v, func(models.Entry) error { entries++; return nil })
		})
		if err != nil {
			t.Fatal(err)
		}
		s[string(tenant)+" journal"] = fmt.Sprint(entries)
	}
	return s
}

// stands fails the test where something changed since before.
func (w *world) stands(t testing.TB, before state, what string) {
	t.Helper()
	now := w.state(t)
	for name, was := range before {
		if now[name] != was {
			t.Errorf("%s changed %s: %s, was %s", what, name, now[name], was)
		}
		delete(now, name)
	}
	for name := range now {
		t.Errorf("%s made %s", what, name)
	}
}

// compact takes the blanks out of JSON and turns ' into ", so that bodies in tests can be read.
func compact(text string) string {
	var b bytes.Buffer
	if err := json.Compact(&b, []byte(strings.ReplaceAll(text, "'", `"`))); err != nil {
		panic(fmt.Sprintf("%v: %s", err, text))
	}
	return b.String()
}
