package fhir

// PathFrom gives where the value stands as FHIRPath: indexes in brackets, choices without their type, what stands beside a
// primitive as its children. It is told from root, the value's own or an outer resource, which stands at prefix; a root
// without a prefix is named by its type: Claim.item[0].serviced. https://hl7.org/fhir/R4/fhirpath.html#choice
func (n Node) PathFrom(root Node, prefix string) string {
	at, t, path := root, definitionOf(root), []byte(prefix)
	if len(path) == 0 && t != nil {
		path = append(path, t.Name...)
	}
	for at.index != n.index {
		child, i := at.toward(n)
		if !child.Exists() {
			break
		}
		if at.Kind() == KindArray {
			path = append(append(path, "["+itoa(i)...), ']')
			if t != nil && t.IsAnyResource() {
				t = definitionOf(child)
			}
			at = child
			continue
		}
		name, next := t.step(child)
		if len(path) > 0 {
			path = append(path, '.')
		}
		path = append(path, name...)
		at, t = child, next
	}
	return string(path)
}

// Path is PathFrom the document's own resource.
func (n Node) Path() string { return n.PathFrom(n.doc.Root(), "") }

// toward gives the child that holds the value target, and its number.
func (n Node) toward(target Node) (Node, int) {
	i := 0
	for child := range n.Children() {
		if child.index <= target.index && target.index < child.entry().next {
			return child, i
		}
		i++
	}
	return Node{}, 0
}

// step gives the FHIRPath name of a member of an object of type t, and the member's type; t may be nil, as of what R4 does
// not define.
func (t *TypeDefinition) step(child Node) (string, *TypeDefinition) {
	key := child.Key()
	if t == nil {
		return key, nil
	}
	if e := t.Element([]byte(key)); e != nil {
		if e.Type.IsAnyResource() && child.Kind() == KindObject {
			return e.Name, definitionOf(child)
		}
		return e.Name, e.Type
	}
	if e := t.Beside([]byte(key)); e != nil {
		return e.Name, Define("Element")
	}
	return key, nil
}

// Beside gives the primitive element whose id and extensions stand under key (`_birthDate`), or nil.
// https://hl7.org/fhir/R4/json.html#primitive
func (t *TypeDefinition) Beside(key []byte) *ElementDefinition {
	if len(key) < 2 || key[0] != '_' {
		return nil
	}
	if e := t.Element(key[1:]); e != nil && e.Type.Primitive != NotPrimitive {
		return e
	}
	return nil
}

func definitionOf(resource Node) *TypeDefinition {
	return DefineResource([]byte(resource.Get("resourceType").Text()))
}
