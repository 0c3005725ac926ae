package validate

import (
	"medbill/fhir"
	"medbill/models/fault"
)

// nameBytesMax bounds the names of unknown members that are repeated to the client: longer ones may be somebody's data.
const nameBytesMax = 40

// report notes what is wrong with the value n; text goes on after the path and holds no value.
func (c *checker) report(n fhir.Node, code, text string) { c.issue(c.path(n), code, text) }

// reportMissing notes what n lacks.
func (c *checker) reportMissing(n fhir.Node, name, text string) {
	c.issue(under(c.path(n), name), codeRequired, text)
}

// reportUnknown notes a member of n that R4 does not have. Its name is repeated only if it looks like an element's.
func (c *checker) reportUnknown(n fhir.Node, key []byte) {
	path := c.path(n)
	if isName(key) {
		c.issue(under(path, string(key)), codeStructure, "is not an element of R4; leave it out")
		return
	}
	c.issue(path, codeStructure, "has a member that R4 does not have; leave it out")
}

func (c *checker) issue(path, code, text string) {
	if c.isFull() {
		return
	}
	subject := path
	if subject == "" {
		subject = "The body"
	}
	c.issues = append(c.issues, fault.Issue{Code: code, Path: path, Text: subject + " " + text + "."})
}

// path gives where target stands. Nothing of it is kept while a document without issues is walked.
func (c *checker) path(target fhir.Node) string { return target.PathFrom(c.root, c.rootPath) }

func under(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func isName(key []byte) bool {
	if len(key) == 0 || len(key) > nameBytesMax {
		return false
	}
	for i, b := range key {
		letter := b|0x20 >= 'a' && b|0x20 <= 'z' || b == '_'
		if !letter && (i == 0 || b < '0' || b > '9') {
			return false
		}
	}
	return true
}
