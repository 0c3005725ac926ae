package arch

import (
	"bufio"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Check reads the Go files of the module at root and gives one line per breach of the plan, in the order of the files. It
// fails only where the tree cannot be read. Folders of other modules, testdata and hidden folders are passed over.
func Check(root string) ([]string, error) {
	module, err := moduleName(filepath.Join(root, "go.mod"))
	if err != nil {
		return nil, err
	}
	c := checker{root: root, module: module, folders: map[string][]string{}}
	if err := filepath.WalkDir(root, c.visit); err != nil {
		return nil, fmt.Errorf("read the source tree: %w", err)
	}
	return append(c.breaches, rings(c.folders)...), nil
}

func moduleName(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if name, found := strings.CutPrefix(lines.Text(), "module "); found {
			return strings.TrimSpace(name), nil
		}
	}
	return "", fmt.Errorf("%s names no module", path)
}

type checker struct {
	root     string
	module   string
	breaches []string
	folders  map[string][]string // folder → folders beside it that it imports
}

// source is one file as the checks see it.
type source struct {
	path   string // from the root
	dir    string
	room   string
	isTest bool // a test file, or any file of a test room
	tree   *ast.File
	lines  *token.FileSet
}

func (c *checker) visit(path string, entry fs.DirEntry, err error) error {
	if err != nil {
		return err
	}
	name := entry.Name()
	if entry.IsDir() && path != c.root {
		_, foreign := os.Stat(filepath.Join(path, "go.mod"))
		if foreign == nil || name == "testdata" || name == "vendor" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") {
			return fs.SkipDir
		}
	}
	if entry.IsDir() || !strings.HasSuffix(name, ".go") {
		return nil
	}
	relative, err := filepath.Rel(c.root, path)
	if err != nil {
		return err
	}
	s := source{path: filepath.ToSlash(relative), lines: token.NewFileSet()}
	s.dir = "."
	if end := strings.LastIndex(s.path, "/"); end >= 0 {
		s.dir = s.path[:end]
	}
	if s.tree, err = parser.ParseFile(s.lines, path, nil, parser.SkipObjectResolution); err != nil {
		return err
	}
	s.isTest = strings.HasSuffix(name, "_test.go") || isTestRoom(s.dir)
	c.file(s)
	return nil
}

func (c *checker) file(s source) {
	room, found := roomOf(s.dir)
	if !found {
		c.breach(s, s.tree.Package, "package %s is not on the plan; give it a floor in internal/arch and docs/ARCHITECTURE.md", s.dir)
		return
	}
	s.room = room
	for _, spec := range s.tree.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // the parser has already refused it
		}
		switch dir, own := strings.CutPrefix(path, c.module+"/"); {
		case own:
			c.importRoom(s, spec, dir)
		case strings.Contains(strings.Split(path, "/")[0], "."):
			c.importLibrary(s, spec, path)
		default:
			c.importStandard(s, spec, path)
		}
	}
	if !s.isTest && !slices.Contains(wallTimeRooms, room) {
		c.wallTime(s)
	}
}

func (c *checker) breach(s source, at token.Pos, format string, args ...any) {
	c.breaches = append(c.breaches, fmt.Sprintf("%s:%d: ", s.path, s.lines.Position(at).Line)+fmt.Sprintf(format, args...))
}

// importRoom checks an import of this module against the floors.
func (c *checker) importRoom(s source, spec *ast.ImportSpec, dir string) {
	target, found := roomOf(dir)
	if !found {
		c.breach(s, spec.Pos(), "%s is not on the plan", dir)
		return
	}
	if !s.isTest {
		c.noteFolders(s.dir, dir)
	}
	from, to := plan[s.room], plan[target]
	switch {
	case isTestRoom(dir) && !s.isTest:
		c.breach(s, spec.Pos(), "%s is for tests; %s may not import it", dir, s.dir)
	case target == s.room || slices.Contains(from.aside, target):
	case to.floor > from.floor:
		c.breach(s, spec.Pos(), "%s (floor %d) imports %s (floor %d) above it", s.room, from.floor, target, to.floor)
	case s.isTest:
	case to.inner && !below(s.room, path.Dir(target)):
		c.breach(s, spec.Pos(), "%s imports %s, which only %s may; go through it", s.room, target, path.Dir(target))
	case slices.Contains(from.never, target):
		c.breach(s, spec.Pos(), "%s imports %s, which is not for it; ask the room that reads for it", s.room, target)
	case to.floor == from.floor:
		c.breach(s, spec.Pos(), "%s imports %s beside it on floor %d", s.room, target, to.floor)
	case from.rule && !slices.Contains(ruleImports, target):
		c.breach(s, spec.Pos(), "%s is a rule and imports %s; a rule knows only %s", s.room, target, strings.Join(ruleImports, ", "))
	}
}

// importLibrary checks an import of another module against its home.
func (c *checker) importLibrary(s source, spec *ast.ImportSpec, path string) {
	if slices.ContainsFunc(testLibraries, func(library string) bool { return below(path, library) }) {
		if !s.isTest {
			c.breach(s, spec.Pos(), "%s is for tests; %s may not import it", path, s.dir)
		}
		return
	}
	if rooms, listed := longest(homes, path); listed {
		if !slices.Contains(rooms, s.room) {
			c.breach(s, spec.Pos(), "%s may not import %s; its home is %s", s.room, path, strings.Join(rooms, " and "))
		}
		return
	}
	rooms, _ := longest(lowHomes, path)
	if plan[s.room].floor < freeFloor && !slices.Contains(rooms, s.room) {
		c.breach(s, spec.Pos(), "%s may not import %s; below floor %d a library needs a line in internal/arch", s.room, path, freeFloor)
	}
}

// importStandard checks an import of the standard library: a rule reaches for nothing, and only the store knows databases.
func (c *checker) importStandard(s source, spec *ast.ImportSpec, path string) {
	if rooms, listed := longest(homes, path); listed && !slices.Contains(rooms, s.room) {
		c.breach(s, spec.Pos(), "%s may not import %s; its home is %s", s.room, path, strings.Join(rooms, " and "))
		return
	}
	if plan[s.room].rule && !s.isTest && slices.ContainsFunc(ruleBans, func(ban string) bool { return below(path, ban) }) {
		c.breach(s, spec.Pos(), "%s is a rule and imports %s; fetch first, then decide", s.room, path)
	}
}

// longest gives the rooms that the longest prefix of path is listed with.
func longest(list map[string][]string, path string) (rooms []string, listed bool) {
	length := -1
	for library, home := range list {
		if below(path, library) && len(library) > length {
			length, rooms, listed = len(library), home, true
		}
	}
	return rooms, listed
}

// wallTime finds each use of time.Now and its like, called or handed on.
func (c *checker) wallTime(s source) {
	name := ""
	for _, spec := range s.tree.Imports {
		if spec.Path.Value != `"time"` {
			continue
		}
		name = "time"
		if spec.Name != nil {
			name = spec.Name.Name
		}
		if name == "." {
			c.breach(s, spec.Pos(), "time is imported with a dot, which hides who reads the clock")
		}
	}
	if name == "" {
		return
	}
	ast.Inspect(s.tree, func(node ast.Node) bool {
		if selector, ok := node.(*ast.SelectorExpr); ok && slices.Contains(wallTime, selector.Sel.Name) {
			if x, ok := selector.X.(*ast.Ident); ok && x.Name == name {
				c.breach(s, selector.Pos(), "time.%s outside %s; take the store's time or a clock.Clock", selector.Sel.Name, strings.Join(wallTimeRooms, " and "))
			}
		}
		return true
	})
}

// noteFolders notes which folder points at which, at the level where the two paths part. A folder and one inside it do not
// point at each other.
func (c *checker) noteFolders(from, to string) {
	source, target := strings.Split(from, "/"), strings.Split(to, "/")
	for i := range min(len(source), len(target)) {
		if source[i] != target[i] {
			a, b := strings.Join(source[:i+1], "/"), strings.Join(target[:i+1], "/")
			if !slices.Contains(c.folders[a], b) {
				c.folders[a] = append(c.folders[a], b)
			}
			return
		}
	}
}

// rings gives one line for each arrow that closes a ring of folders, walking them in order.
func rings(folders map[string][]string) []string {
	var found []string
	done := map[string]bool{}
	var walk func(folder string, path []string)
	walk = func(folder string, path []string) {
		if at := slices.Index(path, folder); at >= 0 {
			found = append(found, "folders ring: "+strings.Join(append(path[at:], folder), " → "))
			return
		}
		if done[folder] {
			return
		}
		for _, next := range slices.Sorted(slices.Values(folders[folder])) {
			walk(next, append(slices.Clone(path), folder))
		}
		done[folder] = true
	}
	for _, folder := range slices.Sorted(maps.Keys(folders)) {
		walk(folder, nil)
	}
	return found
}
