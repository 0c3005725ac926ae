package payer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// journal is the file of what happened, one JSON document a line, written through to the disk before anything follows from
// it. What the payer knows is a fold over it, so that it may be killed at any moment. Without a file it is in memory.
type journal struct{ file *os.File }

const (
	journalName = "payer-journal.jsonl"
	fileMode    = 0o600
	folderMode  = 0o700
)

// openJournal gives the journal in a folder and tells what it has. A last line that was cut off did not happen.
func openJournal(folder string, tell func(event)) (*journal, error) {
	if folder == "" {
		return &journal{}, nil
	}
	if err := os.MkdirAll(folder, folderMode); err != nil {
		return nil, fmt.Errorf("make the folder of the journal: %w", err)
	}
	file, err := os.OpenFile(filepath.Join(folder, journalName), os.O_RDWR|os.O_CREATE, fileMode)
	if err != nil {
		return nil, fmt.Errorf("open the journal: %w", err)
	}
	whole, err := replay(file, tell)
	if err == nil {
		err = file.Truncate(whole)
	}
	if err == nil {
		_, err = file.Seek(whole, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("read the journal: %w", err), file.Close())
	}
	return &journal{file}, nil
}

// replay tells every whole line, and gives where they end.
func replay(from io.Reader, tell func(event)) (int64, error) {
	text, err := io.ReadAll(from)
	if err != nil {
		return 0, err
	}
	whole := int64(0)
	for n := 1; ; n++ {
		line, rest, found := bytes.Cut(text[whole:], []byte("\n"))
		if !found {
			return whole, nil
		}
		var e event
		if err := json.Unmarshal(line, &e); err != nil {
			return 0, fmt.Errorf("line %d: %w", n, err)
		}
		tell(e)
		whole = int64(len(text) - len(rest))
	}
}

// write adds a line.
func (j *journal) write(e event) error {
	if j.file == nil {
		return nil
	}
	line, err := json.Marshal(e)
	if err == nil {
		_, err = j.file.Write(append(line, '\n'))
	}
	if err == nil {
		err = j.file.Sync()
	}
	if err != nil {
		return fmt.Errorf("write the journal: %w", err)
	}
	return nil
}

func (j *journal) close() error {
	if j.file == nil {
		return nil
	}
	return j.file.Close()
}
