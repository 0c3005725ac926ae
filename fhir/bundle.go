package fhir

import "medbill/models/fault"

// BundleEntriesMax bounds the entries of a transaction or batch; Synthea's largest Bundle has 954.
const BundleEntriesMax = 5000

// Bundle is a transaction or batch as intake reads it. https://hl7.org/fhir/R4/http.html#transaction
type Bundle struct {
	Type    string // transaction or batch
	Entries []BundleEntry
}

// BundleEntry is one request of a Bundle. Resource is absent where the method needs none.
type BundleEntry struct {
	FullURL     string
	Resource    Node
	Method      string
	URL         string
	IfNoneExist string
	IfMatch     string
	IfNoneMatch string
}

// methodNeedsResource holds the methods of https://hl7.org/fhir/R4/valueset-http-verb.html.
var methodNeedsResource = map[string]bool{"GET": false, "HEAD": false, "DELETE": false, "POST": true, "PUT": true, "PATCH": true}

// BundleOf reads a transaction or batch. It refuses more than BundleEntriesMax entries (TooLarge), and (Invalid, all at
// once) what is not such a Bundle, entries without a request, a known method, a url, or the resource the method needs, and a
// fullUrl that another entry has: a reference to it would mean either. https://hl7.org/fhir/R4/bundle.html#bdl-7
// What stands in the resources is for validate to judge.
func BundleOf(d *Document) (Bundle, error) {
	root := d.Root()
	if d.Type() != "Bundle" {
		return Bundle{}, fault.At(fault.Invalid, "value", "resourceType", "The body is not a Bundle; send a transaction or batch.")
	}
	b := Bundle{Type: root.Get("type").Text()}
	var issues []fault.Issue
	if b.Type != "transaction" && b.Type != "batch" {
		issues = append(issues, fault.Issue{Code: "value", Path: "Bundle.type", Text: "Bundle.type must be transaction or batch."})
	}
	entries := root.Get("entry")
	if entries.Exists() && entries.Kind() != KindArray {
		issues = append(issues, fault.Issue{Code: "structure", Path: "Bundle.entry", Text: "Bundle.entry must be an array."})
		return Bundle{}, fault.Of(fault.Invalid, issues)
	}
	count := entries.Len()
	if count > BundleEntriesMax {
		return Bundle{}, fault.At(fault.TooLarge, "too-long", "Bundle.entry", "Bundle.entry holds more than "+itoa(BundleEntriesMax)+" entries; send it in parts.")
	}
	b.Entries = make([]BundleEntry, 0, count)
	named := map[string]bool{}
	for n := range entries.Children() {
		entry, path := entryOf(n), "Bundle.entry["+itoa(len(b.Entries))+"]"
		if len(issues) < issuesMax {
			issues = append(issues, entry.check(n, path)...)
		}
		if entry.FullURL != "" && named[entry.FullURL] {
			issues = append(issues, fault.Issue{Code: "invalid", Path: path + ".fullUrl", Text: path + ".fullUrl is that of another entry; give every entry its own."})
		}
		named[entry.FullURL] = true
		b.Entries = append(b.Entries, entry)
	}
	if len(issues) > 0 {
		return Bundle{}, fault.Of(fault.Invalid, issues[:min(len(issues), issuesMax)])
	}
	return b, nil
}

func entryOf(n Node) BundleEntry {
	request := n.Get("request")
	return BundleEntry{
		FullURL:     n.Get("fullUrl").Text(),
		Resource:    n.Get("resource"),
		Method:      request.Get("method").Text(),
		URL:         request.Get("url").Text(),
		IfNoneExist: request.Get("ifNoneExist").Text(),
		IfMatch:     request.Get("ifMatch").Text(),
		IfNoneMatch: request.Get("ifNoneMatch").Text(),
	}
}

func (e BundleEntry) check(n Node, path string) []fault.Issue {
	if n.Get("request").Kind() != KindObject {
		return []fault.Issue{missing(path+".request", "an entry of a transaction or batch needs it")}
	}
	var issues []fault.Issue
	needsResource, known := methodNeedsResource[e.Method]
	switch {
	case e.Method == "":
		issues = append(issues, missing(path+".request.method", "name the HTTP method"))
	case !known:
		at := path + ".request.method"
		issues = append(issues, fault.Issue{Code: "code-invalid", Path: at, Text: at + " must be GET, HEAD, POST, PUT, DELETE or PATCH."})
	}
	if e.URL == "" {
		issues = append(issues, missing(path+".request.url", "say what the request is for"))
	}
	if needsResource && e.Resource.Kind() != KindObject {
		issues = append(issues, missing(path+".resource", "POST, PUT and PATCH need one"))
	}
	return issues
}

func missing(path, advice string) fault.Issue {
	return fault.Issue{Code: "required", Path: path, Text: path + " is missing; " + advice + "."}
}
