package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// good gives the lines of a sound proof without its end: of an invented practice with a payment that its payer told, two payers one after the other, a
// patient's payment, what of it is not asked for and what goes back, an answer that was taken back and corrected, and two deposits.
func good(t *testing.T) []string {
	t.Helper()
	content, err := os.ReadFile("testdata/good.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(strings.TrimSuffix(string(content), "\n"), "\n")
	return lines[:len(lines)-1]
}

// ended gives the text of lines with the end that they should have.
func ended(lines []string) string {
	text := strings.Join(lines, "")
	sum := sha256.Sum256([]byte(text))
	return text + fmt.Sprintf("{\"kind\":\"end\",\"lines\":%d,\"digest\":%q}\n", len(lines), hex.EncodeToString(sum[:]))
}

// sealed gives lines with the digest of each entry as it is made of what they say, as somebody would write them who knows how.
func sealed(t *testing.T, lines []string) []string {
	t.Helper()
	b, err := read(strings.NewReader(ended(lines)))
	if err != nil {
		t.Fatal(err)
	}
	lines = slices.Clone(lines)
	for i, l := range lines {
		for _, e := range b.order {
			if strings.HasPrefix(l, `{"kind":"entry","id":"`+e.ID+`"`) {
				lines[i] = strings.Replace(l, e.Digest, digest(b.tenant, e), 1)
			}
		}
	}
	return lines
}

// totalled gives lines with the totals that the server would have told of their postings.
func totalled(t *testing.T, lines []string) []string {
	t.Helper()
	b, err := read(strings.NewReader(ended(lines)))
	if err != nil {
		t.Fatal(err)
	}
	totals := map[string]int64{}
	b.postings(func(_ *entry, p fact) { totals[p.Account] += p.Amount })
	lines = slices.DeleteFunc(slices.Clone(lines), func(l string) bool { return strings.HasPrefix(l, `{"kind":"total"`) })
	for account, amount := range totals {
		lines = append(lines, fmt.Sprintf(`{"kind":"total","account":%q,"amount":%d}`+"\n", account, amount))
	}
	return lines
}

func checked(text string) (said string, holds bool) {
	var out bytes.Buffer
	holds = check(strings.NewReader(text), &out)
	return out.String(), holds
}

func TestASoundProofHolds(t *testing.T) {
	content, err := os.ReadFile("testdata/good.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	said, holds := checked(string(content))
	if !holds || strings.Count(said, "  ok\n") != len(laws) {
		t.Errorf("of a sound proof it says\n%s", said)
	}
	for _, l := range laws {
		if regexp.MustCompile(`(?m)^` + l.name + ` +0 `).MatchString(said) {
			t.Errorf("the sound proof has nothing that %s is about", l.name)
		}
	}
	if ended(good(t)) != string(content) {
		t.Error("the test ends a proof otherwise than the server")
	}
}

// TestAFileThatIsNotWholeIsNamed holds that nothing is believed of a file that was cut off or changed, wherever that was.
func TestAFileThatIsNotWholeIsNamed(t *testing.T) {
	lines := good(t)
	whole := ended(lines)
	for _, row := range []struct{ what, text, want string }{
		{"an empty one", "", "cut off at line 1"},
		{"one without its last byte", whole[:len(whole)-1], fmt.Sprintf("cut off at line %d", len(lines)+1)},
		{"one without its end", strings.Join(lines, ""), fmt.Sprintf("cut off at line %d", len(lines)+1)},
		{"one that misses a line", strings.Replace(whole, lines[7], "", 1), "other lines or other content"},
		{"one with two lines the other way round", strings.Replace(whole, lines[7]+lines[8], lines[8]+lines[7], 1), "other lines or other content"},
		{"one with another amount", strings.Replace(whole, `"amount":400`, `"amount":401`, 1), "other lines or other content"},
		{"one with something behind its end", whole + lines[7], "behind its end"},
		{"one with a field that no proof has", ended(append(slices.Clone(lines), `{"kind":"charge","tip":1}`+"\n")), "is no line of a proof"},
		{"one with a kind that no proof has", ended(append(slices.Clone(lines), `{"kind":"tip"}`+"\n")), "of no kind"},
		{"one with a posting of no entry", ended(append(slices.Clone(lines), `{"kind":"posting","entry":"none"}`+"\n")), "belongs to nothing"},
		{"one of another format", strings.Replace(whole, format, "medbill-proof-9", 1), "does not begin"},
	} {
		if said, holds := checked(row.text); holds || !strings.Contains(said, row.want) {
			t.Errorf("of %s it says %q, want %q", row.what, said, row.want)
		}
	}
}

// changed gives lines of which the n-th that matches is written otherwise.
func changed(t *testing.T, lines []string, n int, where, old, now string) []string {
	t.Helper()
	lines, is := slices.Clone(lines), regexp.MustCompile(where)
	for i, l := range lines {
		if !is.MatchString(l) {
			continue
		}
		if n--; n == 0 {
			lines[i] = regexp.MustCompile(old).ReplaceAllString(l, now)
			if lines[i] == l {
				t.Fatalf("%s is not in the line of %s", old, where)
			}
			return lines
		}
	}
	t.Fatalf("no line is as %s", where)
	return nil
}

// TestTheLawThatIsBrokenIsNamed holds that of each law one changed line is found, with the digests and the end made right again.
func TestTheLawThatIsBrokenIsNamed(t *testing.T) {
	var named []string
	for _, row := range []struct{ law, where, old, now string }{
		{"I1", `"kind":"posting".*Revenue:Gross`, `"amount":-`, `"amount":-1`},
		{"I2", `"kind":"entry"`, `"digest":"v1:.`, `"digest":"v1:x`},
		{"I3", `"kind":"charge"`, `"billed":`, `"billed":1`},
		{"I4", `"kind":"adjustment"`, `"amount":`, `"amount":1`},
		{"I5", `"kind":"remittance".*"complete"`, `"amount":`, `"amount":1`},
		{"I6", `"kind":"invoice".*"issued"`, `"status":"issued"`, `"status":"cancelled"`},
		{"I7", `"kind":"invoice"`, `"net":`, `"net":1`},
		{"I8", ``, ``, ``},
		{"I9", `"kind":"entry".*"event":"answer"`, `"cause":"`, `"cause":"again-`},
		{"I10", `"kind":"posting".*"answer":"REVERSAL"`, `"location":""`, `"location":"elsewhere"`},
		{"I11", `"kind":"total"`, `"amount":`, `"amount":1`},
		{"I12", ``, ``, ``},
		{"I13", `"kind":"books"`, `"closedThrough":"","closedAt":0`, `"closedThrough":"2099-01-01","closedAt":1`},
		{"I14", `"kind":"deposit".*"unmatched"`, `"amount":`, `"amount":1`},
		{"I15", `"kind":"refund".*"approved"`, `"amount":`, `"amount":1`},
		{"I15", `"kind":"refund".*"cancelled"`, `"cancelled"`, `"paid"`},
		{"I16", `"kind":"write-off"`, `"code":"charity"`, `"code":"bad-debt"`},
	} {
		lines := good(t)
		switch row.law {
		case "I8":
			lines = lessThanNothing(lines, "acme")
		case "I12":
			lines = lessThanNothing(lines, "beta")
		case "I10":
			id := regexp.MustCompile(`"entry","id":"([^"]*)","event":"reversal"`).FindStringSubmatch(strings.Join(lines, ""))[1]
			row.where = `"kind":"posting","entry":"` + id + `","sequence":1,`
			fallthrough
		default:
			lines = changed(t, lines, 1, row.where, row.old, row.now)
		}
		if row.law != "I11" {
			lines = totalled(t, lines)
		}
		if row.law != "I2" {
			lines = sealed(t, lines)
		}
		said, holds := checked(ended(lines))
		var broken []string
		for _, found := range regexp.MustCompile(`(?m)^(I\d+) .* broken: `).FindAllStringSubmatch(said, -1) {
			broken = append(broken, found[1])
		}
		if holds || !slices.Equal(broken, []string{row.law}) {
			t.Errorf("of a changed %s it says\n%s", row.law, said)
		}
		named = append(named, row.law)
	}
	named = slices.Compact(named)
	for i, l := range laws {
		if named[i] != l.name {
			t.Errorf("%s is not changed", l.name)
		}
	}
}

// lessThanNothing adds an entry by which a payer owes less than nothing of a charge.
func lessThanNothing(lines []string, payer string) []string {
	entry := `{"kind":"entry","id":"zz","event":"overpaid","cause":"overpaid/zz","reverses":"","effective":"2026-03-20","posted":1,"digest":"none"}` + "\n"
	of := regexp.MustCompile(`"posting".*"AR:Insurance","amount":\d+,("patient":"two-1","case":"[^"]*","charge":"[^"]*")`).FindStringSubmatch(strings.Join(lines, ""))[1]
	posting := func(sequence int, account string, amount int) string {
		return fmt.Sprintf(`{"kind":"posting","entry":"zz","sequence":%d,"account":%q,"amount":%d,%s,"payer":%q}`+"\n", sequence, account, amount, of, payer)
	}
	return append(slices.Clone(lines), entry, posting(1, insurance, -90000), posting(2, "Liability:Suspense", 90000))
}

// TestWhatTheServerFoundItselfIsTold holds that a proof of books that the server found broken does not pass, whatever else it says.
func TestWhatTheServerFoundItselfIsTold(t *testing.T) {
	lines := changed(t, good(t), 1, `"law":"I6"`, `"broken":0`, `"broken":2`)
	if said, holds := checked(ended(lines)); holds || !strings.Contains(said, "the server itself said 2") {
		t.Errorf("it says\n%s", said)
	}
}
