package main

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

// A file gets a plain line now and then, and no bar.
func TestProgressInAFileIsALineNowAndThen(t *testing.T) {
	var out, log bytes.Buffer
	p := streams{&out, &log}.progressOf("tenant zzyzx", "records")
	p.at(1, 10)
	if log.Len() > 0 {
		t.Errorf("at the start it tells %q", log.String())
	}
	p.told = p.told.Add(-progressLinesEvery)
	p.at(5, 10)
	p.at(6, 10)
	p.print(&out, "done")
	if text := log.String(); !strings.HasPrefix(text, "tenant zzyzx  50 %  5 of 10 records, ") || strings.Count(text, "\n") != 1 || strings.ContainsAny(text, "\r\x1b■") {
		t.Errorf("in a file it tells %q", text)
	}
	if out.String() != "done\n" {
		t.Errorf("the result is %q", out.String())
	}
}

// A person at a terminal sees a bar, and the result on lines of their own.
func TestProgressAtATerminalIsABar(t *testing.T) {
	screen, read := terminal(t)
	p := streams{screen, screen}.progressOf("tenant zzyzx", "records")
	p.told = p.told.Add(-time.Second)
	p.at(5, 10)
	p.print(screen, "found")
	p.end()
	want := "\r\x1b[K" + strings.Repeat("■", progressWidth/2) + strings.Repeat("□", progressWidth/2) + " tenant zzyzx  50 %  5 of 10 records, "
	for deadline := time.Now().Add(5 * time.Second); !strings.HasSuffix(read(), "\r\x1b[Kfound\n") && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
	if text := read(); !strings.HasPrefix(text, want) || !strings.HasSuffix(text, "\r\x1b[Kfound\n") {
		t.Errorf("the terminal shows %q", text)
	}
}
