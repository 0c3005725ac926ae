//go:build race

package documents_test

// limitDocuments is how many of each type a search at its limits goes over. The race detector makes the database driver ten
// times slower, and a view has its time; the same test without it goes over enough of them to be worth a measurement.
const limitDocuments = 100
