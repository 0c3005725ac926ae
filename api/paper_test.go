package api_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"unicode"

	"github.com/ledongthuc/pdf"

	"medbill/internal/auth"
)

// What goes by mail, asked for over HTTP and read by a library that is not ours.

// words gives the text of a PDF without blanks, which a reader sets as it likes.
func words(t *testing.T, file string) string {
	t.Helper()
	r, err := pdf.NewReader(strings.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	text, err := r.GetPlainText()
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	buffer := make([]byte, 1<<16)
	for n := 1; n > 0; {
		n, _ = text.Read(buffer)
		all.Write(buffer[:n])
	}
	return strings.Join(strings.FieldsFunc(all.String(), unicode.IsSpace), "")
}

// prints asks for a PDF, and holds that nothing about it but its text names anybody.
func (x till) prints(as who, path string) string {
	x.Helper()
	a := x.do(x.T, as, "GET", path, "", "Accept: application/pdf").expect(x.T, http.StatusOK)
	if a.header.Get("Content-Type") != "application/pdf" || a.header.Get("Cache-Control") != "no-store" || !strings.HasPrefix(a.body, "%PDF-") {
		x.Fatalf("%s is no PDF: %v", path, a.header)
	}
	for name, values := range a.header {
		if text := strings.Join(values, " "); strings.Contains(strings.ToLower(text), "ann") || strings.Contains(text, "Canary") {
			x.Errorf("the header %s of %s names the patient: %s", name, path, text)
		}
	}
	return a.body
}

func (x till) says(path, file string, want ...string) {
	x.Helper()
	text := words(x.T, file)
	for _, one := range want {
		if !strings.Contains(text, strings.ReplaceAll(one, " ", "")) {
			x.Errorf("%s does not say %q: %s", path, one, text)
		}
	}
}

// TestAnInvoiceIsPrinted holds that the numbers on paper are the Invoice's, before and after a payment, that the same Invoice is the same bytes whoever asks, and that who may not read it does not get it.
func TestAnInvoiceIsPrinted(t *testing.T) {
	eachTill(t, func(t *testing.T, x till) {
		x.owes("v1", "20.00")
		x.owes("v2", "35.00")
		invoice := x.invoiceOf("v1")
		path := invoice + "/$pdf"
		number := x.do(t, admin, "GET", invoice, "").node(t).Get("identifier").At(0).Get("value").Text()
		file := x.prints(admin, path)
		x.says(path, file, number, "$20.00", "99214", "250.00 80.00 150.00 20.00", "Total 250.00 80.00 150.00 20.00", "Due now 20.00", "Copay: Your plan asks", "Page 1 of 1", "Zzyzx Canary")
		x.says("the next one", x.prints(admin, x.invoiceOf("v2")+"/$pdf"), "Due now 35.00", "$20.00 is open from earlier visits")
		for _, as := range []who{ann, frontdesk, {role: auth.RoleBiller}, {role: auth.RoleEHR}} {
			if x.prints(as, path) != file {
				t.Errorf("%s gets another document", as.role)
			}
		}
		for as, status := range map[who]int{{role: auth.RolePatient, patient: "bob"}: 404, {role: auth.RoleCoder}: 403, {role: auth.RolePayer, organization: "acme"}: 403, {role: auth.RoleAdmin, scope: "user/Invoice.rs"}: 403} {
			if a := x.do(t, as, "GET", path, ""); a.status != status || !strings.Contains(a.body, "OperationOutcome") {
				t.Errorf("%s gets %d: %s", as.role, a.status, a.body)
			}
		}
		binary := x.do(t, ann, "POST", path, "", "Accept: application/fhir+json").expect(t, http.StatusOK).node(t)
		if binary.Get("resourceType").Text() != "Binary" || binary.Get("contentType").Text() != "application/pdf" || binary.Get("data").Text() != base64.StdEncoding.EncodeToString([]byte(file)) {
			t.Error("as FHIR it is not the same file in a Binary")
		}
		x.do(t, ann, "GET", path, "", "Accept: text/html").expect(t, http.StatusNotAcceptable)
		x.do(t, ann, "GET", invoice, "", "Accept: application/pdf").expect(t, http.StatusNotAcceptable)
		x.do(t, frontdesk, "POST", invoice+"/$pay", paying("5.00", "cash", "", ""), "Idempotency-Key: part").expect(t, http.StatusOK)
		x.idle(t)
		x.says(path, x.prints(ann, path), "Paid, or no longer owed -5.00", "Due now 15.00")
	})
}

// TestAReturnedPaymentIsPrinted holds that what is owed again because a payment was taken back says so, and not that the plan left it, and that the fee for it is told as one.
func TestAReturnedPaymentIsPrinted(t *testing.T) {
	eachTill(t, func(t *testing.T, x till) {
		x.owes("v1", "20.00")
		payment := x.collects("15.00", "", "fifteen")
		x.reverses(payment, "nsf", "25.00").expect(t, http.StatusOK)
		x.idle(t)
		first := x.invoiceOf("v1")
		for _, id := range x.await(t, "Invoice?status=issued", 2) {
			path := "Invoice/" + id + "/$pdf"
			file := x.prints(ann, path)
			x.says(path, file, "a returned payment fee of $25.00 is due")
			if "Invoice/"+id != first {
				x.says(path, file, "Payment taken back 15.00", "Payment taken back: A payment for it was returned by the bank or taken back", "Total 250.00 80.00 150.00 5.00 15.00", "Due now 15.00")
			}
			if text := words(t, file); strings.Contains(text, "Leftbyyourplan") || strings.Contains(text, "Asked elsewhere -") || ("Invoice/"+id == first) != strings.Contains(text, "Copay:") {
				t.Errorf("%s says %s", path, text)
			}
		}
		x.do(t, who{role: auth.RoleBiller}, "POST", "$run-statements", "").expect(t, http.StatusOK)
		path := "Patient/ann/$statement-pdf"
		x.says(path, x.prints(ann, path), "Returned payment fee", "25.00 25.00", "Payment taken back 15.00", "15.00 15.00", "Copay 20.00", "20.00 5.00", "Please pay 45.00")
	})
}

// TestAStatementIsPrinted holds that the amounts on paper are those that were sent, whatever was paid since, that the same one is the same bytes whoever asks, and that nobody gets another's.
func TestAStatementIsPrinted(t *testing.T) {
	eachTill(t, func(t *testing.T, x till) {
		x.owes("v1", "20.00")
		x.owes("v2", "35.00")
		path := "Patient/ann/$statement-pdf"
		x.do(t, admin, "GET", path, "").expect(t, http.StatusConflict)
		x.do(t, who{role: auth.RoleBiller}, "POST", "$run-statements", "").expect(t, http.StatusOK)
		number := x.do(t, admin, "GET", x.invoiceOf("v1"), "").node(t).Get("identifier").At(0).Get("value").Text()
		file := x.prints(frontdesk, path)
		x.says(path, file, "Statement", "$55.00", number, "20.00 20.00", "35.00 35.00", "Copay 20.00", "Total 55.00 55.00", "Please pay 55.00", "How to pay", "Copay: Your plan asks", "Page 1 of 1", "Zzyzx Canary")
		x.collects("20.00", "", "twenty")
		sent := ""
		for p := range x.do(t, ann, "GET", "Patient/ann/$statement", "").expect(t, http.StatusOK).node(t).Get("parameter").Children() {
			if p.Get("name").Is("sent") {
				sent = p.Get("part").At(0).Get("valueString").Text()
			}
		}
		for _, as := range []who{ann, frontdesk, {role: auth.RoleBiller}, {role: auth.RoleManager}} {
			if x.prints(as, path+"?statement="+sent) != file {
				t.Errorf("%s gets another document", as.role)
			}
		}
		for as, status := range map[who]int{{role: auth.RolePatient, patient: "bob"}: 404, {role: auth.RoleCoder}: 403, {role: auth.RoleEHR}: 403, {role: auth.RolePayer, organization: "acme"}: 403} {
			x.do(t, as, "GET", path, "").expect(t, status)
		}
		x.do(t, admin, "GET", "Patient/bob/$statement-pdf?statement="+sent, "").expect(t, http.StatusNotFound)
		x.do(t, admin, "GET", path+"?statement=none", "").expect(t, http.StatusNotFound)
		binary := x.do(t, ann, "POST", path, sets("statement", `'valueString':'`+sent+`'`), "Accept: application/fhir+json").expect(t, http.StatusOK).node(t)
		if binary.Get("data").Text() != base64.StdEncoding.EncodeToString([]byte(file)) {
			t.Error("as FHIR it is not the same file in a Binary")
		}
		x.do(t, who{role: auth.RoleBiller}, "POST", "Patient/ann/$payment-plan", sets("parts", `'valuePositiveInt':2`)).expect(t, http.StatusOK)
		x.do(t, who{role: auth.RoleBiller}, "POST", "$run-statements", "").expect(t, http.StatusOK)
		x.says(path, x.prints(ann, path), "Payment plan", "Payment 1", "17.50", "Please pay 17.50")
	})
}

// TestAFamilysStatementIsOneLetter holds that who answers for several is printed one letter over all of them, which a child's own token does not get.
func TestAFamilysStatementIsOneLetter(t *testing.T) {
	eachHousehold(t, func(x household) {
		office := till{&example{world: x.world, T: x.T}, nil}
		x.born("Patient/sis", "2014-03-20", "")
		for _, child := range []string{"kid", "sis"} {
			x.registers(frontdesk, child, guarantor("RelatedPerson/mum", "")).expect(x.T, http.StatusCreated)
			x.visited("v-"+child, child)
		}
		x.do(x.T, biller, "POST", "$run-statements", "").expect(x.T, http.StatusOK)
		path := "Patient/kid/$statement-pdf"
		file := office.prints(frontdesk, path)
		office.says(path, file, "mum Canary", "kid Canary", "sis Canary", "Total 150.00 150.00", "Please pay 300.00", "No plan was asked 150.00")
		if office.prints(frontdesk, "Patient/sis/$statement-pdf") != file {
			x.Error("the sister has another letter")
		}
		x.do(x.T, who{role: auth.RolePatient, patient: "kid"}, "GET", path, "").expect(x.T, http.StatusForbidden)
	})
}

// TestAReceiptIsPrinted holds that what a payment paid, and what of it is left, is on its receipt, and that of a payment that was taken back there is none.
func TestAReceiptIsPrinted(t *testing.T) {
	eachTill(t, func(t *testing.T, x till) {
		x.owes("v1", "20.00")
		payment := x.collects("30.00", "", "thirty")
		path := payment + "/$pdf"
		number := x.do(t, admin, "GET", x.invoiceOf("v1"), "").node(t).Get("identifier").At(0).Get("value").Text()
		x.says(path, x.prints(ann, path), "Receipt", "$30.00", number, "Used 20.00", "Kept as your credit 10.00", "Cash", "Zzyzx Canary")
		for as, status := range map[who]int{{role: auth.RolePatient, patient: "bob"}: 404, {role: auth.RoleCoder}: 403, {role: auth.RolePayer, organization: "acme"}: 403} {
			x.do(t, as, "GET", path, "").expect(t, status)
		}
		x.reverses(payment, "error", "").expect(t, http.StatusOK)
		x.do(t, ann, "GET", path, "").expect(t, http.StatusConflict)
	})
}

// TestAVisitIsPrinted holds that a superbill has the visit in codes with what was charged and paid, and is for those who may see what patients pay.
func TestAVisitIsPrinted(t *testing.T) {
	eachTill(t, func(t *testing.T, x till) {
		x.owes("v1", "20.00")
		x.do(t, frontdesk, "POST", x.invoiceOf("v1")+"/$pay", paying("5.00", "cash", "", ""), "Idempotency-Key: part").expect(t, http.StatusOK)
		x.idle(t)
		path := "Encounter/v1/$superbill"
		x.says(path, x.prints(ann, path), "A: I10", "99214", "Charged 250.00", "Adjusted -80.00", "Paid by plans -150.00", "Paid by the patient -5.00", "Open 15.00")
		for as, status := range map[who]int{{role: auth.RolePatient, patient: "bob"}: 404, {role: auth.RoleCoder}: 403, {role: auth.RoleEHR}: 403, {role: auth.RolePayer, organization: "acme"}: 403} {
			x.do(t, as, "GET", path, "").expect(t, status)
		}
		x.arrives("v2")
		x.idle(t)
		x.do(t, admin, "GET", "Encounter/v2/$superbill", "").expect(t, http.StatusConflict)
	})
}

// TestAnAppealIsPrinted holds that a claim has a letter to its payer while it is appealed, with what is refused and the payer's own reasons, and none before.
func TestAnAppealIsPrinted(t *testing.T) {
	eachTill(t, func(t *testing.T, x till) {
		claim := x.sends("v1")
		path := "Claim/" + claim + "/$pdf"
		x.do(t, admin, "GET", path, "").expect(t, http.StatusConflict)
		x.answers(claim, "1", "4", "250.00 0.00 CO-50 250.00")
		x.do(t, admin, "GET", path, "").expect(t, http.StatusConflict)
		x.decides("review-answer", "appeal")
		number := x.do(t, admin, "GET", "Claim/"+claim, "").node(t).Get("identifier").At(0).Get("value").Text()
		x.says(path, x.prints(who{role: auth.RoleBiller}, path), number, "99214 250.00 0.00 250.00 CO-50", "You refused $250.00", "CANARY-7781", "ICN-")
		x.do(t, frontdesk, "GET", path, "").expect(t, http.StatusNotFound) // which reads no Claims
		x.do(t, who{role: auth.RolePayer, organization: "acme"}, "GET", path, "").expect(t, http.StatusForbidden)
	})
}

// TestAGoodFaithEstimateIsPrinted holds that those who make an estimate and the patient get it on paper, and others do not.
func TestAGoodFaithEstimateIsPrinted(t *testing.T) {
	eachSelfPaying(t, func(x selfPaying) {
		x.patient("far")
		made := x.estimates("far", "", "99205").expect(x.T, http.StatusOK).node(x.T).Get("id").Text()
		path := "Claim/" + made + "/$pdf"
		office := till{&example{world: x.world, T: x.T}, nil}
		file := office.prints(frontdesk, path)
		office.says(path, file, "Good faith estimate", "$549.99", "99205 1 549.99", "If we bill you $949.99 or more", "1-800-985-3059")
		if office.prints(who{role: auth.RolePatient, patient: "far"}, path) != file {
			x.Error("the patient gets another document")
		}
		x.do(x.T, who{role: auth.RolePatient, patient: "ann"}, "GET", path, "").expect(x.T, http.StatusNotFound)
		x.do(x.T, who{role: auth.RolePayer, organization: "acme"}, "GET", path, "").expect(x.T, http.StatusForbidden)
	})
}

// TestWhoPaidIsPrinted holds that each payer stands on an invoice with what it paid of it, and that what another one was asked first is not the patient's reason.
func TestWhoPaidIsPrinted(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		x := till{figure(t, w, nil, 2), nil}
		visit(t, w, "visit", "ann")
		x.judges("acme", x.send("acme"), "A-1", "1", primary...)
		x.judges("beta", x.send("beta"), "B-1", "2", second...)
		path := x.await(t, "Invoice?status=issued", 1)[0]
		path = "Invoice/" + strings.TrimPrefix(path, "Invoice/") + "/$pdf"
		x.says(path, x.prints(ann, path), "ACME PPO paid $96.00", "BETA SUPPLEMENTAL paid $64.00", "Total 325.00 155.00 160.00 10.00", "Due now 10.00")
	})
}

// TestWhatIsNotOursIsNotPrinted holds that an invoice that records billing done elsewhere is left to whoever made it.
func TestWhatIsNotOursIsNotPrinted(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		figure(t, w, nil, 1)
		w.put(t, "Invoice/theirs", compact(`{'resourceType':'Invoice','id':'theirs','status':'issued','subject':{'reference':'Patient/ann'}}`))
		if a := w.do(t, ann, "GET", "Invoice/theirs/$pdf", ""); a.status != http.StatusConflict {
			t.Errorf("it is printed: %d %s", a.status, a.body)
		}
		w.do(t, ann, "GET", "Invoice/nowhere/$pdf", "").expect(t, http.StatusNotFound)
	})
}
