package practice_test

import (
	"os"
	"reflect"
	"strings"
	"testing"

	"medbill/internal/practice"
)

// TestEveryVariableIsTold holds the table of docs/rules.md to what a condition sees.
func TestEveryVariableIsTold(t *testing.T) {
	text, err := os.ReadFile("../../docs/rules.md")
	if err != nil {
		t.Fatal(err)
	}
	told := strings.Count(string(text), "\n| `claim.") + strings.Count(string(text), "\n| `line.") + strings.Count(string(text), "\n| `patient.")
	for name, typ := range map[string]reflect.Type{"claim": reflect.TypeFor[practice.Claim](), "line": reflect.TypeFor[practice.Line](), "patient": reflect.TypeFor[practice.Patient]()} {
		for i := range typ.NumField() {
			told--
			if row := "\n| `" + name + "." + typ.Field(i).Tag.Get("cel") + "` |"; !strings.Contains(string(text), row) {
				t.Errorf("docs/rules.md has no row%s", row)
			}
		}
	}
	if told != 0 {
		t.Errorf("docs/rules.md has %d rows more than there are variables", told)
	}
}
