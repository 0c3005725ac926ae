package codes

import "slices"

// Fee is a row of the Medicare physician fee schedule: what a code, alone or with the modifier 26, TC or 53, is worth, and how
// it is paid beside others. Relative values are in hundredths, the conversion factor in ten thousandths of a dollar.
// https://www.cms.gov/medicare/payment/fee-schedules/physician/pfs-relative-value-files
type Fee struct {
	Code, Modifier string
	Status         byte // A active, B bundled, C carrier, I not valid for Medicare, N not covered, X by statute, ...
	Work           int
	PracticeOffice int // practice expense outside of a facility
	PracticeFac    int // in a facility
	Malpractice    int
	Components     byte   // PC/TC indicator
	Global         string // 000, 010, 090, MMM, XXX, YYY, ZZZ
	Pre            int    // hundredths of the fee that are for what is done before a procedure with a global period,
	Intra          int    // for the procedure
	Post           int    // and for what comes after it
	Multiple       byte
	Bilateral      byte
	Assistant      byte
	CoSurgeons     byte
	Team           byte
	Endoscopy      string // base code
	Conversion     int
	Supervision    string
}

// Schedule is a release of the fee schedule, by code and modifier.
type Schedule struct{ Fees []Fee }

// NewSchedule gives a release of these rows. It refuses a code that stands twice with the same modifier.
func NewSchedule(list []Fee) (*Schedule, error) {
	list, err := sorted(list, feeKey)
	return &Schedule{list}, err
}

func feeKey(f Fee) string {
	if f.Code == "" {
		return ""
	}
	return f.Code + " " + f.Modifier
}

// Len is how many rows there are.
func (s *Schedule) Len() int { return len(s.Fees) }

// Of gives the row of a code with the one of its modifiers that has a row of its own, else that of the code alone.
func (s *Schedule) Of(code string, modifiers []string) (Fee, bool) {
	for _, own := range []string{"26", "TC", "53"} {
		if slices.Contains(modifiers, own) {
			if f, found := find(s.Fees, code+" "+own, feeKey); found {
				return f, true
			}
		}
	}
	return find(s.Fees, code+" ", feeKey)
}
