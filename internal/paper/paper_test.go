package paper_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/ledongthuc/pdf"

	"medbill/internal/paper"
	"medbill/models"
)

// open reads a document with a library that is not ours.
func open(t *testing.T, d document) (*pdf.Reader, []byte) {
	t.Helper()
	file, err := d.PDF()
	if err != nil {
		t.Fatal(err)
	}
	r, err := pdf.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	return r, file
}

// tight takes the blanks out of a text, which a reader sets as it likes.
func tight(text string) string {
	return strings.Join(strings.FieldsFunc(text, unicode.IsSpace), "")
}

// pages gives the text of each page.
func pages(t *testing.T, d document) (texts []string) {
	t.Helper()
	r, _ := open(t, d)
	for n := 1; n <= r.NumPage(); n++ {
		text, err := r.Page(n).GetPlainText(nil)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, tight(text))
	}
	return texts
}

func says(t *testing.T, name, text string, want ...string) {
	t.Helper()
	for _, one := range want {
		if !strings.Contains(text, tight(one)) {
			t.Errorf("%s does not say %q: %s", name, one, text)
		}
	}
}

// TestDocumentsSayWhatTheyAreGiven holds that a foreign reader finds the numbers of each kind of document, in the order in which a person reads them.
func TestDocumentsSayWhatTheyAreGiven(t *testing.T) {
	for name, want := range map[string][]string{
		"invoice": {"Invented Family Practice", "NPI 1234567893", "Tax ID 12-3456789", "$60.00", "by April 19, 2026", "99213-25 150.00 40.00 40.00 0.00 70.00 Deductible 50.00 Copay 20.00", "93000 50.00 10.00 30.00 6.00 4.00 Coinsurance 4.00",
			"Total 200.00 50.00 70.00 6.00 74.00", "Your share of this visit 74.00 Paid, or no longer owed -14.00 Due now 60.00", "$20.00 is open from earlier visits", "Acme Health paid $70.00", "write V123 on it", "Call 555-0100", "Page 1 of 1"},
		"estimate":  {"$265.00", "99203 1 165.00", "93000 2 100.00", "Total 265.00", "pay $50.00 before", "NPI 1999999984", "$665.00 or more"},
		"superbill": {"A: I10, B: E11.9", "99213-25 A B 1 150.00", "Charged 200.00 Adjusted -50.00 Paid by plans -70.00 Paid by the patient -20.00 Open 60.00", "11 (office)"},
		"appeal":    {"Acme Health PO Box 1", "C00000042", "ICN-4711", "CANARY-7781", "99213-25 150.00 40.00 60.00 CO-50, N115", "You refused $60.00"},
		"receipt":   {"$80.00", "V123 03/02/2026 60.00", "Used 75.00", "Kept as your credit 5.00"},
		"statement": {"$130.00", "by May 31, 2026", "Reminder", "03/02/2026 V123 03/20/2026 74.00 60.00 Deductible 50.00, Copay 20.00, Coinsurance 4.00", "Returned payment fee 04/02/2026 25.00 25.00", "V130 04/28/2026 25.00 25.00", "50.00 60.00 0.00 0.00 20.00",
			"Please pay 130.00", "write S20260501-3F2A9C on it", "Copay: Your plan asks", "Returned payment fee: A payment was returned", "Call 555-0100"},
		"plan": {"$29.34", "by May 11, 2026", "Payment plan", "Payment 1 04/25/2026 4.67 Payment 2 05/01/2026 24.67 Total 29.34", "Please pay 29.34"},
	} {
		says(t, name, strings.Join(pages(t, samples[name]), ""), want...)
	}
}

// TestTheSameDocumentIsTheSameBytes holds that nothing but what is given is in a file, and that its day is the document's.
func TestTheSameDocumentIsTheSameBytes(t *testing.T) {
	for name, d := range samples {
		r, file := open(t, d)
		again, err := d.PDF()
		if err != nil || !bytes.Equal(file, again) {
			t.Errorf("%s: the same again is another file: %v", name, err)
		}
		info := r.Trailer().Key("Info")
		if made := info.Key("CreationDate").Text(); !strings.HasPrefix(made, "D:2026") || !strings.Contains(made, "000000") {
			t.Errorf("%s: it says that it was made %s", name, made)
		}
		if title := info.Key("Title").Text() + info.Key("Author").Text() + info.Key("Subject").Text() + info.Key("Keywords").Text(); strings.Contains(title, "Canary") {
			t.Errorf("%s: the file says of itself %s", name, title)
		}
	}
}

// TestManyLinesTurnPages holds that every line is there once, in order, under a head on every page, and that pages are numbered.
func TestManyLinesTurnPages(t *testing.T) {
	list := pages(t, long(60))
	if len(list) < 3 {
		t.Fatalf("60 lines are %d pages", len(list))
	}
	at := 0
	all := strings.Join(list, "")
	for n := range 60 {
		next := strings.Index(all[at:], tight(fmt.Sprintf("L%04d 100.00 40.00", n+1)))
		if next < 0 {
			t.Fatalf("line %d is not there after the one before", n+1)
		}
		at += next
	}
	for i, page := range list {
		says(t, "a page", page, fmt.Sprintf("Page %d of %d", i+1, len(list)))
		if i > 0 {
			says(t, "a page", page, "Invoice V123 ·")
		}
		if strings.Contains(page, "100.00") {
			says(t, "a page with lines", page, "Date Service code Charged Adjusted Paid by plans Your share")
		}
	}
	says(t, "the last page", list[len(list)-1], "Total 6,000.00 2,400.00 3,522.30 77.70", "Due now 77.70")
}

// TestWhatDoesNotFitIsBroken holds that nothing of a long name or address is lost, and nothing leaves the page.
func TestWhatDoesNotFitIsBroken(t *testing.T) {
	i := samples["invoice"].(paper.Invoice)
	i.Practice.Name = "The Invented Interdisciplinary Ambulatory Care and Rehabilitation Partnership of Greater Springfield and Sangamon County, PLLC"
	i.Recipient.Name = "Zzyzx Maximiliana Theodora Canary-Featherstonehaugh-Cholmondeley de la Invented y Nowhere"
	i.Recipient.Address.Street = "c/o Someone Else\nApartment 4711, Stairway C\n7 Nowhere Lane\nRear Building"
	i.Account = strings.Repeat("a", 64)
	i.Lines = slices.Clone(i.Lines)
	i.Lines[0].Service = "99213-25-59-76-LT"
	i.Lines[0].Charged, i.Lines[0].Adjusted = 1234567890, 1234567890-11000
	says(t, "a long one", strings.Join(pages(t, i), ""), i.Practice.Name, i.Recipient.Name, "Rear Building Springfield, IL 62702", i.Account, "12,345,678.90")
	r, _ := open(t, i)
	for n := 1; n <= r.NumPage(); n++ {
		for _, piece := range r.Page(n).Content().Text {
			if piece.X < 36 || piece.X+piece.W > 612-36 || piece.Y < 30 || piece.Y > 792-30 {
				t.Errorf("%q stands at %.0f, %.0f on page %d", piece.S, piece.X, piece.Y, n)
			}
		}
	}
}

// TestNothingIsAnAmount holds that a document without amounts, addresses and numbers can be set, and asks for nothing.
func TestNothingIsAnAmount(t *testing.T) {
	for name, d := range map[string]document{
		"invoice":  paper.Invoice{Number: "V1", Visit: "2026-03-02", Status: models.InvoiceBalanced, Lines: []paper.InvoiceLine{{Day: "2026-03-02", Service: "99213"}}},
		"estimate": paper.Estimate{Number: "E1"}, "superbill": paper.Superbill{}, "appeal": paper.Appeal{}, "receipt": paper.Receipt{}, "statement": paper.Statement{},
	} {
		text := strings.Join(pages(t, d), "")
		if strings.Contains(text, tight("How to pay")) || strings.Contains(text, tight("By check")) || strings.Contains(text, tight("by the due date")) {
			t.Errorf("%s asks for nothing: %s", name, text)
		}
		if name == "invoice" {
			says(t, name, text, "$0.00", "Nothing is due.", "99213 0.00 0.00 0.00 0.00", "Due now 0.00")
		}
	}
	i := samples["invoice"].(paper.Invoice)
	i.Fees, i.Earlier = 2500, 4500
	says(t, "one beside a fee", strings.Join(pages(t, i), ""), "$20.00 is open from earlier visits", "a returned payment fee of $25.00 is due")
	i.Status, i.Due, i.Settled = models.InvoiceCancelled, 0, 7400
	says(t, "one that was taken back", strings.Join(pages(t, i), ""), "You do not owe anything", "Cancelled: nothing is due.")
}

// TestNamesOfTheWorldAreFound holds what the fonts cover: Latin with every accent, Greek and Cyrillic are found as they are written, and what is not covered is seen as boxes. It needs pdftotext, which reads Unicode where the other reader does not.
func TestNamesOfTheWorldAreFound(t *testing.T) {
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("pdftotext is not here")
	}
	for name, want := range map[string]string{
		"Renée Łukasz Đặng Ðuro Ñuñez Žižek Ővári İpek Ștefan Øre": "", "Παῖς Αλέξανδρος": "", "Ђорђе Чайковський Ёлкин": "",
		"e\u0301a\u0328": "éą", "王小明": "□□□", "שלום": "□□□□", "ｆｕｌｌ": "full", "Zero\u200bWidth": "ZeroWidth",
	} {
		r := samples["receipt"].(paper.Receipt)
		r.Patient = name
		_, file := open(t, r)
		command := exec.CommandContext(context.Background(), "pdftotext", "-", "-")
		command.Stdin = bytes.NewReader(file)
		text, err := command.Output()
		if err != nil && !errors.Is(err, io.EOF) {
			t.Fatal(err)
		}
		if want == "" {
			want = name
		}
		says(t, name, tight(string(text)), want)
	}
}
