package auth

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"medbill/internal/clock"
	"medbill/models/fault"
)

// What a token may be. Algorithms are fixed here and never taken from the token: alg none and HS256 with a public key as
// the secret are refused before a key is looked at. https://www.rfc-editor.org/rfc/rfc8725#section-3.1
const (
	tokenBytesMax = 16 << 10
	leeway        = 30 * time.Second

	// LifetimeDefault is how far ahead a token may expire where Config says nothing: a stolen one is good no longer.
	LifetimeDefault = 24 * time.Hour
)

// tokenTypes are what the header typ may say; it may be absent. https://www.rfc-editor.org/rfc/rfc9068#section-2.1
var tokenTypes = []string{"JWT", "at+jwt", "application/at+jwt"}

var algorithms = []string{"ES256", "RS256", "RS384", "ES384"}

// Algorithms gives the signing algorithms that are accepted, for .well-known/smart-configuration.
func Algorithms() []string { return slices.Clone(algorithms) }

// Config says which tokens are good: those of Issuer, for Audience, signed with a key of JWKS (a file, or an https URL).
type Config struct {
	Issuer   string
	Audience string
	JWKS     string
	Lifetime time.Duration // how far ahead a token may expire; 0 is LifetimeDefault
	Clock    clock.Clock   // zero is the system's
	Log      *slog.Logger  // told when keys cannot be refreshed; nil is silent
}

// Verifier checks bearer tokens. Several goroutines may use one.
type Verifier struct {
	parser   *jwt.Parser
	keys     *keySet
	tokens   *cache
	lifetime time.Duration
	clock    clock.Clock
}

// NewVerifier reads the keys and follows them until ctx ends. It refuses a Config without issuer, audience or keys, and a
// key file that cannot be read; a URL that does not answer yet is asked again at the first token.
func NewVerifier(ctx context.Context, config Config) (*Verifier, error) {
	if config.Issuer == "" || config.Audience == "" || config.JWKS == "" {
		return nil, errors.New("tokens need an issuer, an audience and a key set")
	}
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	keys, err := openKeys(ctx, config.JWKS, config.Clock, config.Log)
	if err != nil {
		return nil, err
	}
	return &Verifier{
		keys: keys, tokens: newCache(cacheTokensMax), lifetime: cmp.Or(config.Lifetime, LifetimeDefault), clock: config.Clock,
		parser: jwt.NewParser(
			jwt.WithValidMethods(algorithms),
			jwt.WithIssuer(config.Issuer),
			jwt.WithAudience(config.Audience),
			jwt.WithExpirationRequired(),
			jwt.WithLeeway(leeway),
			jwt.WithTimeFunc(config.Clock.Now),
			jwt.WithStrictDecoding(),
		),
	}, nil
}

// Bearer gives the token of a request's Authorization headers, or an Unauthenticated fault (login). Two of them are refused:
// whatever stands before this server may have looked at the other one. https://www.rfc-editor.org/rfc/rfc6750#section-2.1
func Bearer(headers ...string) (string, error) {
	if len(headers) > 1 {
		return "", refusal("The header Authorization stands twice; send one access token.")
	}
	header := strings.Join(headers, "")
	scheme, token, found := strings.Cut(header, " ")
	if !found || !strings.EqualFold(scheme, "Bearer") || strings.Trim(token, " ") == "" {
		return "", refusal("An access token is missing; send it in the header Authorization as Bearer.")
	}
	return strings.Trim(token, " "), nil
}

// Verify gives who bearer speaks for. It refuses every token that does not hold as Unauthenticated (login) with what to do
// and nothing of the token, and answers Busy while the issuer's keys were never seen. A token that held is remembered until
// it expires or its key is rotated out.
func (v *Verifier) Verify(ctx context.Context, bearer string) (Principal, error) {
	if len(bearer) > tokenBytesMax {
		return Principal{}, refusal("The access token is longer than 16 KiB; ask the issuer for one with fewer scopes.")
	}
	if v.keys.file != nil {
		v.keys.file.look(ctx, keysFileInterval)
	}
	hash := sha256.Sum256([]byte(bearer))
	if known, found := v.tokens.get(hash, v.clock.Now()); found {
		if v.keys.holds(ctx, known.kid, known.key) {
			return known.principal, nil
		}
		v.tokens.drop(hash)
	}
	fresh, err := v.check(ctx, bearer)
	if err != nil {
		return Principal{}, err
	}
	fresh.hash = hash
	v.tokens.put(fresh)
	return fresh.principal, nil
}

// Ready is nil once a key of the issuer is known, else Busy.
func (v *Verifier) Ready(ctx context.Context) error {
	if v.keys.isEmpty(ctx) {
		return errNoKeys()
	}
	return nil
}

func (v *Verifier) check(ctx context.Context, bearer string) (*verified, error) {
	if err := checkHeader(bearer); err != nil {
		return nil, err
	}
	var claims wireClaims
	var fresh verified
	token, err := v.parser.ParseWithClaims(bearer, &claims, func(token *jwt.Token) (any, error) {
		var err error
		fresh.kid, fresh.key, err = v.keys.key(ctx, token)
		return fresh.key, err
	})
	if err != nil {
		return nil, reason(token, err)
	}
	if problem := claims.problem(); problem != "" {
		return nil, refusal(problem)
	}
	if claims.ExpiresAt.After(v.clock.Now().Add(v.lifetime + leeway)) {
		return nil, refusal("The access token expires later than this server takes tokens for; ask the issuer for one that lives shorter.")
	}
	fresh.until = claims.ExpiresAt.Add(leeway)
	fresh.principal = claims.principal()
	return &fresh, nil
}

// reason says in our own words why a token does not hold: the library's errors may quote the token.
func reason(token *jwt.Token, err error) error {
	var own *fault.Fault
	if errors.As(err, &own) {
		return own
	}
	if token != nil && token.Header["alg"] != nil && !slices.ContainsFunc(algorithms, func(a string) bool { return a == token.Header["alg"] }) {
		return refusal("The access token is not signed with ES256, ES384, RS256 or RS384; ask the issuer to use one of these.")
	}
	for _, known := range []struct {
		err  error
		text string
	}{
		{jwt.ErrTokenSignatureInvalid, "The signature of the access token does not hold; ask the issuer for a new token."},
		{jwt.ErrTokenInvalidIssuer, "The access token comes from another issuer; use one of the issuer this server is set up for."},
		{jwt.ErrTokenInvalidAudience, "The access token is meant for another service; ask the issuer for one with this server as its audience."},
		{jwt.ErrTokenExpired, "The access token has expired; ask the issuer for a new one."},
		{jwt.ErrTokenNotValidYet, "The access token is not valid yet; check the clocks of the issuer and of this server."},
		{jwt.ErrTokenRequiredClaimMissing, "The access token lacks iss, aud or exp; ask the issuer to set all three."},
	} {
		if errors.Is(err, known.err) {
			return refusal(known.text)
		}
	}
	return errNotJWT
}

// checkHeader refuses a header that is ambiguous, that is of a token of another kind, or that extends the meaning of the
// signature in a way this server does not know. https://www.rfc-editor.org/rfc/rfc7515#section-4.1.11
func checkHeader(bearer string) error {
	encoded, _, _ := strings.Cut(bearer, ".")
	text, err := base64.RawURLEncoding.Strict().DecodeString(encoded)
	if err != nil {
		return errNotJWT
	}
	header, err := parseObject(text)
	if err != nil {
		return err
	}
	if _, found := header["crit"]; found {
		return refusal("The access token has a critical header that is not understood here; ask the issuer to leave crit out.")
	}
	if value, found := header["typ"]; found {
		typ, isText := stringOf(value)
		if !isText || !slices.ContainsFunc(tokenTypes, func(known string) bool { return strings.EqualFold(known, typ) }) {
			return refusal("The token is not an access token by its header typ; send the access token, whose typ is at+jwt, JWT or absent.")
		}
	}
	return nil
}
