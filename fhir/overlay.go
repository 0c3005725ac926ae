package fhir

import (
	"bytes"
	"strings"
)

// oursWhole names the lists that carry money or lean on it: they have exactly our elements, in our order, because an
// element that is not in the books must not add up with those that are.
var oursWhole = map[string]bool{
	"item": true, "detail": true, "subDetail": true, "addItem": true, "lineItem": true, "diagnosis": true, "insurance": true,
	"adjudication": true, "total": true, "priceComponent": true, "totalPriceComponent": true, "modifier": true,
}

// oursAlone names those of them that are ours too where we have none: a modifier that a rule set once would come back from a client that read it.
var oursAlone = map[string]bool{"modifier": true}

// identities says by which members the elements of a list are the same one; other lists go by defaultIdentity.
var (
	identities = map[string][][]string{
		"extension":           {{"url"}},
		"modifierExtension":   {{"url"}},
		"identifier":          {{"system"}, {"value"}},
		"coding":              {{"system"}, {"code"}},
		"tag":                 {{"system"}, {"code"}},
		"security":            {{"system"}, {"code"}},
		"contained":           {{"resourceType"}, {"id"}},
		"note":                {{"text"}},
		"modifier":            {{"coding", "code"}},
		"processNote":         {{"text"}},
		"performer":           {{"actor", "reference"}, {"actor", "identifier", "value"}},
		"adjudication":        {{"category", "coding", "system"}, {"category", "coding", "code"}, {"reason", "coding", "system"}, {"reason", "coding", "code"}},
		"total":               {{"category", "coding", "system"}, {"category", "coding", "code"}},
		"priceComponent":      {{"type"}, {"code", "coding", "system"}, {"code", "coding", "code"}},
		"totalPriceComponent": {{"type"}, {"code", "coding", "system"}, {"code", "coding", "code"}},
	}
	defaultIdentity = [][]string{{"sequence"}, {"itemSequence"}, {"number"}}
)

// Overlay gives base, a document as a client sent it, with every element that owned has set to ours. owned is a document
// that we rendered, of the same resource type; with another type, or without a base, the result is owned.
//
//   - What owned does not mention stays byte for byte, white space included; new members follow the last one.
//   - Objects merge member by member. A Reference that points elsewhere and a Coding with another code are ours whole, as is
//     a choice: servicedPeriod drops the client's servicedDate.
//   - Numbers, strings, booleans and lists of them are ours; extensions beside a list that changed go with it.
//   - Elements of other lists match by identity (url of extensions, system and value of identifiers, system and code of
//     codings, actor of performers, category and reason of adjudications, sequence, itemSequence or number of the rest), those with the same identity or none by their order. Ours
//     merge into their match, or are appended. A coding of ours also takes the place of one of the same system.
//   - Elements of base without a match stay (extension, identifier, coding, note, contained, careTeam ...), except in the
//     lists that carry money (item, diagnosis, insurance, adjudication, total, lineItem, totalPriceComponent ..., and modifier): those
//     are ours in number and order, and only foreign members within matched elements stay.
//
// A second overlay of the same owned changes nothing, and neither does a document laid over itself.
func Overlay(base, owned *Document) []byte {
	if base == nil || base.Type() != owned.Type() || base.Root().Kind() != KindObject || owned.Root().Kind() != KindObject {
		return bytes.Clone(owned.src)
	}
	start, end := base.Root().Span()
	out := append(make([]byte, 0, len(base.src)+len(owned.src)/2), base.src[:start]...)
	out = overlayObject(out, base.Root(), owned.Root(), Define(owned.Type()))
	return append(out, base.src[end:]...)
}

// overlayValue appends base with owned laid over it; name and t are the element's both stand in, t nil where R4 has none.
func overlayValue(out []byte, base, owned Node, name string, t *TypeDefinition) []byte {
	switch {
	case base.Kind() != owned.Kind():
		return append(out, owned.Raw()...)
	case base.Kind() == KindObject:
		if t != nil && t.IsAnyResource() {
			if t = DefineResource([]byte(owned.Get("resourceType").Text())); !sameText(base, owned, "resourceType") {
				return append(out, owned.Raw()...)
			}
		}
		if t != nil && (t.Name == "Reference" && !sameText(base, owned, "reference") ||
			t.Name == "Coding" && !(sameText(base, owned, "system") && sameText(base, owned, "code"))) {
			return append(out, owned.Raw()...)
		}
		return overlayObject(out, base, owned, t)
	case base.Kind() == KindArray && areObjects(base) && areObjects(owned):
		return overlayList(out, base, owned, name, t)
	case isSame(base, owned):
		return append(out, base.Raw()...)
	}
	return append(out, owned.Raw()...)
}

// sameText reports whether owned leaves the member as it is in base; what it does not mention it leaves.
func sameText(base, owned Node, key string) bool {
	ours := owned.Get(key)
	return !ours.Exists() || isSame(base.Get(key), ours)
}

func overlayObject(out []byte, base, owned Node, t *TypeDefinition) []byte {
	src := base.doc.src
	from, end := base.Span()
	out = append(out, '{')
	from++
	isFirst := true
	for member := range base.Children() {
		start, stop := member.Span()
		gap := src[from:start]
		from = stop
		key := member.Key()
		ours := owned.Get(key)
		if !ours.Exists() && gives(base, owned, key, t) {
			continue
		}
		if comma := bytes.IndexByte(gap, ','); isFirst && comma >= 0 && comma < bytes.IndexByte(gap, '"') {
			gap = gap[comma+1:]
		}
		isFirst = false
		out = append(out, gap...)
		if !ours.Exists() {
			out = append(out, member.Raw()...)
			continue
		}
		name, of := memberType(t, key)
		out = overlayValue(out, member, ours, name, of)
	}
	for ours := range owned.Children() {
		if base.Get(ours.Key()).Exists() {
			continue
		}
		if !isFirst {
			out = append(out, ',')
		}
		isFirst = false
		key, _ := ours.RawKey()
		out = append(append(append(out, '"'), key...), `":`...)
		out = append(out, ours.Raw()...)
	}
	return append(out, src[from:end]...)
}

// gives reports whether the client's member gives way although owned does not have it: the other type of a choice that
// owned sets, a list that is ours alone, or the extensions beside a list of primitives that is another one now.
func gives(base, owned Node, key string, t *TypeDefinition) bool {
	if t == nil {
		return false
	}
	if oursAlone[key] {
		return true
	}
	name, isBeside := strings.CutPrefix(key, "_")
	e := t.Element([]byte(name))
	if e == nil {
		return false
	}
	if isBeside && e.IsList {
		ours := owned.Get(name)
		return ours.Exists() && !isSame(base.Get(name), ours)
	}
	if !e.IsChoice {
		return false
	}
	for ours := range owned.Children() {
		if o := t.Element([]byte(strings.TrimPrefix(ours.Key(), "_"))); o != nil && o.Slot == e.Slot && o != e {
			return true
		}
	}
	return false
}

func memberType(t *TypeDefinition, key string) (string, *TypeDefinition) {
	if t == nil {
		return key, nil
	}
	if e := t.Element([]byte(key)); e != nil {
		return e.Name, e.Type
	}
	if strings.HasPrefix(key, "_") {
		return key, Define("Element")
	}
	return key, nil
}

// overlayList appends a list of objects. While no element leaves or moves, the client's white space stays too.
func overlayList(out []byte, base, owned Node, name string, t *TypeDefinition) []byte {
	theirs, ours := elements(base), elements(owned)
	match := matches(theirs, ours, name)
	if oursWhole[name] && !isInOrder(match, len(theirs)) {
		return overlayRebuilt(out, theirs, ours, match, name, t)
	}
	over := make([]Node, len(theirs))
	for i, at := range match {
		if at >= 0 {
			over[at] = ours[i]
		}
	}
	src := base.doc.src
	from, end := base.Span()
	for i, n := range theirs {
		start, stop := n.Span()
		out = append(out, src[from:start]...)
		if over[i].Exists() {
			out = overlayValue(out, n, over[i], name, t)
		} else {
			out = append(out, n.Raw()...)
		}
		from = stop
	}
	for i, at := range match {
		if at < 0 {
			out = append(append(out, ','), ours[i].Raw()...)
		}
	}
	return append(out, src[from:end]...)
}

func overlayRebuilt(out []byte, theirs, ours []Node, match []int, name string, t *TypeDefinition) []byte {
	out = append(out, '[')
	for i, at := range match {
		if i > 0 {
			out = append(out, ',')
		}
		if at >= 0 {
			out = overlayValue(out, theirs[at], ours[i], name, t)
		} else {
			out = append(out, ours[i].Raw()...)
		}
	}
	return append(out, ']')
}

// matches gives for each of our elements the place of the client's it is laid over, or -1.
func matches(theirs, ours []Node, name string) []int {
	places := make(map[string][]int, len(theirs))
	for i, n := range theirs {
		key := identity(n, name)
		places[key] = append(places[key], i)
	}
	match := make([]int, len(ours))
	taken := make([]bool, len(theirs))
	for i, n := range ours {
		key := identity(n, name)
		match[i] = -1
		if left := places[key]; len(left) > 0 {
			match[i], places[key] = left[0], left[1:]
			taken[left[0]] = true
		}
	}
	if name != "coding" {
		return match
	}
	for i, n := range ours {
		if !n.Get("system").Exists() || !n.Get("code").Exists() {
			continue
		}
		for at, other := range theirs {
			if match[i] < 0 && !taken[at] && isSame(n.Get("system"), other.Get("system")) {
				match[i], taken[at] = at, true
			}
		}
	}
	return match
}

func identity(n Node, name string) string {
	members, ok := identities[name]
	if !ok {
		members = defaultIdentity
	}
	var key strings.Builder
	for _, member := range members {
		key.WriteString(n.In(member...).Text())
		key.WriteByte(0)
	}
	return key.String()
}

func isInOrder(match []int, count int) bool {
	for i, at := range match {
		if at != i {
			return false
		}
	}
	return len(match) == count
}

func elements(list Node) []Node {
	var all []Node
	for n := range list.Children() {
		all = append(all, n)
	}
	return all
}

// areObjects reports whether the list has elements and all are objects.
func areObjects(list Node) bool {
	count := 0
	for n := range list.Children() {
		if n.Kind() != KindObject {
			return false
		}
		count++
	}
	return count > 0
}

// isSame compares scalars and lists of them by value; numbers by their digits, because 74.0 and 74.00 differ in FHIR.
func isSame(a, b Node) bool {
	if a.Kind() != b.Kind() || a.Kind() == KindObject {
		return false
	}
	if a.Kind() != KindArray {
		return a.Text() == b.Text()
	}
	x, y := elements(a), elements(b)
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		if !isSame(x[i], y[i]) {
			return false
		}
	}
	return true
}
