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

// bookmark is a place, and where in the database's log the page stands that ends there, so that the next one is no older.
type bookmark struct {
	documents.Place
	Since int64 `json:"s,omitempty"`
}

func (c *cursors) seal(tenant models.TenantID, list string, at bookmark) string {
	text, err := json.Marshal(at)
	if err != nil {
		panic("records: " + err.Error())
	}
	nonce := make([]byte, c.sealer.NonceSize())
	_, _ = rand.Read(nonce)
	return base64.RawURLEncoding.EncodeToString(c.sealer.Seal(nonce, nonce, text, bound(tenant, list)))
}

func (c *cursors) open(tenant models.TenantID, list, text string) (bookmark, error) {
	var at bookmark
	refused := fault.At(fault.Invalid, "value", "_cursor", "The page link is not one of this search; start the search again.")
	sealed, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(sealed) < c.sealer.NonceSize() {
		return at, refused
	}
	nonce, sealed := sealed[:c.sealer.NonceSize()], sealed[c.sealer.NonceSize():]
	plain, err := c.sealer.Open(nil, nonce, sealed, bound(tenant, list))
	if err != nil || json.Unmarshal(plain, &at) != nil {
		return at, refused
	}
	return at, nil
}

func bound(tenant models.TenantID, list string) []byte { return []byte(string(tenant) + "\n" + list) }
