package intake

import (
	"errors"
	"time"

	"medbill/fhir"
	"medbill/models"
	"medbill/models/money"
)

// Prices reads the fee schedule that an active ChargeItemDefinition states: one price per base component and payer, in
// document order, sequences from 1; its days are taken in zone, or as written where zone is nil. What does not price is skipped with a warning rather than refused, because the
// document itself is kept: other currencies, formulas, conditions, payers and services that cannot be read.
// https://hl7.org/fhir/R4/chargeitemdefinition.html
func Prices(d *fhir.Document, zone *time.Location) ([]models.Price, []models.Finding) {
	root := rootOf(d, "ChargeItemDefinition")
	var s priceSheet
	if !root.Get("status").Is("active") {
		s.skip(root.get("status"), "prices.not-active", "The definition is not active, so it prices nothing.", "Set its status to active.")
		return nil, s.findings
	}
	service := serviceIn(root.Node)
	priced := service.code != "" && models.CheckCode(service.code) == nil
	if !priced {
		s.skip(root.get("code"), "prices.no-service", "The definition has no CPT or HCPCS code, so it prices nothing.", "Add the code of the service.")
	}
	payers, span := s.payers(root), spanIn(root.Get("effectivePeriod"), zone)
	conditional := s.conditional(root)
	for group := range root.each("propertyGroup") {
		conditional := s.conditional(group) || conditional
		for component := range group.each("priceComponent") {
			amount, ok := s.base(component)
			if !ok || conditional || !priced {
				continue
			}
			if len(s.prices)+len(payers) > pricesMax {
				s.skip(component, "prices.too-many", "The definition states more than 1000 prices; this one is not used.", "Split the definition.")
				continue
			}
			for _, payer := range payers {
				s.prices = append(s.prices, models.Price{
					ScheduleID: models.DefinitionSchedule(d.ID()), Sequence: len(s.prices) + 1, System: service.system, Code: service.code,
					Modifiers: service.modifiers, PayerID: payer, From: span.From, Until: span.Until, Amount: amount,
				})
			}
		}
	}
	return s.prices, s.findings
}

// pricesMax bounds what one definition may price: components times payers.
const pricesMax = 1000

// priceSheet is what a definition gave so far.
type priceSheet struct {
	prices   []models.Price
	findings []models.Finding
}

func (s *priceSheet) skip(at spot, rule, text, remedy string) {
	if len(s.findings) < issuesMax {
		s.findings = append(s.findings, models.Finding{Rule: rule, Severity: models.SeverityWarning, Path: at.path, Text: text, Remedy: remedy})
	}
}

// payers gives the payers the definition is for: "" where it is for everyone, none where it names somebody unreadable,
// because a price for one must not become a price for all.
func (s *priceSheet) payers(root spot) []models.OrganizationID {
	var payers []models.OrganizationID
	limited := false
	add := func(reference spot) {
		limited = true
		if id := idOf(reference.Node, "Organization"); id != "" {
			payers = append(payers, models.OrganizationID(id))
			return
		}
		s.skip(reference, "prices.payer", "The definition is limited to somebody who is no Organization of this server, so it prices nothing for them.", "Refer to the payer's Organization.")
	}
	for context := range root.each("useContext") {
		if reference := context.choice("value", "Reference"); reference.Exists() {
			add(reference)
		}
	}
	for extension := range root.each("extension") {
		if extension.Get("url").Is(fhir.ExtensionPayer) {
			add(extension.choice("value", "Reference"))
		}
	}
	if !limited {
		return []models.OrganizationID{""}
	}
	return payers
}

// conditional reports whether s's prices hold under conditions only, which are not evaluated.
func (s *priceSheet) conditional(at spot) bool {
	for condition := range at.each("applicability") {
		if condition.Get("expression").Exists() {
			s.skip(condition.get("expression"), "prices.condition", "The price holds under a condition, and conditions are not evaluated, so it is not used.", "State one definition per payer, modifier or period instead.")
			return true
		}
	}
	return false
}

// base reads the amount of a base component.
func (s *priceSheet) base(component spot) (money.Cents, bool) {
	if !component.Get("type").Is("base") {
		s.skip(component.get("type"), "prices.component", "Only components of type base price a service; this one is not used.", "State what one unit costs as a base component.")
		return 0, false
	}
	amount := component.get("amount")
	if !amount.Get("value").Exists() {
		s.skip(amount, "prices.no-amount", "The price has no amount, so it is not used.", "State the amount of one unit in USD.")
		return 0, false
	}
	if !amount.Get("currency").Is("USD") {
		s.skip(amount.get("currency"), "prices.currency", "The price is not in USD, so it is not used.", "State the amount of one unit in USD.")
		return 0, false
	}
	if component.Get("factor").Exists() {
		s.skip(component.get("factor"), "prices.factor", "The factor is not used; the amount is the price of one unit.", "State the amount of one unit without a factor.")
	}
	cents, err := money.Parse(amount.Get("value").Text())
	switch {
	case errors.Is(err, money.ErrPrecision):
		s.skip(amount.get("value"), "prices.fraction", "The price has a fraction of a cent, so it is not used.", "State the amount with at most two decimal places.")
	case err != nil || cents < 0 || cents > models.AmountMax:
		s.skip(amount.get("value"), "prices.amount", "The price is not between 0.00 and 99999999.99, so it is not used.", "Correct the amount.")
	default:
		return cents, true
	}
	return 0, false
}
