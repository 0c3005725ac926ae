package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/mattn/go-isatty"
)

// streams is where a command writes: to out what was asked for, to err the log. A person at a terminal gets words there.
type streams struct{ out, err io.Writer }

// isWatched reports whether a person at a terminal reads along; what reads a pipe gets log lines only.
func (s streams) isWatched() bool {
	file, ok := s.err.(*os.File)
	return ok && isatty.IsTerminal(file.Fd())
}

// tell says to a person at a terminal what is about to be done.
func (s streams) tell(step string) {
	if s.isWatched() {
		fmt.Fprintln(s.err, "  "+step)
	}
}

// printDoors prints where a development server at base is reached.
func printDoors(w io.Writer, base string) {
	fmt.Fprintf(w, "\nOverview    %s/\nFHIR        %s/fhir/R4, described at %s/fhir/R4/metadata\n", base, base, base)
	fmt.Fprintf(w, "GraphQL     %s/graphql, playground at %s/playground\n", base, base)
	fmt.Fprintf(w, "Health      %s/readyz and %s/healthz\nMetrics     %s/metrics\n", base, base, base)
}

// printFirstSteps prints how to get in, with command lines that work as they stand.
func printFirstSteps(w io.Writer, base, data string) {
	fmt.Fprintf(w, `
Every request but these needs a token. Its tenant is made by the first write:

TOKEN=$(%s token --data %s --tenant clinic --role admin)
curl -sw '\n' -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/fhir+json' \
  -X PUT -d '{"resourceType":"Patient","id":"first"}' %s/fhir/R4/Patient/first

The server runs until you stop it with Ctrl-C; its log follows.

`, program(), quoted(absolute(data)), base)
}

// program is how the running binary is called once more: by what was typed, or as go run, whose binary goes with it.
func program() string {
	if strings.Contains(os.Args[0], string(filepath.Separator)+"go-build") {
		return "go run ./cmd/medbill"
	}
	return quoted(os.Args[0])
}

// absolute names a folder so that it is the same one in another terminal.
func absolute(dir string) string {
	if full, err := filepath.Abs(dir); err == nil {
		return full
	}
	return dir
}

var plainWord = regexp.MustCompile(`^[\w./@%+=:,-]+$`)

// quoted writes a word for a POSIX shell.
func quoted(word string) string {
	if plainWord.MatchString(word) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
