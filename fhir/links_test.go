package fhir

import (
	"slices"
	"strings"
	"testing"
)

func TestLinksAreRewrittenWhereTransactionsSay(t *testing.T) {
	rewrite := func(link string) (string, bool) {
		if link == "urn:uuid:1" {
			return `Patient/"1"&`, true
		}
		return "", false
	}
	for _, c := range []struct{ name, src, want string }{
		{"reference", `{"resourceType":"Claim","patient":{"reference":"urn:uuid:1"}}`, `{"resourceType":"Claim","patient":{"reference":"Patient/\"1\"&"}}`},
		{"escaped reference", `{"resourceType":"Claim","pat\u0069ent":{"reference":"urn\u003auuid:1"}}`, `{"resourceType":"Claim","pat\u0069ent":{"reference":"Patient/\"1\"&"}}`},
		{"reference in a list", `{"resourceType":"Encounter","account":[ {"reference":"urn:uuid:2"}, {"reference":"urn:uuid:1"} ]}`, `{"resourceType":"Encounter","account":[ {"reference":"urn:uuid:2"}, {"reference":"Patient/\"1\"&"} ]}`},
		{"extension's reference", `{"resourceType":"Claim","extension":[{"url":"x","valueReference":{"reference":"urn:uuid:1"}}]}`, `{"resourceType":"Claim","extension":[{"url":"x","valueReference":{"reference":"Patient/\"1\"&"}}]}`},
		{"extension beside a primitive", `{"resourceType":"Claim","_created":{"extension":[{"url":"x","valueUri":"urn:uuid:1"}]}}`, `{"resourceType":"Claim","_created":{"extension":[{"url":"x","valueUri":"Patient/\"1\"&"}]}}`},
		{"extension beside a list", `{"resourceType":"Patient","name":[{"_given":[null,{"extension":[{"url":"x","valueUrl":"urn:uuid:1"}]}]}]}`, `{"resourceType":"Patient","name":[{"_given":[null,{"extension":[{"url":"x","valueUrl":"Patient/\"1\"&"}]}]}]}`},
		{"contained", `{"resourceType":"Claim","contained":[{"resourceType":"Coverage","payor":[{"reference":"urn:uuid:1"}]}]}`, `{"resourceType":"Claim","contained":[{"resourceType":"Coverage","payor":[{"reference":"Patient/\"1\"&"}]}]}`},
		{"uuid and oid", `{"resourceType":"Parameters","parameter":[{"valueUuid":"urn:uuid:1"},{"valueOid":"urn:uuid:1"}]}`, `{"resourceType":"Parameters","parameter":[{"valueUuid":"Patient/\"1\"&"},{"valueOid":"Patient/\"1\"&"}]}`},
		{"string, canonical, code stay", `{"resourceType":"Basic","extension":[{"url":"x","valueString":"urn:uuid:1"},{"url":"x","valueCanonical":"urn:uuid:1"}],"meta":{"profile":["urn:uuid:1"]}}`, ``},
		{"identifier's value and display stay", `{"resourceType":"Claim","identifier":[{"value":"urn:uuid:1"}],"patient":{"display":"urn:uuid:1"}}`, ``},
		{"unknown element stays", `{"resourceType":"Claim","foo":{"reference":"urn:uuid:1"}}`, ``},
		{"unknown resource stays", `{"resourceType":"Foo","reference":"urn:uuid:1"}`, ``},
		{"narrative", `{"resourceType":"Basic","text":{"div":"<div xmlns='h'><a href='urn:uuid:1'>urn:uuid:1</a><img src='urn:uuid:1'/></div>"}}`,
			`{"resourceType":"Basic","text":{"div":"<div xmlns='h'><a href='Patient/&#34;1&#34;&amp;'>urn:uuid:1</a><img src='Patient/&#34;1&#34;&amp;'/></div>"}}`},
		{"narrative with escapes", `{"resourceType":"Basic","text":{"div":"<div>\u00e9\ud83d\ude00\n<a title=\"urn:uuid:1\" href=\"urn:uu\u0069d:1\">\u00e9<\/a></div>"}}`,
			`{"resourceType":"Basic","text":{"div":"<div>\u00e9\ud83d\ude00\n<a title=\"urn:uuid:1\" href=\"Patient/&#34;1&#34;&amp;\">\u00e9<\/a></div>"}}`},
		{"narrative with an entity", `{"resourceType":"Basic","text":{"div":"<div><a href='urn:uuid&#58;1'/></div>"}}`,
			`{"resourceType":"Basic","text":{"div":"<div><a href='Patient/&#34;1&#34;&amp;'/></div>"}}`},
	} {
		d := mustParse(t, c.src)
		got := string(Splice(d.Bytes(), RewriteLinks(d, rewrite)))
		if want := c.want; got != want && (want != "" || got != c.src) {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, want)
		}
		mustParse(t, got)
	}
}

func TestReferencesAreFoundInDocumentOrder(t *testing.T) {
	d := mustParse(t, `{"resourceType":"Bundle","entry":[
		{"resource":{"resourceType":"Claim","patient":{"reference":"Patient/1"},"contained":[{"resourceType":"Coverage","payor":[{"reference":"#o"}]}],
			"insurance":[{"coverage":{"reference":"Coverage/2","extension":[{"url":"x","valueReference":{"reference":"Basic/3"}}]}}],"insurer":{"display":"x"}}},
		{"resource":{"resourceType":"Basic","subject":{"reference":"Patient\/4"},"reference":"no"}}]}`)
	var got []string
	for n, text := range References(d) {
		if !n.Is(text) || n.Key() != "reference" {
			t.Errorf("the node of %s is another one", text)
		}
		got = append(got, text)
	}
	if want := []string{"Patient/1", "#o", "Coverage/2", "Basic/3", "Patient/4"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	for _, text := range References(d) {
		if text != "Patient/1" {
			t.Error("the walk goes on after a break")
		}
		break
	}
}

func TestNarrativeScanTakesOneWellFormedDiv(t *testing.T) {
	for _, c := range []struct {
		div  string
		want bool
	}{
		{`<div>x</div>`, true},
		{" \n<div xmlns=\"http://www.w3.org/1999/xhtml\"><!-- < > --><p class='a' id = \"b\">x<br/>&lt;</p></div>\n", true},
		{`<div/>`, true},
		{`x`, false}, {``, false}, {`<p>x</p>`, false}, {`<div>x`, false}, {`<div><p>x</div></p>`, false}, {`<div>x</div>y`, false},
		{`<div></div><div></div>`, false}, {`<div><![CDATA[x]]></div>`, false}, {`<div><?php x?></div>`, false}, {`<!DOCTYPE x><div/>`, false},
		{`<div a>x</div>`, false}, {`<div a=b>x</div>`, false}, {`<div a="b"c="d">x</div>`, false}, {`<div a="<">x</div>`, false},
		{`<div><!-- x</div>`, false}, {`<div><!----></div>`, true}, {`<div><!-- a - b --></div>`, true}, {`<div><!--><p>--></div>`, false},
		{`<div><!---><p>--></div>`, false}, {`<div><!-- --!><p> --></div>`, false}, {`<div><!-- x --- --></div>`, false}, {`<div>< p></div>`, false}, {`<div></div`, false}, {`<div></p></div>`, false}, {`<divx/>`, true},
		{strings.Repeat("<div>", 200) + strings.Repeat("</div>", 200), false},
	} {
		if got := ScanNarrative([]byte(c.div), func(_, _ []byte, _, _ int) bool { return true }); got != c.want {
			t.Errorf("%.60q: got %v", c.div, got)
		}
	}
}
