package storetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"medbill/internal/clock"
	"medbill/internal/store"
)

// toldFolder is where the tests of every package leave the statements they sent, for `make plans`; "" where nobody wants them.
var toldFolder = os.Getenv("MEDBILL_TEST_STATEMENTS")

// Told gathers the statements that a test sends, without their arguments: plans are made for any value. It is safe for concurrent use.
type Told struct {
	mu    sync.Mutex
	texts map[string]bool
}

func (s *Told) take(query string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.texts == nil {
		s.texts = map[string]bool{}
	}
	s.texts[query] = true
}

// Texts gives the statements, each once.
func (s *Told) Texts() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.texts))
}

// everything that the tests of this process send, by database.
var everything = map[string]*Told{"sqlite": {}, "postgres": {}}

// OpenTold opens a database until the test ends and gathers what is sent to it.
func OpenTold(t testing.TB, url string) (*store.DB, *Told) {
	t.Helper()
	told := &Told{}
	return openWith(t, url, clock.System(), told.take), told
}

// tellAll gives who gathers what the whole suite sends to a database; nil where nobody wants it.
func tellAll(url string) func(string) {
	if toldFolder == "" {
		return nil
	}
	return everything[databaseOf(url)].take
}

func databaseOf(url string) string {
	if strings.HasPrefix(url, "sqlite:") {
		return "sqlite"
	}
	return "postgres"
}

// leave writes what was gathered into the folder, one file for each process and database.
func leave() error {
	var errs []error
	for name, told := range everything {
		texts := told.Texts()
		if toldFolder == "" || len(texts) == 0 {
			continue
		}
		content, err := json.MarshalIndent(texts, "", " ")
		if err == nil {
			err = os.WriteFile(filepath.Join(toldFolder, fmt.Sprintf("%s-%d.json", name, os.Getpid())), content, 0o600)
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// Gathered gives what the whole suite left in the folder of MEDBILL_TEST_STATEMENTS, each statement once; the test is skipped where
// there is none.
func Gathered(t testing.TB, database string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(toldFolder, database+"-*.json"))
	if err != nil || toldFolder == "" || len(files) == 0 {
		t.Skip("no statements were gathered; `make plans` gathers them")
	}
	all := &Told{}
	for _, file := range files {
		content, err := os.ReadFile(file)
		var texts []string
		if err == nil {
			err = json.Unmarshal(content, &texts)
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range texts {
			all.take(text)
		}
	}
	return all.Texts()
}
