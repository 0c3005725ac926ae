package build

import (
	"runtime/debug"
	"testing"
)

func TestTheVersionIsWhatGoWroteIntoTheBuild(t *testing.T) {
	module := func(version string, settings ...debug.BuildSetting) *debug.BuildInfo {
		return &debug.BuildInfo{Main: debug.Module{Version: version}, Settings: settings}
	}
	revision, clean, dirty := debug.BuildSetting{Key: "vcs.revision", Value: "0123abc"}, debug.BuildSetting{Key: "vcs.modified", Value: "false"}, debug.BuildSetting{Key: "vcs.modified", Value: "true"}
	for _, row := range []struct {
		name, want string
		info       *debug.BuildInfo
	}{
		{"a released module", "v1.2.3", module("v1.2.3", revision, clean)},
		{"a commit that the module does not tell", "0123abc", module("(devel)", revision, clean)},
		{"changed files", "0123abc+dirty", module("", revision, dirty)},
		{"neither", "dev", module("(devel)")},
	} {
		if got := versionOf(row.info); got != row.want {
			t.Errorf("%s is %q, want %q", row.name, got, row.want)
		}
	}
	if Version() == "" {
		t.Error("the running build has no version")
	}
}
