package models

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// Codes is a short list of codes kept in one column, in order.
type Codes []string

// Value writes the codes separated by blanks.
func (c Codes) Value() (driver.Value, error) { return strings.Join(c, " "), nil }

// Scan reads what Value wrote.
func (c *Codes) Scan(src any) error {
	text, err := scannedText(src)
	*c = nil
	if text != "" {
		*c = strings.Fields(text)
	}
	return err
}

// Numbers is a short list of positive numbers kept in one column, in order: diagnosis pointers.
type Numbers []int

// Value writes the numbers separated by blanks.
func (n Numbers) Value() (driver.Value, error) {
	words := make([]string, len(n))
	for i, v := range n {
		words[i] = strconv.Itoa(v)
	}
	return strings.Join(words, " "), nil
}

// Scan reads what Value wrote.
func (n *Numbers) Scan(src any) error {
	text, err := scannedText(src)
	if err != nil {
		return err
	}
	words := strings.Fields(text)
	if *n = nil; len(words) > 0 {
		*n = make(Numbers, len(words))
	}
	for i, w := range words {
		if (*n)[i], err = strconv.Atoi(w); err != nil {
			return fmt.Errorf("a list of numbers holds %d characters that are none", len(w))
		}
	}
	return nil
}

func scannedText(src any) (string, error) {
	switch v := src.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case []byte:
		return string(v), nil
	}
	return "", fmt.Errorf("a list column holds %T", src)
}

// List is a short list kept in one column as JSON, in order; nothing searches in it.
type List[T any] []T

// Value writes the list, "" where it is empty.
func (l List[T]) Value() (driver.Value, error) {
	if len(l) == 0 {
		return "", nil
	}
	text, err := json.Marshal([]T(l))
	return string(text), err
}

// Scan reads what Value wrote.
func (l *List[T]) Scan(src any) error {
	text, err := scannedText(src)
	*l = nil
	if err != nil || text == "" {
		return err
	}
	return json.Unmarshal([]byte(text), (*[]T)(l))
}
