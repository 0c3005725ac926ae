//go:build !race

package attack_test

// oneIn is how many questions of the matrix are put: every one.
const oneIn = 1
