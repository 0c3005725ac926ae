//go:build race

package api_test

// syntheaFiles is how many patients' files a test loads. The race detector makes the database driver ten times slower, so
// it watches a few; the same test without it loads them all.
const syntheaFiles = 6
