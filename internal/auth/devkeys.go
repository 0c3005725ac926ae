package auth

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/MicahParks/jwkset"
	"github.com/golang-jwt/jwt/v5"
)

// The files of DIR/dev. The folder appears as a whole or not at all.
const (
	devFolder   = "dev"
	devKeyFile  = "key.pem"     // PKCS 8, readable by its owner only
	devKeysFile = "jwks.json"   // the public key, as NewVerifier reads it
	devNameFile = "issuer.json" // issuer and audience
)

// The issuer and audience of new development keys. Nobody can serve tokens from a reserved name (RFC 2606), so a production
// server never takes one by accident.
const (
	devIssuer   = "https://issuer.medbill.invalid"
	devAudience = "https://medbill.invalid/development"
)

// ErrNoDevKeys is what OpenDevKeys gives where nobody made keys.
var ErrNoDevKeys = errors.New("there are no development keys; start `medbill serve --dev` or `medbill demo` with this data folder first")

// DevKeys signs tokens for a development server or a demo. It is never part of a production server.
type DevKeys struct {
	Issuer   string
	Audience string
	JWKS     string // path of the public key set

	key *ecdsa.PrivateKey
	kid string
}

type devName struct {
	Issuer   string `json:"issuer"`
	Audience string `json:"audience"`
}

// CreateDevKeys gives the keys in dir/dev and makes them where they are absent. It may be called again and by several
// processes at once: all end with the same key.
func CreateDevKeys(dir string) (DevKeys, error) {
	keys, err := OpenDevKeys(dir)
	if !errors.Is(err, ErrNoDevKeys) {
		return keys, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return DevKeys{}, fmt.Errorf("the folder of the development keys cannot be made; name a data folder that this user may write: %w", err)
	}
	fresh, err := os.MkdirTemp(dir, ".dev-") // readable by its owner only
	if err != nil {
		return DevKeys{}, fmt.Errorf("make development keys: %w", err)
	}
	defer os.RemoveAll(fresh) //nolint:errcheck // what stays behind is a key nobody trusts
	if err := writeDevKeys(fresh); err != nil {
		return DevKeys{}, fmt.Errorf("make development keys: %w", err)
	}
	// Renaming onto a folder that has files fails: of two that race, the second one opens what the first one made.
	renamed := os.Rename(fresh, filepath.Join(dir, devFolder))
	keys, err = OpenDevKeys(dir)
	if errors.Is(err, ErrNoDevKeys) {
		return DevKeys{}, fmt.Errorf("make development keys: %w", renamed)
	}
	return keys, err
}

// OpenDevKeys gives the keys that CreateDevKeys made in dir/dev. Without them it gives ErrNoDevKeys; it refuses a folder
// whose files are damaged or do not belong together.
func OpenDevKeys(dir string) (DevKeys, error) {
	folder := filepath.Join(dir, devFolder)
	if _, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) {
		return DevKeys{}, fmt.Errorf("%s: %w", dir, ErrNoDevKeys)
	}
	keys := DevKeys{JWKS: filepath.Join(folder, devKeysFile)}
	if err := keys.open(folder); err != nil {
		return DevKeys{}, fmt.Errorf("%s: the development keys are damaged; remove the folder to have new ones made: %w", folder, err)
	}
	return keys, nil
}

func (d *DevKeys) open(folder string) error {
	content, err := os.ReadFile(filepath.Join(folder, devKeyFile))
	if err != nil {
		return err
	}
	if d.key, err = parseDevKey(content); err != nil {
		return err
	}
	if d.kid, err = thumbprint(&d.key.PublicKey); err != nil {
		return err
	}
	if content, err = os.ReadFile(d.JWKS); err != nil {
		return err
	}
	published, err := parseKeys(content)
	if err != nil {
		return err
	}
	if len(published) != 1 || published[0].Marshal().KID != d.kid {
		return fmt.Errorf("%s does not publish the key of %s", devKeysFile, devKeyFile)
	}
	if content, err = os.ReadFile(filepath.Join(folder, devNameFile)); err != nil {
		return err
	}
	var name devName
	if err := json.Unmarshal(content, &name); err != nil || name.Issuer == "" || name.Audience == "" {
		return fmt.Errorf("%s lacks an issuer or an audience", devNameFile)
	}
	d.Issuer, d.Audience = name.Issuer, name.Audience
	return nil
}

func parseDevKey(content []byte) (*ecdsa.PrivateKey, error) {
	block, _ := pem.Decode(content)
	if block == nil {
		return nil, fmt.Errorf("%s is not PEM", devKeyFile)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%s is not a PKCS 8 key", devKeyFile)
	}
	key, ok := parsed.(*ecdsa.PrivateKey)
	if !ok || key.Curve != elliptic.P256() {
		return nil, fmt.Errorf("%s is not a P-256 key", devKeyFile)
	}
	return key, nil
}

func writeDevKeys(folder string) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	public, err := publicSet(&key.PublicKey)
	if err != nil {
		return err
	}
	name, err := json.MarshalIndent(devName{Issuer: devIssuer, Audience: devAudience}, "", "  ")
	if err != nil {
		return err
	}
	return errors.Join(
		writeSynced(filepath.Join(folder, devKeyFile), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})),
		writeSynced(filepath.Join(folder, devKeysFile), public),
		writeSynced(filepath.Join(folder, devNameFile), append(name, '\n')),
	)
}

func publicSet(key *ecdsa.PublicKey) ([]byte, error) {
	kid, err := thumbprint(key)
	if err != nil {
		return nil, err
	}
	jwk, err := jwkset.NewJWKFromKey(key, jwkset.JWKOptions{
		Metadata: jwkset.JWKMetadataOptions{ALG: jwkset.AlgES256, KID: kid, USE: jwkset.UseSig},
	})
	if err != nil {
		return nil, err
	}
	content, err := json.MarshalIndent(jwkset.JWKSMarshal{Keys: []jwkset.JWKMarshal{jwk.Marshal()}}, "", "  ")
	return append(content, '\n'), err
}

// thumbprint names a P-256 key by its own content. https://www.rfc-editor.org/rfc/rfc7638#section-3
func thumbprint(key *ecdsa.PublicKey) (string, error) {
	point, err := key.Bytes() // 4, x, y
	if err != nil {
		return "", err
	}
	encode := base64.RawURLEncoding.EncodeToString
	half := 1 + (len(point)-1)/2
	sum := sha256.Sum256([]byte(`{"crv":"P-256","kty":"EC","x":"` + encode(point[1:half]) + `","y":"` + encode(point[half:]) + `"}`))
	return encode(sum[:]), nil
}

func writeSynced(path string, content []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	return errors.Join(err, file.Sync(), file.Close())
}

// Config gives what NewVerifier needs to take the tokens of d.
func (d DevKeys) Config() Config {
	return Config{Issuer: d.Issuer, Audience: d.Audience, JWKS: d.JWKS}
}

// Sign gives an ES256 token that says claims. It refuses what Verify would refuse: no tenant, no subject, an id that is
// none, and a token that never expires.
func (d DevKeys) Sign(claims Claims) (string, error) {
	if d.key == nil {
		return "", ErrNoDevKeys
	}
	if claims.Expires.IsZero() || !claims.Issued.IsZero() && !claims.Expires.After(claims.Issued) {
		return "", errors.New("a token needs an expiry after it was issued")
	}
	wire := wireClaims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: d.Issuer, Audience: jwt.ClaimStrings{d.Audience}, Subject: claims.Subject,
			ExpiresAt: jwt.NewNumericDate(claims.Expires),
		},
		Scope: claims.Scope, Tenant: claims.Tenant, Patient: claims.Patient,
		Organization: claims.Organization, FHIRUser: claims.FHIRUser,
	}
	if !claims.Issued.IsZero() {
		wire.IssuedAt = jwt.NewNumericDate(claims.Issued)
	}
	if problem := wire.problem(); problem != "" {
		return "", errors.New(problem)
	}
	token := jwt.NewWithClaims(jwt.SigningMethodES256, wire)
	token.Header["kid"] = d.kid
	return token.SignedString(d.key)
}
