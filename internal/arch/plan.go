// Package arch holds the floor plan of the house and checks the source tree against it: which packages there are, who may
// import whom, and where the libraries with side effects live. It reads source text only and is run by its own test.
package arch

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// room is one package of the plan, with the packages under it where open says so.
type room struct {
	floor int
	open  bool     // packages below the folder belong to the room
	inner bool     // only the room around it imports it: doors go through that
	rule  bool     // a billing rule: pure, knows only models, money, faults and what beside lists
	aside []string // rooms on its own floor, or for a rule any lower room, that it may import nevertheless
	never []string // rooms below it that it may not import; its tests may
}

// plan is docs/ARCHITECTURE.md section 2: a package imports lower floors only. A package that is not here is refused, so
// that a new room is a decision and not an accident.
var plan = map[string]room{
	"models/money":     {floor: 1},
	"models/fault":     {floor: 1},
	"models/operation": {floor: 1},
	"migrations":       {floor: 1},
	"internal/arch":    {floor: 1},
	"internal/build":   {floor: 1},
	"internal/clock":   {floor: 1, open: true},
	"internal/config":  {floor: 1},

	"internal/turns": {floor: 2},
	"internal/codes": {floor: 2, open: true, aside: []string{"models"}}, // the codes of a day; published reads files as they come

	"internal/forms": {floor: 1, aside: []string{"models/fault"}}, // CSV files of several forms, told by their first line

	"internal/payers": {floor: 2, aside: []string{"models", "internal/codes"}}, // what a practice knows of its payers, and how it is written

	"internal/contracts": {floor: 2, aside: []string{"models"}}, // what payers agreed to allow, and how it is written

	"internal/partners": {floor: 2, aside: []string{"models"}}, // payers that have a server of their own: where, and a request to it

	"internal/bankfile":   {floor: 2, aside: []string{"models"}}, // what a bank says came in, in the files that banks give
	"internal/processors": {floor: 2, aside: []string{"models"}}, // who moves patients' money: whose, by which secrets, what an event says

	"internal/openings": {floor: 2, aside: []string{"models"}}, // what was due before a practice moved in, and how it is written

	"internal/paper": {floor: 2, aside: []string{"models"}}, // documents that go by mail, as PDF

	"internal/practice": {floor: 2, aside: []string{"models"}}, // the rules that a practice writes: conditions, examples

	"models":        {floor: 2},
	"fhir":          {floor: 2},
	"internal/auth": {floor: 2, aside: []string{"models", "fhir"}}, // a principal carries the ids of the nouns, a role names types of the register

	"fhir/intake":                 {floor: 3},
	"fhir/render":                 {floor: 3},
	"fhir/search":                 {floor: 3},
	"fhir/validate":               {floor: 3},
	"billing/rules/casework":      {floor: 3, rule: true},
	"billing/rules/coding":        {floor: 3, rule: true},
	"billing/rules/charge":        {floor: 3, rule: true},
	"billing/rules/claim":         {floor: 3, rule: true},
	"billing/rules/scrub":         {floor: 3, rule: true, aside: []string{"internal/codes", "internal/payers", "internal/practice", "billing/rules/authorization"}}, // the books of a day are immutable
	"billing/rules/coverage":      {floor: 3, rule: true},
	"billing/rules/eligibility":   {floor: 3, rule: true},
	"billing/rules/estimate":      {floor: 3, rule: true},
	"billing/rules/allocation":    {floor: 3, rule: true},
	"billing/rules/discount":      {floor: 3, rule: true},
	"billing/rules/statement":     {floor: 3, rule: true},
	"billing/rules/processing":    {floor: 3, rule: true},
	"billing/rules/pricing":       {floor: 3, rule: true, aside: []string{"internal/codes", "internal/contracts"}}, // contracts and releases are immutable
	"billing/rules/adjudication":  {floor: 3, rule: true},
	"billing/rules/authorization": {floor: 3, rule: true},
	"billing/rules/ledger":        {floor: 3, rule: true},
	"billing/rules/remit":         {floor: 3, rule: true},
	"billing/rules/deposit":       {floor: 3, rule: true},
	"billing/rules/reports":       {floor: 3, rule: true},
	"billing/rules/invoice":       {floor: 3, rule: true},

	"internal/store": {floor: 4, open: true},

	"internal/records": {floor: 5},

	"billing/desk":    {floor: 6, inner: true},
	"billing/inquiry": {floor: 6},

	"billing/front":      {floor: 7, inner: true},
	"billing/coding":     {floor: 7, inner: true},
	"billing/claims":     {floor: 7, inner: true},
	"billing/remittance": {floor: 7, inner: true},
	"billing/accounts":   {floor: 7, inner: true},
	"billing/bank":       {floor: 7, inner: true},
	"billing/worklist":   {floor: 7, inner: true},

	"billing": {floor: 8},

	"api":   {floor: 9},
	"graph": {floor: 9, open: true, never: []string{"internal/store"}}, // gqlgen writes graph/generated and graph/model

	"payer/plan": {floor: 2}, // a payer to practise against: what it covers, how it judges
	"payer": {floor: 9, never: []string{ // knows medbill by its doors alone
		"api", "graph", "billing", "billing/inquiry", "internal/records", "internal/store", "internal/auth", "models", "fhir", "fhir/intake", "fhir/render", "fhir/search", "fhir/validate",
	}},

	"cmd/medbill": {floor: 10, open: true}, // the demo's story and the benchmark

	"internal/attack": {floor: 11}, // tests only: all doors from outside
}

// Ghosts gives the rooms of the plan that the tree at root has no folder for.
func Ghosts(root string) []string {
	var ghosts []string
	for dir := range plan {
		if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(dir))); err != nil {
			ghosts = append(ghosts, dir)
		}
	}
	slices.Sort(ghosts)
	return ghosts
}

// ruleImports is what a rule may import of this module; ruleBans is what it may not of the standard library, with all
// packages below: a rule is a function of models and dates.
var (
	ruleImports = []string{"models", "models/money", "models/fault"}
	ruleBans    = []string{"net", "os", "context", "database/sql", "log", "syscall", "math/rand", "crypto/rand", "io/ioutil"}
)

// homes says which rooms alone may import a library, tests included; the longest prefix counts.
var homes = map[string][]string{
	"cel.dev/cel-go":                   {"internal/practice"},
	"codeberg.org/go-pdf":              {"internal/paper"},
	"github.com/ledongthuc/pdf":        {"internal/paper", "api"}, // in tests, a reader that is not ours
	"github.com/go-fonts":              {"internal/paper"},
	"golang.org/x/image":               {"internal/paper"},
	"github.com/gin-gonic":             {"api", "cmd/medbill"},
	"github.com/gin-contrib":           {"api", "cmd/medbill"},
	"github.com/99designs/gqlgen":      {"graph", "cmd/medbill"},
	"github.com/vektah/gqlparser":      {"graph", "cmd/medbill"},
	"github.com/vikstrous/dataloadgen": {"graph"},
	"github.com/alecthomas/kong":       {"cmd/medbill"},
	"github.com/golang-jwt":            {"internal/auth"},
	"github.com/MicahParks":            {"internal/auth"},
	"gorm.io":                          {"internal/store"},
	"modernc.org":                      {"internal/store"},
	"github.com/jackc":                 {"internal/store"},
	"github.com/lib/pq":                {"internal/store"},
	"github.com/mattn/go-sqlite3":      {"internal/store"},
	"github.com/pressly/goose":         {"internal/store"},
	"database/sql":                     {"internal/store"},
	"database/sql/driver":              {"internal/store", "models"}, // lists of codes in one column
}

// lowHomes are the libraries without a home that a room below freeFloor may import; from there up they are free.
var lowHomes = map[string][]string{
	"golang.org/x/text": {"fhir/search", "internal/paper"}, // folding of accents, composed letters
	"golang.org/x/time": {"internal/auth"},                 // a rate limit
}

// freeFloor is the lowest floor on which a library without a home may be imported: the store's, where the world begins.
const freeFloor = 4

// testLibraries are imported by tests only, and by every test.
var testLibraries = []string{"pgregory.net/rapid", "github.com/google/go-cmp"}

// wallTime are the functions of time that read the machine's clock, and wallTimeRooms the rooms that may.
var (
	wallTime      = []string{"Now", "Since", "Until"}
	wallTimeRooms = []string{"internal/clock"}
)

// roomOf gives the name of the room that the folder dir belongs to.
func roomOf(dir string) (string, bool) {
	if _, found := plan[dir]; found {
		return dir, true
	}
	for at := dir; ; {
		end := strings.LastIndex(at, "/")
		if end < 0 {
			return "", false
		}
		at = at[:end]
		if plan[at].open {
			return at, true
		}
	}
}

// isTestRoom reports whether the package at dir exists for tests: clocktest, storetest.
func isTestRoom(dir string) bool {
	return strings.HasSuffix(dir, "test") && strings.Contains(dir, "/")
}

// below reports whether path is root or lies under it.
func below(path, root string) bool {
	return path == root || strings.HasPrefix(path, root+"/")
}
