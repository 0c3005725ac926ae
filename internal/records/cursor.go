package records

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"

	"medbill/internal/store/documents"
	"medbill/models"
	"medbill/models/fault"
)

// cursors turns the place in a result list into text for a link and back. The place holds sort keys, which are names and
// dates of people, so it is encrypted; the tenant, the type and the query are bound to it, so a cursor is good for its own
// list only.
type cursors struct{ sealer cipher.AEAD }

func newCursors(key []byte) (*cursors, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("cursor key: %w", err)
	}
	sealer, err := cipher.NewGCM(block)
	return &cursors{sealer}, err
}

func (c *cursors) seal(tenant models.TenantID, list string, place documents.Place) string {
	text, err := json.Marshal(place)
	if err != nil {
		panic("records: " + err.Error())
	}
	nonce := make([]byte, c.sealer.NonceSize())
	_, _ = rand.Read(nonce)
	return base64.RawURLEncoding.EncodeToString(c.sealer.Seal(nonce, nonce, text, bound(tenant, list)))
}

func (c *cursors) open(tenant models.TenantID, list, text string) (documents.Place, error) {
	var place documents.Place
	refused := fault.At(fault.Invalid, "value", "_cursor", "The page link is not one of this search; start the search again.")
	sealed, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(sealed) < c.sealer.NonceSize() {
		return place, refused
	}
	nonce, sealed := sealed[:c.sealer.NonceSize()], sealed[c.sealer.NonceSize():]
	plain, err := c.sealer.Open(nil, nonce, sealed, bound(tenant, list))
	if err != nil || json.Unmarshal(plain, &place) != nil {
		return place, refused
	}
	return place, nil
}

func bound(tenant models.TenantID, list string) []byte { return []byte(string(tenant) + "\n" + list) }
