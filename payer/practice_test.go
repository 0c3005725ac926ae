package payer_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"medbill/payer"
)

// practice is a server of a practice that keeps documents and refuses what it is told to, for what payers do with answers that a
// practice's server gives only when something is wrong with it.
type practice struct {
	mu      sync.Mutex
	claims  map[string]object // by id; those that are transmitted
	members map[string]string // by the id of the Coverage
	asked   []object          // CoverageEligibilityRequests
	got     []string          // type and outcome of what was posted, in turn
	task    string            // status
	answers func(resourceType string) int
}

func (s *practice) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Header.Get("Authorization") != "Bearer acme-token" {
		http.Error(w, "", http.StatusForbidden)
		return
	}
	resourceType, id, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/fhir/R4/"), "/")
	searchset := func(list ...object) object {
		entries := []object{}
		for _, one := range list {
			entries = append(entries, object{"resource": one})
		}
		return object{"resourceType": "Bundle", "entry": entries}
	}
	var answer any
	status := http.StatusOK
	switch {
	case r.Method == http.MethodPost:
		status = s.takes(r, resourceType)
		answer = object{"resourceType": resourceType, "id": fmt.Sprintf("%s-%d", strings.ToLower(resourceType), len(s.got))}
		if status >= http.StatusBadRequest {
			answer = object{"resourceType": "OperationOutcome", "issue": []object{{"diagnostics": "Not this one.", "expression": []string{"here"}}}}
		}
	case resourceType == "Coverage":
		answer = object{"resourceType": "Coverage", "id": id, "identifier": []object{{"type": object{"coding": []object{{"code": "MB"}}}, "value": s.members[id]}}}
	case resourceType == "Task":
		answer = object{"resourceType": "Task", "id": id, "status": s.task}
	case resourceType == "CoverageEligibilityRequest":
		answer = searchset(s.asked...)
	default:
		var list []object
		for _, c := range s.claims {
			list = append(list, c)
		}
		answer = searchset(list...)
	}
	w.Header().Set("Content-Type", "application/fhir+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer)
}

// takes keeps what a payer posts.
func (s *practice) takes(r *http.Request, resourceType string) int {
	text, _ := io.ReadAll(r.Body)
	var d struct{ Outcome, Status string }
	_ = json.Unmarshal(text, &d)
	status := s.answers(resourceType)
	if status < http.StatusBadRequest {
		s.got = append(s.got, strings.TrimSpace(resourceType+" "+d.Outcome))
	}
	return status
}

// employ opens a practice with a claim of a member, and a payer that looks there.
func employ(t *testing.T, member string) (*practice, *desk) {
	t.Helper()
	c := claim("c", member, visit)["entry"].([]object)[0]["resource"].(object)
	s := &practice{claims: map[string]object{"c": c}, members: map[string]string{"c": member}, task: "requested", answers: func(string) int { return http.StatusCreated }}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return s, open(t, payer.Config{Provider: server.URL + "/fhir/R4/", Plays: []payer.Play{{Organization: "acme", Token: "acme-token", Plan: payer.ACME}}})
}

func (s *practice) expect(t *testing.T, want ...string) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.Equal(s.got, want) {
		t.Errorf("the practice got %q, want %q", s.got, want)
	}
}

func (d *desk) round() error { return d.payer.Round(context.Background()) }

func TestDocumentsThatAreAskedForComeBeforeTheAnswer(t *testing.T) {
	s, d := employ(t, "RFAI-1")
	for range 3 {
		if err := d.round(); err != nil {
			t.Fatal(err)
		}
	}
	s.expect(t, "ClaimResponse queued", "Task")
	s.mu.Lock()
	s.task = "completed"
	s.mu.Unlock()
	d.move(2)
	s.expect(t, "ClaimResponse queued", "Task", "ClaimResponse complete", "PaymentReconciliation complete")
	var task struct {
		Intent, Status string
		Code           concept
		Focus          struct{ Reference string }
		Restriction    struct{ Period struct{ End string } }
		Input          []struct{ ValueCodeableConcept concept }
	}
	if err := json.Unmarshal(d.letters()[1].Document, &task); err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(task), "{order requested {[{http://hl7.org/fhir/us/davinci-cdex/CodeSystem/cdex-temp attachment-request-code}]} {Claim/c} {{2026-04-02}} [{{[{http://loinc.org 11506-3}]}}]}"; got != want {
		t.Errorf("documents are asked for by %s, want %s", got, want)
	}
}

func TestWhatAServerMayTakeLaterWaits(t *testing.T) {
	for _, status := range []int{http.StatusUnauthorized, http.StatusTooManyRequests, http.StatusServiceUnavailable} {
		s, d := employ(t, "DED-1")
		s.answers = func(string) int { return status }
		if err := d.round(); err == nil {
			t.Errorf("HTTP %d is taken for an answer", status)
		}
		if l := d.letters()[0]; l.State != "due" {
			t.Errorf("after HTTP %d the letter is %s", status, l.State)
		}
		d.do("POST", "/clock", object{"now": start.AddDate(0, 0, 1)}, http.StatusServiceUnavailable)
		s.mu.Lock()
		s.answers = func(string) int { return http.StatusCreated }
		s.mu.Unlock()
		d.move(1)
		s.expect(t, "ClaimResponse complete", "PaymentReconciliation complete")
	}
}

func TestWhatAServerRefusesIsShownAndNotPaid(t *testing.T) {
	s, d := employ(t, "TAKE-1")
	s.answers = func(string) int { return http.StatusUnprocessableEntity }
	d.move(1)
	d.move(100)
	letters := d.letters()
	if len(letters) != 1 || letters[0].State != "refused" || letters[0].Why != "Not this one. here" {
		t.Errorf("the letters are %+v", letters)
	}
	if got := d.payer.Deposits(); len(got) != 0 {
		t.Errorf("what was refused is paid by %v", got)
	}
}

func TestARejectedClaimThatWaitsAgainWasSentAgain(t *testing.T) {
	s, d := employ(t, "REJ-1")
	for range 4 { // it waits again at once: nobody took it back
		if err := d.round(); err != nil {
			t.Fatal(err)
		}
	}
	s.expect(t, "ClaimResponse error", "ClaimResponse complete")
}

// TestAQuestionThatAPracticeKeepsIsAnsweredOnce holds that its new versions, which the answer may make, are not asked again, but for
// one that the payer had no answer to at the time.
func TestAQuestionThatAPracticeKeepsIsAnsweredOnce(t *testing.T) {
	for member, want := range map[string][]string{
		"E2-1": {"CoverageEligibilityResponse complete", "ClaimResponse complete"},
		"E3-1": {"CoverageEligibilityResponse error", "ClaimResponse complete"},
		"E4-1": {"CoverageEligibilityResponse error", "ClaimResponse complete", "CoverageEligibilityResponse complete"},
	} {
		s, d := employ(t, member)
		ask := question(member)["entry"].([]object)[0]["resource"].(object)
		for version := range 4 {
			s.mu.Lock()
			ask["meta"] = object{"versionId": fmt.Sprint(version / 2)}
			s.asked = []object{ask}
			s.mu.Unlock()
			if err := d.round(); err != nil {
				t.Fatal(err)
			}
		}
		s.expect(t, want...)
	}
}
