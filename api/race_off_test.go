//go:build !race

package api_test

// syntheaFiles is how many patients' files a test loads: all there are.
const syntheaFiles = syntheaFilesAll
