package adjudication

import (
	"slices"

	"medbill/models"
)

// Share says which part of the patient's responsibility an adjustment is.
type Share string

// The parts of patient responsibility; ShareNone belongs to contra rows.
const (
	ShareNone        Share = ""
	ShareDeductible  Share = "deductible"
	ShareCoinsurance Share = "coinsurance"
	ShareCopay       Share = "copay"
)

// Billing says whether the patient may be asked for an amount.
type Billing string

// The answers. What is held may be the patient's, and somebody has to see it first.
const (
	BillNever Billing = "never"
	BillHeld  Billing = "held"
	BillYes   Billing = "yes"
)

// Row is what a reason means: of a group code, or of any where Group is "", beside a remark, or whatever is remarked where RARC is "". Bucket takes the amount off AR:Insurance; it stays there, for
// somebody to decide, where there is neither a bucket nor Memo, which is what earlier payers paid and took off and their answers posted.
type Row struct {
	Group, CARC string
	RARC        string
	Bucket      models.LedgerAccount
	Share       Share
	Memo        bool
	Patient     Billing
	NextPayer   bool // whether the next payer is asked for it
	Category    models.DenialCategory
	Proposed    models.Remedy
	Appealable  bool
	Plain       Plain // what a patient reads who is asked for it; zero where nobody is
}

// IsPosted reports whether an amount of the reason needs nobody.
func (r Row) IsPosted() bool { return r.Bucket != "" || r.Memo }

// Reasons is the one table of what adjustments mean. Nothing outside of its first rows is posted by itself, and nothing is the patient's or a
// contract's because of its group alone. https://x12.org/codes/claim-adjustment-reason-codes
var Reasons = []Row{
	{Group: "CO", CARC: "45", Bucket: models.AccountContractual, Patient: BillNever},
	{Group: "CO", CARC: "97", Bucket: models.AccountBundled, Patient: BillNever, Appealable: true},
	{Group: "CO", CARC: "253", Bucket: models.AccountSequestration, Patient: BillNever},
	{Group: "PR", CARC: "1", Bucket: models.AccountARPatient, Share: ShareDeductible, Patient: BillYes, NextPayer: true, Plain: plainDeductible},
	{Group: "PR", CARC: "2", Bucket: models.AccountARPatient, Share: ShareCoinsurance, Patient: BillYes, NextPayer: true, Plain: plainCoinsurance},
	{Group: "PR", CARC: "3", Bucket: models.AccountARPatient, Share: ShareCopay, Patient: BillYes, NextPayer: true, Plain: plainCopay},
	{Group: "PR", CARC: "66", Bucket: models.AccountARPatient, Share: ShareDeductible, Patient: BillYes, NextPayer: true, Plain: plainDeductible},
	{Group: "OA", CARC: "23", Memo: true, Patient: BillNever},

	{Group: "PR", CARC: "27", Patient: BillHeld, Category: models.DeniedEligibility, Proposed: models.RemedyNextPayer, Plain: plainNotInsured},
	{Group: "PR", CARC: "50", Patient: BillHeld, Category: models.DeniedNecessity, Proposed: models.RemedyPatient, Plain: plainNotNeeded},
	{Group: "PR", CARC: "96", Patient: BillHeld, Category: models.DeniedNonCovered, Proposed: models.RemedyPatient, Plain: plainNotCovered},
	{Group: "PR", CARC: "204", Patient: BillHeld, Category: models.DeniedNonCovered, Proposed: models.RemedyPatient, Plain: plainNotCovered},
	{Group: "PR", CARC: "119", Patient: BillHeld, Category: models.DeniedNonCovered, Proposed: models.RemedyPatient, Plain: plainLimit},
	{Group: "OA", CARC: "209", Patient: BillNever, NextPayer: true, Category: models.DeniedCoordination, Proposed: models.RemedyNextPayer},

	{CARC: "4", Category: models.DeniedCoding, Proposed: models.RemedyReplace, Appealable: true},
	{CARC: "5", Category: models.DeniedCoding, Proposed: models.RemedyReplace, Appealable: true},
	{CARC: "6", Category: models.DeniedCoding, Proposed: models.RemedyReplace, Appealable: true},
	{CARC: "7", Category: models.DeniedCoding, Proposed: models.RemedyReplace, Appealable: true},
	{CARC: "8", Category: models.DeniedCoding, Proposed: models.RemedyReplace, Appealable: true},
	{CARC: "9", Category: models.DeniedCoding, Proposed: models.RemedyReplace, Appealable: true},
	{CARC: "10", Category: models.DeniedCoding, Proposed: models.RemedyReplace, Appealable: true},
	{CARC: "11", Category: models.DeniedCoding, Proposed: models.RemedyReplace, Appealable: true},
	{CARC: "12", Category: models.DeniedCoding, Proposed: models.RemedyReplace, Appealable: true},
	{CARC: "15", Category: models.DeniedAuthorization, Proposed: models.RemedyAppeal, Appealable: true},
	{CARC: "16", RARC: "MA130", Category: models.DeniedInformation, Proposed: models.RemedyResend},
	{CARC: "16", RARC: "MA04", Category: models.DeniedCoordination, Proposed: models.RemedyReplace},
	{CARC: "16", RARC: "N382", Category: models.DeniedEligibility, Proposed: models.RemedyReplace},
	{CARC: "16", RARC: "M20", Category: models.DeniedCoding, Proposed: models.RemedyReplace},
	{CARC: "16", RARC: "M51", Category: models.DeniedCoding, Proposed: models.RemedyReplace},
	{CARC: "16", RARC: "M53", Category: models.DeniedCoding, Proposed: models.RemedyReplace},
	{CARC: "16", RARC: "M76", Category: models.DeniedCoding, Proposed: models.RemedyReplace},
	{CARC: "16", RARC: "M77", Category: models.DeniedCoding, Proposed: models.RemedyReplace},
	{CARC: "16", RARC: "MA63", Category: models.DeniedCoding, Proposed: models.RemedyReplace},
	{CARC: "16", Category: models.DeniedInformation, Proposed: models.RemedyReplace},
	{CARC: "18", Category: models.DeniedDuplicate, Proposed: models.RemedyCompare, Appealable: true},
	{CARC: "19", Category: models.DeniedCoordination, Proposed: models.RemedyNextPayer},
	{CARC: "20", Category: models.DeniedCoordination, Proposed: models.RemedyNextPayer},
	{CARC: "21", Category: models.DeniedCoordination, Proposed: models.RemedyNextPayer},
	{CARC: "22", Category: models.DeniedCoordination, Proposed: models.RemedyNextPayer},
	{CARC: "26", Category: models.DeniedEligibility, Proposed: models.RemedyNextPayer},
	{CARC: "27", Category: models.DeniedEligibility, Proposed: models.RemedyNextPayer},
	{CARC: "29", Category: models.DeniedFiling, Proposed: models.RemedyAppeal, Appealable: true},
	{CARC: "31", Category: models.DeniedEligibility, Proposed: models.RemedyResend},
	{CARC: "32", Category: models.DeniedEligibility, Proposed: models.RemedyNextPayer},
	{CARC: "33", Category: models.DeniedEligibility, Proposed: models.RemedyNextPayer},
	{CARC: "34", Category: models.DeniedEligibility, Proposed: models.RemedyNextPayer},
	{CARC: "39", Category: models.DeniedAuthorization, Proposed: models.RemedyAppeal, Appealable: true},
	{CARC: "49", Category: models.DeniedNonCovered, Proposed: models.RemedyAppeal, Appealable: true},
	{CARC: "50", Category: models.DeniedNecessity, Proposed: models.RemedyAppeal, Appealable: true},
	{CARC: "51", Category: models.DeniedNonCovered, Proposed: models.RemedyAppeal, Appealable: true},
	{CARC: "54", Category: models.DeniedNonCovered, Proposed: models.RemedyAppeal, Appealable: true},
	{CARC: "55", Category: models.DeniedNecessity, Proposed: models.RemedyAppeal, Appealable: true},
	{CARC: "56", Category: models.DeniedNecessity, Proposed: models.RemedyAppeal, Appealable: true},
	{CARC: "95", Category: models.DeniedNonCovered, Proposed: models.RemedyAppeal, Appealable: true},
	{CARC: "96", Category: models.DeniedNonCovered, Proposed: models.RemedyAppeal, Appealable: true},
	{CARC: "97", Category: models.DeniedBundling, Proposed: models.RemedyReplace, Appealable: true},
	{CARC: "109", Category: models.DeniedCoordination, Proposed: models.RemedyNextPayer},
	{CARC: "110", Category: models.DeniedInformation, Proposed: models.RemedyReplace},
	{CARC: "119", Category: models.DeniedNonCovered, Proposed: models.RemedyAppeal, Appealable: true},
	{CARC: "129", Category: models.DeniedInformation, Proposed: models.RemedyReplace},
	{CARC: "146", Category: models.DeniedCoding, Proposed: models.RemedyReplace},
	{CARC: "147", Category: models.DeniedOther, Proposed: models.RemedyAppeal, Appealable: true},
	{CARC: "148", Category: models.DeniedInformation, Proposed: models.RemedyReplace},
	{CARC: "150", Category: models.DeniedNecessity, Proposed: models.RemedyAppeal, Appealable: true},
	{CARC: "151", Category: models.DeniedNecessity, Proposed: models.RemedyAppeal, Appealable: true},
	{CARC: "152", Category: models.DeniedNecessity, Proposed: models.RemedyAppeal, Appealable: true},
	{CARC: "153", Category: models.DeniedNecessity, Proposed: models.RemedyAppeal, Appealable: true},
	{CARC: "154", Category: models.DeniedNecessity, Proposed: models.RemedyAppeal, Appealable: true},
	{CARC: "163", Category: models.DeniedInformation, Proposed: models.RemedyReplace},
	{CARC: "164", Category: models.DeniedInformation, Proposed: models.RemedyReplace},
	{CARC: "170", Category: models.DeniedCredentials, Proposed: models.RemedyAppeal, Appealable: true},
	{CARC: "171", Category: models.DeniedCredentials, Proposed: models.RemedyAppeal, Appealable: true},
	{CARC: "172", Category: models.DeniedCredentials, Proposed: models.RemedyAppeal, Appealable: true},
	{CARC: "177", Category: models.DeniedEligibility, Proposed: models.RemedyNextPayer},
	{CARC: "181", Category: models.DeniedCoding, Proposed: models.RemedyReplace},
	{CARC: "182", Category: models.DeniedCoding, Proposed: models.RemedyReplace},
	{CARC: "183", Category: models.DeniedCredentials, Proposed: models.RemedyAppeal, Appealable: true},
	{CARC: "184", Category: models.DeniedCredentials, Proposed: models.RemedyAppeal, Appealable: true},
	{CARC: "185", Category: models.DeniedCredentials, Proposed: models.RemedyAppeal, Appealable: true},
	{CARC: "197", Category: models.DeniedAuthorization, Proposed: models.RemedyAppeal, Appealable: true},
	{CARC: "198", Category: models.DeniedAuthorization, Proposed: models.RemedyAppeal, Appealable: true},
	{CARC: "199", Category: models.DeniedCoding, Proposed: models.RemedyReplace},
	{CARC: "200", Category: models.DeniedEligibility, Proposed: models.RemedyNextPayer},
	{CARC: "204", Category: models.DeniedNonCovered, Proposed: models.RemedyAppeal, Appealable: true},
	{CARC: "210", Category: models.DeniedAuthorization, Proposed: models.RemedyAppeal, Appealable: true},
	{CARC: "226", Category: models.DeniedInformation, Proposed: models.RemedyReplace},
	{CARC: "227", Category: models.DeniedInformation, Proposed: models.RemedyResend},
	{CARC: "231", Category: models.DeniedBundling, Proposed: models.RemedyReplace, Appealable: true},
	{CARC: "234", Category: models.DeniedBundling, Proposed: models.RemedyReplace, Appealable: true},
	{CARC: "236", Category: models.DeniedBundling, Proposed: models.RemedyReplace, Appealable: true},
	{CARC: "242", Category: models.DeniedCredentials, Proposed: models.RemedyAppeal, Appealable: true},
	{CARC: "243", Category: models.DeniedAuthorization, Proposed: models.RemedyAppeal, Appealable: true},
	{CARC: "250", Category: models.DeniedInformation, Proposed: models.RemedyReplace},
	{CARC: "251", Category: models.DeniedInformation, Proposed: models.RemedyReplace},
	{CARC: "252", Category: models.DeniedInformation, Proposed: models.RemedyReplace},
	{CARC: "284", Category: models.DeniedAuthorization, Proposed: models.RemedyAppeal, Appealable: true},
	{CARC: "296", Category: models.DeniedAuthorization, Proposed: models.RemedyAppeal, Appealable: true},
	{CARC: "A1", Category: models.DeniedOther, Proposed: models.RemedyAppeal, Appealable: true},
	{CARC: "B7", Category: models.DeniedCredentials, Proposed: models.RemedyAppeal, Appealable: true},
	{CARC: "B11", Category: models.DeniedCoordination, Proposed: models.RemedyNextPayer},
	{CARC: "B15", Category: models.DeniedBundling, Proposed: models.RemedyReplace, Appealable: true},
}

type reason struct{ group, carc string }

// rows are the rows of each reason, in the order of the table.
var rows = func() map[reason][]Row {
	byReason := make(map[reason][]Row, len(Reasons))
	for _, r := range Reasons {
		of := reason{r.Group, r.CARC}
		byReason[of] = append(byReason[of], r)
	}
	return byReason
}()

// RowOf gives what a group code and CARC mean beside remarks: the row of the group goes before that of any, and in it one of a remark, of several the first in the table, before the one of none. The
// zero Row of what the table does not know, which means that a person decides.
func RowOf(group, carc string, remarks ...string) Row {
	for _, of := range []reason{{group, carc}, {"", carc}} {
		for _, isIt := range []func(Row) bool{
			func(r Row) bool { return r.RARC != "" && slices.Contains(remarks, r.RARC) },
			func(r Row) bool { return r.RARC == "" },
		} {
			if at := slices.IndexFunc(rows[of], isIt); at >= 0 {
				return rows[of][at]
			}
		}
	}
	return Row{}
}

// RowIn gives what an adjustment of an answer means: beside its reason stand the remarks of its line and of the claim, too.
func RowIn(a models.Answer, one models.Adjustment) Row {
	remarks := append(models.Codes{one.RemarkCode}, a.Remarks...)
	for _, l := range a.Lines {
		if l.LineSequence == one.LineSequence {
			remarks = append(remarks, l.Remarks...)
		}
	}
	return RowOf(one.GroupCode, one.ReasonCode, remarks...)
}

// meaningOf gives what an adjustment of an answer means for the books; one that adds to the charge is never posted by itself.
func meaningOf(a models.Answer, one models.Adjustment) Row {
	row := RowIn(a, one)
	if one.Amount < 0 {
		row.Bucket, row.Memo = "", false
	}
	return row
}

// LeavesToNext reports whether the answer leaves something posted that a next payer may be asked for.
func LeavesToNext(a models.Answer) bool {
	return slices.ContainsFunc(a.Adjustments, func(one models.Adjustment) bool {
		row := meaningOf(a, one)
		return row.IsPosted() && row.NextPayer && one.Amount != 0
	})
}

// Denials gives what the payer refuses of each line, for which reason, in the order of the answer.
func Denials(a models.Answer) []models.Denial {
	var denials []models.Denial
	for _, one := range a.Adjustments {
		row := meaningOf(a, one)
		if one.Amount <= 0 || row.IsPosted() || row.Category == "" {
			continue
		}
		denials = append(denials, models.Denial{
			LineSequence: one.LineSequence, GroupCode: one.GroupCode, ReasonCode: one.ReasonCode, RemarkCode: one.RemarkCode, Amount: one.Amount,
			Category: row.Category, Proposed: row.Proposed, Appealable: row.Appealable,
		})
	}
	return denials
}
