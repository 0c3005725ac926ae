package published_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"strings"
	"testing"

	"medbill/internal/codes"
	"medbill/internal/codes/published"
	"medbill/models"
	"medbill/models/fault"
)

// file is one that a test writes; read gives what it holds.
type file struct {
	name, text string
	options    published.Options
}

func (f file) read() ([]codes.Edition, error) {
	return published.Read(f.name, strings.NewReader(f.text), int64(len(f.text)), f.options, nil)
}

func orderLine(code, flag, short, long string) string {
	return fmt.Sprintf("00001 %-7s %s %-60s %s\n", code, flag, short, long)
}

// anweb is a HCPCS record: a code of five characters or a modifier of two, its kind, texts and days.
func anweb(code, kind, long, short, added, ended string) string {
	return fmt.Sprintf("%5s00100%s%-80s%-28s%-149s%-8s%-8s%-8s%28s\n", code, kind, long, short, "", added, "", ended, "")
}

var small = []struct {
	file
	want string // of each edition: table, release, days, rows, billable; and something in it
}{
	{file{"icd10cm_order_2026.txt", orderLine("Z9X", "0", "Inv", "Invented") + orderLine("Z9X1", "1", "Inv one", "Invented one"), published.Options{}},
		"icd-10-cm 2026 2025-10-01..2026-09-30 2/1 Z9X1=Invented one|Inv one"},
	{file{"icd10pcs_order_2026.txt", orderLine("001", "0", "Inv", "Invented") + orderLine("0010001", "1", "Inv", "Invented"), published.Options{}},
		"icd-10-pcs 2026 2025-10-01..2026-09-30 2/1 0010001=Invented|Inv"},
	{file{"icd10cm_order_2026.txt", "\ufeff" + strings.ReplaceAll(orderLine("Z9X1", "1", "M\xe9ni\xe8re", "M\xe9ni\xe8re long"), "\n", "\r\n"), published.Options{}},
		"icd-10-cm 2026 2025-10-01..2026-09-30 1/1 Z9X1=Ménière long|Ménière"},
	{file{"POAexemptCodesFY26.txt", "Order26\tPOAexemptCode\tDescription\n00001\tZ9X.1\tInvented\n", published.Options{}},
		"poa-exempt 2026 2025-10-01..2026-09-30 1/0 Z9X1"},
	{file{"HCPC2026_CONTR_ANWEB.txt", "***Disclaimers\t\t\n\n" + anweb("Q9001", "3", "A thing that", "Thing", "20250101", "") + anweb("Q9001", "4", "goes on", "", "", "") + anweb("99999", "3", "A licensed text", "Text", "20250101", "20260331") + anweb("Q1", "7", "A caf\xe9 modifier", "Mod", "20250101", ""), published.Options{}},
		"hcpcs 2026 2026-01-01.. 2/2 Q9001=A thing that goes on|Thing 2025-01-01.. 99999= 2025-01-01..2026-03-31; modifiers 2026 2026-01-01.. 1/1 Q1=A café modifier|Mod 2025-01-01.."},
	{file{"hcpcs_level2_2026-07.csv", "hcpcs_code,date_term,date_added,long_description,short_description\nQ9001,2026-09-30,2025-01-01,\"A thing, long\",Thing\n", published.Options{}},
		"hcpcs 2026-07 2026-07-01.. 1/1 Q9001=A thing, long|Thing 2025-01-01..2026-09-30"},
	{file{"modifiers_2026.csv", "mod_code,mod_category,mod_description\nQ1,One,First\nQ1,Two,Second\n", published.Options{}},
		"modifiers 2026 2026-01-01.. 1/1 Q1=First|Second"},
	{file{"ptp_practitioner_2026Q1.csv", "column_1,column_2,deletion_date,modifier_indicator,rationale\nQ0001,Q0002,20251231,1,why\nQ0001,Q0003,,0,why\n", published.Options{}},
		"ptp-practitioner 2026Q1 2026-01-01..2026-03-31 2/0 Q0001-Q0002 ..2025-12-31 1"},
	{file{"ccipra-v321r0-f1.txt", "Column1/Column 2 Edits\n\nColumn 1\tColumn 2\t*=in existence prior to 1996\tEffective Date\tDeletion Date *=no data\tModifier 0=not allowed 1=allowed 9=not applicable\tPTP Edit Rationale\nQ0001\tQ0002\t\t20200101\t*\t0\twhy\n", published.Options{Name: "2026Q1", From: "2026-01-01"}},
		"ptp-practitioner 2026Q1 2026-01-01.. 1/0 Q0001-Q0002 2020-01-01.. 0"},
	{file{"mue_prac_2026Q1.csv", "hcpcs_code,mue_units,mue_mai,mue_rationale,mue_service\nQ0001,0,3,why,Practitioner\n", published.Options{}},
		"mue-practitioner 2026Q1 2026-01-01..2026-03-31 1/0 Q0001<=0 (3)"},
	{file{"MCR_MUE_OutpatientHospitalServices_Eff_2026Q1.csv", "\"HCPCS/CPT Code\",\"Outpatient Hospital Services MUE Values\",\"MUE Adjudication Indicator\",\"MUE Rationale\"\nQ0001,2,2 Date of Service Edit: Policy,why\n", published.Options{}},
		"mue-hospital 2026Q1 2026-01-01..2026-03-31 1/0 Q0001<=2 (2)"},
	{file{"addon_codes_2026.csv", "primary_code,add_on_code,aoc_edit_type\nQ0001,Q0002,1\n", published.Options{}},
		"add-on-codes 2026 2026-01-01.. 1/0 Q0002+Q0001 (1)"},
	{file{"PPRRVU2026_Jan.csv", "2026 National Physician Fee Schedule,,,\n,,,\nHCPCS,MOD,DESCRIPTION,CODE,PAYMENT,RVU,PE RVU,INDICATOR,PE RVU,INDICATOR,RVU,TOTAL,TOTAL,IND,DAYS,OP,OP,OP,PROC,SURG,SURG,SURG,SURG,BASE,FACTOR,PROCEDURES\n" +
		"Q0001,,licensed text,A,,1.30,1.33,,0.55,,0.10,2.73,1.95,1,010,0.10,0.69,0.21,2,1,0,0,0,,33.4009,09\n", published.Options{}},
		"mpfs 2026-01 2026-01-01.. 1/0 Q0001 A 130 133 55 10 1 010 10+69+21 1 334009"},
	{file{"GPCI2026.csv", "ADDENDUM E,,\nMedicare Administrative Contractor (MAC),State,Locality Number,Locality Name,2026 PW GPCI,2026 PE GPCI,2026 MP GPCI\n10112,AL,00,ALABAMA,1,0.869,0.575\n,,,\n", published.Options{}},
		"mpfs-gpci 2026 2026-01-01.. 1/0 10112,AL,00,ALABAMA,1,0.869,0.575"},
	{file{"ANES2026.csv", "Contractor,Locality,Locality Name,National Anes CF of 20.31\n10112 ,00 ,ALABAMA,19.31 \n", published.Options{}},
		"mpfs-anaesthesia 2026 2026-01-01.. 1/0 10112,00,ALABAMA,19.31"},
	{file{"26LOCCO.csv", "COUNTIES,,\nMAC,Locality Number,State ,Fee Schedule Area ,Counties\n10112,0,ALABAMA ,STATEWIDE ,ALL\n", published.Options{}},
		"mpfs-counties 2026 2026-01-01.. 1/0 10112,0,ALABAMA,STATEWIDE,ALL"},
	{file{"ZIP5_JAN2026.txt", "AK995010210201 Z9   0 A    20261\n", published.Options{}},
		"mpfs-zip 2026-01 2026-01-01.. 1/0 99501,02102,01,AK,"},
	{file{"cms_pos_utg_2026-04.csv", "code,display,definition\n11,Invented office,\"Long, and more\"\n", published.Options{}},
		"places-of-service 2026-04 2026-04-01.. 1/1 11=Invented office"},
	{file{"list.csv", "code,display\n45,Invented reason\n", published.Options{Table: codes.CARC, Name: "2026-03", From: "2026-03-01", Until: "2026-06-30"}},
		"carc 2026-03 2026-03-01..2026-06-30 1/1 45=Invented reason"},
	{file{"mine_2026.csv", "code,short,long,from,until\n99999,Short,Long,2026-01-01,2026-12-31\n", published.Options{Table: codes.CPT}},
		"cpt 2026 2026-01-01.. 1/1 99999=Long|Short 2026-01-01..2026-12-31"},
	{file{"Consolidated_Code_List_2026.txt", "Copyright of somebody\n\nConcept Id\tCPT Code\tLong\tMedium\tShort\tConsumer\n1\t99999\tLong\tMedium\tShort\tPlain\n", published.Options{}},
		"cpt 2026 2026-01-01.. 1/1 99999=Long|Medium|Short|Plain"},
	{file{"system.json", `{"resourceType":"CodeSystem","url":"urn:x","version":"3","date":"2026-01-05","content":"complete","concept":[{"code":"a","display":"Group","property":[{"code":"notSelectable","valueBoolean":true}],"concept":[{"code":"B","display":"Leaf","designation":[{"value":"Blatt"}]}]}]}`, published.Options{}},
		"urn:x 3 2026-01-05.. 2/1 B=Leaf|Blatt"},
	{file{"bundle.json", `{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"CodeSystem","url":"urn:x","version":"3","content":"fragment","concept":[{"code":"a","display":"A"}]}},{"resource":{"resourceType":"ValueSet","url":"urn:v","version":"1","expansion":{"contains":[{"system":"urn:x","code":"a","display":"A"}]}}}]}`, published.Options{}},
		"urn:x 3 .. 1/1 part a=A; urn:v 1 .. 1/0 urn:x,a,A"},
}

func TestEveryFormatIsReadAsItComes(t *testing.T) {
	for _, f := range small {
		editions, err := f.read()
		if err != nil {
			t.Errorf("%s: %s", f.name, text(err))
			continue
		}
		var all []string
		for _, e := range editions {
			all = append(all, told(e))
		}
		if got := strings.Join(all, "; "); got != f.want {
			t.Errorf("%s was read as\n %s, want\n %s", f.name, got, f.want)
		}
	}
}

// told gives an edition in one line: what it is, and those rows that the tests look at.
func told(e codes.Edition) string {
	r := e.Release
	line := fmt.Sprintf("%s %s %s..%s %d/%d", r.Table, r.Name, r.Span.From, r.Span.Until, r.Rows, r.Billable)
	if !r.Complete {
		line += " part"
	}
	span := func(s models.Span) string {
		if s == (models.Span{}) {
			return ""
		}
		return fmt.Sprintf(" %s..%s", s.From, s.Until)
	}
	switch c := e.Content.(type) {
	case *codes.Concepts:
		for i := len(c.Codes) - 1; i >= 0; i-- {
			one, _ := c.Find(c.Codes[i])
			if one.Billable && (r.Table != codes.HCPCS || i > 0 || len(c.Codes) == 1) || r.Table == codes.HCPCS {
				line += " " + one.Code + "=" + strings.Join(append([]string{one.Display}, one.Other...), "|") + span(one.Span)
			}
		}
	case *codes.Set:
		line += " " + strings.Join(c.Codes, " ")
	case *codes.Pairs:
		one := c.Between("Q0001", "Q0002")[0]
		line += fmt.Sprintf(" %s-%s %s..%s %c", one.Column1, one.Column2, one.Span.From, one.Span.Until, one.Indicator)
	case *codes.Units:
		line += fmt.Sprintf(" %s<=%d (%c)", c.Edits[0].Code, c.Edits[0].Max, c.Edits[0].Adjudication)
	case *codes.AddOnEdits:
		line += fmt.Sprintf(" %s+%s (%c)", c.Edits[0].Code, c.Edits[0].Primary, c.Edits[0].Type)
	case *codes.Schedule:
		f := c.Fees[0]
		line += fmt.Sprintf(" %s %c %d %d %d %d %c %s %d+%d+%d %c %d", f.Code, f.Status, f.Work, f.PracticeOffice, f.PracticeFac, f.Malpractice, f.Components, f.Global, f.Pre, f.Intra, f.Post, f.Bilateral, f.Conversion)
	case *codes.Records:
		line += " " + strings.Join(c.Rows[0], ",")
	}
	return line
}

const tabular = `<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.tabular><version>2026</version>
<chapter><name>4</name><desc>Invented things (E00-E89)</desc><excludes1><note>newborn (P70.-)</note></excludes1>
<section id="E08-E13"><desc>Sugar (E08-E13)</desc>
<diag><name>E10</name><desc>Sugar one</desc><excludes1><note>sugar two (E11.-)</note><note>sometimes (T36-T50 with fifth character 5)</note></excludes1>
<diag><name>E10.2</name><desc>In diseases classified elsewhere</desc><inclusionTerm><note>Another name</note></inclusionTerm><useAdditionalCode><note>stage (N18.1-N18.6)</note></useAdditionalCode></diag>
<diag><name>E10.3</name><desc>Sugar in other infectious and parasitic diseases classified elsewhere, left</desc></diag>
<diag><name>E10.4</name><desc>Sugar as the cause of diseases classified elsewhere</desc><inclusionTerm><note>Cause</note></inclusionTerm></diag></diag>
</section></chapter></ICD10CM.tabular>`

func TestTheTabularListSaysWhatItExcludes(t *testing.T) {
	editions, err := file{"icd10cm_tabular_2026.xml", tabular, published.Options{}}.read()
	if err != nil {
		t.Fatal(text(err))
	}
	notes := editions[0].Content.(*codes.Notes)
	for pair, want := range map[[2]string]bool{{"E109", "E119"}: true, {"E119", "E102"}: true, {"E119", "P702"}: true, {"E109", "T365"}: false, {"E109", "E139"}: false} {
		if got := notes.Exclude(pair[0], pair[1]); got != want {
			t.Errorf("%v exclude each other: %v", pair, got)
		}
	}
	all := notes.For("E102")
	if last := all[len(all)-1]; !last.IsManifests || len(last.Other) != 1 || len(last.Additional) != 1 || !last.Additional[0].Contains("N184") {
		t.Errorf("E10.2 says %+v", last)
	}
	for code, want := range map[string]bool{"E102": true, "E103": true, "E104": false} {
		all := notes.For(code)
		if got := all[len(all)-1]; got.At.From != code || got.IsManifests != want {
			t.Errorf("%s is a manifestation: %+v, want %v", code, got, want)
		}
	}
}

// TestABrokenFileIsRefusedWithItsLine breaks each file once and holds that nothing of it is read.
func TestABrokenFileIsRefusedWithItsLine(t *testing.T) {
	good := map[string]file{}
	for _, f := range small {
		good[f.name] = f.file
	}
	for _, row := range []struct{ name, broken, says string }{
		{"icd10pcs_order_2026.txt", "hello\n", "line 3"},
		{"POAexemptCodesFY26.txt", "00002\n", "line 3"},
		{"HCPC2026_CONTR_ANWEB.txt", "hello\n", "line 7"},
		{"HCPC2026_CONTR_ANWEB.txt", anweb("Q9002", "3", "x", "x", "2025XX01", ""), "line 7"},
		{"hcpcs_level2_2026-07.csv", "Q9002,soon,2025-01-01,x,x\n", "line 3"},
		{"hcpcs_level2_2026-07.csv", ",,,x,x\n", "line 3"},
		{"hcpcs_level2_2026-07.csv", "Q9001,,,x,x\n", "stands twice"},
		{"ptp_practitioner_2026Q1.csv", "Q0001,Q0004,,7,why\n", "line 4"},
		{"ptp_practitioner_2026Q1.csv", "Q0001,,,1,why\n", "line 4"},
		{"ccipra-v321r0-f1.txt", "Q0001\tQ0004\t\tyesterday\t*\t0\twhy\n", "line 5"},
		{"mue_prac_2026Q1.csv", "Q0002,many,3,why,x\n", "line 3"},
		{"mue_prac_2026Q1.csv", "Q0002,1,9,why,x\n", "1, 2 or 3"},
		{"addon_codes_2026.csv", "Q0001,Q0003,7\n", "line 3"},
		{"PPRRVU2026_Jan.csv", "Q0002,,x,A,,one\n", "line 5"},
		{"ZIP5_JAN2026.txt", "hello\n", "line 2"},
		{"cms_pos_utg_2026-04.csv", ",nothing\n", "line 3"},
		{"mine_2026.csv", "99998,Short,Long,soon,\n", "line 3"},
		{"system.json", "{", "something stands after"},
	} {
		f := good[row.name]
		f.text += row.broken
		editions, err := f.read()
		if !fault.Is(err, fault.Invalid) || !strings.Contains(text(err), row.says) || len(editions) > 0 {
			t.Errorf("%s with %q: %d editions, %v; want a refusal with %q", row.name, row.broken, len(editions), text(err), row.says)
		}
	}
	for name, f := range map[string]file{
		"empty":                      {"x.csv", "", published.Options{}},
		"nothing known":              {"x.txt", "hello\nworld\n", published.Options{}},
		"a list of what":             {"x_2026.csv", "code,display\n1,x\n", published.Options{}},
		"from when":                  {"x.csv", "code,display\n1,x\n", published.Options{Table: "urn:x"}},
		"a day that is none":         {"x.csv", "code,display\n1,x\n", published.Options{Table: "urn:x", From: "soon", Name: "1"}},
		"the last before the first":  {"x.csv", "code,display\n1,x\n", published.Options{Table: "urn:x", From: "2026-02-01", Until: "2026-01-01", Name: "1"}},
		"rows of another table":      {"mue_prac_2026Q1.csv", "hcpcs_code,mue_units,mue_mai,mue_rationale,mue_service\nQ0001,0,3,why,Practitioner\n", published.Options{Table: codes.CPT}},
		"a header alone":             {"mue_prac_2026Q1.csv", "hcpcs_code,mue_units,mue_mai,mue_rationale,mue_service\n", published.Options{}},
		"pairs of whom":              {"ptp_2026Q1.csv", "column_1,column_2,deletion_date,modifier_indicator,rationale\nQ0001,Q0002,,1,x\n", published.Options{}},
		"XML that breaks off":        {"icd10cm_tabular_2026.xml", tabular[:len(tabular)/2], published.Options{}},
		"JSON that breaks off":       {"x.json", `{"resourceType":"CodeSystem"`, published.Options{}},
		"another resource":           {"x.json", `{"resourceType":"Patient","url":"urn:x","version":"1"}`, published.Options{}},
		"a value set without codes":  {"x.json", `{"resourceType":"ValueSet","url":"urn:v","version":"1","compose":{"include":[{"system":"urn:x"}]}}`, published.Options{}},
		"a line of two megabytes":    {"x_2026.csv", "code,display\n1," + strings.Repeat("x", 2<<20), published.Options{Table: "urn:x"}},
		"a ZIP that breaks off":      {"x.zip", zipped(t, "icd10cm_order_2026.txt", orderLine("Z9X1", "1", "a", "b"))[:60], published.Options{}},
		"a ZIP of nothing known":     {"x.zip", zipped(t, "readme.txt", "hello", "other.txt", "world"), published.Options{}},
		"a .gz that breaks off":      {"icd10cm_order_2026.txt.gz", gzipped(t, strings.Repeat(orderLine("Z9X1", "1", "a", "b"), 50))[:60], published.Options{}},
		"a ZIP with one broken file": {"x.zip", zipped(t, "icd10cm_order_2026.txt", orderLine("Z9X1", "1", "a", "b")+"hello\n"), published.Options{}},
	} {
		if editions, err := f.read(); !fault.Is(err, fault.Invalid) || len(editions) > 0 {
			t.Errorf("%s: %d editions, %v; want a refusal", name, len(editions), err)
		}
	}
}

func zipped(t testing.TB, files ...string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		f, err := w.Create(files[i])
		if err == nil {
			_, err = f.Write([]byte(files[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func gzipped(t testing.TB, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(text))
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestWhatIsPackedIsOpened(t *testing.T) {
	order := orderLine("Z9X", "0", "a", "b") + orderLine("Z9X1", "1", "a", "b")
	for name, f := range map[string]file{
		"a .gz":                    {"icd10cm_order_2026.txt.gz", gzipped(t, order), published.Options{}},
		"a ZIP with what explains": {"cms_2026_dx.zip", zipped(t, "icd10cm_order_2026.txt", order, "icd10cm_codes_2026.txt", "Z9X1 b\n", "icd10OrderFiles.pdf", "x", "icd10cm_order_addenda_2026.txt", "x", "notes.txt", "hello"), published.Options{}},
		"in a folder":              {"x.zip", zipped(t, "Release/icd10cm_order_2026.txt", order), published.Options{}},
	} {
		editions, err := f.read()
		if err != nil || len(editions) != 1 || editions[0].Release.Rows != 2 || editions[0].Release.Name != "2026" || editions[0].Release.Source != f.name {
			t.Errorf("%s: %+v, %v", name, editions, err)
		}
	}
}

// TestReadingIsTold holds that whoever waits for a large file hears of it, packed in whatever way.
func TestReadingIsTold(t *testing.T) {
	order := orderLine("Z9X1", "1", "a", "b")
	for name, content := range map[string]string{
		"icd10cm_order_2026.txt": order, "icd10cm_order_2026.txt.gz": gzipped(t, order), "x.zip": zipped(t, "icd10cm_order_2026.txt", order),
	} {
		var last, of int64
		_, err := published.Read(name, strings.NewReader(content), int64(len(content)), published.Options{}, func(done, all int64) { last, of = done, all })
		if err != nil || last == 0 || last > of || of != int64(len(content)) {
			t.Errorf("%s: told of %d of %d bytes, %v", name, last, of, err)
		}
	}
}

// TestALongFileIsRefused holds that what unpacks to more rows than any table has takes no memory without end.
func TestALongFileIsRefused(t *testing.T) {
	if rowsMax < 10_000_000 {
		t.Skip("ten million lines take long under the race detector")
	}
	long := file{"ptp_practitioner_2026Q1.csv.gz", gzipped(t, "column_1,column_2,deletion_date,modifier_indicator,rationale\n"+strings.Repeat("\n", 10_000_001)), published.Options{}}
	if editions, err := long.read(); !fault.Is(err, fault.Invalid) || !strings.Contains(text(err), "more lines than any table") || len(editions) > 0 {
		t.Errorf("%d editions, %v", len(editions), text(err))
	}
}

// FuzzRead holds that whatever comes is read or refused, and that what is read has rows and comes back from its bytes.
func FuzzRead(f *testing.F) {
	for _, s := range small {
		f.Add(s.name, []byte(s.text))
	}
	f.Add("icd10cm_tabular_2026.xml", []byte(tabular))
	f.Fuzz(func(t *testing.T, name string, content []byte) {
		editions, err := file{name, string(content), published.Options{Table: codes.CPT, Name: "1", From: "2026-01-01"}}.read()
		if err != nil && !fault.Is(err, fault.Invalid) {
			t.Errorf("it fails with %v", err)
		}
		for _, e := range editions {
			if e.Release.Rows == 0 || e.Release.Rows != e.Content.Len() {
				t.Errorf("an edition of %d rows", e.Release.Rows)
			}
			body, _, err := codes.Encode(e.Content)
			if err == nil {
				_, err = codes.Decode(e.Release.Kind, body)
			}
			if err != nil {
				t.Error(err)
			}
		}
	})
}
