package coding_test

import (
	"testing"

	"medbill/billing/rules/coding"
	"medbill/models"
)

func as(who models.Provider, types ...string) models.Participant {
	return models.Participant{Types: types, Provider: who}
}

func TestWhoDidTheVisitIsNeitherGuessedNorTheReferrer(t *testing.T) {
	smith, jones := models.Provider{PractitionerID: "smith"}, models.Provider{PractitionerID: "jones"}
	ofSmith, ofNPI, unknown := models.Provider{RoleID: "r1"}, models.Provider{RoleID: "r2"}, models.Provider{}
	roles := []models.PractitionerRole{{ID: "r2", NPI: "1999999984"}, {ID: "r1", PractitionerID: "smith"}, {ID: ""}}
	byID := models.Performer{ID: "smith"}
	for _, row := range []struct {
		name         string
		participants []models.Participant
		want         models.Performer
	}{
		{"nobody", nil, models.Performer{}},
		{"the only one", []models.Participant{as(smith)}, byID},
		{"the referrer comes first and does nothing", []models.Participant{as(jones, "REF"), as(smith, "ATND")}, byID},
		{"only a consultant and a referrer", []models.Participant{as(jones, "REF"), as(smith, "CON")}, models.Performer{}},
		{"who referred and attends, attends", []models.Participant{as(smith, "REF", "ATND")}, byID},
		{"the attender before the primary performer", []models.Participant{as(jones, "PPRF"), as(smith, "ATND")}, byID},
		{"the primary before the secondary performer", []models.Participant{as(jones, "SPRF"), as(smith, "PPRF")}, byID},
		{"the secondary performer before the discharger", []models.Participant{as(jones, "DIS"), as(jones), as(smith, "SPRF")}, byID},
		{"the first of two without a part", []models.Participant{as(smith), as(jones)}, byID},
		{"the first who can be found of two without a part", []models.Participant{as(unknown), as(smith)}, byID},
		{"an attender in words is not replaced", []models.Participant{as(unknown, "ATND"), as(jones)}, models.Performer{}},
		{"a role's practitioner", []models.Participant{as(ofSmith, "ATND")}, byID},
		{"a role's NPI", []models.Participant{as(ofNPI, "ATND")}, models.Performer{NPI: "1999999984"}},
		{"a role that is not there", []models.Participant{as(models.Provider{RoleID: "r9"})}, models.Performer{}},
		{"an NPI alone", []models.Participant{as(models.Provider{NPI: "1999999984"})}, models.Performer{NPI: "1999999984"}},
	} {
		if got := coding.Rendering(row.participants, roles); got != row.want {
			t.Errorf("%s: got %+v, want %+v", row.name, got, row.want)
		}
	}
}

func TestPlaceOfServiceIsTheLocationsElseTheClasss(t *testing.T) {
	chain := func(codes ...string) []models.Location {
		var locations []models.Location
		for _, code := range codes {
			locations = append(locations, models.Location{PlaceOfService: code})
		}
		return locations
	}
	for _, row := range []struct {
		chain       []models.Location
		class, want string
	}{
		{chain("", "20", "22"), "AMB", "20"}, {chain("19"), "", "19"}, {chain("", ""), "AMB", "11"}, {nil, "AMB", "11"},
		{nil, "IMP", "21"}, {nil, "ACUTE", "21"}, {nil, "NONAC", "21"}, {nil, "SS", "21"}, {nil, "EMER", "23"}, {nil, "OBSENC", "22"}, {nil, "HH", "12"},
		{nil, "FLD", ""}, {nil, "PRENC", ""}, {nil, "CANARY", ""}, {nil, "", ""},
		{nil, "VR", ""}, {chain("11"), "VR", ""}, {chain("12"), "VR", "10"}, {chain("", "10"), "VR", "10"}, {chain("02"), "VR", "02"},
	} {
		if got := coding.PlaceOfService(row.chain, row.class); got != row.want {
			t.Errorf("%v and class %q give %q, want %q", row.chain, row.class, got, row.want)
		}
	}
}

func TestVisitIsWhereItsActiveLocationIs(t *testing.T) {
	at := func(status, id string) models.VisitLocation {
		return models.VisitLocation{Status: status, Location: models.Location{ID: id}}
	}
	for _, row := range []struct {
		locations []models.VisitLocation
		want      string
	}{
		{[]models.VisitLocation{at("completed", "a"), at("planned", "b"), at("active", "c"), at("active", "d")}, "c"},
		{[]models.VisitLocation{at("completed", "a"), at("", "b")}, "b"},
		{[]models.VisitLocation{at("reserved", "a"), at("completed", "b")}, "b"},
		{[]models.VisitLocation{at("planned", "a")}, ""},
		{nil, ""},
	} {
		if got := coding.LocationOf(models.Encounter{Locations: row.locations}).ID; got != row.want {
			t.Errorf("%v: got %q, want %q", row.locations, got, row.want)
		}
	}
}
