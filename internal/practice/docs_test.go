package practice_test

import (
	"os"
	"reflect"
	"strings"
	"testing"

	"medbill/internal/practice"
)

// TestEveryVariableIsTold holds the table of docs/rules.md to what a condition sees: each variable with its type and its words, and none that is told in no words.
func TestEveryVariableIsTold(t *testing.T) {
	text, err := os.ReadFile("../../docs/rules.md")
	if err != nil {
		t.Fatal(err)
	}
	variables := practice.Variables()
	for _, v := range variables {
		if row := "\n| `" + v.Name + "` | " + v.Type + " | " + v.Text + " |\n"; !strings.Contains(string(text), row) {
			t.Errorf("docs/rules.md lacks %s", row)
		}
	}
	for _, typ := range []reflect.Type{reflect.TypeFor[practice.Claim](), reflect.TypeFor[practice.Line](), reflect.TypeFor[practice.Patient](), reflect.TypeFor[practice.Payer](), reflect.TypeFor[practice.Provider]()} {
		for i := range typ.NumField() {
			if typ.Field(i).Tag.Get("text") == "" || typ.Field(i).Tag.Get("json") == "" {
				t.Errorf("%s.%s is told in no words", typ.Name(), typ.Field(i).Name)
			}
		}
	}
}

// TestTheRuleThatIsToldIsOne holds that the example of docs/rules.md could be saved as it stands.
func TestTheRuleThatIsToldIsOne(t *testing.T) {
	text, err := os.ReadFile("../../docs/rules.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(text), "```json\n")
	written, _, _ := strings.Cut(after, "```")
	rule, err := practice.ReadFile(strings.NewReader(written))
	if err == nil {
		err = practice.Check(rule)
	}
	if err != nil || len(rule.Examples) != 3 {
		t.Errorf("%v: %s", rule, refusal(err))
	}
}
