// Command proof recomputes the books of a practice from the file that `medbill verify --proof` writes, alone: without the server, its database or
// any of its packages. docs/proof.md tells the format and what each law says.
package main

import (
	"fmt"
	"io"
	"os"
	"strings"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: proof FILE")
		os.Exit(2)
	}
	file, err := os.Open(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	holds := check(file, os.Stdout)
	_ = file.Close() // it was only read
	if !holds {
		os.Exit(1)
	}
}

// namedMax is how many things of which a law does not hold are named.
const namedMax = 5

// check reads a proof, prints what it finds of each law, and reports whether all of it holds.
func check(in io.Reader, out io.Writer) bool {
	b, err := read(in)
	if err != nil {
		fmt.Fprintln(out, "the file is not whole:", err)
		return false
	}
	holds := true
	fmt.Fprintf(out, "tenant %s: %d lines\n%-4s %9s  %s\n", b.tenant, b.lines, "law", "checked", "result")
	for _, l := range laws {
		f := finding{}
		l.look(b, &f)
		result := "ok"
		if len(f.broken) > 0 {
			result = fmt.Sprintf("%d broken: %s", len(f.broken), strings.Join(f.broken[:min(namedMax, len(f.broken))], ", "))
		}
		if said := b.said[l.name]; said > 0 {
			result += fmt.Sprintf(" (the server itself said %d)", said)
		}
		holds = holds && result == "ok"
		fmt.Fprintf(out, "%-4s %9d  %s\n", l.name, f.checked, result)
	}
	return holds
}

// finding is how much a law was held against, and what it does not hold of.
type finding struct {
	checked int
	broken  []string
}

// hold counts one thing, and names it where the law does not hold of it.
func (f *finding) hold(isSo bool, kind, id string) {
	f.checked++
	if !isSo {
		f.broken = append(f.broken, strings.TrimSpace(kind+" "+id))
	}
}
