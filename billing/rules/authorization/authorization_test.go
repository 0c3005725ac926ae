package authorization_test

import (
	"slices"
	"testing"

	"medbill/billing/rules/authorization"
	"medbill/models"
)

var march = models.Span{From: "2026-03-01", Until: "2026-03-31"}

// asked is a request to acme for two units of one service in March.
func asked(said ...models.AuthorizedService) models.Authorization {
	a := models.Authorization{ID: "p1", PayerID: "acme", State: models.AuthorizationAsked, Services: []models.AuthorizedService{{Sequence: 1, Code: "90001", Units: models.UnitsOf(2), Days: march}}}
	if len(said) == 0 {
		return a
	}
	return authorization.Reviewed(a, models.Review{ID: "r1", Services: said})
}

func billed(units int, day models.Date, code string) models.Claim {
	return models.Claim{InsurerID: "acme", ServiceFrom: day, Lines: []models.ClaimLine{{Sequence: 1, Code: code, Units: models.UnitsOf(units), ServiceDate: day}}}
}

func says(action models.ReviewAction) models.AuthorizedService {
	return models.AuthorizedService{Sequence: 1, Action: action, Number: "AUTH-1", Reason: "0M"}
}

func TestALineIsAllowedAsThePayerSays(t *testing.T) {
	other := billed(1, "2026-03-02", "90001")
	other.InsurerID = "beta"
	stay := billed(1, "", "90001")
	stay.ServiceFrom = "2026-03-02"
	given := billed(1, "2026-03-02", "90009")
	given.Authorized = models.Codes{"BY-HAND"}
	few := says(models.ReviewModified)
	few.Units = models.OneUnit
	april := says(models.ReviewPartly)
	april.Days = models.Span{From: "2026-04-01"}
	for name, c := range map[string]struct {
		claim   models.Claim
		list    []models.Authorization
		verdict authorization.Verdict
		numbers models.Codes
	}{
		"nobody asked":           {billed(1, "2026-03-02", "90001"), nil, authorization.None, nil},
		"it did not answer":      {billed(1, "2026-03-02", "90001"), []models.Authorization{asked()}, authorization.Waits, nil},
		"certified":              {billed(2, "2026-03-02", "90001"), []models.Authorization{asked(says(models.ReviewCertified))}, authorization.Allowed, models.Codes{"AUTH-1"}},
		"more often":             {billed(3, "2026-03-02", "90001"), []models.Authorization{asked(says(models.ReviewCertified))}, authorization.Exceeds, models.Codes{"AUTH-1"}},
		"on another day":         {billed(1, "2026-04-02", "90001"), []models.Authorization{asked(says(models.ReviewCertified))}, authorization.None, nil},
		"another service":        {billed(1, "2026-03-02", "90002"), []models.Authorization{asked(says(models.ReviewCertified))}, authorization.None, nil},
		"another payer":          {other, []models.Authorization{asked(says(models.ReviewCertified))}, authorization.None, nil},
		"a stay":                 {stay, []models.Authorization{asked(says(models.ReviewCertified))}, authorization.Allowed, models.Codes{"AUTH-1"}},
		"fewer than asked":       {billed(2, "2026-03-02", "90001"), []models.Authorization{asked(few)}, authorization.Exceeds, models.Codes{"AUTH-1"}},
		"as few as that":         {billed(1, "2026-03-02", "90001"), []models.Authorization{asked(few)}, authorization.Allowed, models.Codes{"AUTH-1"}},
		"in April":               {billed(1, "2026-03-02", "90001"), []models.Authorization{asked(april)}, authorization.None, nil},
		"denied":                 {billed(1, "2026-03-02", "90001"), []models.Authorization{asked(says(models.ReviewDenied))}, authorization.Refused, nil},
		"pended":                 {billed(1, "2026-03-02", "90001"), []models.Authorization{asked(says(models.ReviewPended))}, authorization.Waits, nil},
		"needless":               {billed(9, "2026-03-02", "90001"), []models.Authorization{asked(models.AuthorizedService{Sequence: 1, Action: models.ReviewNeedless})}, authorization.Allowed, nil},
		"denied, then certified": {billed(1, "2026-03-02", "90001"), []models.Authorization{asked(says(models.ReviewDenied)), asked(says(models.ReviewCertified))}, authorization.Allowed, models.Codes{"AUTH-1"}},
		"certified, then pended": {billed(1, "2026-03-02", "90001"), []models.Authorization{asked(says(models.ReviewCertified)), asked(says(models.ReviewPended))}, authorization.Allowed, models.Codes{"AUTH-1"}},
		"by hand":                {given, []models.Authorization{asked(says(models.ReviewDenied))}, authorization.Allowed, models.Codes{"BY-HAND"}},
	} {
		verdict, _ := authorization.Line(c.list, c.claim, 0)
		if numbers := authorization.Numbers(c.list, c.claim); verdict != c.verdict || !slices.Equal(numbers, c.numbers) {
			t.Errorf("%s: %s %v, want %s %v", name, verdict, numbers, c.verdict, c.numbers)
		}
	}
	if _, why := authorization.Line([]models.Authorization{asked(says(models.ReviewDenied))}, billed(1, "2026-03-02", "90001"), 0); why != "0M" {
		t.Errorf("it is refused for %q", why)
	}
}

func TestARequestStandsAsItsServicesDo(t *testing.T) {
	two := models.Authorization{Services: []models.AuthorizedService{{Sequence: 1, Code: "90001"}, {Sequence: 2, Code: "90002"}}}
	said := func(first, second models.ReviewAction) models.Review {
		return models.Review{Services: []models.AuthorizedService{{Sequence: 1, Action: first}, {Sequence: 2, Action: second}}}
	}
	for name, c := range map[string]struct {
		review models.Review
		state  models.AuthorizationState
	}{
		"nothing said":           {models.Review{}, models.AuthorizationPended},
		"both":                   {said("A1", "A1"), models.AuthorizationApproved},
		"one needs none":         {said("A1", "NA"), models.AuthorizationApproved},
		"one":                    {said("A1", "A3"), models.AuthorizationPartly},
		"one otherwise":          {said("A1", "A6"), models.AuthorizationPartly},
		"one in part":            {said("A2", "A1"), models.AuthorizationPartly},
		"none":                   {said("A3", "A3"), models.AuthorizationDenied},
		"one waits":              {said("A1", "A4"), models.AuthorizationPended},
		"one wants a call":       {said("A1", "CT"), models.AuthorizationPended},
		"taken back":             {said("C", "C"), models.AuthorizationDropped},
		"all alike":              {models.Review{All: models.AuthorizedService{Action: "A1", Number: "N"}}, models.AuthorizationApproved},
		"one and what was added": {models.Review{Services: []models.AuthorizedService{{Sequence: 1, Action: "A3"}, {Sequence: 2, Action: "A3"}, {Action: "A1", Code: "90003"}}}, models.AuthorizationPartly},
	} {
		if got := authorization.Reviewed(two, c.review); got.State != c.state {
			t.Errorf("%s: %s, want %s", name, got.State, c.state)
		}
	}
	once := authorization.Reviewed(two, models.Review{Services: []models.AuthorizedService{{Sequence: 1, Action: "A4"}, {Action: "A1", Code: "90003"}}})
	if again := authorization.Reviewed(once, said("A1", "A1")); len(again.Services) != 2 || again.State != models.AuthorizationApproved {
		t.Errorf("said again it is %+v", again)
	}
}

func TestAPayerDecidesInADayOfTheLaw(t *testing.T) {
	for _, c := range []struct {
		urgent bool
		want   models.Date
	}{{true, "2026-03-05"}, {false, "2026-03-09"}} {
		if got := authorization.Decides("2026-03-02", c.urgent); got != c.want {
			t.Errorf("urgent %v: %s, want %s", c.urgent, got, c.want)
		}
	}
}
