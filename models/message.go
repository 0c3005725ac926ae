package models

// Message is what somebody of the office and whoever did a visit say to each other about it: a Communication.
type Message struct {
	ID        string
	Of        string // the message that it answers; "" for a question
	PatientID PatientID
	VisitID   VisitID
	From      string         // the user
	To        PractitionerID // "" for whoever reads it
	At        Instant
	Text      string
}
