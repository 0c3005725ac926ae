package codes

import (
	"math/bits"
	"slices"
	"strings"
	"unicode"

	"medbill/models"
)

// Query is what is looked for in a code system: text is the beginning of a code, or the beginnings of words in any order; "" is
// everything.
type Query struct {
	Text     string
	On       models.Date // only what may be used on that day; "" is any
	Billable bool        // only what may stand on a claim
	Skip     int
	Count    int
}

// Search gives those who match, billable ones first, codes before words and in the order of their codes; total is how many there
// are in all.
func (c *Concepts) Search(f Facts, q Query) (page []Concept, total int) {
	first, until := 0, len(c.Codes)
	var worded bitset
	if text := strings.TrimSpace(q.Text); text != "" {
		first, until = c.prefixed(f.Bare(text))
		worded = c.words().matching(wordsOf(text), len(c.Codes))
	}
	on := dayOf(q.On)
	usable := func(i int, billable bool) bool {
		if c.Billable[i] != billable || on == 0 || len(c.From) == 0 {
			return c.Billable[i] == billable
		}
		return c.From[i] <= on && (c.Until[i] == 0 || on <= c.Until[i])
	}
	take := func(i int) {
		if total >= q.Skip && len(page) < q.Count {
			page = append(page, c.at(i))
		}
		total++
	}
	for _, billable := range []bool{true, false} {
		if q.Billable && !billable {
			break
		}
		for i := first; i < until; i++ {
			if usable(i, billable) {
				take(i)
			}
		}
		for i := range worded.all() {
			if (i < first || i >= until) && usable(i, billable) {
				take(i)
			}
		}
	}
	return page, total
}

// words are the words of a release and where they stand.
type words struct {
	list  []string // sorted
	start []uint32 // of each word in stand; one more than there are words
	stand []uint32 // numbers of concepts
}

// words gives the index, which is made when somebody looks for a word first.
func (c *Concepts) words() *words {
	c.once.Do(func() {
		at := map[string][]uint32{}
		for i := range c.Codes {
			for _, word := range wordsOf(c.Displays[i] + " " + c.Others[i]) {
				if stands := at[word]; len(stands) == 0 || stands[len(stands)-1] != uint32(i) {
					at[word] = append(stands, uint32(i))
				}
			}
		}
		for word := range at {
			c.index.list = append(c.index.list, word)
		}
		slices.Sort(c.index.list)
		for _, word := range c.index.list {
			c.index.start = append(c.index.start, uint32(len(c.index.stand)))
			c.index.stand = append(c.index.stand, at[word]...)
		}
		c.index.start = append(c.index.start, uint32(len(c.index.stand)))
	})
	return &c.index
}

// matching gives those in which each of the words stands, or a longer one that begins so; nobody where there is no word.
func (w *words) matching(list []string, size int) bitset {
	var all bitset
	for _, word := range list {
		one := make(bitset, (size+63)/64)
		i, _ := slices.BinarySearch(w.list, word)
		for ; i < len(w.list) && strings.HasPrefix(w.list[i], word); i++ {
			for _, at := range w.stand[w.start[i]:w.start[i+1]] {
				one[at/64] |= 1 << (at % 64)
			}
		}
		if all == nil {
			all = one
			continue
		}
		for n := range all {
			all[n] &= one[n]
		}
	}
	return all
}

// wordsOf gives the words of a text in small letters.
func wordsOf(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// bitset is a set of small numbers.
type bitset []uint64

// all gives the numbers in their order.
func (b bitset) all() func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for n, word := range b {
			for ; word != 0; word &= word - 1 {
				if !yield(n*64 + bits.TrailingZeros64(word)) {
					return
				}
			}
		}
	}
}
