package payer

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"
)

// Handler gives the payer's own doors: what it is and what it can to everybody, all else to who has its token.
func (p *Payer) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", p.welcome)
	mux.HandleFunc("GET "+fhirPath+"/metadata", p.metadata)
	for pattern, door := range map[string]http.HandlerFunc{
		"GET /letters":                         p.listLetters,
		"GET /deposits":                        p.listDeposits,
		"GET /clock":                           p.tellClock,
		"POST /clock":                          p.moveClock,
		"POST " + fhirPath + "/Claim/$submit":  p.submit,
		"POST " + fhirPath + "/Claim/$inquire": p.inquire,
		"POST " + fhirPath + "/CoverageEligibilityRequest":         p.ask,
		"POST " + fhirPath + "/CoverageEligibilityRequest/$submit": p.ask,
		"POST " + fhirPath + "/$searchByPayment":                   p.searchByPayment,
		"POST " + fhirPath + "/$downloadRemittance":                p.downloadRemittance,
	} {
		mux.HandleFunc(pattern, p.guarded(door))
	}
	return mux
}

// guarded lets in who has the payer's token.
func (p *Payer) guarded(door http.HandlerFunc) http.HandlerFunc {
	want := []byte("Bearer " + p.config.Token)
	return func(w http.ResponseWriter, r *http.Request) {
		if p.config.Token == "" || subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), want) != 1 {
			w.Header().Set("WWW-Authenticate", "Bearer")
			refuse(w, http.StatusUnauthorized, "login", "This door wants the payer's own token, as Authorization: Bearer.")
			return
		}
		door(w, r)
	}
}

// write gives a document.
func write(w http.ResponseWriter, status int, contentType string, document any) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(append(encode(document), '\n')) // who went away needs no answer
}

// refuse says what is wrong with a request (FHIR R4 OperationOutcome).
func refuse(w http.ResponseWriter, status int, code, text string) {
	write(w, status, fhirJSON, object{"resourceType": "OperationOutcome", "issue": []object{{"severity": "error", "code": code, "diagnostics": text}}})
}

// into reads a body; it answers itself where that cannot be read.
func into(w http.ResponseWriter, r *http.Request, what any) bool {
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyBytesMax))
	if err == nil {
		err = json.Unmarshal(text, what)
	}
	if err != nil {
		refuse(w, http.StatusBadRequest, "structure", "The body is no JSON of the form that is asked for here.")
		return false
	}
	return true
}

const plainJSON = "application/json"

func (p *Payer) welcome(w http.ResponseWriter, _ *http.Request) {
	write(w, http.StatusOK, plainJSON, object{
		"name": "A payer to practise against", "says": "No real payer: it answers claims by the member's number, as the scenarios of 'medbill payer --list' say.",
		"now": p.Now().Format(time.RFC3339), "doors": []string{"/clock", "/letters", "/deposits", fhirPath + "/metadata"},
	})
}

func (p *Payer) tellClock(w http.ResponseWriter, _ *http.Request) {
	write(w, http.StatusOK, plainJSON, object{"now": p.Now().Format(time.RFC3339)})
}

// moveClock moves the clock forward, and answers when what is due then was sent.
func (p *Payer) moveClock(w http.ResponseWriter, r *http.Request) {
	var to struct {
		Now time.Time `json:"now"`
	}
	if !into(w, r, &to) {
		return
	}
	switch err := p.Move(r.Context(), to.Now); {
	case errors.Is(err, errBack):
		refuse(w, http.StatusConflict, "business-rule", "The clock moves forward only; name a later moment.")
	case err != nil:
		p.log.Warn("payer could not send all that is due", "error", err)
		refuse(w, http.StatusServiceUnavailable, "transient", "Not all that is due could be sent to the practice's server; GET /letters says what waits.")
	default:
		p.tellClock(w, r)
	}
}
