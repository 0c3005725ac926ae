package published

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"slices"
	"strings"
)

const (
	filesMax    = 100     // in a ZIP
	contentsMax = 1 << 30 // bytes of all files of one, unpacked
)

// part is one file, maybe of a ZIP.
type part struct {
	name string
	open func() (io.ReadCloser, error)
}

// unpack gives the files in a ZIP that may hold something, what a .gz holds, or the file itself.
func unpack(name string, file io.ReaderAt, size int64, told func(done, of int64)) ([]part, error) {
	head := make([]byte, 4)
	n, _ := file.ReadAt(head, 0) // a short file has a short head
	file = &counter{ReaderAt: file, of: size, told: told}
	whole := io.NewSectionReader(file, 0, size)
	switch {
	case bytes.Equal(head[:n], []byte("PK\x03\x04")):
		return unzip(name, file, size)
	case bytes.HasPrefix(head[:n], []byte{0x1f, 0x8b}):
		return []part{{strings.TrimSuffix(name, ".gz"), func() (io.ReadCloser, error) {
			r, err := gzip.NewReader(whole)
			if err != nil {
				return nil, errDamaged
			}
			return bounded(r), nil
		}}}, nil
	}
	return []part{{name, func() (io.ReadCloser, error) { return io.NopCloser(whole), nil }}}, nil
}

func unzip(name string, file io.ReaderAt, size int64) ([]part, error) {
	archive, err := zip.NewReader(file, size)
	if err != nil {
		return nil, refuse(name, errDamaged)
	}
	if len(archive.File) > filesMax {
		return nil, refuse(name, errors.New("the ZIP holds more than 100 files"))
	}
	var unpacked uint64
	for _, f := range archive.File {
		if unpacked += f.UncompressedSize64; f.UncompressedSize64 > contentsMax || unpacked > contentsMax {
			return nil, refuse(name, errTooLarge)
		}
	}
	var parts []part
	for _, f := range archive.File {
		if isBeside(f.Name) {
			continue
		}
		parts = append(parts, part{f.Name[strings.LastIndexByte(f.Name, '/')+1:], func() (io.ReadCloser, error) {
			r, err := f.Open()
			if err != nil {
				return nil, errDamaged
			}
			return bounded(r), nil
		}})
	}
	return withoutSubsets(parts), nil
}

// isBeside reports whether a file of a ZIP is none that is read: a picture of the same, a folder, what explains it.
func isBeside(name string) bool {
	lower := strings.ToLower(name)
	ends := func(end string) bool { return strings.HasSuffix(lower, end) }
	return slices.ContainsFunc([]string{"/", ".pdf", ".xlsx", ".xls", ".doc", ".docx", ".prn"}, ends) ||
		slices.ContainsFunc([]string{"addenda", "readme", "addcodes", "deletecodes", "revisecodes", "recordlayout", "proc_notes"}, func(word string) bool { return strings.Contains(lower, word) })
}

// withoutSubsets leaves the codes file out where the order file, which has the headings too, lies beside it.
func withoutSubsets(parts []part) []part {
	has := func(p part, word string) bool {
		return strings.Contains(strings.ReplaceAll(strings.ToLower(p.name), "-", "_"), word)
	}
	ordered := func(p part) bool { return has(p, "_order_") }
	if !slices.ContainsFunc(parts, ordered) {
		return parts
	}
	return slices.DeleteFunc(parts, func(p part) bool { return has(p, "_codes_") })
}

// counter tells how much of a file is read, whatever opens it.
type counter struct {
	io.ReaderAt
	done, of int64
	told     func(done, of int64)
}

// ReadAt reads like the file.
func (c *counter) ReadAt(p []byte, at int64) (int, error) {
	n, err := c.ReaderAt.ReadAt(p, at)
	c.done = min(c.done+int64(n), c.of)
	if c.told != nil {
		c.told(c.done, c.of)
	}
	return n, err
}

var (
	errTooLarge = errors.New("it unpacks to more than a gigabyte")
	errDamaged  = errors.New("it breaks off, or is damaged; fetch it again")
)

// bounded breaks off what unpacks to more than anything published does.
func bounded(r io.ReadCloser) io.ReadCloser { return &bound{r, contentsMax} }

type bound struct {
	io.ReadCloser
	left int64
}

func (b *bound) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLarge
	}
	n, err := b.ReadCloser.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}
