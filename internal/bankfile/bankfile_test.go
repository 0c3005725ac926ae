package bankfile_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"medbill/internal/bankfile"
	"medbill/models"
	"medbill/models/fault"
)

var update = flag.Bool("update", false, "write the golden files anew")

// read reads a file of the kind that its name says.
func read(name string, content []byte) (bankfile.File, error) {
	switch filepath.Ext(name) {
	case ".csv":
		return bankfile.ReadCSV(bytes.NewReader(content))
	case ".json":
		return bankfile.ReadJSON(bytes.NewReader(content))
	}
	return bankfile.ReadText(content)
}

var names = []string{"list.csv", "list.json", "statement.bai2", "entries.ach"}

func content(t testing.TB, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func told(f bankfile.File) string {
	var text strings.Builder
	for _, l := range f.Lines {
		fmt.Fprintf(&text, "%d: %s %s trace=%q payer=%q reference=%q %q %s %s\n", l.Line, l.Day, l.Amount, l.Trace, l.PayerID, l.Reference, l.Text, l.Source, l.State)
	}
	for _, n := range f.NotTaken {
		fmt.Fprintf(&text, "%d: not taken %s %s\n", n.Line, n.Amount, n.Why)
	}
	return text.String()
}

// TestAFileIsItsDeposits of each kind, as the golden file beside it has them.
func TestAFileIsItsDeposits(t *testing.T) {
	for _, name := range names {
		file, err := read(name, content(t, name))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		golden := filepath.Join("testdata", name+".golden")
		if *update {
			if err := os.WriteFile(golden, []byte(told(file)), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if want, err := os.ReadFile(golden); err != nil || told(file) != string(want) {
			t.Errorf("%s says\n%swant\n%s%v", name, told(file), want, err)
		}
	}
}

// TestTheSameLineHasTheSameKey in whatever kind of file it comes, where it has a trace number, and two lines that say the same are two.
func TestTheSameLineHasTheSameKey(t *testing.T) {
	keys := map[string]bool{}
	for _, name := range names {
		file, err := read(name, content(t, name))
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, l := range file.Lines {
			if seen[l.LineKey] {
				t.Errorf("two lines of %s have one key", name)
			}
			if seen[l.LineKey] = true; l.Trace == "EFT0001" {
				keys[l.LineKey] = true
			}
		}
	}
	if len(keys) != 1 {
		t.Errorf("one line has %d keys", len(keys))
	}
}

// TestAFileThatIsCutOrChangedIsRefused at every line of it, and says where without a value.
func TestAFileThatIsCutOrChangedIsRefused(t *testing.T) {
	for _, name := range []string{"statement.bai2", "entries.ach"} {
		lines := strings.SplitAfter(strings.TrimSuffix(string(content(t, name)), "\n"), "\n")
		for i := range lines {
			if strings.Trim(lines[i], "9\n") == "" {
				break // only fills the last block
			}
			without := strings.Join(append(append([]string{}, lines[:i]...), lines[i+1:]...), "")
			if _, err := read(name, []byte(without)); err == nil {
				t.Errorf("%s is taken without line %d", name, i+1)
			}
			if i < len(lines)-1 && !strings.HasPrefix(lines[i], "9") {
				if _, err := read(name, []byte(strings.Join(lines[:i+1], ""))); err == nil {
					t.Errorf("%s is taken through line %d", name, i+1)
				}
			}
		}
	}
	bai, ach := string(content(t, "statement.bai2")), string(content(t, "entries.ach"))
	for _, row := range []struct{ sentence, name, text, want string }{
		{"another amount in a statement", "x.bai2", strings.Replace(bai, "16,142,9600", "16,142,9601", 1), "line 9, column 2"},
		{"another number of records", "x.bai2", strings.Replace(bai, "49,1021350,7/", "49,1021350,8/", 1), "line 9, column 3"},
		{"a record that there is not", "x.bai2", strings.Replace(bai, "16,301", "17,301", 1), "line 6, column 1"},
		{"a correction", "x.bai2", strings.Replace(bai, "122099999,1,260320", "122099999,3,260320", 1), "line 2, column 4"},
		{"another currency", "x.bai2", strings.Replace(bai, "12345,USD", "12345,CAD", 1), "line 3, column 3"},
		{"an amount with a point", "x.bai2", strings.Replace(bai, "142,9600", "142,96.00", 1), "line 4, column 3"},
		{"something behind the end", "x.bai2", bai + "01,a/\n", "line 12, column 1"},
		{"another amount of an entry", "x.ach", strings.Replace(ach, "0000009600", "0000009601", 1), "line 10, column 33"},
		{"another hash", "x.ach", strings.Replace(ach, "8200000007", "8200000008", 1), "line 10, column 5"},
		{"a record of another length", "x.ach", strings.Replace(ach, "ACME PPO ", "ACME PPO", 1), "line 2, column 94"},
		{"a record that there is not", "x.ach", strings.Replace(ach, "\n627", "\n427", 1), "line 7, column 1"},
		{"neither", "x.txt", "hello\n", "line 1"},
		{"no list", "x.json", `{"date":"2026-03-20"}`, "line 1, column 1"},
		{"a list that is cut", "x.json", "[{\"date\":\"2026-03-20\",\n\"amount\":1", "line 2, column 10"},
		{"a name that there is not", "x.json", `[{"day":"2026-03-20"}]`, "line 1, column 22"},
		{"a wrong day and amount", "x.json", `[{"date":"2026-03-20","amount":1},{"date":"x","amount":1.001}]`, "line 2, column date; line 2, column amount"},
		{"a wrong payer", "x.csv", "date,amount,trace,payer,text\n2026-03-20,1.00,,Acme Inc.,\n", "line 2, column payer"},
		{"another header", "x.csv", "day,amount\n", "line 1"},
	} {
		file, err := read(row.name, []byte(row.text))
		var got []string
		if err != nil {
			for _, issue := range fault.From(err).Issues {
				got = append(got, issue.Path)
			}
		}
		if strings.Join(got, "; ") != row.want {
			t.Errorf("%s: got %q %v, want %q, %d lines", row.sentence, got, err, row.want, len(file.Lines))
		}
	}
}

// fuzz holds that no text breaks a reader, and that what is taken can be booked.
func fuzz(f *testing.F, name string) {
	f.Add(content(f, name))
	f.Fuzz(func(t *testing.T, text []byte) {
		file, err := read(name, text)
		if err != nil {
			return
		}
		seen := map[string]bool{}
		for _, l := range file.Lines {
			_, isDay := models.ParseDate(string(l.Day))
			if l.Amount <= 0 || l.Amount > models.AmountMax || !isDay || l.Line < 1 || len(l.LineKey) != 64 || seen[l.LineKey] || len(l.Trace) > 200 || l.State != models.DepositUnmatched {
				t.Errorf("%+v is taken", l)
			}
			seen[l.LineKey] = true
		}
	})
}

func FuzzReadCSV(f *testing.F)  { fuzz(f, "list.csv") }
func FuzzReadJSON(f *testing.F) { fuzz(f, "list.json") }
func FuzzReadBAI2(f *testing.F) { fuzz(f, "statement.bai2") }
func FuzzReadACH(f *testing.F)  { fuzz(f, "entries.ach") }
