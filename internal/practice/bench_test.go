package practice_test

import (
	"testing"

	"medbill/internal/practice"
	"medbill/models"
)

// BenchmarkCompile is what a rule costs once a process.
func BenchmarkCompile(b *testing.B) {
	r := saturday()
	b.ReportAllocs()
	for b.Loop() {
		practice.NewBook(r)
	}
}

// BenchmarkTheDearestRule is what a rule costs that is broken off.
func BenchmarkTheDearestRule(b *testing.B) {
	r := saturday(when(`claim.lines.exists(a, a.code + line.code == "x")`))
	book, v := practice.NewBook(r), long(999)
	for b.Loop() {
		book.Run(v, practice.Setting)
	}
}

// BenchmarkTenRules is what ten rules cost a claim of four lines.
func BenchmarkTenRules(b *testing.B) {
	var rules []models.PracticeRule
	for range 10 {
		rules = append(rules, saturday())
	}
	book, v := practice.NewBook(rules...), long(4)
	for b.Loop() {
		book.Run(v, practice.Setting)
	}
}
