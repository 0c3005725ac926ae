package api

import (
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"medbill/billing"
	"medbill/fhir"
	"medbill/fhir/intake"
	"medbill/fhir/search"
	"medbill/internal/codes"
	"medbill/internal/codes/published"
	"medbill/models"
	"medbill/models/fault"
	"medbill/models/operation"
)

// codes answers $codes with every release that is here.
func (s *Server) codes(r run) error {
	releases, err := s.Office.CodeReleases(r.ctx(), r.who)
	if err != nil {
		return err
	}
	list := parameterList{}
	for _, one := range releases {
		list.parts("release", releaseParts(one))
	}
	s.write(r.Context, http.StatusOK, list.encode())
	return nil
}

// loadCodes answers $load-codes with what a published file held.
func (s *Server) loadCodes(r run) error {
	asked, err := r.askedFile()
	if err != nil {
		return err
	}
	loaded, err := s.Office.LoadCodes(r.ctx(), r.who, r.call, billing.CodeLoad{Name: asked["file"], Content: []byte(asked["content"]), Options: published.Options{
		Table: codes.Table(asked["table"]), Name: asked["release"], From: models.Date(asked["from"]), Until: models.Date(asked["until"]),
	}})
	if err != nil {
		return err
	}
	markRehearsal(r.Context, r.call.DryRun)
	list := parameterList{}
	for _, one := range loaded {
		part := releaseParts(one.Release)
		part.boolean("changed", one.Changed)
		list.parts("release", part)
	}
	s.write(r.Context, http.StatusOK, list.encode())
	return nil
}

// askedFile reads what is to be loaded: the file as the body with the rest in the address, or Parameters.
func (r run) askedFile() (map[string]string, error) {
	media, _, _ := mime.ParseMediaType(r.GetHeader("Content-Type"))
	if media != operation.MediaBytes {
		return r.asked()
	}
	asked, err := r.inAddress("file", "table", "release", "from", "until")
	if err != nil {
		return nil, err
	}
	if asked["file"] == "" {
		return nil, fault.At(fault.Invalid, "required", "file", "The name of the file is missing; it tells what the content does not.")
	}
	content, err := readAll(r.Context)
	asked["content"] = string(content)
	return asked, err
}

// dropCodes answers $drop-codes with nothing but that it is done.
func (s *Server) dropCodes(r run) error {
	asked, err := r.asked()
	if err != nil {
		return err
	}
	if err := s.Office.DropCodes(r.ctx(), r.who, r.call, codes.Table(asked["table"]), asked["release"]); err != nil {
		return err
	}
	markRehearsal(r.Context, r.call.DryRun)
	s.write(r.Context, http.StatusOK, parameterList{}.encode())
	return nil
}

// lookUp answers CodeSystem/$lookup. https://hl7.org/fhir/R4/codesystem-operation-lookup.html
func (s *Server) lookUp(r run) error {
	a, err := s.askedCode(r)
	switch {
	case err != nil:
		return err
	case a.Standing == codes.Missing:
		return fault.At(fault.NotFound, "not-found", "system", "No release of this code system is here; 'medbill codes load' loads one.")
	case !a.Found:
		return fault.At(fault.NotFound, "not-found", "code", "The release of that day does not have the code.")
	}
	list := parameterList{}
	list.text("name", a.Facts.Title)
	list.text("version", a.Release.Name)
	list.text("display", displayOf(a.Concept))
	for _, other := range a.Concept.Other {
		part := parameterList{}
		part.text("value", other)
		list.parts("designation", part)
	}
	property := func(code string, value operationParameter) {
		value.Name = "value"
		list.parts("property", parameterList{{Name: "code", ValueCode: code}, value})
	}
	if !a.Concept.Billable {
		yes := true
		property("notSelectable", operationParameter{ValueBoolean: &yes})
	}
	for _, choice := range a.Choices {
		property("child", operationParameter{ValueCode: a.Facts.Written(choice.Code)})
	}
	if from := a.Concept.Span.From; from != "" {
		property("effectiveDate", operationParameter{ValueDate: string(from)})
	}
	if until := a.Concept.Span.Until; until != "" {
		property("deprecationDate", operationParameter{ValueDate: string(until)})
	}
	s.write(r.Context, http.StatusOK, list.encode())
	return nil
}

// displayOf gives the text of a code; a licensed one that is not here is its code.
func displayOf(c codes.Concept) string {
	if c.Display == "" {
		return c.Code
	}
	return c.Display
}

// validateCode answers CodeSystem/$validate-code. https://hl7.org/fhir/R4/codesystem-operation-validate-code.html
func (s *Server) validateCode(r run) error {
	a, err := s.askedCode(r)
	if err != nil {
		return err
	}
	list := parameterList{}
	list.boolean("result", a.Usable)
	list.text("message", a.Message())
	if a.Found {
		list.text("display", displayOf(a.Concept))
	}
	s.write(r.Context, http.StatusOK, list.encode())
	return nil
}

// askedCode looks up the code that a request is about.
func (s *Server) askedCode(r run) (billing.CodeAnswer, error) {
	asked, err := r.asked()
	if err != nil {
		return billing.CodeAnswer{}, err
	}
	system := asked["system"]
	if system == "" {
		system = asked["url"]
	}
	if system == "" || asked["code"] == "" {
		return billing.CodeAnswer{}, fault.At(fault.Invalid, "required", "code", "The request names a code with its system, or a coding that has both.")
	}
	day, err := askedDay(asked["date"])
	if err != nil {
		return billing.CodeAnswer{}, err
	}
	return s.Office.LookUp(r.ctx(), system, asked["code"], day)
}

func askedDay(text string) (models.Date, error) {
	if text == "" {
		return "", nil
	}
	day, ok := models.ParseDate(text)
	if !ok {
		return "", fault.At(fault.Invalid, "value", "date", "The day is written as 2026-03-02.")
	}
	return day, nil
}

// How many codes an expansion gives.
const (
	expansionDefault = 100
	expansionMax     = 1000
)

// expand answers ValueSet/$expand. https://hl7.org/fhir/R4/valueset-operation-expand.html
func (s *Server) expand(r run) error {
	asked, err := r.asked()
	if err != nil {
		return err
	}
	url := strings.TrimSuffix(asked["url"], "?fhir_vs")
	if url == "" {
		return fault.At(fault.Invalid, "required", "url", "The request names a value set, or a code system by its URL with ?fhir_vs.")
	}
	q := billing.CodeSearch{System: url}
	q.Text = asked["filter"]
	if q.On, err = askedDay(asked["date"]); err != nil {
		return err
	}
	if q.Count, err = askedNumber(asked, "count", expansionDefault); err != nil {
		return err
	}
	q.Count = min(q.Count, expansionMax)
	if q.Skip, err = askedNumber(asked, "offset", 0); err != nil {
		return err
	}
	found, err := s.Office.SearchCodes(r.ctx(), q)
	if err != nil {
		return err
	}
	s.write(r.Context, http.StatusOK, fhir.Encode(expansionOf(asked["url"], q, found, s.DB.Now())))
	return nil
}

func askedNumber(asked map[string]string, name string, otherwise int) (int, error) {
	if asked[name] == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(asked[name])
	if err != nil || n < 0 {
		return 0, fault.At(fault.Invalid, "value", name, "It is a whole number, at least 0.")
	}
	return n, nil
}

// The parts of a ValueSet that we write.
type (
	valueSet struct {
		ResourceType string    `json:"resourceType"`
		URL          string    `json:"url"`
		Status       string    `json:"status"`
		Expansion    expansion `json:"expansion"`
	}
	expansion struct {
		Timestamp string           `json:"timestamp"`
		Total     int              `json:"total"`
		Offset    int              `json:"offset"`
		Parameter []expansionValue `json:"parameter,omitempty"`
		Contains  []expansionCode  `json:"contains,omitempty"`
	}
	expansionValue struct {
		Name     string `json:"name"`
		ValueURI string `json:"valueUri"`
	}
	expansionCode struct {
		System   string `json:"system"`
		Abstract bool   `json:"abstract,omitempty"`
		Version  string `json:"version,omitempty"`
		Code     string `json:"code"`
		Display  string `json:"display"`
	}
)

func expansionOf(url string, q billing.CodeSearch, found billing.FoundCodes, now models.Instant) valueSet {
	v := valueSet{ResourceType: "ValueSet", URL: url, Status: "active", Expansion: expansion{Timestamp: now.String(), Total: found.Total, Offset: q.Skip}}
	v.Expansion.Parameter = []expansionValue{{"version", q.System + "|" + found.Release.Name}}
	for i, c := range found.Codes {
		v.Expansion.Contains = append(v.Expansion.Contains, expansionCode{
			System: found.SystemOf(i), Abstract: !c.Billable, Version: found.Release.Name, Code: found.Facts.Written(c.Code), Display: displayOf(c),
		})
	}
	return v
}

// releaseParts writes a release.
func releaseParts(r codes.Release) parameterList {
	part := parameterList{}
	part.text("table", string(r.Table))
	part.text("name", r.Name)
	part.date("from", r.Span.From)
	part.date("until", r.Span.Until)
	part.boolean("complete", r.Complete)
	part.number("rows", r.Rows)
	if r.Kind == codes.KindConcepts {
		part.number("billable", r.Billable)
	}
	part.text("source", r.Source)
	return part
}

// inAddress reads parameters of the address, and refuses one that stands twice or is not known.
func (r run) inAddress(names ...string) (map[string]string, error) {
	pairs, err := search.Pairs(r.Request.URL.RawQuery)
	if err != nil {
		return nil, err
	}
	asked := map[string]string{}
	for _, p := range pairs {
		if p.Name == "_format" || p.Name == "_pretty" {
			continue
		}
		if _, twice := asked[p.Name]; twice || !slices.Contains(names, p.Name) {
			return nil, fault.New(fault.Invalid, "invalid", "A parameter of the address is unknown, or stands twice; the operation takes "+strings.Join(names, ", ")+".")
		}
		asked[p.Name] = p.Value
	}
	return asked, nil
}

// asked reads the simple parameters that an operation takes, from the address of a GET or the Parameters of a POST.
func (r run) asked() (map[string]string, error) {
	if r.Request.Method == http.MethodPost {
		sent, err := parameters(r.Context)
		if err != nil {
			return nil, err
		}
		return intake.Asked(sent, r.row)
	}
	var names []string
	for _, p := range r.row.Parameters {
		if !p.Out && p.Type != "Coding" {
			names = append(names, p.Name)
		}
	}
	return r.inAddress(names...)
}
