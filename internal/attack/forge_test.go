package attack_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"medbill/internal/auth"
	"medbill/internal/clock"
)

// forger writes tokens by hand: header and payload are text, signed with whatever key.
type forger struct {
	t       *testing.T
	now     int64
	issuer  string
	aud     string
	kid     string
	key     *ecdsa.PrivateKey // the issuer's own
	public  []byte            // its key set, as published
	p384    *ecdsa.PrivateKey // more keys of the issuer's
	rsa     *rsa.PrivateKey
	weak    *rsa.PrivateKey   // published, and too short
	sealing *ecdsa.PrivateKey // published for encryption
	foreign *ecdsa.PrivateKey // not published
}

// newForger gives a forger with the keys of w's issuer, which publishes more keys than the one that `medbill serve --dev` makes:
// one of every algorithm, one too short, one for another use.
func newForger(t *testing.T, w *world) (*forger, auth.Config) {
	t.Helper()
	f := &forger{t: t, now: clock.System().Now().Unix(), issuer: w.keys.Issuer, aud: w.keys.Audience}
	f.key = devKey(t, filepath.Join(w.folder, "dev", "key.pem"))
	var err error
	if f.public, err = os.ReadFile(w.keys.JWKS); err != nil {
		t.Fatal(err)
	}
	var published struct{ Keys []map[string]any }
	if err := json.Unmarshal(f.public, &published); err != nil || len(published.Keys) != 1 {
		t.Fatal("no development key", err)
	}
	f.kid = published.Keys[0]["kid"].(string)
	f.p384, f.sealing, f.foreign = curveKey(t, elliptic.P384()), curveKey(t, elliptic.P256()), curveKey(t, elliptic.P256())
	f.rsa, f.weak = rsaKey(t, 2048), rsaKey(t, 1024)
	published.Keys = append(published.Keys,
		curveJWK("p384", "ES384", "sig", "P-384", f.p384), curveJWK("sealing", "ECDH-ES", "enc", "P-256", f.sealing),
		rsaJWK("rs256", "RS256", f.rsa), rsaJWK("rs384", "RS384", f.rsa), rsaJWK("weak", "RS256", f.weak))
	content, err := json.Marshal(published)
	if err != nil {
		t.Fatal(err)
	}
	config := w.keys.Config()
	config.JWKS = filepath.Join(t.TempDir(), "jwks.json")
	if err := os.WriteFile(config.JWKS, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return f, config
}

func devKey(t *testing.T, path string) *ecdsa.PrivateKey {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(content)
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return key.(*ecdsa.PrivateKey)
}

func curveKey(t *testing.T, curve elliptic.Curve) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func rsaKey(t *testing.T, bits int) *rsa.PrivateKey {
	t.Helper()
	t.Setenv("GODEBUG", "rsa1024min=0") // a short key is what an issuer must not be believed with
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func rsaJWK(kid, alg string, key *rsa.PrivateKey) map[string]any {
	exponent := big.NewInt(int64(key.E)).Bytes()
	return map[string]any{"kty": "RSA", "kid": kid, "alg": alg, "use": "sig", "n": b64(key.N.Bytes()), "e": b64(exponent)}
}

func curveJWK(kid, alg, use, curve string, key *ecdsa.PrivateKey) map[string]any {
	point, err := key.PublicKey.Bytes()
	if err != nil {
		panic(err)
	}
	x, y := point[1:1+len(point)/2], point[1+len(point)/2:]
	return map[string]any{"kty": "EC", "kid": kid, "alg": alg, "use": use, "crv": curve, "x": b64(x), "y": b64(y)}
}

func b64[T string | []byte](text T) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

// header gives a header of the issuer's own key, with more members before its brace closes.
func (f *forger) header(more ...string) string {
	return f.headed("ES256", f.kid, more...)
}

func (f *forger) headed(alg, kid string, more ...string) string {
	return `{"alg":"` + alg + `","kid":"` + kid + `"` + strings.Join(append([]string{""}, more...), ",") + `}`
}

// claims are the members of a payload, in order, as they are written.
type claims []struct{ name, value string }

// all is what a good token says: an administrator of ours.
func (f *forger) all() claims {
	return claims{
		{"iss", quote(f.issuer)}, {"aud", quote(f.aud)}, {"sub", `"forger"`}, {"exp", fmt.Sprint(f.now + 3600)}, {"iat", fmt.Sprint(f.now)},
		{"scope", `"system/*.cruds operation/*"`}, {"tenant", `"zzyzx"`},
	}
}

func quote(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// with gives the claims with a value in place of another, or more; without leaves one out.
func (c claims) with(name, value string) claims {
	changed, found := append(claims{}, c...), false
	for i := range changed {
		if changed[i].name == name {
			changed[i].value, found = value, true
		}
	}
	if !found {
		changed = append(changed, struct{ name, value string }{name, value})
	}
	return changed
}

func (c claims) without(name string) claims {
	var kept claims
	for _, one := range c {
		if one.name != name {
			kept = append(kept, one)
		}
	}
	return kept
}

// and gives the claims with a further member, whatever stands there already.
func (c claims) and(name, value string) claims {
	return append(append(claims{}, c...), struct{ name, value string }{name, value})
}

// before gives the claims with a further member in front of all.
func (c claims) before(name, value string) claims {
	return append(claims{{name, value}}, c...)
}

// spelled gives the claims with the name of one written in another way.
func (c claims) spelled(name, as string) claims {
	changed := append(claims{}, c...)
	for i := range changed {
		if changed[i].name == name {
			changed[i].name = as
		}
	}
	return changed
}

func (c claims) String() string {
	members := make([]string, len(c))
	for i, one := range c {
		members[i] = `"` + one.name + `":` + one.value
	}
	return "{" + strings.Join(members, ",") + "}"
}

// token signs header and payload with the issuer's own key.
func (f *forger) token(header, payload string) string {
	return f.es256(f.key, header, payload)
}

// saying is a token of the issuer's with these claims.
func (f *forger) saying(c claims) string { return f.token(f.header(), c.String()) }

func (f *forger) es256(key *ecdsa.PrivateKey, header, payload string) string {
	signed := b64(header) + "." + b64(payload)
	sum := sha256.Sum256([]byte(signed))
	return signed + "." + b64(f.signature(key, sum[:], 32))
}

func (f *forger) es384(key *ecdsa.PrivateKey, header, payload string) string {
	signed := b64(header) + "." + b64(payload)
	sum := sha512.Sum384([]byte(signed))
	return signed + "." + b64(f.signature(key, sum[:], 48))
}

// signature gives r and s as JWS wants them. https://www.rfc-editor.org/rfc/rfc7518#section-3.4
func (f *forger) signature(key *ecdsa.PrivateKey, sum []byte, size int) []byte {
	r, s, err := ecdsa.Sign(rand.Reader, key, sum)
	if err != nil {
		f.t.Fatal(err)
	}
	out := make([]byte, 2*size)
	r.FillBytes(out[:size])
	s.FillBytes(out[size:])
	return out
}

func (f *forger) rs(key *rsa.PrivateKey, hash crypto.Hash, header, payload string) string {
	signed := b64(header) + "." + b64(payload)
	h := hash.New()
	h.Write([]byte(signed))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, hash, h.Sum(nil))
	if err != nil {
		f.t.Fatal(err)
	}
	return signed + "." + b64(signature)
}

func (f *forger) ps256(key *rsa.PrivateKey, header, payload string) string {
	signed := b64(header) + "." + b64(payload)
	sum := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPSS(rand.Reader, key, crypto.SHA256, sum[:], nil)
	if err != nil {
		f.t.Fatal(err)
	}
	return signed + "." + b64(signature)
}

// hs256 signs with a secret that everybody knows: the public key in some form.
func (f *forger) hs256(secret []byte, header, payload string) string {
	signed := b64(header) + "." + b64(payload)
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(signed))
	return signed + "." + b64(mac.Sum(nil))
}

// signedBy gives a token with another signature in place of its own.
func signedBy(token string, signature string) string {
	return token[:strings.LastIndex(token, ".")+1] + signature
}
