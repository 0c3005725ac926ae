package payer

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// sent is what comes to a FHIR door: a document, with those it names where it came in a Bundle.
type sent struct {
	text    json.RawMessage
	name    string // as the Bundle names it
	entries []bundleEntry
}

type bundleEntry struct {
	FullURL  string          `json:"fullUrl"`
	Resource json.RawMessage `json:"resource"`
}

// receive reads a document or a Bundle with one first.
func receive(w http.ResponseWriter, r *http.Request, resourceType string) (sent, bool) {
	var body struct {
		ResourceType string            `json:"resourceType"`
		ID           string            `json:"id"`
		Entry        []bundleEntry     `json:"entry"`
		Contained    []json.RawMessage `json:"contained"`
	}
	var text json.RawMessage
	if !into(w, r, &text) || json.Unmarshal(text, &body) != nil {
		return sent{}, false
	}
	came := sent{text: text, name: resourceType + "/" + body.ID, entries: body.Entry}
	if body.ResourceType == "Bundle" && len(body.Entry) > 0 {
		came.text, came.name = body.Entry[0].Resource, body.Entry[0].FullURL
		body.ResourceType, body.ID = "", ""
		_ = json.Unmarshal(came.text, &body) // what it is not is refused below
	}
	if came.name == "" {
		came.name = resourceType + "/" + body.ID
	}
	for _, c := range body.Contained {
		came.entries = append(came.entries, bundleEntry{Resource: c})
	}
	if body.ResourceType != resourceType {
		refuse(w, http.StatusUnprocessableEntity, "structure", "Send a "+resourceType+", or a Bundle with a "+resourceType+" as its first entry.")
		return sent{}, false
	}
	return came, true
}

// coverage finds a Coverage that came along; one that did not is known by its identifier alone.
func (s sent) coverage(ref reference) coverageDocument {
	for _, entry := range s.entries {
		var c coverageDocument
		if json.Unmarshal(entry.Resource, &c) != nil || c.ResourceType != "Coverage" {
			continue
		}
		if entry.FullURL != "" && entry.FullURL == ref.Reference || c.ID != "" && tail(strings.TrimPrefix(ref.Reference, "#")) == c.ID {
			return c
		}
	}
	if ref.Identifier != nil {
		return coverageDocument{SubscriberID: ref.Identifier.Value}
	}
	return coverageDocument{}
}

// playOf gives which payer a document is for: by its organization at the practice's server, by the plan's name, else the first.
func (p *Payer) playOf(insurer reference) Play {
	for _, play := range p.config.Plays {
		if play.Organization == tail(insurer.Reference) {
			return play
		}
	}
	if insurer.Identifier != nil && Plans[insurer.Identifier.Value].Name != "" {
		return Play{Plan: insurer.Identifier.Value}
	}
	if i := slices.IndexFunc(p.config.Plays, func(play Play) bool { return play.Plan == ACME }); i < 0 && len(p.config.Plays) > 0 {
		return Play{Plan: p.config.Plays[0].Plan}
	}
	return Play{Plan: ACME}
}

const noMember = "The member is not told: send the Coverage that insurance names in the Bundle, or its number as insurance.coverage.identifier."
