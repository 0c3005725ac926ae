// Command fhirgen compiles HL7's R4 definitions into the two small tables the server embeds: fhir/definitions.txt (what
// each element may hold) and fhir/search/parameters.txt (which search parameters exist and where their values stand).
// Its input is the npm package hl7.fhir.r4.examples 4.0.1 (CC0), which carries definitions and examples.
//
//	go run -C tools ./fhirgen        # from the root; `go generate ./...` does the same
package main

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
)

const packageSpec = "hl7.fhir.r4.examples@4.0.1"

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "fhirgen:", err)
		os.Exit(1)
	}
}

func run() error {
	dir, err := fetch()
	if err != nil {
		return err
	}
	root := os.DirFS(dir)
	for _, output := range []struct {
		path    string
		compile func(fs.FS) ([]byte, error)
	}{
		{"../fhir/definitions.txt", definitions},
		{"../fhir/search/parameters.txt", parameters},
	} {
		text, err := output.compile(root)
		if err != nil {
			return fmt.Errorf("%s: %w", output.path, err)
		}
		if err := os.WriteFile(output.path, text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// fetch unpacks the package into the user's cache once and gives its folder.
func fetch() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "medbill", packageSpec)
	unpacked := filepath.Join(dir, "package")
	if _, err := os.Stat(filepath.Join(unpacked, "package.json")); err == nil {
		return unpacked, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	pack := exec.Command("npm", "pack", "--silent", packageSpec)
	pack.Dir, pack.Stderr = dir, os.Stderr
	if err := pack.Run(); err != nil {
		return "", fmt.Errorf("npm pack: %w", err)
	}
	unpack := exec.Command("tar", "-xzf", "hl7.fhir.r4.examples-4.0.1.tgz")
	unpack.Dir, unpack.Stderr = dir, os.Stderr
	if err := unpack.Run(); err != nil {
		return "", fmt.Errorf("tar: %w", err)
	}
	return unpacked, nil
}
