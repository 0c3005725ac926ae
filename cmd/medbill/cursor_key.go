package main

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"medbill/internal/config"
)

// cursorKey gives the setting, else the key of the data folder, which is made once.
func (c serveCommand) cursorKey() ([]byte, error) {
	if c.CursorKey != "" {
		return config.ParseCursorKey(c.CursorKey)
	}
	path := filepath.Join(c.Data, "cursor.key")
	kept, err := keptKey(path)
	if err != nil {
		return nil, fmt.Errorf("keep the cursor key: %w", err)
	}
	key, err := config.ParseCursorKey(kept)
	if err != nil {
		return nil, fmt.Errorf("%s is damaged; remove it to have a new key made, with which the page links given so far end", path)
	}
	return key, nil
}

// keptKey reads a key from a file, which the first process to come makes.
func keptKey(path string) (string, error) {
	content, err := os.ReadFile(path)
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		return string(content), err
	}
	key := make([]byte, config.CursorKeyBytes)
	_, _ = rand.Read(key)
	fresh := path + "." + hex.EncodeToString(key[:4])
	if err := os.WriteFile(fresh, []byte(hex.EncodeToString(key)), 0o600); err != nil {
		return "", err
	}
	defer func() { _ = os.Remove(fresh) }()
	if err := os.Link(fresh, path); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	content, err = os.ReadFile(path)
	return string(content), err
}
