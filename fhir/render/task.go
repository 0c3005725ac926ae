package render

import (
	"strings"

	"medbill/fhir"
	"medbill/models"
)

type task struct {
	resource
	Extension       []fhir.Extension       `json:"extension,omitempty"`
	Status          models.WorkStatus      `json:"status"`
	StatusReason    *fhir.CodeableConcept  `json:"statusReason,omitempty"`
	BusinessStatus  *fhir.CodeableConcept  `json:"businessStatus,omitempty"`
	Intent          string                 `json:"intent"`
	Priority        string                 `json:"priority,omitempty"`
	Code            fhir.CodeableConcept   `json:"code"`
	Description     string                 `json:"description,omitempty"`
	Focus           *fhir.Reference        `json:"focus,omitempty"`
	For             *fhir.Reference        `json:"for,omitempty"`
	Encounter       *fhir.Reference        `json:"encounter,omitempty"`
	ExecutionPeriod *fhir.Period           `json:"executionPeriod,omitempty"`
	AuthoredOn      string                 `json:"authoredOn,omitempty"`
	LastModified    string                 `json:"lastModified,omitempty"`
	PerformerType   []fhir.CodeableConcept `json:"performerType,omitempty"`
	Owner           *fhir.Reference        `json:"owner,omitempty"`
	Note            []annotation           `json:"note,omitempty"`
	Restriction     *restriction           `json:"restriction,omitempty"`
	Input           []taskInput            `json:"input,omitempty"`
	Output          []taskOutput           `json:"output,omitempty"`
}

type taskOutput struct {
	Type           fhir.CodeableConcept `json:"type"`
	ValueReference fhir.Reference       `json:"valueReference"`
}

type annotation struct {
	AuthorString string `json:"authorString,omitempty"`
	Time         string `json:"time,omitempty"`
	Text         string `json:"text"`
}

type restriction struct {
	Period fhir.Period `json:"period"`
}

type taskInput struct {
	Type        fhir.CodeableConcept `json:"type"`
	ValueString string               `json:"valueString"`
}

// priorities are FHIR's words. https://hl7.org/fhir/R4/valueset-request-priority.html
var priorities = map[models.WorkPriority]string{models.PriorityAsap: "asap", models.PriorityUrgent: "urgent", models.PriorityRoutine: "routine"}

// Task gives a work item: what to do is its code, about what its focus, why its description and input. The visit of its case
// is its encounter, whose work it is its performerType, who is to do it its owner, until when its restriction, and as long as it was
// open its executionPeriod, what the payer was given its output. https://hl7.org/fhir/R4/task.html
func Task(w models.WorkItem) []byte {
	d := task{
		resource:        resource{"Task", string(w.ID)},
		Extension:       taskExtensions(w),
		Status:          w.Status,
		StatusReason:    concept(fhir.SystemWorkDecision, string(w.Decision)),
		BusinessStatus:  concept(fhir.SystemWorkCategory, w.Category),
		Intent:          "order",
		Priority:        priorities[w.Priority],
		Code:            fhir.Concept(fhir.SystemWorkKind, string(w.Kind)),
		Description:     w.Reason,
		For:             fhir.To("Patient", w.PatientID),
		ExecutionPeriod: &fhir.Period{Start: moment(w.Created)},
		AuthoredOn:      moment(w.Created),
		LastModified:    moment(max(w.Created, w.Updated)),
		Owner:           user(w.Assignee),
	}
	switch {
	case w.Subject.Type == "Task": // what a payer asks for, in its own words
		d.Focus = fhir.To("Claim", w.ClaimID)
	case w.Subject.Type == models.DepositType: // which FHIR has no resource for
		d.Focus = &fhir.Reference{Identifier: &fhir.Identifier{System: fhir.SystemDeposit, Value: w.Subject.ID}}
	case w.Subject != (models.Ref{}):
		d.Focus = &fhir.Reference{Reference: w.Subject.String()}
	}
	for _, one := range w.Given {
		d.Output = append(d.Output, taskOutput{fhir.CodeableConcept{Text: "attachment"}, fhir.Reference{Reference: one.String()}})
	}
	d.Encounter = fhir.To("Encounter", w.CaseID.Visit())
	if !w.IsOpen() {
		d.ExecutionPeriod.End = d.LastModified
	}
	if *d.ExecutionPeriod == (fhir.Period{}) {
		d.ExecutionPeriod = nil
	}
	if role := concept(fhir.SystemWorkRole, string(w.Role)); role != nil {
		d.PerformerType = []fhir.CodeableConcept{*role}
	}
	for _, n := range w.Notes {
		d.Note = append(d.Note, annotation{AuthorString: n.By, Time: moment(n.At), Text: n.Text})
	}
	if w.Due != "" {
		d.Restriction = &restriction{fhir.Period{End: string(w.Due)}}
	}
	if w.Subject.Type == "Task" {
		return fhir.Encode(d) // its input is the payer's
	}
	for _, reason := range w.Reasons {
		because := fhir.Concept(fhir.SystemWorkReason, reason.Code)
		because.Text = reason.Path
		d.Input = append(d.Input, taskInput{because, reason.Text})
	}
	return fhir.Encode(d)
}

func taskExtensions(w models.WorkItem) []fhir.Extension {
	list := []fhir.Extension{{URL: fhir.ExtensionWorkAmount, ValueMoney: fhir.USD(w.Amount)}}
	if w.PayerID != "" {
		list = append(list, fhir.Extension{URL: fhir.ExtensionPayer, ValueReference: fhir.To("Organization", w.PayerID)})
	}
	if w.TakenBy != "" {
		list = append(list, fhir.Extension{URL: fhir.ExtensionWorkTakenBy, ValueString: w.TakenBy}, fhir.Extension{URL: fhir.ExtensionWorkTakenUntil, ValueInstant: moment(w.TakenUntil)})
	}
	if w.SnoozedUntil != 0 {
		list = append(list, fhir.Extension{URL: fhir.ExtensionWorkSnoozedUntil, ValueInstant: moment(w.SnoozedUntil)})
	}
	for _, label := range w.Labels {
		list = append(list, fhir.Extension{URL: fhir.ExtensionWorkLabel, ValueString: label})
	}
	return list
}

// user refers to a user: the record that its name is a reference to, else by the name in its tokens; nil for nobody.
func user(name string) *fhir.Reference {
	if name == "" {
		return nil
	}
	for _, typ := range []string{"Practitioner", "PractitionerRole"} {
		if id, ok := strings.CutPrefix(name, typ+"/"); ok && models.CheckID(id) == nil {
			return fhir.To(typ, id)
		}
	}
	return &fhir.Reference{Identifier: &fhir.Identifier{System: fhir.SystemUser, Value: name}}
}

// concept gives a CodeableConcept of one coding; nil where there is no code.
func concept(system, code string) *fhir.CodeableConcept {
	if code == "" {
		return nil
	}
	c := fhir.Concept(system, code)
	return &c
}
