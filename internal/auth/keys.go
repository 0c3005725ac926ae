package auth

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/MicahParks/jwkset"
	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"
	"golang.org/x/time/rate"

	"medbill/internal/clock"
	"medbill/models/fault"
)

// How the issuer's keys are followed. A key that was taken back is honoured for at most one interval.
const (
	keysBytesMax      = 1 << 20
	keysFileInterval  = time.Second      // a file is looked at again
	keysURLInterval   = 5 * time.Minute  // a URL is fetched again
	keysFetchTimeout  = 5 * time.Second  // one fetch, and how long a request may wait for it
	keysUnknownPeriod = 30 * time.Second // an unknown kid causes at most one fetch in this time
	rsaBitsMin        = 2048
)

// keySet is the issuer's current public keys, by kid.
type keySet struct {
	current *jwkset.MemoryJWKSet // what holds now; replaced as a whole
	find    keyfunc.Keyfunc      // picks by kid; over a URL it may fetch an unknown one
	file    *keyFile             // nil over a URL
	fetch   sync.Mutex           // one caller asks for an unknown kid, the others wait for its answer
}

// openKeys follows a JWKS file, or a URL until ctx ends. A file must be readable now; a URL may come later, so that the
// server starts while the issuer is down.
func openKeys(ctx context.Context, location string, c clock.Clock, log *slog.Logger) (*keySet, error) {
	k := &keySet{current: jwkset.NewMemoryStorage()}
	var storage jwkset.Storage = k.current
	if isURL(location) {
		remote, err := remoteKeys(ctx, location, k.current, log)
		if err != nil {
			return nil, err
		}
		storage = remote
	} else {
		k.file = &keyFile{path: location, clock: c, log: log, keys: k.current}
		if err := k.file.read(ctx); err != nil {
			return nil, fmt.Errorf("read the key set: %w", err)
		}
	}
	var err error
	k.find, err = keyfunc.New(keyfunc.Options{
		Ctx: ctx, Storage: storage, UseWhitelist: []jwkset.USE{jwkset.UseSig, ""},
	})
	return k, err
}

func isURL(location string) bool {
	return strings.HasPrefix(location, "https://") || strings.HasPrefix(location, "http://")
}

func remoteKeys(ctx context.Context, url string, current jwkset.Storage, log *slog.Logger) (jwkset.Storage, error) {
	remote, err := jwkset.NewStorageFromHTTP(url, jwkset.HTTPClientStorageOptions{
		Ctx:                       ctx,
		Client:                    keysClient(),
		HTTPTimeout:               keysFetchTimeout,
		NoErrorReturnFirstHTTPReq: true,
		RefreshInterval:           keysURLInterval,
		RefreshErrorHandler: func(ctx context.Context, err error) {
			log.WarnContext(ctx, "key set not refreshed", "error", err)
		},
		Storage: current,
	})
	if err != nil {
		return nil, fmt.Errorf("follow the key set: %w", err)
	}
	return jwkset.NewHTTPClient(jwkset.HTTPClientOptions{
		HTTPURLs:          map[string]jwkset.Storage{url: remote},
		RateLimitWaitMax:  keysFetchTimeout,
		RefreshUnknownKID: rate.NewLimiter(rate.Every(keysUnknownPeriod), 1),
	})
}

// keysClient follows no redirect, which could lead from https to http, and reads a bounded body.
func keysClient() *http.Client {
	return &http.Client{
		Transport:     boundedBody{http.DefaultTransport},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Timeout:       keysFetchTimeout,
	}
}

type boundedBody struct{ next http.RoundTripper }

func (b boundedBody) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := b.next.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	response.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(response.Body, keysBytesMax), response.Body}
	return response, nil
}

// key gives the public key that token names, fetching it where it is new. A key that does not suit the token's algorithm
// is refused, so that no key is ever used in another way than its issuer meant.
func (k *keySet) key(ctx context.Context, token *jwt.Token) (string, crypto.PublicKey, error) {
	kid, ok := token.Header["kid"].(string)
	if !ok || kid == "" {
		return "", nil, refusal("The access token names no key; ask the issuer to set kid in its header.")
	}
	// A caller who hangs up must not cancel the fetch for everybody who waits for it.
	ctx = context.WithoutCancel(ctx)
	if !k.has(ctx, kid) {
		k.fetch.Lock()
		defer k.fetch.Unlock()
		if k.file != nil && !k.has(ctx, kid) {
			k.file.look(ctx, 0)
		}
	}
	key, err := k.find.KeyfuncCtx(ctx)(token)
	switch {
	case err != nil && k.isEmpty(ctx):
		return "", nil, errNoKeys()
	case err != nil:
		return "", nil, refusal("The issuer does not publish the key of this access token for this use; ask it for a new token.")
	case !suits(token.Method.Alg(), key):
		return "", nil, refusal("The key of this access token does not suit its algorithm; ask the issuer for a token signed with ES256, ES384, RS256 or RS384.")
	}
	return kid, key, nil
}

func errNoKeys() error {
	return fault.New(fault.Busy, "transient", "The keys of the token issuer are not available yet; try again in a minute.")
}

func (k *keySet) has(ctx context.Context, kid string) bool {
	_, err := k.current.KeyRead(ctx, kid)
	return err == nil
}

func (k *keySet) isEmpty(ctx context.Context) bool {
	keys, err := k.current.KeyReadAll(ctx)
	return err != nil || len(keys) == 0
}

// holds reports whether kid still names key: a token that was verified under a key that has been rotated out must not
// live on in the cache.
func (k *keySet) holds(ctx context.Context, kid string, key crypto.PublicKey) bool {
	now, err := k.current.KeyRead(ctx, kid)
	if err != nil {
		return false
	}
	current := now.Key()
	if private, ok := current.(crypto.Signer); ok {
		current = private.Public()
	}
	known, ok := current.(interface{ Equal(crypto.PublicKey) bool })
	return ok && known.Equal(key)
}

func suits(algorithm string, key crypto.PublicKey) bool {
	switch key := key.(type) {
	case *ecdsa.PublicKey:
		return algorithm == "ES256" && key.Curve == elliptic.P256() || algorithm == "ES384" && key.Curve == elliptic.P384()
	case *rsa.PublicKey:
		return strings.HasPrefix(algorithm, "RS") && key.N.BitLen() >= rsaBitsMin
	}
	return false
}

// keyFile follows a JWKS file by reading it again, so that a key is rotated by replacing the file.
type keyFile struct {
	path  string
	clock clock.Clock
	log   *slog.Logger
	keys  jwkset.Storage

	mu      sync.Mutex
	looked  time.Time
	content []byte
	broken  bool
}

// look reads the file unless it was read within interval. While it cannot be read (it is being replaced) the keys of the
// last good reading stay.
func (f *keyFile) look(ctx context.Context, interval time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.clock.Since(f.looked).Abs() < interval {
		return
	}
	err := f.readLocked(ctx)
	if err != nil && !f.broken {
		f.log.WarnContext(ctx, "key set not refreshed", "error", err)
	}
	f.broken = err != nil
}

func (f *keyFile) read(ctx context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.readLocked(ctx)
}

func (f *keyFile) readLocked(ctx context.Context) error {
	f.looked = f.clock.Now()
	content, err := readBounded(f.path)
	if err != nil {
		return err
	}
	if bytes.Equal(content, f.content) {
		return nil
	}
	keys, err := parseKeys(content)
	if err != nil {
		return err
	}
	f.content = content
	return f.keys.KeyReplaceAll(ctx, keys)
}

func readBounded(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(io.LimitReader(file, keysBytesMax+1))
	if err = errors.Join(err, file.Close()); err != nil {
		return nil, err
	}
	if len(content) > keysBytesMax {
		return nil, fmt.Errorf("a key set is larger than %d bytes", keysBytesMax)
	}
	return content, nil
}

// parseKeys reads a JWK Set and passes over keys of unknown types. It refuses a set without any usable key: that is a
// mistake, and nobody could sign in. https://www.rfc-editor.org/rfc/rfc7517#section-5
func parseKeys(content []byte) ([]jwkset.JWK, error) {
	var set jwkset.JWKSMarshal
	if err := json.Unmarshal(content, &set); err != nil {
		return nil, errors.New("a key set is not JSON of the form {\"keys\": [...]}")
	}
	var keys []jwkset.JWK
	for _, marshalled := range set.Keys {
		key, err := jwkset.NewJWKFromMarshal(marshalled, jwkset.JWKMarshalOptions{Private: true}, jwkset.JWKValidateOptions{})
		if errors.Is(err, jwkset.ErrUnsupportedKey) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("key %d of the key set: %w", len(keys)+1, err)
		}
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return nil, errors.New("a key set has no usable key")
	}
	return keys, nil
}
