package fhir

import "testing"

func TestSpliceLeavesTheRestByteForByte(t *testing.T) {
	for _, c := range []struct {
		name, src, want string
		edits           []Edit
	}{
		{"nothing", "abc", "abc", nil},
		{"replace, insert, delete in any order", "abcdef", "aXcYZe", []Edit{{5, 6, nil}, {1, 2, []byte("X")}, {3, 4, []byte("YZ")}}},
		{"two at one place keep their order", "ab", "a12b", []Edit{{1, 1, []byte("1")}, {1, 1, []byte("2")}}},
		{"both ends", "ab", "<ab>", []Edit{{2, 2, []byte(">")}, {0, 0, []byte("<")}}},
	} {
		if got := string(Splice([]byte(c.src), c.edits)); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestIdentityIsWrittenIntoWhatTheClientSent(t *testing.T) {
	external := Coding{System: "s", Code: "external"}
	for _, c := range []struct {
		name, src, want string
		tags            []Coding
	}{
		{"nothing there", `{"resourceType": "Basic", "x":1}`,
			`{"resourceType": "Basic","id":"b1","meta":{"versionId":"2","lastUpdated":"T"}, "x":1}`, nil},
		{"last member", `{"x":1,"resourceType":"Basic"}`,
			`{"x":1,"resourceType":"Basic","id":"b1","meta":{"versionId":"2","lastUpdated":"T"}}`, nil},
		{"another id", `{"id" : "old","resourceType":"Basic"}`,
			`{"id" : "b1","resourceType":"Basic","meta":{"versionId":"2","lastUpdated":"T"}}`, nil},
		{"meta empty", `{"resourceType":"Basic","id":"b1","meta":{}}`,
			`{"resourceType":"Basic","id":"b1","meta":{"versionId":"2","lastUpdated":"T"}}`, nil},
		{"meta null", `{"resourceType":"Basic","id":"b1","meta":null}`,
			`{"resourceType":"Basic","id":"b1","meta":{"versionId":"2","lastUpdated":"T"}}`, nil},
		{"meta with one of them", `{"resourceType":"Basic","id":"b1","meta":{ "versionId":"1", "profile":["p"]}}`,
			`{"resourceType":"Basic","id":"b1","meta":{"lastUpdated":"T", "versionId":"2", "profile":["p"]}}`, nil},
		{"meta with both", `{"resourceType":"Basic","id":"b1","meta":{"lastUpdated":"S","versionId":"1"}}`,
			`{"resourceType":"Basic","id":"b1","meta":{"lastUpdated":"T","versionId":"2"}}`, nil},
		{"tag, no meta", `{"resourceType":"Basic","id":"b1"}`,
			`{"resourceType":"Basic","meta":{"versionId":"2","lastUpdated":"T","tag":[{"system":"s","code":"external"}]},"id":"b1"}`, []Coding{external}},
		{"tag, meta without", `{"resourceType":"Basic","id":"b1","meta":{"profile":["p"]}}`,
			`{"resourceType":"Basic","id":"b1","meta":{"versionId":"2","lastUpdated":"T","tag":[{"system":"s","code":"external"}],"profile":["p"]}}`, []Coding{external}},
		{"tag beside another", `{"resourceType":"Basic","id":"b1","meta":{"tag":[ {"code":"mine"} ]}}`,
			`{"resourceType":"Basic","id":"b1","meta":{"versionId":"2","lastUpdated":"T","tag":[ {"code":"mine"} ,{"system":"s","code":"external"}]}}`, []Coding{external}},
		{"tag there already", `{"resourceType":"Basic","id":"b1","meta":{"tag":[{"code":"external","system":"s","display":"d"}]}}`,
			`{"resourceType":"Basic","id":"b1","meta":{"versionId":"2","lastUpdated":"T","tag":[{"code":"external","system":"s","display":"d"}]}}`, []Coding{external}},
		{"tag list empty", `{"resourceType":"Basic","id":"b1","meta":{"tag":[]}}`,
			`{"resourceType":"Basic","id":"b1","meta":{"versionId":"2","lastUpdated":"T","tag":[{"system":"s","code":"external"}]}}`, []Coding{external}},
	} {
		identity := Identity{ID: "b1", Version: 2, Updated: "T", Tags: c.tags}
		got := mustParse(t, c.src).WithIdentity(identity)
		if string(got) != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
		if again := mustParse(t, string(got)).WithIdentity(identity); string(again) != string(got) {
			t.Errorf("%s: a second time gives %s", c.name, again)
		}
	}
}
