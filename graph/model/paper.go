package model

// PDF is where an invoice of ours is given as it goes by mail, below the address of the FHIR service.
func (i Invoice) PDF() *string {
	if i.Due() == nil {
		return nil
	}
	return given("Invoice/" + i.ID() + "/$pdf")
}

// PDF is where an estimate, or the letter of an appeal, is given.
func (c Claim) PDF() *string {
	if use := c.Use(); c.State() == nil && (use == nil || *use != "predetermination") {
		return nil
	}
	return given(printedClaim(c.ID()))
}

// Superbill is where a visit is given in the codes that plans ask for.
func (e Encounter) Superbill() string { return "Encounter/" + e.ID() + "/$superbill" }

// PDF is where an estimate is given.
func (e GoodFaithEstimate) PDF() string { return printedClaim(e.of.ID) }

func printedClaim[ID ~string](id ID) string { return "Claim/" + string(id) + "/$pdf" }
