package main

import (
	"fmt"

	"medbill/internal/build"
)

// versionCommand is `medbill version`.
type versionCommand struct{}

// Run prints the version that the CapabilityStatement tells as well.
func (versionCommand) Run(out streams) error {
	fmt.Fprintln(out.out, build.Version())
	return nil
}
