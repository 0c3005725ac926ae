package intake

import (
	"time"

	"medbill/fhir"
	"medbill/models"
)

// Appointment reads when a patient is to be seen; its day is that of start, in the zone.
func Appointment(d *fhir.Document, zone *time.Location) models.Appointment {
	root := d.Root()
	a := models.Appointment{ID: d.ID(), Status: root.Get("status").Text(), Day: dayIn(root.Get("start"), zone), Created: dayIn(root.Get("created"), zone)}
	for participant := range root.Get("participant").Children() {
		if id := idOf(participant.Get("actor"), "Patient"); id != "" && a.PatientID == "" {
			a.PatientID = models.PatientID(id)
		}
	}
	return a
}

// AppointmentsOf gives the Appointments that an Encounter came of.
func AppointmentsOf(d *fhir.Document) []string {
	var ids []string
	for reference := range d.Root().Get("appointment").Children() {
		if id := idOf(reference, "Appointment"); id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}

// PatientsOf gives the patients that a visit or an appointment names.
func PatientsOf(d *fhir.Document) []models.PatientID {
	var ids []models.PatientID
	if id := idOf(d.Root().Get("subject"), "Patient"); id != "" {
		ids = append(ids, models.PatientID(id))
	}
	for one := range d.Root().Get("participant").Children() {
		if id := idOf(one.Get("actor"), "Patient"); id != "" {
			ids = append(ids, models.PatientID(id))
		}
	}
	return ids
}
