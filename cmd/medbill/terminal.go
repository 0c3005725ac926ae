package main

import (
	"fmt"
	"io"
	"os"

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
