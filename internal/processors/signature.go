package processors

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"medbill/models/fault"
)

// Header is where the signature of an event stands: t=, the seconds since 1970 at which it was signed, and v1=, once or for each secret while that is changed.
const Header = "Medbill-Signature"

// tolerance is how far the clocks of the two may be apart, and how old an event may be that is heard.
const tolerance = 5 * time.Minute

// schemesMax bounds how many signatures of one event are looked at.
const schemesMax = 8

// Sign gives what a processor writes into Header for a body that it sends at a moment: HMAC-SHA256 by the secret over the seconds, a point and the body.
func Sign(secret string, at time.Time, body []byte) string {
	seconds := strconv.FormatInt(at.Unix(), 10)
	return "t=" + seconds + ",v1=" + hex.EncodeToString(digest(secret, seconds, body))
}

func digest(secret, seconds string, body []byte) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(seconds + "."))
	mac.Write(body)
	return mac.Sum(nil)
}

var errUnsigned = fault.New(fault.Unauthenticated, "login", "The event is not signed by this processor, or longer ago than five minutes; sign it with the processor's secret in the header "+Header+".")

// Verify gives the processor that signed a body. It refuses (Unauthenticated) an unknown name, a signature that is none of its own, and one that is too old or ahead.
func (b *Book) Verify(name, header string, body []byte, now time.Time) (Processor, error) {
	if b == nil {
		return Processor{}, errUnsigned
	}
	p, known := b.byName[name]
	seconds, signatures := parts(header)
	signed, err := strconv.ParseInt(seconds, 10, 64)
	if age := now.Sub(time.Unix(signed, 0)); !known || err != nil || age > tolerance || age < -tolerance {
		return Processor{}, errUnsigned
	}
	secrets, err := p.secrets()
	if err != nil {
		return Processor{}, err
	}
	isSigned := false
	for _, secret := range secrets {
		want := digest(secret, seconds, body)
		for _, signature := range signatures {
			isSigned = hmac.Equal(want, signature) || isSigned
		}
	}
	if !isSigned {
		return Processor{}, errUnsigned
	}
	return p, nil
}

// parts gives the moment and the signatures of a header; of a moment that stands twice none.
func parts(header string) (seconds string, signatures [][]byte) {
	for part := range strings.SplitSeq(header, ",") {
		switch name, value, _ := strings.Cut(strings.TrimSpace(part), "="); {
		case name == "t" && seconds != "":
			return "", nil
		case name == "t":
			seconds = value
		case name == "v1" && len(signatures) < schemesMax:
			if signature, err := hex.DecodeString(value); err == nil {
				signatures = append(signatures, signature)
			}
		}
	}
	return seconds, signatures
}
