package intake

import (
	"time"

	"medbill/fhir"
	"medbill/models"
)

// Appointment reads when a patient is to be seen; its day is that of start, in the zone.
func Appointment(d *fhir.Document, zone *time.Location) models.Appointment {
	root := d.Root()
	a := models.Appointment{ID: d.ID(), Status: root.Get("status").Text(), Day: dayIn(root.Get("start"), zone)}
	for participant := range root.Get("participant").Children() {
		if id := idOf(participant.Get("actor"), "Patient"); id != "" && a.PatientID == "" {
			a.PatientID = models.PatientID(id)
		}
	}
	return a
}
