package published

import (
	"errors"
	"strconv"
	"strings"

	"medbill/internal/codes"
)

// The columns of the relative value file after the modifier, and after the description, which is the AMA's and never read, where it has
// one. Its header goes over several lines, so columns are counted.
// https://www.cms.gov/medicare/payment/fee-schedules/physician/pfs-relative-value-files (RVUPUF record layout)
const (
	feeStatus = iota + 2
	_         // not used for Medicare
	feeWork
	feeOffice
	_ // not applicable in an office
	feeFacility
	_ // not applicable in a facility
	feeMalpractice
	_ // total in an office
	_ // total in a facility
	feeComponents
	feeGlobal
	feePre
	feeIntra
	feePost
	feeMultiple
	feeBilateral
	feeAssistant
	feeCoSurgeons
	feeTeam
	feeEndoscopy
	feeConversion
	feeSupervision
)

// takeFees reads the relative values and indicators of the physician fee schedule.
func takeFees(r *rows, _ codes.Release) (codes.Content, error) {
	skip := 0
	if r.at("description") == 2 {
		skip = 1
	}
	var list []codes.Fee
	err := r.each(func(cell func(int) string) error {
		code := cell(0)
		if len(code) != 5 {
			if len(list) == 0 || strings.Contains(code, " ") && cell(1) == "" {
				return nil // more lines of the header, or a remark under the table
			}
			return errNoCode
		}
		f := codes.Fee{
			Code: strings.Clone(code), Modifier: strings.Clone(cell(1)), Global: strings.Clone(cell(feeGlobal + skip)),
			Endoscopy: strings.Clone(cell(feeEndoscopy + skip)), Supervision: strings.Clone(cell(feeSupervision + skip)),
		}
		for at, to := range map[int]*byte{
			feeStatus: &f.Status, feeComponents: &f.Components, feeMultiple: &f.Multiple, feeBilateral: &f.Bilateral,
			feeAssistant: &f.Assistant, feeCoSurgeons: &f.CoSurgeons, feeTeam: &f.Team,
		} {
			if text := cell(at + skip); text != "" {
				*to = text[0]
			}
		}
		var bad bool
		for at, to := range map[int]*int{
			feeWork: &f.Work, feeOffice: &f.PracticeOffice, feeFacility: &f.PracticeFac, feeMalpractice: &f.Malpractice,
			feePre: &f.Pre, feeIntra: &f.Intra, feePost: &f.Post,
		} {
			n, ok := fixed(cell(at+skip), 2)
			*to, bad = n, bad || !ok
		}
		var ok bool
		if f.Conversion, ok = fixed(cell(feeConversion+skip), 4); bad || !ok || f.Status == 0 {
			return errors.New("it has no status, or a value that is no number")
		}
		list = append(list, f)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return codes.NewSchedule(list)
}

// fixed reads a decimal as a whole number of its last place: 0.97 with two digits is 97. An empty text is 0.
func fixed(text string, digits int) (int, bool) {
	if text == "" {
		return 0, true
	}
	whole, part, _ := strings.Cut(text, ".")
	if len(part) > digits {
		return 0, false
	}
	n, err := strconv.Atoi(whole + part + strings.Repeat("0", digits-len(part)))
	return n, err == nil
}

func isZIPs(name string, head []string) bool {
	return strings.Contains(name, "zip") && len(head) > 0 && len(head[0]) >= 15 && isDigits(cut(head[0], 2, 14))
}

// readZIPs reads which carrier and locality a ZIP code lies in. (Zip5 record layout)
func readZIPs(in *lines, o Options) ([]codes.Edition, error) {
	release, err := in.release(codes.FeeZIPs, o)
	if err != nil {
		return nil, err
	}
	var list [][]string
	err = in.each(func(line string) error {
		if strings.TrimSpace(line) == "" {
			return nil
		}
		if len(line) < 15 || !isDigits(line[2:7]) {
			return in.wrong("it does not have the columns of the ZIP code file")
		}
		list = append(list, []string{line[2:7], line[7:12], line[12:14], line[:2], strings.TrimSpace(line[14:15])})
		return nil
	})
	return edition(release, codes.NewRecords([]string{"zip", "carrier", "locality", "state", "rural"}, list)), err
}
