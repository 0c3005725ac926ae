package scrub

import (
	"regexp"
	"slices"
	"strings"

	"medbill/internal/codes"
	"medbill/models"
)

const ruleAddress = "scrub.billing-address"

// mailBox is a street line that only takes mail: a post office box or a lock box, as people write it.
var mailBox = regexp.MustCompile(`(?i)\b(?:p\.?\s*o\.?\s*box|post\s+office\s+box|lock\s*box|box\s+\d+\s*$)`)

// zip9 is a ZIP code of nine digits. A last part of 0000 is none.
var zip9 = regexp.MustCompile(`^\d{5}-?\d{4}$`)

// states are those that mail within the United States knows. https://pe.usps.com/text/pub28/28apb.htm
var states = strings.Fields("AL AK AS AZ AR CA CO CT DE DC FM FL GA GU HI ID IL IN IA KS KY LA ME MH MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND MP OH OK OR " +
	"PW PA PR RI SC SD TN TX UT VT VI VA WA WV WI WY AA AE AP")

// addresses: the billing provider has the street address that the 837 asks for. It warns, as the patient's does: payers that are reached
// otherwise do not need it.
func addresses(s Subject) []models.Finding {
	a := s.Billing.Address
	if a == (models.Address{}) {
		return []models.Finding{noted(ruleAddress, "Claim.provider",
			"The billing provider has no address; payers reached by X12 refuse that.", "Add Organization.address.")}
	}
	var findings []models.Finding
	add := func(wrong bool, position, text, remedy string) {
		if wrong {
			f := noted(ruleAddress, "Claim.provider", text, remedy)
			f.Position = "2010AA " + position
			findings = append(findings, f)
		}
	}
	isBox := slices.ContainsFunc(strings.Split(a.Street, "\n"), mailBox.MatchString)
	isHome := a.Country == "" || slices.Contains([]string{"US", "USA"}, strings.ToUpper(a.Country))
	add(a.Street == "", "N301", "The billing provider's address has no street.", "Add Organization.address.line.")
	add(isBox, "N301", "The billing provider's address is a mail box; payers reached by X12 refuse that.",
		"Name the street in Organization.address, in one whose use is billing where there are several.")
	add(a.City == "", "N401", "The billing provider's address has no city.", "Add Organization.address.city.")
	add(isHome && !slices.Contains(states, a.State), "N402", "The billing provider's state is not the two letters of one.",
		"Write Organization.address.state in two capitals.")
	add(isHome && (!zip9.MatchString(a.PostalCode) || strings.HasSuffix(a.PostalCode, "0000")), "N403",
		"The billing provider's ZIP code has not all nine digits; payers reached by X12 refuse that.", "Write Organization.address.postalCode with its last four digits.")
	return findings
}

// halves are the states that Medicare's ZIP code file splits between two carriers.
var halves = map[string]string{"EK": "KS", "WK": "KS", "EM": "MO", "WM": "MO"}

// statesOfZIP: the billing provider's ZIP code lies in its state.
func statesOfZIP(s Subject) []models.Finding {
	a := s.Billing.Address
	zips, r, ok := look[*codes.Records](s, codes.FeeZIPs, s.Claim.ServiceFrom)
	if !ok || len(a.PostalCode) < 5 || !slices.Contains(states, a.State) {
		return nil // what is wrong with the letters and digits is told apart from it
	}
	const stateColumn = 3
	rows := zips.By(a.PostalCode[:5])
	isIn := func(row []string) bool {
		state := row[stateColumn]
		if whole, isHalf := halves[state]; isHalf {
			state = whole
		}
		return state == a.State
	}
	if len(rows) == 0 || slices.ContainsFunc(rows, isIn) {
		return nil
	}
	f := noted(ruleAddress, "Claim.provider", "The billing provider's ZIP code lies in another state than its address says.", "Correct Organization.address.")
	f.Position = "2010AA N402"
	return []models.Finding{by(r, f)}
}
