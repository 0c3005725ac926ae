package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"medbill/internal/clock"
)

// handFile has where the clock of a development server was moved to, in its data folder.
const handFile = "clock"

// hand gives the clock that is moved by hand, nil where the machine's counts. It stands where it was moved to before, so that
// nothing happens before what has happened already.
func (c serveCommand) hand() (*clock.Hand, error) {
	if c.Clock.IsZero() {
		return nil, nil
	}
	path := filepath.Join(c.Data, handFile)
	at := c.Clock.UTC()
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err == nil {
		moved, err := time.Parse(time.RFC3339Nano, strings.TrimSpace(string(text)))
		if err != nil {
			return nil, fmt.Errorf("the file %s of the data folder has no moment; remove it to have the clock stand at --clock", handFile)
		}
		if moved.After(at) {
			at = moved
		}
	}
	return clock.Standing(at, func(to time.Time) error { return keepMoment(path, to) }), nil
}

// keepMoment writes a moment through to the disk, whole or not at all.
func keepMoment(path string, at time.Time) error {
	file, err := os.CreateTemp(filepath.Dir(path), ".clock-")
	if err != nil {
		return fmt.Errorf("keep where the clock stands: %w", err)
	}
	_, err = fmt.Fprintln(file, at.UTC().Format(time.RFC3339Nano))
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		_ = os.Remove(file.Name()) // it is nobody's
	}
	return err
}
