package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"medbill/internal/clock"
)

const (
	progressEvery      = 200 * time.Millisecond // at a terminal
	progressLinesEvery = 10 * time.Second       // in a file or a pipe
	progressWidth      = 30
)

// progress tells how far something long is: a bar that moves for a person at a terminal, now and then a line for a file.
type progress struct {
	out         streams
	title, what string
	every       time.Duration
	start, told time.Time
	drawn       bool
}

// progressOf begins to tell of something called title that counts what.
func (s streams) progressOf(title, what string) *progress {
	every := progressLinesEvery
	if s.isWatched() {
		every = progressEvery
	}
	now := clock.System().Now()
	return &progress{out: s, title: title, what: what, every: every, start: now, told: now}
}

// at says that done of so many are done.
func (p *progress) at(done, of int) {
	now := clock.System().Now()
	if now.Sub(p.told) < p.every || of <= 0 {
		return
	}
	p.told = now
	line := fmt.Sprintf("%s %3d %%  %d of %d %s, %.0f a second", p.title, 100*min(done, of)/of, done, of, p.what, float64(done)/now.Sub(p.start).Seconds())
	if !p.out.isWatched() {
		fmt.Fprintln(p.out.err, line)
		return
	}
	full := progressWidth * min(done, of) / of
	fmt.Fprintf(p.out.err, "\r\x1b[K%s%s %s", strings.Repeat("■", full), strings.Repeat("□", progressWidth-full), line)
	p.drawn = true
}

// print writes a line of the result where the bar stood.
func (p *progress) print(w io.Writer, line any) {
	p.end()
	fmt.Fprintln(w, line)
}

// end takes the bar away.
func (p *progress) end() {
	if p.drawn {
		fmt.Fprint(p.out.err, "\r\x1b[K")
		p.drawn = false
	}
}
