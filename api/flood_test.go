package api_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/documents"
	"medbill/internal/store/storetest"
	"medbill/models"
)

const mib = 1 << 20

// roomy is what an answer may hold beside the documents that its bounds are about: the last one goes beyond, and every entry
// has its address.
const roomy = 2 * mib

// large writes a patient of that many bytes.
func large(id string, bytes int) string {
	return fmt.Sprintf(`{"resourceType":"Patient","id":"%s","meta":{"versionId":"1","lastUpdated":"2026-03-02T10:00:00.000Z"},"name":[{"family":"Zzyzx","text":"%s"}]}`, id, strings.Repeat("x", bytes))
}

// stock stores n patients of that many bytes, some at a time.
func (w *world) stock(t *testing.T, n, bytes int) {
	t.Helper()
	session := w.db.As(models.Actor{Tenant: tenant, Subject: "stock"})
	const together = 50
	for first := 0; first < n; first += together {
		var puts []documents.Indexed
		for i := first; i < min(first+together, n); i++ {
			puts = append(puts, storetest.Indexed(t, 1, large(fmt.Sprintf("p%04d", i), bytes)))
		}
		storetest.Save(t, session, puts...)
	}
}

// flooded runs a test on both databases, one after the other and beside no other test, because memory is measured.
func flooded(t *testing.T, test func(t *testing.T, w *world)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db, nil)
		w.do(t, admin, http.MethodPost, "Patient", `{"resourceType":"Patient","name":[{"family":"First"}]}`).expect(t, http.StatusCreated) // makes the tenant
		test(t, w)
	})
}

// peak runs do and gives by how much memory in use grew at most.
func peak(do func()) uint64 {
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var most atomic.Uint64
	done := make(chan struct{})
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		for {
			runtime.ReadMemStats(&now)
			most.Store(max(most.Load(), now.HeapAlloc))
			select {
			case <-done:
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	}()
	do()
	close(done)
	<-watched
	return most.Load() - min(before.HeapAlloc, most.Load())
}

// TestABatchOfPagesIsBounded sends what was answered with 1.7 GiB out of 8 GB of memory: 200 pages of 1000 patients.
func TestABatchOfPagesIsBounded(t *testing.T) {
	const memoryMax = 256 * mib // of garbage too, which is collected now and then
	flooded(t, func(t *testing.T, w *world) {
		w.stock(t, 1200, 9000)
		var entries []string
		for range 200 {
			entries = append(entries, `{"request":{"method":"GET","url":"Patient?_count=1000"}}`)
		}
		body := `{"resourceType":"Bundle","type":"batch","entry":[` + strings.Join(entries, ",") + `]}`
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.base, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+w.token(t, admin))
		request.Header.Set("Content-Type", "application/fhir+json")
		var told counter
		grown := peak(func() {
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			if _, err := io.Copy(&told, response.Body); err != nil || response.StatusCode != http.StatusOK {
				t.Fatalf("status %d: %v", response.StatusCode, err)
			}
		})
		t.Logf("%d KiB asked for %.1f MiB, and memory grew by %.0f MiB", len(body)>>10, float64(told.bytes)/mib, float64(grown)/mib)
		if told.bytes > records.AnswerBytesMax+records.PageBytesMax+roomy || told.bytes < records.AnswerBytesMax-records.PageBytesMax {
			t.Errorf("the answer holds %d bytes", told.bytes)
		}
		if told.done != 5 || told.refused != 195 {
			t.Errorf("%d entries are answered and %d refused, want 5 of almost 8 MiB and the other 195", told.done, told.refused)
		}
		if grown > memoryMax {
			t.Errorf("memory grew by %d MiB", grown/mib)
		}
	})
}

// counter counts an answer without keeping it.
type counter struct {
	bytes, done, refused int
	tail                 string
}

func (c *counter) Write(p []byte) (int, error) {
	text := c.tail + string(p)
	c.bytes += len(p)
	c.done += strings.Count(text, `"status":"200 `)
	c.refused += strings.Count(text, `"status":"413 `)
	keep := min(len(text), len(`"status":"413 `)-1) // one that is cut in two is found with the next part
	c.tail = text[len(text)-keep:]
	return len(p), nil
}

func TestAPageEndsAtItsBytes(t *testing.T) {
	flooded(t, func(t *testing.T, w *world) {
		w.stock(t, 30, mib)
		seen := map[string]bool{}
		pages := 0
		for path := "Patient?_count=1000&family=zzyzx&_sort=family"; path != ""; pages++ {
			a := w.do(t, admin, http.MethodGet, path, "").expect(t, http.StatusOK)
			if len(a.body) > records.PageBytesMax+roomy {
				t.Fatalf("a page holds %d bytes", len(a.body))
			}
			for _, one := range a.entries(t) {
				if seen[one] {
					t.Fatalf("%s is on two pages", one)
				}
				seen[one] = true
			}
			path = a.link(t, "next")
		}
		if len(seen) != 30 || pages != 5 {
			t.Errorf("%d pages show %d patients, want 30 on 5 of at most 7", pages, len(seen))
		}
	})
}

// TestADocumentLargerThanAPageIsShown shows that a budget ends a page and hides nothing.
func TestADocumentLargerThanAPageIsShown(t *testing.T) {
	flooded(t, func(t *testing.T, w *world) {
		w.stock(t, 2, 9*mib)
		a := w.do(t, admin, http.MethodGet, "Patient?family=zzyzx", "").expect(t, http.StatusOK)
		if got := fmt.Sprint(a.entries(t)); got != "[Patient/p0000]" || a.link(t, "next") == "" {
			t.Errorf("the first page is %s", got)
		}
		a = w.do(t, admin, http.MethodGet, a.link(t, "next"), "").expect(t, http.StatusOK)
		if got := fmt.Sprint(a.entries(t)); got != "[Patient/p0001]" || a.link(t, "next") != "" {
			t.Errorf("the second page is %s", got)
		}
		// A condition finds both, however large they are.
		w.do(t, admin, http.MethodPut, "Patient?family=zzyzx", `{"resourceType":"Patient"}`).expect(t, http.StatusPreconditionFailed)
	})
}

func TestIncludesStayWithinThePage(t *testing.T) {
	flooded(t, func(t *testing.T, w *world) {
		w.stock(t, 12, mib)
		for i := range 12 {
			w.put(t, fmt.Sprintf("Observation/o%d", i), fmt.Sprintf(`{"resourceType":"Observation","id":"o%d","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/p%04d"}}`, i, i))
		}
		a := w.do(t, admin, http.MethodGet, "Observation?_include=Observation:subject", "").expect(t, http.StatusOK)
		matches, included, told := 0, 0, 0
		for _, one := range a.entries(t) {
			switch {
			case strings.HasPrefix(one, "Observation/"):
				matches++
			case strings.HasSuffix(one, " include"):
				included++
			case strings.HasSuffix(one, " outcome"):
				told++
			}
		}
		if len(a.body) > records.PageBytesMax+roomy || matches != 12 || included != 7 || told != 1 {
			t.Errorf("%d bytes hold %d matches, %d included and %d notes", len(a.body), matches, included, told)
		}
	})
}

func TestAHistoryEndsAtItsBytes(t *testing.T) {
	flooded(t, func(t *testing.T, w *world) {
		for i := range 5 {
			name := `{"text":"` + strings.Repeat("x", mib-1000) + `"}`
			w.put(t, "Patient/big", fmt.Sprintf(`{"resourceType":"Patient","id":"big","name":[{"family":"Zzyzx %d"},%s,%s,%s]}`, i, name, name, name))
		}
		var versions []string
		pages := 0
		for path := "Patient/big/_history"; path != ""; pages++ {
			a := w.do(t, admin, http.MethodGet, path, "").expect(t, http.StatusOK)
			for entry := range a.node(t).Get("entry").Children() {
				versions = append(versions, entry.In("resource", "meta", "versionId").Text())
			}
			path = a.link(t, "next")
		}
		if got := strings.Join(versions, ""); got != "54321" || pages != 3 {
			t.Errorf("%d pages show the versions %s, want 3 with 54321", pages, got)
		}
	})
}

func TestATransactionThatReadsTooMuchChangesNothing(t *testing.T) {
	flooded(t, func(t *testing.T, w *world) {
		w.stock(t, 10, mib)
		entries := []string{`{"resource":{"resourceType":"Patient","name":[{"family":"Canary"}]},"request":{"method":"POST","url":"Patient"}}`}
		for range 6 {
			entries = append(entries, `{"request":{"method":"GET","url":"Patient?family=zzyzx"}}`)
		}
		body := `{"resourceType":"Bundle","type":"transaction","entry":[` + strings.Join(entries, ",") + `]}`
		a := w.do(t, admin, http.MethodPost, "", body).expect(t, http.StatusRequestEntityTooLarge)
		if a.code(t) != "too-costly" {
			t.Errorf("the code is %s", a.code(t))
		}
		if found := w.do(t, admin, http.MethodGet, "Patient?family=canary", "").entries(t); len(found) > 0 {
			t.Errorf("%v was made", found)
		}
	})
}

// TestWhatWasWrittenIsWithheldBeyondTheBudget finds the same large record over and over: each is done, and only so many shown.
func TestWhatWasWrittenIsWithheldBeyondTheBudget(t *testing.T) {
	flooded(t, func(t *testing.T, w *world) {
		w.stock(t, 1, 5*mib)
		var entries []string
		for range 12 {
			entries = append(entries, `{"resource":{"resourceType":"Patient"},"request":{"method":"POST","url":"Patient","ifNoneExist":"_id=p0000"}}`)
		}
		body := `{"resourceType":"Bundle","type":"batch","entry":[` + strings.Join(entries, ",") + `]}`
		a := w.send(t, "Bearer "+w.token(t, admin), http.MethodPost, "", body, "Prefer: return=representation")
		if a.status != http.StatusOK || len(a.body) > records.AnswerBytesMax+5*mib+roomy {
			t.Fatalf("status %d with %d bytes", a.status, len(a.body))
		}
		if done, told := strings.Count(a.body, `"status":"200 OK"`), strings.Count(a.body, "read the record at its location"); done != 12 || told != 5 {
			t.Errorf("%d entries are done and %d withheld, want 12 and 5", done, told)
		}
	})
}

// TestAPartThatIsNotRecordedDoesNotLeave lets the audit take anything but searches for Accounts.
func TestAPartThatIsNotRecordedDoesNotLeave(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		w := open(t, storetest.Open(t, url), nil)
		w.do(t, admin, http.MethodPost, "Patient", `{"resourceType":"Patient"}`).expect(t, http.StatusCreated)
		w.stock(t, 200, 9000)
		if path, embedded := strings.CutSuffix(url, ".db"); embedded {
			storetest.ByHand(t, path+"-audit.db").Do("CREATE TRIGGER no_accounts BEFORE INSERT ON audit_events WHEN NEW.type = 'Account' BEGIN SELECT RAISE(ABORT, 'no'); END")
		} else {
			storetest.ByHand(t, url).Do("ALTER TABLE audit_events ADD CONSTRAINT no_accounts CHECK (type <> 'Account')")
		}
		batch := func(urls ...string) (*http.Response, error) {
			var entries []string
			for _, u := range urls {
				entries = append(entries, `{"request":{"method":"GET","url":"`+u+`"}}`)
			}
			request, err := http.NewRequestWithContext(context.Background(), http.MethodPost, w.base, strings.NewReader(`{"resourceType":"Bundle","type":"batch","entry":[`+strings.Join(entries, ",")+`]}`))
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Authorization", "Bearer "+w.token(t, admin))
			request.Header.Set("Content-Type", "application/fhir+json")
			return http.DefaultClient.Do(request)
		}
		first, err := batch("Account?_count=1", "Patient?_count=200")
		if err != nil {
			t.Fatal(err)
		}
		defer first.Body.Close()
		if first.StatusCode != http.StatusServiceUnavailable || first.Header.Get("Retry-After") == "" {
			t.Errorf("a first part without its audit is answered with %d", first.StatusCode)
		}
		later, err := batch("Patient?_count=200", "Account?_count=1")
		if err != nil {
			t.Fatal(err)
		}
		defer later.Body.Close()
		content, err := io.ReadAll(later.Body)
		if err == nil || strings.Contains(string(content), "Account") {
			t.Errorf("a later part without its audit came, or the answer looks whole: %v", err)
		}
	})
}
