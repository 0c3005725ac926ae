package api

import (
	"bytes"
	"mime"
	"net/http"
	"strings"

	"medbill/billing"
	"medbill/billing/rules/charge"
	"medbill/fhir"
	"medbill/fhir/intake"
	"medbill/fhir/search"
	"medbill/models"
	"medbill/models/fault"
	"medbill/models/operation"
)

// settings answers $settings with all settings; a POST changes those it sends first.
func (s *Server) settings(r run) error {
	if r.Request.Method != http.MethodPost {
		found, err := s.Office.Settings(r.ctx(), r.who)
		if err != nil {
			return err
		}
		s.write(r.Context, http.StatusOK, settingsParameters(found))
		return nil
	}
	sent, err := parameters(r.Context)
	if err != nil {
		return err
	}
	change, err := intake.Settings(sent)
	if err != nil {
		return err
	}
	changed, err := s.Office.ChangeSettings(r.ctx(), r.who, r.call, change)
	if err != nil {
		return atParameters(err, r.row, sent)
	}
	markRehearsal(r.Context, changed.Rehearsal != nil)
	s.write(r.Context, http.StatusOK, settingsParameters(changed.Result)) // of a rehearsal, as they would stand
	return nil
}

// fees answers $fees with every version of every schedule.
func (s *Server) fees(r run) error {
	schedules, err := s.Office.FeeSchedules(r.ctx(), r.who)
	if err != nil {
		return err
	}
	s.write(r.Context, http.StatusOK, feeParameters(schedules...))
	return nil
}

// loadFees answers $load-fees with the version as it stands then.
func (s *Server) loadFees(r run) error {
	media, _, _ := mime.ParseMediaType(r.GetHeader("Content-Type"))
	if media == operation.MediaCSV {
		return s.loadFeesAsCSV(r)
	}
	sent, err := parameters(r.Context)
	if err != nil {
		return err
	}
	asked, err := intake.Fees(sent)
	if err != nil {
		return err
	}
	lines, err := charge.ReadCSV(strings.NewReader(asked.CSV))
	if err != nil {
		return err
	}
	loaded, err := s.Office.LoadFees(r.ctx(), r.who, r.call, billing.FeeLoad{Name: asked.Name, PayerID: asked.PayerID, From: asked.From, Until: asked.Until, Lines: lines})
	if err != nil {
		return atParameters(err, r.row, sent)
	}
	markRehearsal(r.Context, loaded.Rehearsal != nil)
	s.write(r.Context, http.StatusOK, feeParameters(loaded.Result))
	return nil
}

// loadFeesAsCSV takes the lines as the body and the rest from the address.
func (s *Server) loadFeesAsCSV(r run) error {
	if err := requireMedia(r.Context, r.row.Media...); err != nil {
		return err
	}
	load, err := feeQuery(r)
	if err != nil {
		return err
	}
	content, err := readAll(r.Context)
	if err != nil {
		return err
	}
	if load.Lines, err = charge.ReadCSV(bytes.NewReader(content)); err != nil {
		return err
	}
	loaded, err := s.Office.LoadFees(r.ctx(), r.who, r.call, load)
	if err != nil {
		return err
	}
	markRehearsal(r.Context, loaded.Rehearsal != nil)
	s.write(r.Context, http.StatusOK, feeParameters(loaded.Result))
	return nil
}

// feeQuery reads which version the lines are, and refuses what it does not know.
func feeQuery(r run) (billing.FeeLoad, error) {
	var load billing.FeeLoad
	pairs, err := search.Pairs(r.Request.URL.RawQuery)
	if err != nil {
		return load, err
	}
	seen := map[string]bool{}
	for _, p := range pairs {
		if seen[p.Name] {
			return load, fault.At(fault.Invalid, "value", "name", "A parameter of the address stands twice; state it once.")
		}
		seen[p.Name] = true
		switch p.Name {
		case "name":
			load.Name = p.Value
		case "payer":
			load.PayerID = models.OrganizationID(strings.TrimPrefix(p.Value, "Organization/"))
		case "from":
			load.From = models.Date(p.Value)
		case "until":
			load.Until = models.Date(p.Value)
		case "_format", "_pretty":
		default:
			return load, fault.New(fault.Invalid, "invalid", "A parameter of the address is unknown; lines as text/csv go with name, payer, from and until.")
		}
	}
	return load, nil
}

// endFees answers $end-fees with the version as it stands then.
func (s *Server) endFees(r run) error {
	sent, err := parameters(r.Context)
	if err != nil {
		return err
	}
	end, err := intake.FeesEnd(sent)
	if err != nil {
		return err
	}
	ended, err := s.Office.EndFees(r.ctx(), r.who, r.call, end.Schedule, end.Until)
	if err != nil {
		return atParameters(err, r.row, sent)
	}
	markRehearsal(r.Context, ended.Rehearsal != nil)
	s.write(r.Context, http.StatusOK, feeParameters(ended.Result))
	return nil
}

func settingsParameters(t models.TenantSettings) []byte {
	list := parameterList{}
	list.text("name", t.Name)
	list.text("timeZone", t.TimeZone)
	list.reference("practice", t.PracticeID)
	list.date("goLive", t.GoLive)
	list.boolean("autoSubmit", t.AutoSubmit)
	list.number("dueDays", t.DueDays)
	list.number("selfPayHours", t.SelfPayHours)
	list.number("reviewShare", t.ReviewShare)
	list.number("writeOffMax", t.WriteOffMax)
	list.date("closedThrough", t.ClosedThrough)
	for _, c := range t.Connections {
		part := parameterList{}
		part.reference("payer", c.PayerID)
		part.code("kind", string(c.Kind))
		list.parts("connection", part)
	}
	return list.encode()
}

func feeParameters(schedules ...models.FeeSchedule) []byte {
	list := parameterList{}
	for _, s := range schedules {
		part := parameterList{}
		part.text("id", string(s.ID))
		part.text("name", s.Name)
		part.reference("payer", s.PayerID)
		part.date("from", s.From)
		part.date("until", s.Until)
		part.number("prices", s.Prices)
		list.parts("feeSchedule", part)
	}
	return list.encode()
}

// parameterList writes Parameters: what is empty is left out, as FHIR wants it.
type parameterList []operationParameter

func (l *parameterList) add(p operationParameter) { *l = append(*l, p) }

func (l *parameterList) text(name, value string) {
	if value != "" {
		l.add(operationParameter{Name: name, ValueString: value})
	}
}

func (l *parameterList) code(name, value string) {
	l.add(operationParameter{Name: name, ValueCode: value})
}

func (l *parameterList) date(name string, day models.Date) {
	if day != "" {
		l.add(operationParameter{Name: name, ValueDate: string(day)})
	}
}

func (l *parameterList) boolean(name string, value bool) {
	l.add(operationParameter{Name: name, ValueBoolean: &value})
}

func (l *parameterList) number(name string, value int) {
	l.add(operationParameter{Name: name, ValueUnsignedInt: &value})
}

func (l *parameterList) reference(name string, organization models.OrganizationID) {
	if organization != "" {
		l.add(operationParameter{Name: name, ValueReference: fhir.To("Organization", organization)})
	}
}

func (l *parameterList) parts(name string, part parameterList) {
	l.add(operationParameter{Name: name, Part: part})
}

func (l parameterList) encode() []byte {
	return fhir.Encode(operationParameters{ResourceType: "Parameters", Parameter: l})
}
