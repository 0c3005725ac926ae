package api_test

import (
	"bytes"
	"cmp"
	"compress/gzip"
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
	"sync"
	"testing"
	"time"

	"medbill/api"
	"medbill/billing"
	"medbill/fhir"
	"medbill/internal/auth"
	"medbill/internal/clock"
	"medbill/internal/processors"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/documents"
	"medbill/internal/store/storetest"
	"medbill/models"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// tenant is whose data a world is about, unless a test says otherwise.
const tenant = models.TenantID("zzyzx")

// world is a whole server on loopback, with the keys that sign its tokens.
type world struct {
	db      *store.DB
	office  *billing.Office
	records *records.Records
	keys    auth.DevKeys
	base    string // http://127.0.0.1:…/fhir/R4
	root    string // http://127.0.0.1:…
	log     *logBuffer
	config  api.Config

	mu     sync.Mutex
	tokens map[string]string
}

// each runs a test on a server over each database.
func each(t *testing.T, test func(t *testing.T, w *world)) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) { test(t, open(t, db, nil)) })
}

// open starts a server over db until the test ends; change may alter its settings.
func open(t *testing.T, db *store.DB, change func(*api.Config)) *world {
	t.Helper()
	return openHearing(t, db, nil, change)
}

// openHearing is open for an office that hears processors.
func openHearing(t *testing.T, db *store.DB, movers *processors.Book, change func(*api.Config)) *world {
	t.Helper()
	keys, err := auth.CreateDevKeys(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	w := &world{db: db, keys: keys, log: &logBuffer{}, tokens: map[string]string{}}
	log := slog.New(slog.NewJSONHandler(w.log, nil))
	verifier, err := auth.NewVerifier(ctx, keys.Config())
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(nil)
	w.root = "http://" + server.Listener.Addr().String()
	w.base = w.root + api.Path
	w.office = billing.New(db, log).Hearing(movers)
	w.records, err = records.New(db, records.Config{Behaviours: w.office.Behaviours(), BaseURL: w.base, CursorKey: make([]byte, 32), Provision: true})
	if err != nil {
		t.Fatal(err)
	}
	stop, err := db.Work(ctx, w.office.Shift(), log)
	if err != nil {
		t.Fatal(err)
	}
	w.config = api.Config{Records: w.records, Office: w.office, DB: db, Verifier: verifier, Log: log, Issuer: keys.Issuer, CORS: []string{"https://front.example.org"}, Metrics: true, Processors: movers}
	if change != nil {
		change(&w.config)
	}
	server.Config.Handler = api.New(w.config)
	server.Start()
	t.Cleanup(func() {
		server.Close()
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := stop(ctx); err != nil {
			t.Error(err)
		}
	})
	return w
}

// logBuffer keeps what the server logs.
type logBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// who is the token of a role for somebody.
type who struct {
	role         auth.Role
	tenant       models.TenantID
	patient      models.PatientID
	organization models.OrganizationID
	scope        string // in place of the role's
}

var admin = who{role: auth.RoleAdmin}

func (w *world) token(t testing.TB, as who) string {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	key := fmt.Sprint(as)
	if token, found := w.tokens[key]; found {
		return token
	}
	if as.tenant == "" {
		as.tenant = tenant
	}
	now := clock.System().Now()
	claims, err := auth.RoleClaims(as.role, auth.Claims{
		Tenant: as.tenant, Subject: string(as.role), Patient: as.patient, Organization: as.organization, Issued: now, Expires: now.Add(time.Hour),
	})
	if err != nil {
		t.Fatal(err)
	}
	claims.Scope = cmp.Or(as.scope, claims.Scope)
	token, err := w.keys.Sign(claims)
	if err != nil {
		t.Fatal(err)
	}
	w.tokens[key] = token
	return token
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

// do sends a request as somebody. path is an absolute URL, or stands below the base. headers are "Name: value"; an empty
// value leaves the header out.
func (w *world) do(t testing.TB, as who, method, path, body string, headers ...string) answer {
	t.Helper()
	return w.send(t, "Bearer "+w.token(t, as), method, path, body, headers...)
}

func (w *world) send(t testing.TB, authorization, method, path, body string, headers ...string) answer {
	t.Helper()
	if !strings.HasPrefix(path, "http") {
		path = w.base + "/" + path
	}
	request, err := http.NewRequestWithContext(context.Background(), method, path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if authorization != "" {
		request.Header.Set("Authorization", authorization)
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/fhir+json")
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		request.Header.Del(name)
		if value != "" {
			request.Header.Add(name, value)
		}
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, string(content)}
}

// expect fails the test unless the answer has the status, and an OperationOutcome where the status is a refusal.
func (a answer) expect(t testing.TB, status int) answer {
	t.Helper()
	if a.status != status {
		t.Fatalf("status %d, want %d: %.600s", a.status, status, a.body)
	}
	if status >= 400 && a.node(t).Get("resourceType").Text() != "OperationOutcome" {
		t.Fatalf("status %d without an OperationOutcome: %.300s", status, a.body)
	}
	return a
}

func (a answer) node(t testing.TB) fhir.Node {
	t.Helper()
	d, err := fhir.Parse([]byte(a.body))
	if err != nil {
		t.Fatalf("the answer is no JSON: %v: %.300q", err, a.body)
	}
	return d.Root()
}

func (a answer) id(t testing.TB) string { return a.node(t).Get("id").Text() }

// code gives the first issue's code.
func (a answer) code(t testing.TB) string { return a.node(t).In("issue", "code").Text() }

// entries lists "Type/id" of a Bundle's entries, those that are no match with their mode.
func (a answer) entries(t testing.TB) []string {
	t.Helper()
	var list []string
	for entry := range a.node(t).Get("entry").Children() {
		resource := entry.Get("resource")
		text := resource.Get("resourceType").Text() + "/" + resource.Get("id").Text()
		if mode := entry.In("search", "mode").Text(); mode != "match" && mode != "" {
			text += " " + mode
		}
		list = append(list, text)
	}
	return list
}

func (a answer) link(t testing.TB, relation string) string {
	t.Helper()
	for link := range a.node(t).Get("link").Children() {
		if link.Get("relation").Is(relation) {
			return link.Get("url").Text()
		}
	}
	return ""
}

func (w *world) put(t testing.TB, path, body string) answer {
	t.Helper()
	a := w.do(t, admin, http.MethodPut, path, body)
	if a.status != http.StatusOK && a.status != http.StatusCreated {
		t.Fatalf("PUT %s: %d %.600s", path, a.status, a.body)
	}
	return a
}

// await asks for a search until it finds as many as wanted, and gives their ids.
func (w *world) await(t testing.TB, path string, want int) []string {
	t.Helper()
	var found []string
	for range 300 {
		found = w.do(t, admin, http.MethodGet, path, "").expect(t, http.StatusOK).entries(t)
		if len(found) == want {
			ids := make([]string, len(found))
			for i, f := range found {
				_, ids[i], _ = strings.Cut(f, "/")
			}
			return ids
		}
		time.Sleep(30 * time.Millisecond)
	}
	t.Fatalf("%s finds %v, want %d", path, found, want)
	return nil
}

// documents counts what is stored for a tenant.
func (w *world) documents(t testing.TB, of models.TenantID) int {
	t.Helper()
	n := 0
	err := w.db.As(models.Actor{Tenant: of}).View(context.Background(), func(v *store.View) error {
		return documents.Each(v, func(models.Document) error { n++; return nil })
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// idle waits until no step is left to do.
func (w *world) idle(t testing.TB) {
	t.Helper()
	for range 3000 {
		n, err := w.office.CountWaiting(context.Background())
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

// sharedDir gives the folder of sample data: MEDBILL_SHARED, else `shared` beside the project's root.
func sharedDir(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("MEDBILL_SHARED")
	if dir == "" {
		root, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for _, err := os.Stat(filepath.Join(root, "go.mod")); err != nil; _, err = os.Stat(filepath.Join(root, "go.mod")) {
			if root == filepath.Dir(root) {
				t.Fatal("no go.mod above the test")
			}
			root = filepath.Dir(root)
		}
		dir = filepath.Join(root, "..", "shared")
	}
	if _, err := os.Stat(filepath.Join(dir, "data")); err != nil {
		fmt.Println("SKIPPED", t.Name()+": no sample data; set MEDBILL_SHARED to their folder")
		t.SkipNow()
	}
	return dir
}

func gunzip(t testing.TB, path string) []byte {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	reader, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// compact takes the blanks out of JSON, and turns ' into ", so that bodies in tests can be read.
func compact(text string) string {
	var b bytes.Buffer
	if err := json.Compact(&b, []byte(strings.ReplaceAll(text, "'", `"`))); err != nil {
		panic(err)
	}
	return b.String()
}
