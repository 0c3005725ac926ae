package models

// Appointment is when a patient is to be seen.
type Appointment struct {
	ID        string
	PatientID PatientID
	Status    string // https://hl7.org/fhir/R4/valueset-appointmentstatus.html
	Day       Date
	Created   Date // when it was made; "" where nobody said so
}

// Wanted reports whether it is to take place still, or begins.
func (a Appointment) Wanted() bool {
	switch a.Status {
	case "proposed", "pending", "booked", "arrived", "checked-in", "waitlist":
		return true
	}
	return false
}

// Booked reports whether its day is agreed on, and it takes place still, or begins.
func (a Appointment) Booked() bool { return a.Status == "booked" || a.Here() }

// Here reports whether the patient came.
func (a Appointment) Here() bool { return a.Status == "arrived" || a.Status == "checked-in" }
