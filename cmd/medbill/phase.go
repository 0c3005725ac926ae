package main

import (
	"fmt"
	"sync"
)

// phase tells what a long command does at the moment: in one line that is written over at a terminal, else a line for each.
type phase struct {
	out   streams
	mutex sync.Mutex
	text  string
	drawn bool
}

const clearLine = "\r\x1b[K"

// say begins a phase.
func (p *phase) say(text string) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.text = text
	if !p.out.isWatched() {
		fmt.Fprintln(p.out.err, text)
		return
	}
	fmt.Fprint(p.out.err, clearLine+text)
	p.drawn = true
}

// count tells a person at a terminal how far the phase is.
func (p *phase) count(done, of int) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.out.isWatched() && of > 0 {
		fmt.Fprintf(p.out.err, "%s%s, %d of %d (%d %%)", clearLine, p.text, done, of, 100*done/of)
		p.drawn = true
	}
}

// clear takes the line away, so that a row can be printed.
func (p *phase) clear() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.drawn {
		fmt.Fprint(p.out.err, clearLine)
		p.drawn = false
	}
}
