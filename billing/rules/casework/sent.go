package casework

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"medbill/models"
)

// Snapshot is what a case says: as it was when somebody was asked to pay, or as the EHR says it now.
type Snapshot struct {
	Status    string // of the Encounter; "" where it is deleted
	External  bool
	PatientID models.PatientID
	BillingID models.OrganizationID
	Place     string
	Charges   []models.Charge
	Diagnoses []models.Diagnosis
	Stay      models.Stay
	Payers    map[models.CoverageID]models.OrganizationID // who is asked first under each coverage; none where the patient pays alone
	Usable    bool                                        // the charges could be made; else only the rest is compared
	Strangers bool                                        // something that belongs to the visit names another patient
	Unclear   bool                                        // nobody can say who pays
	Rewritten bool                                        // a person chose from a chart that says something else now
	Chart     string                                      // digest of that chart
}

// Differences gives the work that comes of what changed after somebody was asked to pay. Nothing is changed by itself: a person
// decides between a corrected claim, a voided one and leaving it.
func Differences(sent, now Snapshot) []Work {
	if endings[now.Status] {
		return []Work{{
			Kind: models.WorkCancelled, Cause: cause(now.Status),
			Reason: fmt.Sprintf("The visit was cancelled after it was asked for; decide what to take back of %s.", total(sent.Charges)),
		}}
	}
	var work []Work
	stay, _ := now.Stay.Value()
	late, changed := compared(sent, now)
	if len(late) > 0 {
		work = append(work, Work{
			Kind: models.WorkLateCharge, Amount: total(late), Cause: cause(services(late)),
			Reason: fmt.Sprintf("After the claim or invoice went out there came %s, %s in all; send a corrected claim.", list(late), total(late)),
		})
	}
	changed = append(changed, facts(sent, now)...)
	if len(changed) > 0 {
		work = append(work, Work{
			Kind: models.WorkChangedSent, Cause: cause(changed, now.Status, now.PatientID, now.BillingID, now.Place, now.Diagnoses, stay, now.Chart),
			Reason: "After the claim or invoice went out the EHR changed " + join(changed) + "; decide whether a corrected claim is needed.",
		})
	}
	if now.Unclear || !maps.Equal(sent.Payers, now.Payers) {
		work = append(work, Work{
			Kind: models.WorkCoverageChanged, Cause: cause(now.Payers, now.Unclear),
			Reason: fmt.Sprintf("Another coverage counts for the visit than the one that was asked for %s; decide who is to be asked.", total(sent.Charges)),
		})
	}
	return work
}

// cause tells what differs from anything else that may differ.
func cause(parts ...any) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%#v", parts)) // maps are written in the order of their keys
	return hex.EncodeToString(sum[:])
}

// services gives what was done, without what it costs and under which id it is known.
func services(charges []models.Charge) []models.Service {
	done := make([]models.Service, len(charges))
	for i, c := range charges {
		done[i] = c.Service()
	}
	slices.SortFunc(done, func(a, b models.Service) int { return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return done
}

// compared gives the charges that came, and in words those that went or changed.
func compared(sent, now Snapshot) (late []models.Charge, changed []string) {
	if !now.Usable {
		return nil, []string{"its codes so that they cannot be billed"}
	}
	rest, late := slices.Clone(sent.Charges), slices.Clone(now.Charges)
	isSameSource := func(a, b models.Charge) bool { return a.Source == b.Source && a.Source != "" }
	pairOff(&rest, &late, func(a, b models.Charge) bool { return isSameSource(a, b) && isSameService(a, b) })
	pairOff(&rest, &late, isSameService)
	for _, pair := range pairOff(&rest, &late, isSameSource) {
		changed = append(changed, fmt.Sprintf("%s of %s to %s of %s", pair[0].Code, pair[0].Billed, pair[1].Code, pair[1].Billed))
	}
	for _, gone := range rest {
		changed = append(changed, fmt.Sprintf("%s of %s, which is gone", gone.Code, gone.Billed))
	}
	return late, changed
}

// pairOff takes those out of both lists that belong together, and gives them.
func pairOff(sent, now *[]models.Charge, belong func(sent, now models.Charge) bool) (pairs [][2]models.Charge) {
	*now = slices.DeleteFunc(*now, func(c models.Charge) bool {
		at := slices.IndexFunc(*sent, func(s models.Charge) bool { return belong(s, c) })
		if at < 0 {
			return false
		}
		pairs = append(pairs, [2]models.Charge{(*sent)[at], c})
		*sent = slices.Delete(*sent, at, at+1)
		return true
	})
	return pairs
}

// isSameService compares what was done; what it costs is a matter of the fee schedule, which may change after a claim went out.
func isSameService(a, b models.Charge) bool { return a.Service().Equal(b.Service()) }

func facts(sent, now Snapshot) []string {
	var what []string
	for _, f := range []struct {
		differs bool
		name    string
	}{
		{now.Status != finished, "its status"},
		{now.External, "who bills it"},
		{sent.PatientID != now.PatientID, "the patient"},
		{now.Strangers, "the patient of a record of the visit"},
		{sent.BillingID != now.BillingID, "the practice"},
		{sent.Place != now.Place, "the place of service"},
		{now.Usable && !sent.Stay.Equal(now.Stay), "what is said of the stay"},
		{now.Rewritten, "the chart that the codes were chosen from"},
		{now.Usable && !slices.EqualFunc(sent.Diagnoses, now.Diagnoses, models.Diagnosis.Equal), "the diagnoses"},
	} {
		if f.differs {
			what = append(what, f.name)
		}
	}
	return what
}

func total(charges []models.Charge) models.Cents {
	var sum models.Cents
	for _, c := range charges {
		sum += c.Billed
	}
	return sum
}

func list(charges []models.Charge) string {
	names := make([]string, len(charges))
	for i, c := range charges {
		names[i] = fmt.Sprintf("%s of %s", c.Code, c.Billed)
	}
	return join(names)
}

func join(words []string) string {
	text := ""
	for i, w := range words {
		switch {
		case i == 0:
		case i == len(words)-1:
			text += " and "
		default:
			text += ", "
		}
		text += w
	}
	return text
}
