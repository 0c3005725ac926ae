package records

import (
	"sync"

	"medbill/models"
	"medbill/models/fault"
)

// What one answer may hold of documents, so that what a request costs is bounded by more than how many documents it names. A
// single document is never cut, and what is read last is given whole: a page may go beyond by a document, an answer by a page.
const (
	// PageBytesMax bounds a page of a search, with what it includes, and one of a history.
	PageBytesMax = 8 << 20
	// AnswerBytesMax bounds the answer to a Bundle, and to an operation of GraphQL.
	AnswerBytesMax = 32 << 20
)

// Budget is how many bytes of documents the answer to a request of several reads may still hold. The nil Budget, of a request
// that is one read, is not used up. It is safe for concurrent use: what reads within it does so one after the other.
type Budget struct {
	mutex sync.Mutex
	left  int
}

// NewBudget gives that of a request.
func NewBudget() *Budget { return &Budget{left: AnswerBytesMax} }

// Within gives the machine for one request: all it reads together is in the budget, and what is not is refused (TooLarge).
func (r *Records) Within(b *Budget) *Records {
	within := *r
	within.budget = b
	return &within
}

var errAnswerFull = fault.New(fault.TooLarge, "too-costly", "The answer is as large as it may be, 32 MiB of documents; ask for the rest in another request.")

// spend runs read, which says how much it read, and refuses where nothing is left.
func (b *Budget) spend(read func(left int) (bytes int, err error)) error {
	if b == nil {
		_, err := read(AnswerBytesMax)
		return err
	}
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if b.left <= 0 {
		return errAnswerFull
	}
	bytes, err := read(b.left)
	b.left -= bytes
	return err
}

func bytesOf(documents []models.Document) int {
	bytes := 0
	for _, d := range documents {
		bytes += len(d.Body)
	}
	return bytes
}
