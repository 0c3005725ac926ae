package forms_test

import (
	"errors"
	"strings"
	"testing"

	"medbill/internal/forms"
	"medbill/models/fault"
)

// said is what a reader of two forms takes: an invented one in its own order, and one in any.
type said []string

var reader = forms.Reader[said]{
	Name: "invented", LinesMax: 3, TooLong: "The file is too long.",
	Forms: []forms.Form[said]{
		{Columns: []string{"a", "b"}, Row: forms.Whole(func(s *said, _ int, row []string) string {
			*s = append(*s, strings.Join(row, "+"))
			if row[0] == "" {
				return "There is no a."
			}
			return ""
		})},
		{Columns: []string{"x", "y", "z"}, AnyOrder: true, Row: func(s *said, _ int, row []string) (list []forms.Problem) {
			*s = append(*s, strings.Join(row, "+"))
			for i, column := range []string{"x", "y", "z"} {
				if row[i] == "" {
					list = append(list, forms.Problem{Column: column, Text: "It is empty."})
				}
			}
			return list
		}},
	},
	Clashes: func(s *said) (list []forms.Problem) {
		if len(*s) > 1 && (*s)[0] == (*s)[1] {
			list = append(list, forms.Problem{Line: 2, Text: "It stands twice."})
		}
		return list
	},
}

func read(text string) string {
	var s said
	if err := reader.Read(strings.NewReader(text), &s); err != nil {
		var list []string
		for _, issue := range fault.From(err).Issues {
			list = append(list, issue.Code+" "+issue.Path+": "+issue.Text)
		}
		return strings.Join(list, "\n")
	}
	return strings.Join(s, " ")
}

// TestAFileIsToldByItsFirstLine and what is wrong with it by line and column, all of it at once.
func TestAFileIsToldByItsFirstLine(t *testing.T) {
	for _, row := range []struct{ sentence, text, want string }{
		{"a form", "a,b\n1,2\n3,4\n", "1+2 3+4"},
		{"another in another order, from a spreadsheet", "\ufeffz,x,y\n3,1,2\n", "1+2+3"},
		{"a field of several lines", "a,b\n\"1\n1\",2\n", "1\n1+2"},
		{"none of them", "a,c\n1,2\n", "invented.header line 1: The first line must be one of: a,b; x,y,z in any order."},
		{"columns of a form with an order in another", "b,a\n1,2\n", "invented.header line 1: The first line must be one of: a,b; x,y,z in any order."},
		{"a column twice in place of another", "x,x,y\n1,2,3\n", "invented.header line 1: The first line must be one of: a,b; x,y,z in any order."},
		{"nothing", "", "invented.header line 1: The first line must be one of: a,b; x,y,z in any order."},
		{"a first line alone", "a,b\n", "invented.line line 1: The file has no line but the first; send at least one."},
		{"too many lines", "a,b\n1,2\n3,4\n5,6\n7,8\n", "invented.lines line 5: The file is too long."},
		{"a field too few", "a,b\n,2\n1\n", "invented.line line 2: There is no a.\ninvented.line line 3: The line is not CSV with as many fields as the first line."},
		{"two columns of one line", "x,y,z\n,2,\n", "invented.line line 2, column x: It is empty.\ninvented.line line 2, column z: It is empty."},
		{"lines together before what comes after them", "a,b\n1,2\n1,2\n,3\n", "invented.line line 2: It stands twice.\ninvented.line line 4: There is no a."},
	} {
		if got := read(row.text); got != row.want {
			t.Errorf("%s: got %q, want %q", row.sentence, got, row.want)
		}
	}
}

// TestARefusalIsBounded at what somebody mends before trying again.
func TestARefusalIsBounded(t *testing.T) {
	many := make([]forms.Problem, forms.IssuesMax+1)
	if issues := fault.From(reader.Refuse(fault.Invalid, many)).Issues; len(issues) != forms.IssuesMax {
		t.Errorf("a refusal has %d issues, want %d", len(issues), forms.IssuesMax)
	}
	if err := reader.Refuse(fault.Invalid, nil); err != nil {
		t.Errorf("nothing is refused: %v", err)
	}
	var s said
	if err := reader.Read(broken{}, &s); fault.From(err) == nil || err == nil {
		t.Errorf("what cannot be read is %v", err)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("the line is down") }
