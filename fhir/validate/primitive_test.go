package validate_test

import (
	"strings"
	"testing"
)

// TestPrimitiveFormats runs each value through Parameters, which may hold a value of any type.
func TestPrimitiveFormats(t *testing.T) {
	for _, c := range []struct {
		of        string
		good, bad []string
	}{
		{"Base64Binary", []string{`"QQ=="`, `"QUJD"`, `"QUJD QUJD\nQQ=="`, `"+/+/"`}, []string{`""`, `"QQ"`, `"QQ="`, `"Q==="`, `"Q=Q="`, `"QU-D"`, `" "`, `"QUI=QUI="`}},
		{"Boolean", []string{`true`, `false`}, nil},
		{"Canonical", []string{`"http://x|1"`, `"#x"`}, []string{`""`, `"a b"`}},
		{"Code", []string{`"a"`, `"a b"`, `"é"`}, []string{`""`, `" a"`, `"a "`, `"a  b"`, `"a\n\nb"`, `" "`}},
		{"Date", []string{`"2026"`, `"2026-01"`, `"2024-02-29"`, `"2026-12-31"`},
			[]string{`""`, `"0000"`, `"26"`, `"2026-1"`, `"2026-00"`, `"2026-13"`, `"2026-01-00"`, `"2026-01-32"`, `"2023-02-29"`, `"2026-04-31"`, `"2026/01/01"`, `"2026-01/01"`, `"2026-01-01T00:00:00Z"`, `"2026-0x"`, `"２０２６"`}},
		{"DateTime", []string{`"2026"`, `"2026-01-01"`, `"2026-01-01T00:00:00Z"`, `"2026-01-01T23:59:60.123456789+14:00"`, `"2026-01-01T12:00:00.0-05:30"`},
			[]string{`""`, `"2026-01-01T00:00Z"`, `"2026-01-01T00:00:00"`, `"2026-01-01T24:00:00Z"`, `"2026-01-01T00:60:00Z"`, `"2026-01-01T00:00:00.Z"`, `"2026-01-01T00:00:00+14:01"`, `"2026-01-01T00:00:00+15:00"`, `"2026-01-01T00:00:00+00:60"`, `"2026-01-01 00:00:00Z"`, `"2026-02-30T00:00:00Z"`, `"2026-01-01T00:00:00+0000"`, `"2026-01T00:00:00Z"`}},
		{"Decimal", []string{`1`, `-0.00`, `1e3`, `1.50`}, nil},
		{"Id", []string{`"a"`, `"A.b-9"`, `"` + strings.Repeat("a", 64) + `"`}, []string{`""`, `"a_b"`, `"a b"`, `"` + strings.Repeat("a", 65) + `"`, `"é"`}},
		{"Instant", []string{`"2026-01-01T00:00:00Z"`, `"2026-01-01T00:00:00.1+01:00"`}, []string{`""`, `"2026"`, `"2026-01-01"`, `"2026-01-01T00:00:00"`}},
		{"Integer", []string{`0`, `-1`, `2147483647`, `-2147483648`}, []string{`-0`, `1.0`, `1e2`, `2147483648`, `-2147483649`, `99999999999999999999`}},
		{"Markdown", []string{`"# x\n"`}, []string{`""`, `"\u0007"`}},
		{"Oid", []string{`"urn:oid:1.2.840"`, `"urn:oid:0.0"`}, []string{`""`, `"1.2.3"`, `"urn:oid:3.1"`, `"urn:oid:1.02"`, `"urn:oid:1."`, `"urn:oid:1..2"`, `"urn:oid:1"`}},
		{"PositiveInt", []string{`1`, `2147483647`}, []string{`0`, `-1`, `1.0`, `2147483648`}},
		{"String", []string{`"x"`, `" "`, `"a\tb\r\n"`, `"\ud83d\ude00"`}, []string{`""`, `"\b"`, `"` + strings.Repeat("a", 1<<20+1) + `"`}},
		{"Time", []string{`"00:00:00"`, `"23:59:60.5"`}, []string{`""`, `"24:00:00"`, `"00:00"`, `"00:00:00Z"`, `"00:00:00."`, `"00:60:00"`, `"00:00:61"`, `"0:00:00"`}},
		{"UnsignedInt", []string{`0`, `2147483647`}, []string{`-1`, `-0`, `0.0`, `2147483648`}},
		{"Uri", []string{`"urn:x"`, `"é"`, `"x"`}, []string{`""`, `" "`, `"a b"`, `"a\nb"`}},
		{"Url", []string{`"https://x"`}, []string{`""`, `"a b"`}},
		{"Uuid", []string{`"urn:uuid:c757873d-ec9a-4326-a141-556f43239520"`}, []string{`""`, `"c757873d-ec9a-4326-a141-556f43239520"`, `"urn:uuid:C757873D-ec9a-4326-a141-556f43239520"`, `"urn:uuid:c757873dxec9a-4326-a141-556f43239520"`, `"urn:uuid:c757873d"`}},
	} {
		for _, values := range []struct {
			of   []string
			want string
		}{{c.good, ""}, {c.bad, "value at Parameters.parameter[0].value"}} {
			for _, value := range values.of {
				src := `{"resourceType":"Parameters","parameter":[{"name":"x","value` + c.of + `":` + value + `}]}`
				if got := issuesIn(t, src); got != values.want {
					t.Errorf("%s %.60s: got %q, want %q", c.of, value, got, values.want)
				}
			}
		}
	}
}

func TestNarrativeIsSafeToShow(t *testing.T) {
	for _, c := range []struct {
		name, div string
		want      bool
	}{
		{"formatting", `<div xmlns=\"http://www.w3.org/1999/xhtml\"><h1 class=\"a\">x</h1><p style='color:red'>&amp; &#233;<br/></p><table border='1'><tr><td colspan='2'>x</td></tr></table></div>`, true},
		{"links and images", `<div><a href=\"https://x\" name='n'>x</a><a href='#x'>y</a><img src=\"#i\" alt='i'/><img src='data:image/png;base64,AA=='/></div>`, true},
		{"comment", `<div><!-- x --></div>`, true},
		{"script", `<div><script>x</script></div>`, false},
		{"escaped script", `<div><scr\u0069pt>x</scr\u0069pt></div>`, false},
		{"upper-case script", `<div><SCRIPT>x</SCRIPT></div>`, false},
		{"handler", `<div onclick=\"x\">x</div>`, false},
		{"handler on an image", `<div><img src='x' onerror='x'/></div>`, false},
		{"form", `<div><form action='x'><input name='y'/></form></div>`, false},
		{"input", `<div><input/></div>`, false},
		{"frame", `<div><iframe src='x'></iframe></div>`, false},
		{"svg", `<div><svg/></div>`, false},
		{"style element", `<div><style>x</style></div>`, false},
		{"object, embed, link, base, meta", `<div><object/></div>`, false},
		{"script link", `<div><a href='javascript:x'>x</a></div>`, false},
		{"disguised script link", `<div><a href=' jAva&#115;cript&#x3a;x'>x</a></div>`, false},
		{"script link with a line break", `<div><a href='java&#10;script:x'>x</a></div>`, false},
		{"document in a link", `<div><a href='data:text/html,x'>x</a></div>`, false},
		{"other namespace", `<div xmlns='http://www.w3.org/2000/svg'>x</div>`, false},
		{"not XHTML", `x`, false},
		{"not closed", `<div>x<br></div>`, false},
		{"unquoted attribute", `<div class=x>x</div>`, false},
		{"processing instruction", `<div><?x?></div>`, false},
	} {
		want := "invalid at Patient.text.div"
		if c.want {
			want = ""
		}
		if got := issuesIn(t, `{"resourceType":"Patient","text":{"status":"generated","div":"`+c.div+`"}}`); got != want {
			t.Errorf("%s: got %q, want %q", c.name, got, want)
		}
	}
}
