//go:build race

package main

// underRace plays a small day in place of the whole one, which takes minutes under the race detector.
const underRace = true
