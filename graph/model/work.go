package model

// WorkItem is what waits for a person: FHIR Task, in the office's words.
type WorkItem struct{ resource }

// Kind says what is to be done.
func (w WorkItem) Kind() string { return w.at("WorkItem.kind").fhir.Text() }

// Status is requested while it waits.
func (w WorkItem) Status() string { return w.get("status").fhir.Text() }

// Description says in one sentence what to do.
func (w WorkItem) Description() *string { return text(w.get("description")) }

// AuthoredOn is when it was opened.
func (w WorkItem) AuthoredOn() *string { return text(w.get("authoredOn")) }
