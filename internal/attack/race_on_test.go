//go:build race

package attack_test

// oneIn is how many questions of the matrix are put. The race detector makes the database driver ten times slower, so it
// watches a part of them; the same test without it puts them all.
const oneIn = 20
