package fhir_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"

	"medbill/fhir"
)

func TestEveryExtensionOfOursIsInTheTable(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "canonicals.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var declared []string
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || !strings.HasPrefix(spec.Names[0].Name, "Extension") || spec.Names[0].Name == "ExtensionBase" {
			return true
		}
		if sum, ok := spec.Values[0].(*ast.BinaryExpr); ok {
			declared = append(declared, fhir.ExtensionBase+strings.Trim(sum.Y.(*ast.BasicLit).Value, `"`))
		}
		return true
	})
	var listed, names []string
	for _, e := range fhir.Extensions {
		listed, names = append(listed, e.URL), append(names, e.Name)
		if e.Text == "" || len(e.Types) == 0 || len(e.On) == 0 || slices.Contains(e.Types, "Reference") != (len(e.Targets) > 0) {
			t.Errorf("the row of %s is not whole: %+v", e.Name, e)
		}
	}
	slices.Sort(declared)
	slices.Sort(listed)
	slices.Sort(names)
	if len(declared) == 0 || !slices.Equal(declared, listed) {
		t.Errorf("the constants are\n%s\nand the table has\n%s", strings.Join(declared, "\n"), strings.Join(listed, "\n"))
	}
	if len(slices.Compact(names)) != len(fhir.Extensions) {
		t.Errorf("a name stands twice: %v", names)
	}
}
