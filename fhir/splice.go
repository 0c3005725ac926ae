package fhir

import (
	"slices"
	"strconv"
)

// Edit replaces the bytes [Start, End) of a document by Text; Start equal to End inserts.
type Edit struct {
	Start, End int
	Text       []byte
}

// Splice gives src with the edits made; everything else stays byte for byte. Edits must not overlap; those at the same
// place are made in the order given.
func Splice(src []byte, edits []Edit) []byte {
	slices.SortStableFunc(edits, func(a, b Edit) int { return a.Start - b.Start })
	size := len(src)
	for _, e := range edits {
		size += len(e.Text) - (e.End - e.Start)
	}
	out := make([]byte, 0, size)
	at := 0
	for _, e := range edits {
		out = append(out, src[at:e.Start]...)
		out = append(out, e.Text...)
		at = e.End
	}
	return append(out, src[at:]...)
}

// Identity is what the server writes into a document: its id and version, when it was written, and the tags it adds.
type Identity struct {
	ID      string
	Version int64
	Updated string // an instant in UTC
	Tags    []Coding
}

// WithIdentity gives the document's bytes with id, meta.versionId, meta.lastUpdated and the tags set; a tag that is
// already there is not repeated. The document must be a resource: it has a resourceType. https://hl7.org/fhir/R4/resource.html#Meta
func (d *Document) WithIdentity(identity Identity) []byte {
	root := d.Root()
	edits := make([]Edit, 0, 6)
	_, afterType := root.Get("resourceType").Span()
	id := quote(identity.ID)
	if n := root.Get("id"); n.Exists() {
		edits = append(edits, replace(n, id))
	} else {
		edits = append(edits, Edit{afterType, afterType, join(`,"id":`, id)})
	}
	version, updated := quote(strconv.FormatInt(identity.Version, 10)), quote(identity.Updated)
	meta := root.Get("meta")
	if meta.Kind() != KindObject || meta.Len() == 0 {
		text := join(`{"versionId":`, version, `,"lastUpdated":`, updated)
		if len(identity.Tags) > 0 {
			text = append(append(text, `,"tag":`...), encode(identity.Tags)...)
		}
		text = append(text, '}')
		if meta.Exists() {
			return Splice(d.src, append(edits, replace(meta, text)))
		}
		return Splice(d.src, append(edits, Edit{afterType, afterType, append([]byte(`,"meta":`), text...)}))
	}
	start, _ := meta.Span()
	var inserted []byte
	for _, m := range []struct {
		key   string
		value []byte
	}{{"versionId", version}, {"lastUpdated", updated}} {
		if n := meta.Get(m.key); n.Exists() {
			edits = append(edits, replace(n, m.value))
		} else {
			inserted = append(inserted, join(`"`, []byte(m.key), `":`, m.value, `,`)...)
		}
	}
	tags := meta.Get("tag")
	switch absent := missingTags(tags, identity.Tags); {
	case len(absent) == 0:
	case tags.Kind() == KindArray && tags.Len() > 0:
		_, end := tags.Span()
		list := encode(absent)
		edits = append(edits, Edit{end - 1, end - 1, join(`,`, list[1:len(list)-1])})
	case tags.Exists():
		edits = append(edits, replace(tags, encode(absent)))
	default:
		inserted = append(inserted, join(`"tag":`, encode(absent), `,`)...)
	}
	if len(inserted) > 0 {
		edits = append(edits, Edit{start + 1, start + 1, inserted})
	}
	return Splice(d.src, edits)
}

func missingTags(have Node, want []Coding) []Coding {
	var missing []Coding
	for _, tag := range want {
		found := false
		for n := range have.Children() {
			found = found || n.Get("system").Is(tag.System) && n.Get("code").Is(tag.Code)
		}
		if !found {
			missing = append(missing, tag)
		}
	}
	return missing
}

func replace(n Node, text []byte) Edit {
	start, end := n.Span()
	return Edit{start, end, text}
}

func quote(text string) []byte { return encode(text) }

func join(parts ...any) []byte {
	var out []byte
	for _, part := range parts {
		switch p := part.(type) {
		case string:
			out = append(out, p...)
		case []byte:
			out = append(out, p...)
		}
	}
	return out
}
