// Package codes holds what everybody who bills looks up: the code systems (ICD-10-CM and PCS, HCPCS, CPT, places of service and
// whatever else a licensee has), and the tables that Medicare publishes about their codes (edits of pairs, units and add-on
// codes, the physician fee schedule, present-on-admission exemptions). A table comes in releases; a release is one immutable
// value, found by the day of service. The package is pure: it reads no file and no database. Files as they are published are
// read by codes/published, releases are kept by the store.
package codes

import (
	"slices"
	"strings"

	"medbill/models"
)

// Table names what a release is of: one of those below, or the canonical URL of any other code system or value set.
type Table string

// The tables.
const (
	ICD10CM    Table = "icd-10-cm"
	ICD10PCS   Table = "icd-10-pcs"
	HCPCS      Table = "hcpcs"
	CPT        Table = "cpt"
	Modifiers  Table = "modifiers"
	Places     Table = "places-of-service"
	CARC       Table = "carc"
	RARC       Table = "rarc"
	Revenue    Table = "revenue-codes"
	BillTypes  Table = "types-of-bill"
	Discharges Table = "discharge-status"

	Tabular   Table = "icd-10-cm-tabular" // excludes, code first, seventh characters, other names
	POAExempt Table = "poa-exempt"        // diagnoses that need no present-on-admission indicator

	PairsPractitioner Table = "ptp-practitioner"
	PairsHospital     Table = "ptp-hospital"
	UnitsPractitioner Table = "mue-practitioner"
	UnitsHospital     Table = "mue-hospital"
	UnitsSupplier     Table = "mue-supplier"
	AddOns            Table = "add-on-codes"

	Fees           Table = "mpfs" // relative values and payment indicators
	FeeLocalities  Table = "mpfs-gpci"
	FeeAnaesthesia Table = "mpfs-anaesthesia"
	FeeCounties    Table = "mpfs-counties"
	FeeZIPs        Table = "mpfs-zip"
)

// Facts is what there is to know about a table.
type Facts struct {
	Table   Table
	Title   string
	Kind    Kind
	Systems []string // canonical URLs of a code system, the first of which we write
	Days    Days
	Dotted  int  // after how many characters its codes are written with a dot; 0 for never
	Cased   bool // whether small letters are other codes than capitals
}

// Kind says what a release of a table holds.
type Kind string

// The kinds of content, a Go type each.
const (
	KindConcepts Kind = "concepts" // *Concepts
	KindNotes    Kind = "notes"    // *Notes
	KindSet      Kind = "set"      // *Set
	KindPairs    Kind = "pairs"    // *Pairs
	KindUnits    Kind = "units"    // *Units
	KindAddOns   Kind = "add-ons"  // *AddOnEdits
	KindFees     Kind = "fees"     // *Schedule
	KindRecords  Kind = "records"  // *Records
)

// Days says for which days a release speaks beside those it was made for.
type Days string

const (
	// DaysOwn is for its own days alone. What lies before the first one is not valid as far as anybody here knows; what lies after
	// the last one is not known, because the next one is not here.
	DaysOwn Days = "own"
	// DaysUntilNext is from its first day until the next release, however long that is.
	DaysUntilNext Days = "until-next"
	// DaysOfRows is for any day, because each row says when it begins and ends.
	DaysOfRows Days = "of-rows"
)

// Tables is the list of the tables that medbill knows something about.
var Tables = []Facts{
	{Table: ICD10CM, Title: "ICD-10-CM", Kind: KindConcepts, Systems: []string{models.SystemICD10CM}, Days: DaysOwn, Dotted: 3},
	{Table: ICD10PCS, Title: "ICD-10-PCS", Kind: KindConcepts, Systems: []string{models.SystemICD10PCS}, Days: DaysOwn},
	{Table: HCPCS, Title: "HCPCS Level II", Kind: KindConcepts, Systems: []string{models.SystemHCPCS}, Days: DaysOfRows},
	{Table: CPT, Title: "CPT", Kind: KindConcepts, Systems: []string{models.SystemCPT}, Days: DaysUntilNext},
	{Table: Modifiers, Title: "HCPCS modifiers", Kind: KindConcepts, Systems: []string{SystemModifiers}, Days: DaysUntilNext},
	{Table: Places, Title: "places of service", Kind: KindConcepts, Systems: []string{models.SystemPlaceOfService}, Days: DaysUntilNext},
	{Table: CARC, Title: "claim adjustment reason codes", Kind: KindConcepts, Systems: []string{models.SystemCARC}, Days: DaysUntilNext},
	{Table: RARC, Title: "remittance advice remark codes", Kind: KindConcepts, Systems: []string{models.SystemRARC}, Days: DaysUntilNext},
	{Table: Revenue, Title: "revenue codes", Kind: KindConcepts, Systems: []string{SystemRevenue}, Days: DaysUntilNext},
	{Table: BillTypes, Title: "types of bill", Kind: KindConcepts, Systems: []string{SystemBillTypes}, Days: DaysUntilNext},
	{Table: Discharges, Title: "patient discharge status", Kind: KindConcepts, Systems: []string{SystemDischarges}, Days: DaysUntilNext},

	{Table: Tabular, Title: "ICD-10-CM tabular list", Kind: KindNotes, Days: DaysUntilNext, Dotted: 3},
	{Table: POAExempt, Title: "diagnoses exempt from present on admission", Kind: KindSet, Days: DaysUntilNext, Dotted: 3},
	{Table: PairsPractitioner, Title: "NCCI procedure-to-procedure edits, practitioners", Kind: KindPairs, Days: DaysUntilNext},
	{Table: PairsHospital, Title: "NCCI procedure-to-procedure edits, outpatient hospitals", Kind: KindPairs, Days: DaysUntilNext},
	{Table: UnitsPractitioner, Title: "medically unlikely edits, practitioners", Kind: KindUnits, Days: DaysUntilNext},
	{Table: UnitsHospital, Title: "medically unlikely edits, outpatient hospitals", Kind: KindUnits, Days: DaysUntilNext},
	{Table: UnitsSupplier, Title: "medically unlikely edits, suppliers", Kind: KindUnits, Days: DaysUntilNext},
	{Table: AddOns, Title: "add-on code edits", Kind: KindAddOns, Days: DaysUntilNext},
	{Table: Fees, Title: "Medicare physician fee schedule", Kind: KindFees, Days: DaysUntilNext},
	{Table: FeeLocalities, Title: "geographic practice cost indices", Kind: KindRecords, Days: DaysUntilNext},
	{Table: FeeAnaesthesia, Title: "anaesthesia conversion factors", Kind: KindRecords, Days: DaysUntilNext},
	{Table: FeeCounties, Title: "counties of the fee schedule's localities", Kind: KindRecords, Days: DaysUntilNext},
	{Table: FeeZIPs, Title: "localities of ZIP codes", Kind: KindRecords, Days: DaysUntilNext},
}

// Canonical URLs that no other room needs. The NUBC's are those that THO and CARIN use.
const (
	SystemModifiers  = "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets/modifiers"
	SystemRevenue    = "https://www.nubc.org/CodeSystem/RevenueCodes"
	SystemBillTypes  = "https://www.nubc.org/CodeSystem/TypeOfBill"
	SystemDischarges = "https://www.nubc.org/CodeSystem/PatDischargeStatus"
)

// Facts gives the row of a table. A table that is not on the list is a code system of somebody, by its URL.
func (t Table) Facts() Facts {
	for _, f := range Tables {
		if f.Table == t {
			return f
		}
	}
	return Facts{Table: t, Title: string(t), Kind: KindConcepts, Systems: []string{string(t)}, Days: DaysUntilNext, Cased: true}
}

// TableOf gives the table of a code system by one of its canonical URLs.
func TableOf(system string) Table {
	for _, f := range Tables {
		if slices.Contains(f.Systems, system) {
			return f.Table
		}
	}
	return Table(system)
}

// Bare gives a code as it is kept: without the dot and in capitals, where the table has them so.
func (f Facts) Bare(code string) string {
	code = strings.TrimSpace(code)
	if f.Dotted > 0 {
		code = strings.ReplaceAll(code, ".", "")
	}
	if !f.Cased {
		code = strings.ToUpper(code)
	}
	return code
}

// Written gives a code as people write it: with its dot.
func (f Facts) Written(code string) string {
	if f.Dotted == 0 || len(code) <= f.Dotted {
		return code
	}
	return code[:f.Dotted] + "." + code[f.Dotted:]
}
