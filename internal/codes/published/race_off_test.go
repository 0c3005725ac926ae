//go:build !race

package published_test

// rowsMax is how many rows a real file may have that a test reads: all there are.
const rowsMax = 10_000_000
