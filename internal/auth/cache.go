package auth

import (
	"container/list"
	"crypto"
	"crypto/sha256"
	"sync"
	"time"
)

// cacheTokensMax bounds the cache of verified tokens: at about 1 KB each it stays near 10 MB.
const cacheTokensMax = 10_000

// verified is one token that held, and until when and under which key it does.
type verified struct {
	hash      [sha256.Size]byte
	principal Principal
	until     time.Time
	kid       string
	key       crypto.PublicKey
}

// cache keeps the verified tokens used last, by the hash of the whole token: checking an ES384 signature takes about half
// a millisecond, and a Bundle's client sends the same token for an hour.
type cache struct {
	mu     sync.Mutex
	byHash map[[sha256.Size]byte]*list.Element
	order  *list.List // of *verified, used last in front
	max    int
}

func newCache(max int) *cache {
	return &cache{byHash: make(map[[sha256.Size]byte]*list.Element), order: list.New(), max: max}
}

// get gives the token with hash unless it has run out by now.
func (c *cache) get(hash [sha256.Size]byte, now time.Time) (*verified, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	element, found := c.byHash[hash]
	if !found {
		return nil, false
	}
	v := element.Value.(*verified)
	if !now.Before(v.until) {
		c.remove(element)
		return nil, false
	}
	c.order.MoveToFront(element)
	return v, true
}

func (c *cache) put(v *verified) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if element, found := c.byHash[v.hash]; found {
		c.remove(element)
	}
	c.byHash[v.hash] = c.order.PushFront(v)
	for c.order.Len() > c.max {
		c.remove(c.order.Back())
	}
}

func (c *cache) drop(hash [sha256.Size]byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if element, found := c.byHash[hash]; found {
		c.remove(element)
	}
}

func (c *cache) remove(element *list.Element) {
	delete(c.byHash, element.Value.(*verified).hash)
	c.order.Remove(element)
}
