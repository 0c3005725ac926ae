package main

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// pathElement is what a path needs of an ElementDefinition. https://hl7.org/fhir/R4/elementdefinition.html
type pathElement struct {
	Path string `json:"path"`
	Type []struct {
		Code          string   `json:"code"`
		TargetProfile []string `json:"targetProfile"`
		Extension     []struct {
			ValueURL string `json:"valueUrl"`
		} `json:"extension"`
	} `json:"type"`
	ContentReference string `json:"contentReference"`
	Binding          struct {
		Strength string `json:"strength"`
		ValueSet string `json:"valueSet"`
	} `json:"binding"`
}

// pathTable knows every element of R4 by its path, the value types of the extensions that R4 defines, and the one system
// behind a value set where there is one.
type pathTable struct {
	elements   map[string]pathElement // Claim.item.encounter
	extensions map[string]pathElement // value[x] by the extension's URL
	systems    map[string]string
}

func readPathTable(pkg fs.FS) (*pathTable, error) {
	t := &pathTable{elements: map[string]pathElement{}, extensions: map[string]pathElement{}, systems: map[string]string{}}
	names, err := fs.Glob(pkg, "StructureDefinition-*.json")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		var definition struct {
			URL        string `json:"url"`
			Kind       string `json:"kind"`
			Type       string `json:"type"`
			Derivation string `json:"derivation"`
			Snapshot   struct {
				Element []pathElement `json:"element"`
			} `json:"snapshot"`
		}
		if err := readJSON(pkg, name, &definition); err != nil {
			return nil, err
		}
		for _, e := range definition.Snapshot.Element {
			switch {
			case definition.Kind == "logical":
			case definition.Derivation != "constraint":
				t.elements[e.Path] = e
			case definition.Type == "Extension" && e.Path == "Extension.value[x]":
				t.extensions[definition.URL] = e
			}
		}
	}
	return t, t.readSystems(pkg)
}

func (t *pathTable) readSystems(pkg fs.FS) error {
	names, err := fs.Glob(pkg, "ValueSet-*.json")
	if err != nil {
		return err
	}
	for _, name := range names {
		var set struct {
			URL     string `json:"url"`
			Compose struct {
				Include []struct {
					System string `json:"system"`
				} `json:"include"`
			} `json:"compose"`
		}
		if err := readJSON(pkg, name, &set); err != nil {
			return err
		}
		if len(set.Compose.Include) == 1 {
			t.systems[set.URL] = set.Compose.Include[0].System
		}
	}
	return nil
}

// pathEnd is where a path arrives: the members to step through, the element's datatype, and what narrows it.
type pathEnd struct {
	steps    []string
	at       string // the path whose children come next: Claim.item, or a datatype
	datatype string
	targets  []string // of a Reference
	only     string   // where(resolve() is Only)
	system   string   // behind a code
	choice   bool
	url      string // of an extension
}

// String gives the path as a word of parameters.txt.
func (e pathEnd) String() string {
	text := strings.Join(e.steps, ".") + ":" + e.datatype
	if e.only != "" {
		text += "?" + e.only
	}
	if e.datatype == "code" && e.system != "" {
		text += "=" + e.system
	}
	return text
}

var presenceShape = regexp.MustCompile(`^([A-Za-z]+)\.([A-Za-z]+)\.exists\(\) and ([A-Za-z]+)\.([A-Za-z]+) != false$`)

// presence recognises "x.exists() and x != false", which is true, or false also where x is absent.
func presence(expression string) (member string, ok bool) {
	m := presenceShape.FindStringSubmatch(expression)
	if m == nil || m[1] != m[3] || m[2] != m[4] {
		return "", false
	}
	return m[2], true
}

// choiceMembers gives the JSON names of a choice element, with commas.
func (t *pathTable) choiceMembers(base, member string) string {
	var names []string
	for _, end := range t.step(pathEnd{at: base}, member) {
		names = append(names, end.steps[0])
	}
	return strings.Join(names, ",")
}

// compile gives where an expression arrives in documents of base. Branches of a union that begin at another type arrive
// nowhere.
func (t *pathTable) compile(base, expression string) ([]pathEnd, error) {
	r := &pathReader{table: t, base: base, text: expression}
	ends, err := r.union()
	if err != nil {
		return nil, fmt.Errorf("%q: %w", expression, err)
	}
	if r.skip(); r.text != "" {
		return nil, fmt.Errorf("%q: %q is not understood", expression, r.text)
	}
	if len(ends) == 0 {
		return nil, fmt.Errorf("%q leads nowhere", expression)
	}
	var out []pathEnd
	for _, end := range ends {
		if end.url == "" {
			out = append(out, end)
			continue
		}
		values := t.step(end, "value")
		if len(values) == 0 {
			return nil, fmt.Errorf("%q: the extension is not defined", expression)
		}
		out = append(out, values...)
	}
	return out, nil
}

// step gives the ends one member further: several where the element is a choice, none where it does not exist.
func (t *pathTable) step(from pathEnd, name string) []pathEnd {
	element, choice, found := pathElement{}, false, false
	if from.url != "" && name == "value" {
		element, found = t.extensions[from.url]
		choice = true
	} else if element, found = t.elements[from.at+"."+name]; !found {
		element, found = t.elements[from.at+"."+name+"[x]"]
		choice = found
	}
	if !found {
		return nil
	}
	if element.ContentReference != "" {
		path := strings.TrimPrefix(element.ContentReference, "#")
		return []pathEnd{{steps: append(slices.Clone(from.steps), name), at: path, datatype: "BackboneElement"}}
	}
	var ends []pathEnd
	for _, kind := range element.Type {
		datatype, member := kind.Code, name
		if strings.HasPrefix(datatype, "http://hl7.org/fhirpath/") && len(kind.Extension) > 0 {
			datatype = kind.Extension[0].ValueURL
		}
		if name == "id" {
			datatype = "id" // R4 gives Resource.id as a string; its type in the tables of contents is id
		}
		if choice {
			member = name + strings.ToUpper(datatype[:1]) + datatype[1:]
		}
		end := pathEnd{steps: append(slices.Clone(from.steps), member), at: datatype, datatype: datatype, choice: choice && from.url == ""}
		if datatype == "BackboneElement" || datatype == "Element" {
			end.at = element.Path
		}
		for _, target := range kind.TargetProfile {
			end.targets = append(end.targets, target[strings.LastIndexByte(target, '/')+1:])
		}
		if set, _, _ := strings.Cut(element.Binding.ValueSet, "|"); element.Binding.Strength == "required" {
			end.system = t.systems[set]
		}
		ends = append(ends, end)
	}
	return ends
}

// pathReader reads the small part of FHIRPath that search parameters of R4 are written in. https://hl7.org/fhir/R4/fhirpath.html
type pathReader struct {
	table *pathTable
	base  string
	text  string
}

func (r *pathReader) skip() { r.text = strings.TrimSpace(r.text) }

func (r *pathReader) take(prefix string) bool {
	r.skip()
	rest, ok := strings.CutPrefix(r.text, prefix)
	if ok {
		r.text = rest
	}
	return ok
}

func (r *pathReader) word() string {
	r.skip()
	end := strings.IndexFunc(r.text, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
	if end < 0 {
		end = len(r.text)
	}
	word := r.text[:end]
	r.text = r.text[end:]
	return word
}

func (r *pathReader) union() ([]pathEnd, error) {
	var all []pathEnd
	for {
		ends, err := r.branch()
		if err != nil {
			return nil, err
		}
		all = append(all, ends...)
		if !r.take("|") {
			return all, nil
		}
	}
}

func (r *pathReader) branch() ([]pathEnd, error) {
	ends, err := r.start()
	if err != nil {
		return nil, err
	}
	for {
		switch {
		case r.take("."):
			if ends, err = r.member(ends); err != nil {
				return nil, err
			}
		case r.take("as "):
			ends = asType(ends, r.word())
		default:
			return ends, nil
		}
	}
}

func (r *pathReader) start() ([]pathEnd, error) {
	if r.take("(") {
		ends, err := r.union()
		if err == nil && !r.take(")") {
			err = fmt.Errorf("%q: a bracket is not closed", r.text)
		}
		return ends, err
	}
	word := r.word()
	root := []pathEnd{{at: r.base, datatype: r.base}}
	switch {
	case word == "":
		return nil, fmt.Errorf("%q: a path is expected", r.text)
	case word == r.base || word == "Resource" || word == "DomainResource":
		return root, nil
	case unicode.IsUpper(rune(word[0])):
		return nil, nil
	}
	if ends := r.table.step(root[0], word); len(ends) > 0 {
		return ends, nil
	}
	return nil, fmt.Errorf("%s has no member %q", r.base, word)
}

// member reads one element's name or one of the known functions.
func (r *pathReader) member(ends []pathEnd) ([]pathEnd, error) {
	word := r.word()
	if !r.take("(") {
		return r.into(ends, word)
	}
	argument, rest, ok := strings.Cut(r.text, ")")
	if word == "where" && strings.HasPrefix(argument, "resolve(") {
		argument, rest, ok = strings.Cut(strings.TrimPrefix(r.text, "resolve() is "), ")")
		word = "resolve"
	}
	if !ok {
		return nil, fmt.Errorf("%q: a bracket is not closed", r.text)
	}
	r.text = rest
	switch word {
	case "as", "ofType":
		return asType(ends, argument), nil
	case "resolve":
		return onlyTarget(ends, argument), nil
	case "extension":
		return intoExtension(ends, strings.Trim(argument, "'")), nil
	case "where":
		name, value, ok := strings.Cut(argument, "=")
		if value = strings.TrimSpace(value); ok && len(value) > 2 && value[0] == '\'' {
			return r.where(ends, strings.TrimSpace(name), strings.Trim(value, "'"))
		}
	}
	return nil, fmt.Errorf("%s(%s) is not understood", word, argument)
}

func (r *pathReader) into(ends []pathEnd, name string) ([]pathEnd, error) {
	var out []pathEnd
	for _, end := range ends {
		out = append(out, r.table.step(end, name)...)
	}
	if len(out) == 0 && len(ends) > 0 {
		return nil, fmt.Errorf("no member %q after %s", name, strings.Join(ends[0].steps, "."))
	}
	return out, nil
}

// where narrows the last step to elements whose member equals value.
func (r *pathReader) where(ends []pathEnd, name, value string) ([]pathEnd, error) {
	for i, end := range ends {
		if len(r.table.step(end, name)) == 0 {
			return nil, fmt.Errorf("no member %q to filter by", name)
		}
		last := len(end.steps) - 1
		ends[i].steps[last] += "[" + name + "=" + value + "]"
	}
	return ends, nil
}

func asType(ends []pathEnd, datatype string) []pathEnd {
	var out []pathEnd
	for _, end := range ends {
		if end.datatype == datatype {
			end.choice = datatype == "SampledData" // a series has no single value: such a branch gives no keys
			out = append(out, end)
		}
	}
	return out
}

// onlyTarget narrows references to one type; where the element allows no other, nothing is left to filter.
func onlyTarget(ends []pathEnd, target string) []pathEnd {
	for i := range ends {
		if !slices.Equal(ends[i].targets, []string{target}) {
			ends[i].only, ends[i].targets = target, []string{target}
		}
	}
	return ends
}

func intoExtension(ends []pathEnd, url string) []pathEnd {
	var out []pathEnd
	for _, end := range ends {
		out = append(out, pathEnd{steps: append(slices.Clone(end.steps), "extension[url="+url+"]"), at: "Extension", datatype: "Extension", url: url})
	}
	return out
}
