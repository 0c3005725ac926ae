package arch

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const root = "../.."

func text(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// drawn is a row of the table of floors: floor, room, what it is.
var drawn = regexp.MustCompile("(?m)^\\| (\\d+) \\| `([^`]+)` \\| (.+) \\|$")

// The table of floors in docs/ARCHITECTURE.md is the plan, room by room.
func TestPlanIsDrawn(t *testing.T) {
	rooms := map[string]bool{}
	for _, row := range drawn.FindAllStringSubmatch(text(t, "docs/ARCHITECTURE.md"), -1) {
		room, planned := plan[row[2]]
		switch {
		case !planned || strconv.Itoa(room.floor) != row[1]:
			t.Errorf("docs/ARCHITECTURE.md draws %s on floor %s; the plan does not", row[2], row[1])
		case room.open != strings.HasPrefix(row[3], "open") || room.inner != strings.HasPrefix(row[3], "inner"):
			t.Errorf("docs/ARCHITECTURE.md says of %s %q; it begins with open or inner where the plan says so", row[2], row[3])
		}
		rooms[row[2]] = true
	}
	for _, dir := range slices.Sorted(maps.Keys(plan)) {
		if !rooms[dir] {
			t.Errorf("%s is on the plan and not in the table of floors of docs/ARCHITECTURE.md", dir)
		}
	}
}

// A place is a path of this tree between backticks, a link one between brackets.
var (
	place = regexp.MustCompile("`((?:api|billing|cmd|docs|fhir|graph|internal|migrations|models)/[\\w./{},-]+)`")
	link  = regexp.MustCompile(`\]\(([\w./-]+\.md)(?:#[\w-]+)?\)`)
)

// What the documents name is where they say.
func TestDocumentsNameWhatIsThere(t *testing.T) {
	paths, err := filepath.Glob(root + "/docs/decisions/*.md")
	if err != nil || len(paths) == 0 {
		t.Fatal("no decisions", err)
	}
	more, err := filepath.Glob(root + "/docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range append(append(paths, more...), root+"/README.md") {
		content := text(t, strings.TrimPrefix(filepath.ToSlash(path), root+"/"))
		for _, found := range place.FindAllStringSubmatch(content, -1) {
			if _, err := os.Stat(filepath.Join(root, found[1])); err != nil {
				t.Errorf("%s names %s, which is not there", path, found[1])
			}
		}
		for _, found := range link.FindAllStringSubmatch(content, -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(path), found[1])); err != nil {
				t.Errorf("%s leads to %s, which is not there", path, found[1])
			}
		}
	}
}
