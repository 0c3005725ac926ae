package published

import (
	"encoding/json"
	"errors"
	"io"
	"strings"

	"medbill/internal/codes"
	"medbill/models"
)

func isFHIR(_ string, head []string) bool {
	return len(head) > 0 && strings.HasPrefix(strings.TrimSpace(head[0]), "{")
}

// resource is a CodeSystem, a ValueSet or a Bundle of them, as far as it is read.
// https://hl7.org/fhir/R4/codesystem.html https://hl7.org/fhir/R4/valueset.html
type resource struct {
	ResourceType string          `json:"resourceType"`
	URL          string          `json:"url"`
	Version      string          `json:"version"`
	Date         string          `json:"date"`
	Content      string          `json:"content"`
	Concept      []fhirConcept   `json:"concept"`
	Entry        []resourceEntry `json:"entry"`
	Compose      struct {
		Include []struct {
			System  string        `json:"system"`
			Concept []fhirConcept `json:"concept"`
		} `json:"include"`
		Exclude []json.RawMessage `json:"exclude"`
	} `json:"compose"`
	Expansion struct {
		Contains []fhirConcept `json:"contains"`
	} `json:"expansion"`
}

type resourceEntry struct {
	Resource resource `json:"resource"`
}

type fhirConcept struct {
	System      string `json:"system"`
	Code        string `json:"code"`
	Display     string `json:"display"`
	Definition  string `json:"definition"`
	Abstract    bool   `json:"abstract"`
	Designation []struct {
		Value string `json:"value"`
	} `json:"designation"`
	Property []struct {
		Code         string `json:"code"`
		ValueBoolean bool   `json:"valueBoolean"`
	} `json:"property"`
	Concept  []fhirConcept `json:"concept"`
	Contains []fhirConcept `json:"contains"`
}

// isSelectable reports whether a concept may be used; a heading may not.
func (c fhirConcept) isSelectable() bool {
	for _, p := range c.Property {
		if (p.Code == "notSelectable" || p.Code == "abstract") && p.ValueBoolean {
			return false
		}
	}
	return !c.Abstract
}

func readFHIR(in *lines, o Options) ([]codes.Edition, error) {
	var r resource
	decoder := json.NewDecoder(&reader{in: in})
	if err := decoder.Decode(&r); err != nil {
		return nil, in.broken(err, "the JSON is damaged, or no FHIR")
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, in.wrong("something stands after the document")
	}
	list := []resource{r}
	if r.ResourceType == "Bundle" {
		list = nil
		for _, e := range r.Entry {
			list = append(list, e.Resource)
		}
	}
	var editions []codes.Edition
	for _, one := range list {
		found, err := one.edition(o)
		if err != nil {
			return nil, err
		}
		editions = append(editions, found...)
	}
	return editions, nil
}

func (r resource) edition(o Options) ([]codes.Edition, error) {
	if r.URL == "" && o.Table == "" {
		return nil, errors.New("the " + r.ResourceType + " has no url")
	}
	release := codes.Release{Table: codes.TableOf(r.URL), Kind: codes.KindConcepts, Name: r.Version, Complete: r.Content == "" || r.Content == "complete"}
	if o.Table != "" {
		release.Table = o.Table
	}
	if day, ok := models.ParseDate(r.Date); ok {
		release.Span.From = day
	}
	if o.Name != "" {
		release.Name = o.Name
	}
	if o.From != "" || o.Until != "" {
		release.Span = models.Span{From: o.From, Until: o.Until}
	}
	if release.Name == "" {
		release.Name = string(release.Span.From)
	}
	if release.Name == "" {
		return nil, errors.New("it has neither version nor date; say --release and --from")
	}
	switch r.ResourceType {
	case "CodeSystem":
		return conceptsOf(release, nested(release.Table.Facts(), r.Concept))
	case "ValueSet":
		rows, err := r.members()
		release.Kind = codes.KindRecords
		return edition(release, codes.NewRecords([]string{"system", "code", "display"}, rows)), err
	}
	return nil, errUnknown
}

// nested gives the concepts of a tree.
func nested(f codes.Facts, list []fhirConcept) []codes.Concept {
	var all []codes.Concept
	for _, c := range list {
		one := codes.Concept{Code: f.Bare(c.Code), Display: clean(c.Display), Billable: c.isSelectable()}
		if one.Display == "" {
			one.Display = clean(c.Definition)
		}
		for _, d := range c.Designation {
			if text := clean(d.Value); text != "" && text != one.Display {
				one.Other = append(one.Other, text)
			}
		}
		all = append(append(all, one), nested(f, c.Concept)...)
	}
	return all
}

// members gives system, code and display of what a value set holds. One that only says how its members are found is refused.
func (r resource) members() (rows [][]string, err error) {
	var add func(list []fhirConcept, system string)
	add = func(list []fhirConcept, system string) {
		for _, c := range list {
			of := system
			if c.System != "" {
				of = c.System
			}
			if c.isSelectable() && c.Code != "" {
				rows = append(rows, []string{of, c.Code, clean(c.Display)})
			}
			add(c.Contains, of)
		}
	}
	add(r.Expansion.Contains, "")
	if len(rows) > 0 {
		return rows, nil
	}
	for _, include := range r.Compose.Include {
		if len(include.Concept) == 0 || len(r.Compose.Exclude) > 0 {
			return nil, errors.New("the ValueSet only says how its codes are found; load its expansion")
		}
		add(include.Concept, include.System)
	}
	return rows, nil
}
