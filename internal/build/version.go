// Package build says which build of the program runs.
package build

import "runtime/debug"

// release is what whoever builds without the repository's history says the version is:
//
//	go build -ldflags "-X medbill/internal/build.release=v1.2.3" ./cmd/medbill
var release string

// Version gives the release that the build was told, else the module's version, which Go makes from the tag or the commit it is
// built of (v1.2.3, v0.0.0-20260302150000-0123456789ab, +dirty where files were changed); dev where it knows neither, as in a test
// and in go run, which is told by -buildvcs=true.
func Version() string {
	if release != "" {
		return release
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return unknown
	}
	return versionOf(info)
}

const (
	unknown  = "dev"
	unstated = "(devel)" // what Go writes for a main module that it cannot date
)

func versionOf(info *debug.BuildInfo) string {
	if v := info.Main.Version; v != "" && v != unstated {
		return v
	}
	said := map[string]string{}
	for _, s := range info.Settings {
		said[s.Key] = s.Value
	}
	revision := said["vcs.revision"]
	switch {
	case revision == "":
		return unknown
	case said["vcs.modified"] == "true":
		return revision + "+dirty"
	}
	return revision
}
