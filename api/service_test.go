package api_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"medbill/api"
	"medbill/billing"
	"medbill/internal/store"
	"medbill/internal/store/storetest"
)

func TestProbesAreOpen(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.send(t, "", "GET", w.root+"/healthz", "").expect(t, 200)
		a := w.send(t, "", "GET", w.root+"/readyz", "").expect(t, 200)
		if a.body != `{"database":true,"schema":true,"keys":true}` || a.header.Get("Content-Type") != "application/json" {
			t.Error(a.body)
		}
	})
}

func TestNotReadyWithoutADatabase(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, storetest.Open(t, storetest.URL(t, "sqlite")), func(c *api.Config) {
			c.DB, c.Office = db, billing.New(db, slog.New(slog.DiscardHandler))
		})
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		if a := w.send(t, "", "GET", w.root+"/readyz", ""); a.status != 503 || a.body != `{"database":false,"schema":false,"keys":true}` {
			t.Errorf("%d %s", a.status, a.body)
		}
		if a := w.send(t, "", "GET", w.root+"/metrics", ""); a.status != 200 || !strings.Contains(a.body, "medbill_jobs_waiting NaN") || !strings.Contains(a.body, "medbill_jobs_lost_total NaN") {
			t.Errorf("%d %.300s", a.status, a.body)
		}
	})
}

func TestMetricsCountByRoute(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.put(t, "Patient/canary", patientOf("canary", ""))
		w.do(t, admin, "GET", "Patient/canary", "").expect(t, 200)
		w.do(t, admin, "GET", "Patient/canary2", "").expect(t, 404)
		w.do(t, admin, "BREW", "Patient/canary", "").expect(t, 405)
		a := w.send(t, "", "GET", w.root+"/metrics", "").expect(t, 200)
		for _, line := range []string{
			`medbill_http_request_duration_seconds_count{method="GET",route="/fhir/R4/Patient/:id",status="2xx"} 1`,
			`medbill_http_request_duration_seconds_count{method="GET",route="/fhir/R4/Patient/:id",status="4xx"} 1`,
			`medbill_http_request_duration_seconds_bucket{method="PUT",route="/fhir/R4/Patient/:id",status="2xx",le="+Inf"} 1`,
			`method="other",route="none",status="4xx"`, "medbill_sql_statements_total ", "medbill_jobs_waiting 0", "medbill_jobs_lost_total 0", "medbill_cases_overdue 0", "# TYPE medbill_http_request_duration_seconds histogram",
			sized(w),
		} {
			if !strings.Contains(a.body, line) {
				t.Errorf("%s is missing in\n%s", line, a.body)
			}
		}
		if strings.Contains(a.body, "canary") {
			t.Error("the metrics hold an id")
		}
	})
}

// sized is the beginning of a line that tells how large the database is.
func sized(w *world) string {
	if w.db.IsEmbedded() {
		return "medbill_table_rows{table=\"documents\"} 1\n"
	}
	return "medbill_table_bytes{table=\"documents\"} "
}

func TestMetricsAreOfferedOnlyWhereTheyAreAskedFor(t *testing.T) {
	t.Parallel()
	w := open(t, storetest.Open(t, storetest.URL(t, "sqlite")), func(c *api.Config) { c.Metrics = false })
	w.send(t, "", "GET", w.root+"/metrics", "").expect(t, 404)
	w.do(t, admin, "GET", w.root+"/metrics", "").expect(t, 404)
}

func TestBrowsersOfAllowedOriginsMayCall(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		preflight := []string{"Access-Control-Request-Method: PUT", "Access-Control-Request-Headers: authorization,if-match"}
		a := w.send(t, "", "OPTIONS", "Patient/p1", "", append(preflight, "Origin: https://front.example.org")...)
		if a.status != 204 || a.header.Get("Access-Control-Allow-Origin") != "https://front.example.org" || !strings.Contains(a.header.Get("Access-Control-Allow-Methods"), "PUT") || !strings.Contains(a.header.Get("Access-Control-Allow-Headers"), "If-Match") {
			t.Errorf("%d %v", a.status, a.header)
		}
		a = w.send(t, "", "OPTIONS", "Patient/p1", "", append(preflight, "Origin: https://evil.example.org")...)
		if a.status != 204 || a.header.Get("Access-Control-Allow-Origin") != "" || a.header.Get("Access-Control-Allow-Methods") != "" {
			t.Errorf("%d %v", a.status, a.header)
		}
		w.send(t, "", "OPTIONS", "Patient/p1", "").expect(t, 405)
		a = w.do(t, admin, "GET", "Patient", "", "Origin: https://front.example.org").expect(t, 200)
		for _, exposed := range []string{"ETag", "Location", "Last-Modified", "X-Request-Id"} {
			if !strings.Contains(a.header.Get("Access-Control-Expose-Headers"), exposed) {
				t.Errorf("%s is not exposed", exposed)
			}
		}
		if a.header.Get("Vary") == "" || a.header.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%v", a.header)
		}
		if a := w.do(t, admin, "GET", "Patient", "", "Origin: https://evil.example.org").expect(t, 200); a.header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%v", a.header)
		}
	})
}

func TestRequestsAreNumbered(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a := w.do(t, admin, "GET", "Patient", "", "X-Request-Id: mine-1").expect(t, 200)
		if a.header.Get("X-Correlation-Id") != "mine-1" || len(a.header.Get("X-Request-Id")) != 36 {
			t.Errorf("%v", a.header)
		}
		b := w.do(t, admin, "GET", "Patient", "", "X-Request-Id: "+strings.Repeat("x", 500)).expect(t, 200)
		if b.header.Get("X-Correlation-Id") != "" || b.header.Get("X-Request-Id") == a.header.Get("X-Request-Id") {
			t.Errorf("%v", b.header)
		}
		if a := w.send(t, "", "GET", "Patient", "").expect(t, 401); a.header.Get("X-Request-Id") == "" {
			t.Errorf("%v", a.header)
		}
		if a.header.Get("Cache-Control") != "no-store" || a.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%v", a.header)
		}
	})
}

func TestTheLogHoldsNoValues(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.do(t, admin, "PUT", "Patient/p1", patientOf("p1", `,"name":[{"family":"Canary7781"}]`)).expect(t, 201)
		w.do(t, admin, "GET", "Patient?name=Canary7781&birthdate=1970-01-01", "").expect(t, 200)
		w.do(t, admin, "GET", "Patient?name:Canary7781=x", "").expect(t, 400)
		w.do(t, admin, "GET", "Canary7781/p1", "").expect(t, 404)
		w.do(t, admin, "PUT", "Patient?identifier=Canary7781", patientOf("p1", `,"gender":"Canary7781"`)).expect(t, 400)
		w.do(t, admin, "POST", "Patient", patient, "If-None-Exist: identifier=Canary7781", "X-Request-Id: Canary7781").expect(t, 201)
		text := w.log.String()
		if strings.Contains(text, "anary7781") || strings.Contains(text, "1970-01-01") {
			t.Errorf("the log holds a value:\n%s", text)
		}
		lines := strings.Split(strings.TrimSpace(text), "\n")
		var line struct {
			Msg, Method, Route, Request, Tenant string
			Status, Bytes                       int
			Duration                            int64
		}
		if err := json.Unmarshal([]byte(lines[0]), &line); err != nil {
			t.Fatal(err)
		}
		if line.Msg != "request" || line.Method != http.MethodPut || line.Route != "/fhir/R4/Patient/:id" || line.Status != 201 || line.Bytes == 0 || len(line.Request) != 36 || line.Tenant != string(tenant) || line.Duration <= 0 {
			t.Errorf("%s", lines[0])
		}
	})
}

func TestAPanicIsAnOutcome(t *testing.T) {
	t.Parallel()
	w := open(t, storetest.Open(t, storetest.URL(t, "sqlite")), func(c *api.Config) {
		c.GraphQL = http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("Canary7781") })
	})
	a := w.do(t, admin, "POST", w.root+"/graphql", "{}").expect(t, 500)
	if a.code(t) != "exception" || strings.Contains(a.body+w.log.String(), "Canary7781") || !strings.Contains(w.log.String(), "service_test") && !strings.Contains(w.log.String(), "TestAPanicIsAnOutcome") {
		t.Errorf("%s\n%s", a.body, w.log.String())
	}
	if !strings.Contains(w.log.String(), `"request panicked"`) || !strings.Contains(w.log.String(), `"status":500`) {
		t.Error(w.log.String())
	}
}

func TestAnswersAreCompressed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.put(t, "Patient/p1", patientOf("p1", `,"name":[{"text":"`+strings.Repeat("long ", 1000)+`"}]`))
		plain := w.do(t, admin, "GET", "Patient/p1", "").expect(t, 200) // the client decodes
		packed := w.do(t, admin, "GET", "Patient/p1", "", "Accept-Encoding: gzip")
		if packed.header.Get("Content-Encoding") != "gzip" || len(packed.body) >= len(plain.body) || packed.header.Get("ETag") != plain.header.Get("ETag") {
			t.Errorf("%v, %d bytes of %d", packed.header, len(packed.body), len(plain.body))
		}
		if small := w.do(t, admin, "GET", "Patient?_id=nobody", "", "Accept-Encoding: gzip"); small.header.Get("Content-Encoding") != "" {
			t.Errorf("%v", small.header)
		}
	})
}
