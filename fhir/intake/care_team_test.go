package intake_test

import (
	"slices"
	"strings"
	"testing"

	"medbill/fhir/intake"
	"medbill/models"
	"medbill/models/fault"
)

// teamText is a draft of two lines, which say what stands in FIRST and SECOND, and its care team.
const teamText = `{'resourceType':'Claim','id':'c1','status':'draft','use':'claim','created':'2026-03-03',
 'type':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/claim-type','code':'professional'}]},
 'patient':{'reference':'Patient/canary'},'provider':{'reference':'Organization/practice'},'careTeam':[TEAM],
 'insurance':[{'sequence':1,'focal':true,'coverage':{'reference':'Coverage/plan'}}],
 'item':[{'sequence':1,FIRST'productOrService':{'coding':[{'system':'http://www.ama-assn.org/go/cpt','code':'99214'}]},'net':{'value':1,'currency':'USD'}},
  {'sequence':2,SECOND'productOrService':{'coding':[{'system':'http://www.ama-assn.org/go/cpt','code':'93000'}]},'net':{'value':1,'currency':'USD'}}],
 'contained':[{'resourceType':'Practitioner','id':'own','identifier':[{'system':'http://hl7.org/fhir/sid/us-npi','value':'1999999984'}]}]}`

// drafted puts a care team of "role who" and the members that the two lines name into teamText.
func drafted(team []string, first, second string) string {
	members := make([]string, len(team))
	for i, m := range team {
		role, who, _ := strings.Cut(m, " ")
		system := "http://terminology.hl7.org/CodeSystem/claimcareteamrole"
		if base, ok := strings.CutPrefix(role, "carin:"); ok {
			role, system = base, "http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBClaimCareTeamRole"
		}
		provider := `'reference':'` + who + `'`
		if who == "words" {
			provider = `'display':'CANARY'`
		}
		members[i] = `{'sequence':` + string(rune('1'+i)) + `,'provider':{` + provider + `},'role':{'coding':[{'system':'` + system + `','code':'` + role + `'}]}}`
	}
	for _, line := range []*string{&first, &second} {
		if *line != "" {
			*line = `'careTeamSequence':[` + *line + `],`
		}
	}
	return strings.NewReplacer("TEAM", strings.Join(members, ","), "FIRST", first, "SECOND", second).Replace(teamText)
}

func TestLineIsOfTheMemberThatItNamesElseOfTheClaimsProvider(t *testing.T) {
	smith, jones, own := models.Performer{ID: "smith"}, models.Performer{ID: "jones"}, models.Performer{NPI: "1999999984"}
	for _, row := range []struct {
		name          string
		team          []string
		first, second string
		want          []models.Performer // head, first line, second line
	}{
		{"nobody is known", nil, "", "", []models.Performer{{}, {}, {}}},
		{"the only member did everything", []string{"other Practitioner/smith"}, "", "", []models.Performer{smith, smith, smith}},
		{"the primary did what names nobody", []string{"other Practitioner/jones", "primary Practitioner/smith"}, "", "1", []models.Performer{smith, smith, jones}},
		{"who renders comes before the primary", []string{"primary Practitioner/jones", "carin:rendering Practitioner/smith"}, "1,2", "1", []models.Performer{smith, smith, jones}},
		{"an assistant did no line", []string{"primary Practitioner/smith", "assist Practitioner/jones"}, "2", "1,2", []models.Performer{smith, smith, smith}},
		{"who supervised or referred did no line", []string{"supervisor Practitioner/jones", "carin:referring Practitioner/kim", "other Practitioner/smith"}, "", "1,2", []models.Performer{smith, smith, smith}},
		{"an organization did no line", []string{"primary Organization/practice", "other Practitioner/smith"}, "1", "", []models.Performer{smith, smith, smith}},
		{"a member without a record is his NPI", []string{"primary Practitioner/smith", "other #own"}, "2", "1", []models.Performer{smith, own, smith}},
		{"the first line's stands in the head where the primary did none", []string{"primary Practitioner/kim", "other Practitioner/smith", "other Practitioner/jones"}, "3", "2", []models.Performer{jones, jones, smith}},
		{"equals are told apart by the lines", []string{"primary Practitioner/smith", "primary Practitioner/jones"}, "2", "1", []models.Performer{jones, jones, smith}},
		{"one who stands there twice is one", []string{"primary Practitioner/smith", "primary Practitioner/smith"}, "", "1,2", []models.Performer{smith, smith, smith}},
		{"who cannot be found does not matter where another did it", []string{"primary Practitioner/smith", "other words"}, "", "1,2", []models.Performer{smith, smith, smith}},
	} {
		c, err := intake.DraftClaim(document(t, drafted(row.team, row.first, row.second)), nil)
		if err != nil {
			t.Errorf("%s: %v", row.name, err)
			continue
		}
		if got := []models.Performer{c.Rendering, c.Lines[0].Rendering, c.Lines[1].Rendering}; !slices.Equal(got, row.want) {
			t.Errorf("%s: got %v, want %v", row.name, got, row.want)
		}
	}
}

func TestLineIsNeverGuessedToBeSomebodys(t *testing.T) {
	for _, row := range []struct {
		name          string
		team          []string
		first, second string
		kind          fault.Kind
		want          string
	}{
		{"two primaries and a line that names neither", []string{"primary Practitioner/smith", "primary Practitioner/jones"}, "1", "", fault.BusinessRule, "claim.rendering Claim.careTeam"},
		{"a line that names equals", []string{"primary Practitioner/kim", "other Practitioner/smith", "other Practitioner/jones"}, "2,3", "1", fault.BusinessRule, "claim.rendering Claim.item[0].careTeamSequence"},
		{"a line by somebody in words", []string{"primary Practitioner/smith", "other words"}, "1", "2", fault.BusinessRule, "claim.rendering Claim.item[1].careTeamSequence"},
		{"a primary in words", []string{"primary words"}, "", "", fault.BusinessRule, "claim.rendering Claim.careTeam"},
		{"a primary by his role alone", []string{"primary PractitionerRole/r1"}, "", "", fault.BusinessRule, "claim.rendering Claim.careTeam"},
		{"a number of nobody", []string{"primary Practitioner/smith"}, "2", "", fault.Invalid, "value Claim.item[0].careTeamSequence[0]"},
	} {
		_, err := intake.DraftClaim(document(t, drafted(row.team, row.first, row.second)), nil)
		refused(t, row.name, err, row.kind, row.want)
	}
	twice := strings.Replace(drafted([]string{"primary Practitioner/smith", "other Practitioner/jones"}, "", ""), `{'sequence':2,'provider'`, `{'sequence':1,'provider'`, 1)
	_, err := intake.DraftClaim(document(t, twice), nil)
	refused(t, "a number twice", err, fault.Invalid, "value Claim.careTeam[1].sequence")
}

func TestDraftIsOfTheCaseOfItsVisit(t *testing.T) {
	const of = `'encounter':[{'reference':'Encounter/v1'}],`
	for _, row := range []struct {
		name, first, second string
		want                models.CaseID
	}{
		{"no visit", "", "", ""},
		{"one line names it", "", of, "Encounter/v1"},
		{"both name it", of, of, "Encounter/v1"},
	} {
		c, err := intake.DraftClaim(document(t, strings.NewReplacer("TEAM", "", "FIRST", row.first, "SECOND", row.second).Replace(teamText)), nil)
		if err != nil || c.CaseID != row.want {
			t.Errorf("%s: case %q, %v; want %q", row.name, c.CaseID, err, row.want)
		}
	}
	other := strings.Replace(of, "v1", "v2", 1)
	_, err := intake.DraftClaim(document(t, strings.NewReplacer("TEAM", "", "FIRST", of, "SECOND", other).Replace(teamText)), nil)
	refused(t, "two visits", err, fault.BusinessRule, "claim.visits Claim.item")
}
