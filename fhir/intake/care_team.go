package intake

import (
	"cmp"
	"slices"

	"medbill/fhir"
	"medbill/models"
)

// Where a role stands: the lower, the nearer to the service.
const (
	placeRendering = iota
	placePrimary
	placeOther  // every role that the table does not have
	placeBeside // took part and did not do it
)

// careTeamRoles is the table of roles in the care team of a claim. https://hl7.org/fhir/R4/codesystem-claimcareteamrole.html and
// https://hl7.org/fhir/us/carin-bb/CodeSystem-C4BBClaimCareTeamRole.html
var careTeamRoles = []struct {
	system, code string
	place        int
}{
	{fhir.SystemC4BBCareTeamRole, "rendering", placeRendering},
	{fhir.SystemC4BBCareTeamRole, "performing", placeRendering},
	{fhir.SystemC4BBCareTeamRole, "attending", placePrimary},
	{fhir.SystemC4BBCareTeamRole, "primary", placePrimary},
	{fhir.SystemCareTeamRole, "primary", placePrimary},
	{fhir.SystemCareTeamRole, "assist", placeBeside},
	{fhir.SystemCareTeamRole, "supervisor", placeBeside},
	{fhir.SystemC4BBCareTeamRole, "supervising", placeBeside},
	{fhir.SystemC4BBCareTeamRole, "referring", placeBeside},
	{fhir.SystemC4BBCareTeamRole, "prescribing", placeBeside},
	{fhir.SystemC4BBCareTeamRole, "pcp", placeBeside},
}

// teamMember is a provider in the care team of a claim.
type teamMember struct {
	sequence int
	place    int
	who      models.Performer
}

// placeIn gives where the nearest of a role's codings stands.
func placeIn(role fhir.Node) int {
	place, isKnown := placeBeside, false
	for _, row := range careTeamRoles {
		if hasCode(role, row.system, row.code) {
			place, isKnown = min(place, row.place), true
		}
	}
	if !isKnown {
		return placeOther
	}
	return place
}

// careTeam reads who took part; whoever is no provider, or did not do a service, is no candidate for one.
func (c *draftReader) careTeam(root spot) {
	for m := range c.entries(root, "careTeam") {
		sequence, ok := c.positive(m.get("sequence"))
		if ok && slices.ContainsFunc(c.team, func(other teamMember) bool { return other.sequence == sequence }) {
			c.invalid("value", m.path+".sequence", "This sequence stands twice; number the members of the care team each once.")
		}
		provider, isProvider := c.own.provider(m.Get("provider"))
		member := teamMember{sequence: sequence, place: placeIn(m.Get("role")), who: provider.In(c.roles).Performer()}
		if !isProvider {
			member.place = placeBeside
		}
		c.team = append(c.team, member)
	}
}

// rendering gives who did a line: the nearest to the service of the members that it names; nobody where it names none.
func (c *draftReader) rendering(item spot) models.Performer {
	var named []teamMember
	for n := range item.each("careTeamSequence") {
		sequence, ok := c.positive(n)
		at := slices.IndexFunc(c.team, func(m teamMember) bool { return m.sequence == sequence })
		switch {
		case !ok:
		case at < 0:
			c.invalid("value", n.path, "The number names no member of the care team; use the sequence of one.")
		default:
			named = append(named, c.team[at])
		}
	}
	return c.only(nearest(named), item.path+".careTeamSequence")
}

// nearest gives whoever of these stands nearest to a service, each once.
func nearest(members []teamMember) []models.Performer {
	place := placeBeside
	var near []models.Performer
	for _, m := range members {
		if m.place < place {
			place, near = m.place, nil
		}
		if m.place == place && place != placeBeside && !slices.Contains(near, m.who) {
			near = append(near, m.who)
		}
	}
	return near
}

// only gives the one of near, or nobody. It refuses several, and one who cannot be found: another in his place would be a guess.
func (c *draftReader) only(near []models.Performer, path string) models.Performer {
	switch {
	case len(near) == 0:
	case len(near) > 1:
		c.rule("claim.rendering", path, "Several providers may have done the service; give one of them the role primary, or name one in careTeamSequence.")
	case near[0] == models.Performer{}:
		c.rule("claim.rendering", path, "Who did the service cannot be found; refer to a Practitioner or his PractitionerRole, or name the NPI.")
	default:
		return near[0]
	}
	return models.Performer{}
}

// head gives the claim's provider to the lines that name nobody. He stands in its head where he did one of the lines; else
// there stands who did the first. X12 005010X222A1, loops 2310B and 2420A.
func (c *draftReader) head(root spot) {
	isBy := func(who models.Performer) bool {
		return slices.ContainsFunc(c.Lines, func(l models.ClaimLine) bool { return l.Rendering == who })
	}
	near := nearest(c.team)
	if isBy(models.Performer{}) {
		near = []models.Performer{c.only(near, root.path+".careTeam")}
		for i := range c.Lines {
			c.Lines[i].Rendering = cmp.Or(c.Lines[i].Rendering, near[0])
		}
	}
	if len(near) == 1 && isBy(near[0]) {
		c.Rendering = near[0]
	} else if len(c.Lines) > 0 {
		c.Rendering = c.Lines[0].Rendering
	}
}
