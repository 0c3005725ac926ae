//go:build !race

package billing_test

// underRace is what race_on_test.go says.
const underRace = false
