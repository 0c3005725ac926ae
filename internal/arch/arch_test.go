package arch_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"medbill/internal/arch"
)

// TestHouseStandsOnItsPlan is the check of this source tree; its failures name file, line and what to do.
func TestHouseStandsOnItsPlan(t *testing.T) {
	breaches, err := arch.Check(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	for _, breach := range breaches {
		t.Error(breach)
	}
	for _, ghost := range arch.Ghosts(filepath.Join("..", "..")) {
		t.Errorf("%s is on the plan and not in the tree", ghost)
	}
}

// tree writes a module of the given files, each with the imports and the body behind its path.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	write(t, root, "go.mod", "module medbill\n\ngo 1.26\n")
	for path, content := range files {
		var text strings.Builder
		text.WriteString("package p\n")
		for line := range strings.SplitSeq(content, "\n") {
			if imported, found := strings.CutPrefix(strings.TrimSpace(line), "import "); found && !strings.Contains(imported, `"`) {
				text.WriteString("import _ \"" + imported + "\"\n")
				continue
			}
			text.WriteString(line + "\n")
		}
		write(t, root, path, text.String())
	}
	return root
}

func write(t *testing.T, root, path, content string) {
	t.Helper()
	full := filepath.Join(root, path)
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(full, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestBreachIsFound(t *testing.T) {
	for _, c := range []struct{ name, path, content, want string }{
		{"a package that nobody planned", "internal/util/u.go", "", "package internal/util is not on the plan"},
		{"code at the root", "main.go", "", "package . is not on the plan"},
		{"another command", "cmd/other/main.go", "", "package cmd/other is not on the plan"},
		{"a package under a closed room", "billing/rules/claim/parts/p.go", "", "is not on the plan"},
		{"an import that nobody planned", "billing/b.go", "import medbill/internal/util", "internal/util is not on the plan"},

		{"a floor that looks up", "models/m.go", "import medbill/internal/store", "models (floor 2) imports internal/store (floor 4)"},
		{"a machine that knows billing", "internal/records/r.go", "import medbill/billing", "imports billing (floor 8) above it"},
		{"two doors", "api/a.go", "import medbill/graph", "api imports graph beside it"},
		{"a door's generated neighbour", "api/a.go", "import medbill/graph/model", "api imports graph beside it"},
		{"two desks", "billing/claims/c.go", "import medbill/billing/accounts", "beside it on floor 7"},
		{"a door at a desk", "api/a.go", "import medbill/billing/desk", "which only billing may"},
		{"a door that reads the books by itself", "graph/g.go", "import medbill/internal/store/books", "graph imports internal/store, which is not for it"},
		{"fhir that knows the nouns", "fhir/f.go", "import medbill/models", "fhir imports models beside it"},
		{"a test that looks up", "billing/rules/claim/c_test.go", "import medbill/internal/store/storetest", "above it"},

		{"a rule that knows another", "billing/rules/claim/c.go", "import medbill/billing/rules/ledger", "beside it"},
		{"a rule that knows FHIR", "billing/rules/claim/c.go", "import medbill/fhir", "is a rule and imports fhir"},
		{"a rule that knows who asks", "billing/rules/claim/c.go", "import medbill/internal/auth", "is a rule and imports internal/auth"},
		{"a rule with a clock", "billing/rules/claim/c.go", "import medbill/internal/clock", "is a rule"},
		{"a rule with a context", "billing/rules/scrub/s.go", "import context", "is a rule and imports context"},
		{"a rule on the net", "billing/rules/scrub/s.go", "import net/http", "is a rule and imports net/http"},
		{"a rule with files", "billing/rules/claim/c.go", "import os", "is a rule and imports os"},
		{"a rule that throws dice", "billing/rules/charge/c.go", "import math/rand/v2", "is a rule and imports math/rand/v2"},
		{"a rule that asks a library", "billing/rules/charge/c.go", "import github.com/google/uuid", "needs a line in internal/arch"},

		{"gin in a use case", "billing/b.go", "import github.com/gin-gonic/gin", "its home is api and cmd/medbill"},
		{"gin in the other door", "graph/g.go", "import github.com/gin-gonic/gin", "its home is api"},
		{"gqlgen in a door", "api/a.go", "import github.com/99designs/gqlgen/graphql", "its home is graph"},
		{"gorm in the nouns", "models/m.go", "import gorm.io/gorm", "its home is internal/store"},
		{"a driver in the command", "cmd/medbill/main.go", "import modernc.org/sqlite", "its home is internal/store"},
		{"migrations in the command", "cmd/medbill/main.go", "import github.com/pressly/goose/v3", "its home is internal/store"},
		{"pgx in a machine's test", "internal/records/r_test.go", "import github.com/jackc/pgx/v5", "its home is internal/store"},
		{"SQL outside the store", "internal/records/r.go", "import database/sql", "its home is internal/store"},
		{"JWT in a door", "api/a.go", "import github.com/golang-jwt/jwt/v5", "its home is internal/auth"},
		{"key sets in the command", "cmd/medbill/main.go", "import github.com/MicahParks/keyfunc/v3", "its home is internal/auth"},
		{"text folding outside search", "fhir/render/r.go", "import golang.org/x/text/unicode/norm", "needs a line in internal/arch"},
		{"a test library in the program", "billing/b.go", "import pgregory.net/rapid", "is for tests"},
		{"a test clock in the program", "internal/auth/a.go", "import medbill/internal/clock/clocktest", "is for tests"},
		{"a test store in the store", "internal/store/s.go", "import medbill/internal/store/storetest", "is for tests"},

		{"the clock read in the store", "internal/store/s.go", "import \"time\"\nvar at = time.Now()", "internal/store/s.go:3: time.Now outside"},
		{"the clock read in a rule", "billing/rules/claim/c.go", "import \"time\"\nvar at = time.Now()", "billing/rules/claim/c.go:3: time.Now outside"},
		{"the clock handed on", "api/a.go", "import \"time\"\nvar now = time.Now", "time.Now outside"},
		{"the clock under another name", "api/a.go", "import t \"time\"\nvar d = t.Since(t.Time{})", "time.Since outside"},
		{"a deadline", "internal/records/r.go", "import \"time\"\nfunc f() { _ = time.Until(time.Time{}) }", "time.Until outside"},
		{"the clock with a dot", "api/a.go", "import . \"time\"", "with a dot"},
	} {
		t.Run(c.name, func(t *testing.T) {
			breaches, err := arch.Check(tree(t, map[string]string{c.path: c.content}))
			if err != nil || len(breaches) != 1 || !strings.Contains(breaches[0], c.want) || !strings.HasPrefix(breaches[0], c.path+":") {
				t.Errorf("breaches = %q, %v; want one in %s that says %q", breaches, err, c.path, c.want)
			}
		})
	}
}

func TestWhatThePlanAllowsPasses(t *testing.T) {
	root := tree(t, map[string]string{
		"models/m.go":                       "import medbill/models/money\nimport database/sql/driver",
		"fhir/f.go":                         "import medbill/models/fault",
		"fhir/search/s.go":                  "import medbill/fhir\nimport medbill/models\nimport golang.org/x/text/unicode/norm\nimport net/url",
		"internal/auth/a.go":                "import medbill/models\nimport medbill/internal/clock\nimport github.com/golang-jwt/jwt/v5\nimport golang.org/x/time/rate",
		"internal/auth/a_test.go":           "import medbill/internal/clock/clocktest\nimport pgregory.net/rapid\nimport \"time\"\nvar start = time.Now()",
		"internal/clock/c.go":               "import \"time\"\nvar now = time.Now",
		"internal/clock/clocktest/c.go":     "import medbill/internal/clock",
		"billing/rules/claim/c.go":          "import medbill/models\nimport medbill/models/money\nimport slices\nimport \"time\"\nvar day = time.DateOnly",
		"billing/rules/claim/c_test.go":     "import medbill/billing/rules/ledger\nimport os\nimport github.com/google/go-cmp/cmp",
		"billing/claims/c.go":               "import medbill/billing/desk\nimport medbill/billing/rules/claim",
		"internal/store/s.go":               "import gorm.io/gorm\nimport database/sql\nimport medbill/fhir/search\nimport medbill/migrations\nimport medbill/internal/clock",
		"internal/store/storetest/s.go":     "import medbill/internal/store\nimport github.com/jackc/pgx/v5\nimport pgregory.net/rapid",
		"internal/store/sqlite/s.go":        "import modernc.org/sqlite",
		"internal/records/r.go":             "import medbill/internal/store\nimport medbill/internal/auth\nimport github.com/google/uuid",
		"internal/records/r_test.go":        "import medbill/internal/store/storetest",
		"billing/b.go":                      "import medbill/billing/rules/claim\nimport medbill/internal/store\nimport context",
		"graph/g.go":                        "import medbill/graph/model\nimport medbill/billing\nimport github.com/vikstrous/dataloadgen",
		"graph/generated/g.go":              "import github.com/99designs/gqlgen/graphql",
		"cmd/medbill/main.go":               "import medbill/api\nimport medbill/graph\nimport github.com/gin-gonic/gin\nimport github.com/alecthomas/kong",
		"cmd/medbill/testdata/broken.go":    "this is not Go",
		"internal/store/.cache/broken.go":   "this is not Go",
		"internal/store/_scratch/broken.go": "this is not Go",
		"tools/fhirgen/main.go":             "import medbill/internal/store\nimport \"time\"\nvar now = time.Now",
	})
	write(t, root, "tools/go.mod", "module medbill/tools\n")
	if breaches, err := arch.Check(root); err != nil || len(breaches) > 0 {
		t.Errorf("breaches = %q, %v; want none", breaches, err)
	}
}

// Packages on good floors can still tangle their folders: then none of the folders can be read on its own.
func TestFoldersDoNotRing(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"at the top": {map[string]string{
			"fhir/search/s.go":    "import medbill/internal/auth",
			"internal/store/s.go": "import medbill/fhir",
		}, "fhir → internal → fhir"},
		"over three folders": {map[string]string{
			"billing/b.go":          "import medbill/internal/store",
			"internal/config/c.go":  "",
			"internal/store/s.go":   "import medbill/fhir/render",
			"fhir/validate/v.go":    "import medbill/migrations",
			"migrations/m.go":       "",
			"internal/records/r.go": "import medbill/billing/rules/claim",
		}, "billing → internal → billing"},
	} {
		breaches, err := arch.Check(tree(t, c.files))
		if err != nil || len(breaches) != 1 || !strings.HasSuffix(breaches[0], c.want) {
			t.Errorf("%s: breaches = %q, %v; want %s", name, breaches, err, c.want)
		}
	}
}

func TestTreeThatCannotBeReadIsAnError(t *testing.T) {
	broken := tree(t, nil)
	write(t, broken, "models/m.go", "package")
	nameless := t.TempDir()
	write(t, nameless, "go.mod", "go 1.26\n")
	for name, root := range map[string]string{"no module": t.TempDir(), "nameless module": nameless, "broken file": broken} {
		if breaches, err := arch.Check(root); err == nil {
			t.Errorf("%s: breaches = %q, want an error", name, breaches)
		}
	}
}
