//go:build !race

package documents_test

const limitDocuments = 3000
