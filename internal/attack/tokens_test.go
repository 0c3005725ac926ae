package attack_test

import (
	"crypto"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"medbill/fhir"
	"medbill/internal/store"
	"medbill/internal/store/storetest"
	"medbill/models/operation"
)

// What a token may lead to.
const (
	in     = "in"     // it is served as what it says
	out    = "out"    // 401 at every door
	closed = "closed" // it holds, and opens nothing: 403
)

// attempt is one way to come to the doors.
type attempt struct {
	name          string
	want          string
	authorization []string
}

// TestOnlyAGoodTokenGetsIn sends every attempt to every door: what is out is 401 with a challenge everywhere and changes nothing.
func TestOnlyAGoodTokenGetsIn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) { tokens(t, open(t, db)) })
}

func (f *forger) attempts() []attempt {
	list := slices.Concat(f.carried(), f.headers(), f.signatures(), f.shapes(), f.names(), f.types(), f.times(), f.limits())
	names := map[string]bool{}
	for _, a := range list {
		if names[a.name] {
			f.t.Errorf("%q stands twice", a.name)
		}
		names[a.name] = true
	}
	return list
}

func bearer(name, want, token string) attempt {
	return attempt{name, want, []string{"Bearer " + token}}
}

// carried are good and bad ways to carry a good token.
func (f *forger) carried() []attempt {
	good := f.saying(f.all())
	return []attempt{
		bearer("a good token", in, good),
		{"bearer in lower case", in, []string{"bearer " + good}},
		{"bearer in upper case", in, []string{"BEARER " + good}},
		{"no header", out, nil},
		{"an empty header", out, []string{""}},
		{"only the scheme", out, []string{"Bearer"}},
		{"the scheme and a blank", out, []string{"Bearer "}},
		{"no scheme", out, []string{good}},
		{"another scheme", out, []string{"Token " + good}},
		{"basic", out, []string{"Basic " + base64.StdEncoding.EncodeToString([]byte("admin:admin"))}},
		{"a token as a password", out, []string{"Basic " + base64.StdEncoding.EncodeToString([]byte("admin:"+good))}},
		{"DPoP", out, []string{"DPoP " + good}},
		{"the scheme twice", out, []string{"Bearer Bearer " + good}},
		{"the scheme with a colon", out, []string{"Bearer: " + good}},
		{"a tab after the scheme", out, []string{"Bearer\t" + good}},
		{"in quotes", out, []string{`Bearer "` + good + `"`}},
		{"as a parameter of the scheme", out, []string{`Bearer token="` + good + `"`}},
		{"two tokens in one header", out, []string{"Bearer " + good + ", Bearer " + good}},
		{"a blank inside", out, []string{"Bearer " + good[:40] + " " + good[40:]}},
		{"two headers, the good one first", out, []string{"Bearer " + good, "Bearer wombat"}},
		{"two headers, the good one last", out, []string{"Bearer wombat", "Bearer " + good}},
		{"two good headers of two tenants", out, []string{"Bearer " + good, "Bearer " + f.saying(f.all().with("tenant", `"yonder"`))}},
	}
}

// headers are what the header of a JWT may and may not say.
func (f *forger) headers() []attempt {
	p := f.all().String()
	say := func(name, want, header string) attempt { return bearer(name, want, f.token(header, p)) }
	own := b64(string(f.public))
	list := []attempt{
		say("typ JWT", in, f.header(`"typ":"JWT"`)),
		say("typ jwt", in, f.header(`"typ":"jwt"`)),
		say("typ at+jwt", in, f.header(`"typ":"at+jwt"`)),
		say("typ AT+JWT", in, f.header(`"typ":"AT+JWT"`)),
		say("typ application/at+jwt", in, f.header(`"typ":"application/at+jwt"`)),
		say("typ Application/At+Jwt", in, f.header(`"typ":"Application/At+Jwt"`)),
		say("a header that nobody knows", in, f.header(`"x-wombat":{"tenant":"yonder"}`)),
		say("crit", out, f.header(`"crit":["exp"]`, `"exp":1`)),
		say("crit of nothing", out, f.header(`"crit":[]`)),
		say("crit null", out, f.header(`"crit":null`)),
		say("alg twice, none first", out, `{"alg":"none","alg":"ES256","kid":"`+f.kid+`"}`),
		say("alg twice, none last", out, `{"alg":"ES256","kid":"`+f.kid+`","alg":"none"}`),
		say("kid twice", out, f.header(`"kid":"`+f.kid+`"`)),
		say("typ twice", out, f.header(`"typ":"JWT"`, `"typ":"JWT"`)),
		say("alg twice by an escape", out, f.header(`"\u0061lg":"ES256"`)),
		say("no kid", out, `{"alg":"ES256"}`),
		say("an empty kid", out, f.headed("ES256", "")),
		say("kid a number", out, `{"alg":"ES256","kid":1}`),
		say("kid a list", out, `{"alg":"ES256","kid":["`+f.kid+`"]}`),
		say("kid of nobody", out, f.headed("ES256", "wombat")),
		say("kid a path", out, f.headed("ES256", "../../../../dev/null")),
		say("kid SQL", out, f.headed("ES256", "x' UNION SELECT 'y")),
		say("kid with a NUL", out, f.headed("ES256", f.kid+`\u0000`)),
		say("no alg", out, `{"kid":"`+f.kid+`"}`),
		say("alg empty", out, f.headed("", f.kid)),
		say("alg null", out, `{"alg":null,"kid":"`+f.kid+`"}`),
		say("alg a list", out, `{"alg":["ES256"],"kid":"`+f.kid+`"}`),
		say("alg in lower case", out, f.headed("es256", f.kid)),
		say("alg with a blank", out, f.headed("ES256 ", f.kid)),
		say("the header a list", out, `["ES256"]`),
		say("the header a text", out, `"ES256"`),
		say("the header nothing", out, ``),
		say("the header twice", out, f.header()+f.header()),
		say("the header with a tail", out, f.header()+"x"),
	}
	for _, typ := range []string{"JWS", "JWE", "id_token", "id+jwt", "application/jwt", "secevent+jwt", "logout+jwt", "dpop+jwt", "rt+jwt", "at+jwt ", ""} {
		list = append(list, say(fmt.Sprintf("typ %q", typ), out, f.header(`"typ":"`+typ+`"`)))
	}
	for _, typ := range []string{"null", "1", "true", `["JWT"]`, `{"JWT":1}`} {
		list = append(list, say("typ "+typ, out, f.header(`"typ":`+typ)))
	}
	for _, header := range []string{`"jku":"https://evil.invalid/jwks"`, `"x5u":"https://evil.invalid/cert"`, `"jwk":{"kty":"EC"}`, `"x5c":["` + own[:40] + `"]`} {
		list = append(list, bearer("a key of the forger's by "+header[:5], out, f.es256(f.foreign, f.header(header), p)))
	}
	return list
}

// signatures are wrong algorithms, wrong keys and signatures that are none.
func (f *forger) signatures() []attempt {
	p := f.all().String()
	good := f.token(f.header(), p)
	signature := good[strings.LastIndex(good, ".")+1:]
	point, err := f.key.PublicKey.Bytes()
	if err != nil {
		f.t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(&f.key.PublicKey)
	if err != nil {
		f.t.Fatal(err)
	}
	raw, err := base64.RawURLEncoding.DecodeString(signature)
	if err != nil {
		f.t.Fatal(err)
	}
	asDER, err := asn1.Marshal(struct{ R, S *big.Int }{new(big.Int).SetBytes(raw[:32]), new(big.Int).SetBytes(raw[32:])})
	if err != nil {
		f.t.Fatal(err)
	}
	order := elliptic.P256().Params().N.Bytes()
	flipped := slices.Clone(raw)
	flipped[10] ^= 1
	list := []attempt{
		bearer("ES384 by its key", in, f.es384(f.p384, f.headed("ES384", "p384"), p)),
		bearer("RS256 by its key", in, f.rs(f.rsa, crypto.SHA256, f.headed("RS256", "rs256"), p)),
		bearer("RS384 by its key", in, f.rs(f.rsa, crypto.SHA384, f.headed("RS384", "rs384"), p)),
		bearer("RS384 by the key for RS256", out, f.rs(f.rsa, crypto.SHA384, f.headed("RS384", "rs256"), p)),
		bearer("RS512", out, f.rs(f.rsa, crypto.SHA512, f.headed("RS512", "rs256"), p)),
		bearer("PS256", out, f.ps256(f.rsa, f.headed("PS256", "rs256"), p)),
		bearer("PS256 called RS256", out, f.ps256(f.rsa, f.headed("RS256", "rs256"), p)),
		bearer("a key that is too short", out, f.rs(f.weak, crypto.SHA256, f.headed("RS256", "weak"), p)),
		bearer("a key for encryption", out, f.es256(f.sealing, f.headed("ES256", "sealing"), p)),
		bearer("RS256 with the kid of a curve", out, f.rs(f.rsa, crypto.SHA256, f.headed("RS256", f.kid), p)),
		bearer("ES256 with the kid of an RSA key", out, f.es256(f.key, f.headed("ES256", "rs256"), p)),
		bearer("ES384 with the kid of P-256", out, f.es384(f.p384, f.headed("ES384", f.kid), p)),
		bearer("ES256 called ES384", out, f.es256(f.key, f.headed("ES384", f.kid), p)),
		bearer("ES512", out, f.es256(f.key, f.headed("ES512", f.kid), p)),
		bearer("ES256K", out, f.es256(f.key, f.headed("ES256K", f.kid), p)),
		bearer("EdDSA", out, f.es256(f.key, f.headed("EdDSA", f.kid), p)),
		bearer("a foreign key under our kid", out, f.es256(f.foreign, f.header(), p)),
		bearer("HS256 by the key set", out, f.hs256(f.public, f.headed("HS256", f.kid), p)),
		bearer("HS256 by the key as PEM", out, f.hs256(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), f.headed("HS256", f.kid), p)),
		bearer("HS256 by the key as DER", out, f.hs256(der, f.headed("HS256", f.kid), p)),
		bearer("HS256 by the key's point", out, f.hs256(point, f.headed("HS256", f.kid), p)),
		bearer("HS256 by nothing", out, f.hs256(nil, f.headed("HS256", f.kid), p)),
		bearer("HS256 by the kid", out, f.hs256([]byte(f.kid), f.headed("HS256", f.kid), p)),
		bearer("HS256 called ES256", out, f.hs256(f.public, f.header(), p)),
		bearer("no signature", out, signedBy(good, "")),
		bearer("a signature cut short", out, good[:len(good)-4]),
		bearer("a signature with a tail", out, good+"AAAA"),
		bearer("a signature with padding", out, good+"=="),
		bearer("a signature with a bit turned", out, signedBy(good, b64(flipped))),
		bearer("a signature of zeros", out, signedBy(good, b64(make([]byte, 64)))),
		bearer("a signature of the curve's order", out, signedBy(good, b64(slices.Concat(order, order)))),
		bearer("a signature as DER", out, signedBy(good, b64(asDER))),
		bearer("the signature of another token", out, signedBy(f.saying(f.all().with("tenant", `"yonder"`)), signature)),
		bearer("a signature in the other alphabet", out, signedBy(good, strings.NewReplacer("-", "+", "_", "/").Replace(b64(make([]byte, 63))+"-_"))),
	}
	for _, alg := range []string{"none", "None", "NONE", "nOnE"} {
		unsigned := b64(f.headed(alg, f.kid)) + "." + b64(p) + "."
		list = append(list, bearer("alg "+alg, out, unsigned), bearer("alg "+alg+" with a signature", out, f.token(f.headed(alg, f.kid), p)))
	}
	return list
}

// shapes are tokens that are not three parts, and payloads that are not one object.
func (f *forger) shapes() []attempt {
	c := f.all()
	good := f.saying(c)
	parts := strings.Split(good, ".")
	payload := func(name, want, text string) attempt { return bearer(name, want, f.token(f.header(), text)) }
	padded := strings.NewReplacer(`{"`, "{ \n\t\"", `,"`, " , \r\n\"", `":`, `" : `).Replace(c.String())
	return []attempt{
		bearer("not a token", out, "wombat"),
		bearer("one part", out, parts[0]),
		bearer("two parts", out, parts[0]+"."+parts[1]),
		bearer("four parts", out, good+"."+parts[2]),
		bearer("five parts", out, strings.Join([]string{parts[0], "", "", parts[1], parts[2]}, ".")),
		bearer("doubled dots", out, strings.ReplaceAll(good, ".", "..")),
		bearer("a dot in front", out, "."+good),
		bearer("a dot behind", out, good+"."),
		bearer("only dots", out, ".."),
		bearer("parts in another order", out, parts[1]+"."+parts[0]+"."+parts[2]),
		bearer("the JSON form", out, `{"protected":"`+parts[0]+`","payload":"`+parts[1]+`","signature":"`+parts[2]+`"}`),
		bearer("percent in place of dots", out, strings.ReplaceAll(good, ".", "%2E")),
		bearer("a token in a token", out, f.token(f.header(`"cty":"JWT"`), quote(good))),
		bearer("far too long", out, f.saying(c.and("x", quote(strings.Repeat("x", 20<<10))))),
		bearer("a megabyte of nothing", out, strings.Repeat("x", 600<<10)),
		payload("blanks around the claims", in, " \n"+padded+"\r\n\t"),
		payload("no claims", out, "{}"),
		payload("nothing", out, ""),
		payload("null", out, "null"),
		payload("a list", out, "["+c.String()+"]"),
		payload("a text", out, quote(c.String())),
		payload("a number", out, "1"),
		payload("two objects", out, c.String()+c.String()),
		payload("an object and a tail", out, c.String()+"x"),
		payload("an object and a NUL", out, c.String()+"\x00"),
		payload("a byte order mark", out, "\ufeff"+c.String()),
		payload("UTF-16", out, strings.Join(strings.Split(c.String(), ""), "\x00")),
		payload("not UTF-8", out, c.with("sub", "\"\xff\xfe\"").String()),
		payload("a comment", out, "/**/"+c.String()),
		payload("a comma at the end", out, strings.TrimSuffix(c.String(), "}")+",}"),
		payload("quotes of one stroke", out, strings.ReplaceAll(c.String(), `"`, "'")),
		payload("an object that does not end", out, strings.TrimSuffix(c.String(), "}")),
	}
}

// names are what becomes of names: exactly ours, each once.
func (f *forger) names() []attempt {
	c := f.all()
	say := func(name, want string, c claims) attempt { return bearer(name, want, f.saying(c)) }
	list := []attempt{
		say("tenant by an escape", in, c.spelled("tenant", `\u0074enant`)),
		say("exp by an escape", in, c.spelled("exp", `e\u0078p`)),
		say("a claim that nobody knows", in, c.and("x", `{"tenant":"yonder","patient":"bob"}`)),
		say("a claim with our name inside another", in, c.and("act", `{"sub":"forger","tenant":["yonder"]}`)),
		say("tenant twice", out, c.and("tenant", `"yonder"`)),
		say("tenant twice, the same", out, c.and("tenant", `"zzyzx"`)),
		say("tenant twice, by an escape", out, c.and(`ten\u0061nt`, `"yonder"`)),
		say("tenant twice, the other one first", out, c.before("tenant", `"yonder"`)),
		say("scope twice", out, c.with("scope", `"patient/*.r"`).and("scope", `"system/*.cruds"`)),
		say("exp twice", out, c.and("exp", "1")),
		say("aud twice", out, c.before("aud", `"https://elsewhere.invalid"`)),
		say("iss twice", out, c.before("iss", `"https://elsewhere.invalid"`)),
		say("sub twice", out, c.and("sub", `"admin"`)),
		say("patient twice", out, c.and("patient", `"ann"`).and("patient", `"bob"`)),
		say("organization twice", out, c.and("organization", `"acme"`).and("organization", `"zenith"`)),
		say("an unknown claim twice", out, c.and("x", "1").and("x", "2")),
		say("SCOPE alone", out, c.spelled("scope", "SCOPE")),
		say("Tenant alone", out, c.spelled("tenant", "Tenant")),
		say("Exp alone", out, c.spelled("exp", "Exp")),
		say("a long s in scope", out, c.and("\u017fcope", `"system/*.cruds"`)),
		say("a long s in iss by an escape", out, c.and(`is\u017f`, quote(f.issuer))),
		say("a blank in the name", in, c.and("tenant ", `"yonder"`)),
		say("a letter of another alphabet in the name", in, c.and("t\u0435nant", `"yonder"`)),
	}
	for _, name := range []string{"TENANT", "Tenant", "tEnAnT", "PATIENT", "Patient", "ORGANIZATION", "Organization", "Scope", "SUB", "Iss", "AUD", "EXP", "NBF", "Iat", "FhirUser", "fhiruser", "FHIRUSER"} {
		value := map[string]string{"exp": "1", "nbf": "1", "iat": "1"}[strings.ToLower(name)]
		list = append(list, say(name+" beside it", out, c.and(name, or(value, `"yonder"`))))
	}
	return list
}

// types are claims of another type than theirs.
func (f *forger) types() []attempt {
	c := f.all()
	say := func(name, want, claim, value string) attempt {
		return bearer(claim+" "+name, want, f.saying(c.with(claim, value)))
	}
	var list []attempt
	for _, name := range []string{"iss", "sub", "scope", "tenant", "patient", "organization", "fhirUser", "aud"} {
		for _, value := range []string{"1", "true", "null", `{"a":1}`} {
			list = append(list, say("is "+value, out, name, value))
		}
		if name != "aud" {
			list = append(list, say("is a list", out, name, `["zzyzx"]`), say("is a list in a list", out, name, `[["zzyzx"]]`))
		}
		if name != "patient" && name != "organization" && name != "fhirUser" && name != "scope" {
			list = append(list, bearer(name+" is missing", out, f.saying(c.without(name))))
		}
	}
	for _, name := range []string{"exp", "nbf", "iat"} {
		for _, value := range []string{quote(fmt.Sprint(f.now + 3600)), "true", "null", fmt.Sprintf("[%d]", f.now), fmt.Sprintf(`{"a":%d}`, f.now), "1e400", "-1e400", "NaN", "Infinity", "0x7fffffff", "+1", "01", "1_000"} {
			list = append(list, say("is "+value, out, name, value))
		}
	}
	return append(list,
		say("is one of several", in, "aud", `["https://elsewhere.invalid",`+quote(f.aud)+`]`),
		say("is a list of one", in, "aud", `[`+quote(f.aud)+`]`),
		say("is an empty list", out, "aud", `[]`),
		say("is empty", out, "aud", `""`),
		say("is elsewhere", out, "aud", `"https://elsewhere.invalid"`),
		say("begins like ours", out, "aud", quote(f.aud+"/more")),
		say("is the beginning of ours", out, "aud", quote(f.aud[:len(f.aud)-1])),
		say("has a number beside ours", out, "aud", `[`+quote(f.aud)+`,1]`),
		say("has ours in a list in a list", out, "aud", `[[`+quote(f.aud)+`]]`),
		say("is elsewhere", out, "iss", `"https://elsewhere.invalid"`),
		say("has a slash behind", out, "iss", quote(f.issuer+"/")),
		say("in another case", out, "iss", quote(strings.ToUpper(f.issuer))),
		say("is empty", out, "iss", `""`),
	)
}

// times are when a token is good: not yet, no more, never for longer than a day.
func (f *forger) times() []attempt {
	c := f.all()
	at := func(name, want, claim string, seconds int64) attempt {
		return bearer(name, want, f.saying(c.with(claim, fmt.Sprint(f.now+seconds))))
	}
	return []attempt{
		at("expires in a minute", in, "exp", 60),
		at("expires in almost a day", in, "exp", 24*3600-60),
		at("expires in more than a day", out, "exp", 24*3600+300),
		at("expires in a week", out, "exp", 7*24*3600),
		at("expires in a hundred years", out, "exp", 100*365*24*3600),
		at("expired a minute ago", out, "exp", -60),
		at("expired a day ago", out, "exp", -24*3600),
		at("not before in an hour", out, "nbf", 3600),
		at("not before a minute ago", in, "nbf", -60),
		at("issued an hour ago", in, "iat", -3600),
		bearer("never expires", out, f.saying(c.without("exp"))),
		bearer("expires at 0", out, f.saying(c.with("exp", "0"))),
		bearer("expires at -1", out, f.saying(c.with("exp", "-1"))),
		bearer("expires at a half", in, f.saying(c.with("exp", fmt.Sprintf("%d.5", f.now+60)))),
		bearer("expires at a power", in, f.saying(c.with("exp", fmt.Sprintf("%de0", f.now+60)))),
		bearer("expires at the end of int64", out, f.saying(c.with("exp", "9223372036854775807"))),
		bearer("expires beyond int64", out, f.saying(c.with("exp", "9223372036854775808"))),
		bearer("expires at forty nines", out, f.saying(c.with("exp", strings.Repeat("9", 40)))),
		bearer("expires at 1e300", out, f.saying(c.with("exp", "1e300"))),
		bearer("expires in milliseconds", out, f.saying(c.with("exp", fmt.Sprint((f.now+3600)*1000)))),
	}
}

// limits are what a token is limited to, and scopes that open nothing without their limit.
func (f *forger) limits() []attempt {
	c := f.all()
	is := func(name, want, claim, value string) attempt {
		return bearer(claim+" "+name, want, f.saying(c.with(claim, quote(value))))
	}
	list := []attempt{
		is("of 255 bytes", in, "sub", strings.Repeat("s", 255)),
		is("of 256 bytes", out, "sub", strings.Repeat("s", 256)),
		is("of 128 letters of two bytes", out, "sub", strings.Repeat("ä", 128)),
		is("is empty", out, "sub", ""),
		is("in another alphabet", in, "sub", "Зззыкс"),
		is("too long", out, "fhirUser", "Practitioner/"+strings.Repeat("x", 1100)),
		is("with a NUL", out, "fhirUser", "Practitioner/\x00"),
		is("of a practitioner", in, "fhirUser", "Practitioner/doc"),
		is("is nobody's", closed, "scope", "openid launch offline_access"),
		bearer("no scope", closed, f.saying(c.without("scope"))),
	}
	for _, control := range []string{"\x00", "a\x00b", "a\nb", "a\rb", "a\tb", "\x1b[2J", "\x7f", "a\u0085b", "\u009b"} {
		list = append(list, is(fmt.Sprintf("with %q", control), out, "sub", control))
	}
	for _, name := range []string{"tenant", "patient", "organization"} {
		for what, value := range map[string]string{
			"empty": "", "a blank": " ", "a blank in front": " zzyzx", "a blank behind": "zzyzx ", "a path": "../zzyzx", "a reference": "Patient/ann", "a wildcard": "*", "a percent": "%",
			"with a NUL": "zzyzx\x00", "with a line": "zzyzx\n", "too long": strings.Repeat("z", 65), "in another alphabet": "\u0437zyzx", "SQL": "zzyzx' OR '1'='1",
		} {
			list = append(list, is("is "+what, out, name, value))
		}
	}
	for _, scope := range []string{
		"system/*", "system/*.", "*/*.cruds", "System/*.cruds", "system/*.CRUDS", "system/*.sdurc", "system/*.cruds?_id=1", "system/*.cruds,", "system.*.cruds", "system//*.cruds",
		"system/*.cruds\x00", "system/patient.cruds operation/*", "operation/*", "patient/*.cruds", "patient/*.cruds operation/*", "patient/*.* patient/*.read",
		"system/ClaimResponse.cruds", "system/Claim.rs system/ClaimResponse.crs", "system/*.cruds system/ClaimResponse.c", "system/ClaimResponse.crs system/*.cruds operation/*",
		"patient/*.cruds system/*.cruds system/ClaimResponse.crs",
	} {
		list = append(list, is("is "+scope, closed, "scope", scope))
	}
	for _, scope := range []string{"system/*.cruds operation/*", "system/*.* operation/*", "user/*.cruds operation/*", "user/ClaimResponse.c system/*.cruds operation/*", "system/ClaimResponse.rs system/*.cruds operation/*"} {
		list = append(list, is("is "+scope, in, "scope", scope))
	}
	return list
}

func tokens(t *testing.T, w *world) {
	t.Helper()
	w.must(t, w.admin(t, ours), "PUT", "Patient/ann", `{"resourceType":"Patient","id":"ann","name":[{"family":"ANNCANARY"}]}`)
	w.must(t, w.admin(t, theirs), "PUT", "Patient/ann", `{"resourceType":"Patient","id":"ann","name":[{"family":"ODACANARY"}]}`)
	f, config := newForger(t, w)
	server := httptest.NewServer(w.door(t, config))
	t.Cleanup(server.Close)
	w.root = server.URL
	before := w.state(t)
	asks := 0
	list := f.attempts()
	for _, a := range list {
		for _, knock := range knocks {
			asks++
			got := w.send(t, knock.request, a.authorization...)
			if problem := knock.told(a.want, got); problem != "" {
				t.Errorf("%s at %s: %s, want %s: %d %.200s", a.name, knock.name, problem, a.want, got.status, got.body)
			}
		}
	}
	w.stands(t, before, "a token")
	t.Logf("%d attempts, %d requests", len(list), asks)
	beside(t, w, f)
	nobody(t, w)
}

// nobody holds that without a token every door of every type and every operation is shut, and what is open is a short list.
func nobody(t *testing.T, w *world) {
	t.Helper()
	for _, typ := range fhir.Types() {
		r := &record{typ: typ.Name, id: "ann", version: "1", body: `{"resourceType":"` + typ.Name + `","id":"ann"}`}
		for _, d := range doors {
			if got := w.send(t, d.request(r)); got.status != 401 && (got.status != 405 || !isShut(typ, d.letter)) {
				t.Errorf("%s of %s without a token: %d %.200s", d.name, typ.Name, got.status, got.body)
			}
		}
	}
	for _, o := range operation.All() {
		for _, typ := range append(slices.Clone(o.Types), "")[:max(1, len(o.Types))] {
			path := strings.TrimPrefix(typ+"/ann/$"+o.Code, "/ann/")
			if o.OnType {
				path = typ + "/$" + o.Code
			}
			if got := w.send(t, request{o.Methods[0], path, "", nil}); got.status != 401 {
				t.Errorf("%s without a token: %d %.200s", path, got.status, got.body)
			}
		}
	}
	for _, open := range []string{"metadata", ".well-known/smart-configuration"} {
		if got := w.send(t, request{method: "GET", path: open}); got.status != 200 {
			t.Errorf("%s is not open: %d", open, got.status)
		}
	}
}

// knock is one request at one kind of door. Writes are rehearsed, so that a good token leaves no trace.
type knock struct {
	name    string
	request request
	good    []int
}

var knocks = []knock{
	{"read", request{"GET", "Patient/ann", "", nil}, []int{200}},
	{"search", request{"GET", "Patient", "", nil}, []int{200}},
	{"write", request{"PUT", "Patient/forged", `{"resourceType":"Patient","id":"forged"}`, []string{dryRun}}, []int{200}},
	{"delete", request{"DELETE", "Patient/ann", "", []string{dryRun}}, []int{204}},
	{"batch", request{"POST", "", `{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"GET","url":"Patient/ann"}}]}`, nil}, []int{200}},
	{"operation of the system", request{"GET", "$settings", "", nil}, []int{200}},
	{"operation on a record", request{"POST", "Claim/none/$validate", "", nil}, []int{404}},
	{"GraphQL", asking(`{patient(id:"ann"){name{family}}}`), []int{200}},
	{"GraphQL mutation", asking(`mutation{changeSettings(input:{dueDays:9},dryRun:true){settings{dueDays}}}`), []int{200}},
}

// told says what is wrong with an answer, "" for nothing.
func (k knock) told(want string, got answer) string {
	isGraph := k.request.path == "/graphql"
	switch {
	case strings.Contains(got.body, "ODACANARY"):
		return "shows another tenant"
	case want == out && got.status != 401:
		return "is let in"
	case want == out && !strings.HasPrefix(got.header.Get("WWW-Authenticate"), "Bearer"):
		return "no challenge"
	case want == closed && isGraph:
		if !strings.Contains(got.body, "FORBIDDEN") || strings.Contains(got.body, "ANNCANARY") {
			return "opens something"
		}
	case want == closed && k.name == "batch":
		if !strings.Contains(got.body, "403 Forbidden") || strings.Contains(got.body, "ANNCANARY") {
			return "opens something"
		}
	case want == closed && got.status != 403:
		return "opens something"
	case want == in && !slices.Contains(k.good, got.status) || want == in && isGraph && strings.Contains(got.body, `"errors"`):
		return "is not served"
	case want == in && slices.Contains([]string{"read", "search", "batch", "GraphQL"}, k.name) && !strings.Contains(got.body, "ANNCANARY"):
		return "is served as somebody else"
	}
	return ""
}

// beside holds that a token counts in the header alone: neither in the address nor in a form nor in a cookie.
func beside(t *testing.T, w *world, f *forger) {
	t.Helper()
	good, other := f.saying(f.all()), "Bearer "+f.saying(f.all().with("tenant", `"yonder"`))
	form := "Content-Type: application/x-www-form-urlencoded"
	for _, name := range []string{"access_token", "token", "bearer_token", "id_token", "authorization"} {
		for _, r := range []request{
			{"GET", "Patient/ann?" + name + "=" + good, "", nil},
			{"POST", "Patient/_search", name + "=" + good, []string{form}},
			{"GET", "Patient/ann", "", []string{"Cookie: " + name + "=" + good}},
			{"GET", "Patient/ann", "", []string{"X-" + strings.ReplaceAll(name, "_", "-") + ": Bearer " + good}},
			{"GET", "Patient/ann", "", []string{"Proxy-Authorization: Bearer " + good}},
		} {
			if got := w.send(t, r); got.status != 401 || got.header.Get("WWW-Authenticate") == "" {
				t.Errorf("a token as %s lets in: %s %d", name, r.method, got.status)
			}
			if got := w.send(t, r, other); strings.Contains(got.body, "ANNCANARY") {
				t.Errorf("a token as %s beside another counts: %d %.300s", name, got.status, got.body)
			}
		}
	}
}
