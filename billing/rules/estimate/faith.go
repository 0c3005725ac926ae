package estimate

import (
	"cmp"
	"slices"

	"medbill/models"
)

// Dispute is how far a patient who pays for himself may be billed above a good faith estimate before he can have the bill disputed. 45 CFR 149.620(a)(2)(ii).
const Dispute models.Cents = 400_00

// IsExcess reports whether a patient is billed so much more than was estimated that the bill can be disputed.
func IsExcess(estimated, billed models.Cents) bool { return billed-estimated >= Dispute }

// Due gives until when a good faith estimate is to be made for services of a day that were scheduled on another one; false where they were scheduled too late for one. Services without a day were asked for, not
// scheduled. 45 CFR 149.610(b)(1)(vi)
func Due(scheduled, service models.Date) (models.Date, bool) {
	switch ahead := businessDays(scheduled, service); {
	case service == "", ahead >= 10:
		return addBusinessDays(scheduled, 3), true
	case ahead >= 3:
		return addBusinessDays(scheduled, 1), true
	}
	return "", false
}

// Visit is a visit that a good faith estimate may have been made for.
type Visit struct {
	CaseID       models.CaseID
	PracticeID   models.OrganizationID
	Day          models.Date
	Appointments []string // that it came of
}

// OfVisit gives the one of a patient's estimates that counts for a visit: of those for an appointment that it came of, else, where the appointment of either is unknown, of those for its day and practice. The last one
// counts that was made a business day before at least, where several were, and the first one where none was in time. 45 CFR 149.610(b)(1)(viii)
func OfVisit(made []models.GoodFaithEstimate, v Visit) (models.GoodFaithEstimate, bool) {
	isFree := func(e models.GoodFaithEstimate) bool { return e.CaseID == "" || e.CaseID == v.CaseID }
	those := filter(made, func(e models.GoodFaithEstimate) bool {
		return isFree(e) && slices.Contains(v.Appointments, e.AppointmentID)
	})
	if len(those) == 0 {
		those = filter(made, func(e models.GoodFaithEstimate) bool {
			isUnknown := e.AppointmentID == "" || len(v.Appointments) == 0
			return isFree(e) && isUnknown && e.Day == v.Day && (e.PracticeID == "" || e.PracticeID == v.PracticeID)
		})
	}
	if len(those) == 0 {
		return models.GoodFaithEstimate{}, false
	}
	slices.SortStableFunc(those, func(a, b models.GoodFaithEstimate) int { return cmp.Compare(a.Created, b.Created) })
	inTime := filter(those, func(e models.GoodFaithEstimate) bool { return businessDays(e.Made, v.Day) > 0 })
	if len(inTime) > 0 {
		return inTime[len(inTime)-1], true
	}
	return those[0], true
}

func filter(list []models.GoodFaithEstimate, is func(models.GoodFaithEstimate) bool) []models.GoodFaithEstimate {
	return slices.DeleteFunc(slices.Clone(list), func(e models.GoodFaithEstimate) bool { return !is(e) })
}
