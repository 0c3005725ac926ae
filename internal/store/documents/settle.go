package documents

import "medbill/internal/store"

// waiting is who has documents still to put in a transaction.
type waiting struct{ put func(types []string) error }

// BeforeRead has put called in the transaction before documents are read: those of the given types, or of any type where it
// is called with none. What it puts is seen by that read.
func BeforeRead(tx *store.Tx, put func(types []string) error) {
	store.Local[waiting](tx.View).put = put
}

// Settle is for whoever reads the tables of documents beside this room: what is to be put is put first.
func Settle(v *store.View) error { return settle(v, Guard{}) }

// settle is called before every read of documents. A guard looks at the references of other types too.
func settle(v *store.View, guard Guard, types ...string) error {
	put := store.Local[waiting](v).put
	switch {
	case put == nil:
		return nil
	case guard != Guard{}:
		return put(nil)
	}
	return put(types)
}
