package render_test

import (
	"testing"

	"medbill/fhir/render"
	"medbill/models"
)

func TestStateIsPicturedByStatus(t *testing.T) {
	for _, facts := range models.ClaimStates {
		root := parsed(t, render.Claim(claim(facts.State))).Root()
		if got := root.Get("status").Text(); got != facts.Status {
			t.Errorf("claim in state %s has status %s, want %s", facts.State, got, facts.Status)
		}
		if got := root.Get("extension").At(0).Get("valueCode").Text(); got != string(facts.State) {
			t.Errorf("claim in state %s shows state %s", facts.State, got)
		}
	}
	for _, facts := range models.ChargeStates {
		c := charge()
		c.State = facts.State
		if got := parsed(t, render.ChargeItem(c)).Root().Get("status").Text(); got != facts.Status {
			t.Errorf("charge in state %s has status %s, want %s", facts.State, got, facts.Status)
		}
	}
}

func TestLineByAnotherProviderNamesHimInTheCareTeam(t *testing.T) {
	c := claim(models.ClaimReady)
	c.Lines[1].Rendering = models.Performer{NPI: "1999999984"}
	c.Lines[2].Rendering = models.Performer{ID: "jones"}
	root := parsed(t, render.Claim(c)).Root()
	for i, want := range []struct{ who, role string }{{"Practitioner/smith", "primary"}, {"1999999984", "other"}, {"Practitioner/jones", "other"}} {
		member, line := root.Get("careTeam").At(i), root.Get("item").At(i)
		who := member.In("provider", "reference").Text() + member.In("provider", "identifier", "value").Text()
		if role := member.In("role", "coding", "code").Text(); who != want.who || role != want.role {
			t.Errorf("member %d is %s as %s, want %s as %s", i+1, who, role, want.who, want.role)
		}
		if got := line.Get("careTeamSequence").At(0).Text(); got != member.Get("sequence").Text() {
			t.Errorf("line %d is by member %s, want its own provider", i+1, got)
		}
	}
}
