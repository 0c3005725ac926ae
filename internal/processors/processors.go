// Package processors is what is known of those who move patients' money: whose processor one is, by which secrets it signs, and what an event of one says. The operator says so in a file; who calls is told by the signature
// alone.
package processors

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"medbill/internal/forms"
	"medbill/models"
)

const (
	linesMax       = 100_000
	secretBytesMin = 16
	secretsMax     = 4 // old and new ones while they are changed
)

// Processor is one processor of one tenant, under a name that no other has.
type Processor struct {
	Name       string
	Tenant     models.TenantID
	secretFile string // read at each event, so that whoever changes the secret writes the file
}

// Book says which processors there are. The nil Book knows none.
type Book struct {
	byName map[string]Processor
	names  map[models.TenantID][]string // in the order of the file
}

var reader = forms.Reader[Book]{
	Name: "processors", LinesMax: linesMax, TooLong: "The file has more than 100000 lines.",
	Forms: []forms.Form[Book]{{Columns: []string{"processor", "tenant", "secret_file"}, AnyOrder: true, Row: (*Book).take}},
}

// Read reads the file of processors: the name that stands in the address of its events, the tenant and the file that has its secrets, one a line. It refuses (every line at once) what is none, a name that
// stands twice and secrets that cannot be read.
func Read(path string) (*Book, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	b := &Book{byName: map[string]Processor{}, names: map[models.TenantID][]string{}}
	if err := reader.Read(file, b); err != nil {
		return nil, fmt.Errorf("read the processors: %w", err)
	}
	return b, nil
}

func (b *Book) take(_ int, row []string) []forms.Problem {
	p := Processor{row[0], models.TenantID(row[1]), row[2]}
	_, twice := b.byName[p.Name]
	switch {
	case !models.IsID(p.Name):
		return []forms.Problem{{Column: "processor", Text: "Name the processor, by 1 to 64 letters, digits, hyphens and points."}}
	case twice:
		return []forms.Problem{{Column: "processor", Text: "The name stands twice; give each processor of each tenant one of its own."}}
	case !models.IsID(string(p.Tenant)):
		return []forms.Problem{{Column: "tenant", Text: "Name the tenant."}}
	}
	if _, err := p.secrets(); err != nil {
		return []forms.Problem{{Column: "secret_file", Text: "Name a file that has one to four secrets, each in a line of its own and of 16 characters or more."}}
	}
	b.byName[p.Name] = p
	b.names[p.Tenant] = append(b.names[p.Tenant], p.Name)
	return nil
}

// secrets are those by which a processor may sign now.
func (p Processor) secrets() ([]string, error) {
	text, err := os.ReadFile(p.secretFile)
	if err != nil {
		return nil, err
	}
	secrets := strings.Fields(string(text))
	if len(secrets) == 0 || len(secrets) > secretsMax || slices.ContainsFunc(secrets, func(s string) bool { return len(s) < secretBytesMin }) {
		return nil, fmt.Errorf("the secrets of the processor %s are none", p.Name)
	}
	return secrets, nil
}

// Of gives the names of a tenant's processors, the one that moves what names none first.
func (b *Book) Of(tenant models.TenantID) []string {
	if b == nil {
		return nil
	}
	return b.names[tenant]
}
