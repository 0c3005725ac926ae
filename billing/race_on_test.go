//go:build race

package billing_test

// underRace leaves the largest of the real files to the run without the race detector, under which they take minutes.
const underRace = true
