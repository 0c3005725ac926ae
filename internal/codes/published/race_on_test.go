//go:build race

package published_test

// rowsMax leaves the largest of the real files to the run without the race detector, under which they take minutes.
const rowsMax = 100_000
