package coding

import (
	"slices"

	"medbill/models"
)

// performing is who did a visit, before everybody else who took part: its attender, its primary and its secondary performer.
// https://terminology.hl7.org/CodeSystem-v3-ParticipationType.html
var performing = []string{"ATND", "PPRF", "SPRF"}

// Rendering gives who did a visit or a service: the attender, else the primary, else the secondary performer, else whoever
// took part first; never who referred the patient or was only consulted. It is nobody where the first in line is somebody
// whom billing cannot find: another would be a guess.
func Rendering(participants []models.Participant, roles []models.PractitionerRole) models.Performer {
	var best models.Performer
	nearest := len(performing) + 1
	for _, p := range participants {
		place, ok := placeOf(p.Types)
		if !ok || place > nearest || place == nearest && best != (models.Performer{}) {
			continue
		}
		best, nearest = p.Provider.In(roles).Performer(), place
	}
	return best
}

// placeOf gives how early who took part so counts, and false where he did nothing.
func placeOf(types models.Codes) (int, bool) {
	for place, performed := range performing {
		if slices.Contains(types, performed) {
			return place, true
		}
	}
	return len(performing), !slices.Contains(types, "REF") && !slices.Contains(types, "CON")
}
