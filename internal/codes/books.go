package codes

import "medbill/models"

// Books are the releases that are here, with the contents that somebody has opened.
type Books struct {
	releases []Release
	contents map[string]Content // by digest
}

// NewBooks gives books of all releases, and of the contents of some by their digest.
func NewBooks(releases []Release, contents map[string]Content) Books {
	return Books{releases, contents}
}

// Standing gives the release that speaks for a day, and how it does; Missing where nobody opened what is here.
func (b Books) Standing(table Table, day models.Date) (Release, Standing) {
	r, s := On(table, b.releases, day)
	if _, opened := b.contents[r.Digest]; !opened {
		return r, Missing
	}
	return r, s
}

// Look gives what speaks for a day in a table, and how it stands there; nil where nothing is here, or nobody opened it.
func Look[T Content](b Books, table Table, day models.Date) (content T, r Release, s Standing) {
	r, s = On(table, b.releases, day)
	opened, ok := b.contents[r.Digest].(T)
	if s != Missing && !ok {
		return content, r, Missing
	}
	return opened, r, s
}
