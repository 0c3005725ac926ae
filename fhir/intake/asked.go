package intake

import (
	"encoding/base64"
	"strconv"
	"strings"

	"medbill/fhir"
	"medbill/models"
	"medbill/models/operation"
)

// Asked reads the Parameters of an operation whose parameters are simple, by its row of the table: each as text, a Coding as its
// system and code under system and code, which it then stands for. It refuses unknown, repeated and missing parameters and values of
// another type.
func Asked(d *fhir.Document, o operation.Operation) (map[string]string, error) {
	r, asked := &refusals{}, map[string]string{}
	types := map[string]string{}
	var names []string
	for _, p := range o.Parameters {
		if !p.Out {
			types[p.Name] = p.Type
			names = append(names, p.Name)
		}
	}
	seen := r.parameters(d, "the operation takes "+strings.Join(names, ", ")+".", func(name string, p spot) bool {
		typ, known := types[name]
		if known {
			asked[name] = r.simple(p, typ, asked)
		}
		return known
	})
	for _, p := range o.Parameters {
		if !p.Out && p.Min > 0 {
			r.needed(seen, "Parameters.parameter", p.Name, "The parameter "+p.Name+" is missing.")
		}
	}
	return asked, r.err()
}

// simple reads one value of a type. What looks like another one is taken where clients write it so: a code as string, a day as date.
func (r *refusals) simple(p spot, typ string, asked map[string]string) string {
	if typ == "Coding" {
		coding := p.choice("value", "Coding")
		if coding.Exists() {
			asked["system"], asked["code"] = coding.Get("system").Text(), coding.Get("code").Text()
			return asked["code"]
		}
	}
	for _, as := range alike[typ] {
		if v := p.choice("value", as); v.Exists() {
			return r.checked(v, typ)
		}
	}
	r.invalid("value", p.path, "The value of the parameter is no "+typ+".")
	return ""
}

// alike are the types of values in which a parameter of a type is written.
var alike = map[string][]string{
	"string": {"String", "Code"}, "code": {"Code", "String"}, "uri": {"Uri", "Url", "Canonical", "String"},
	"date": {"Date", "DateTime"}, "dateTime": {"DateTime", "Date"}, "integer": {"Integer", "UnsignedInt", "PositiveInt"}, "base64Binary": {"Base64Binary"},
	"boolean": {"Boolean"},
}

func (r *refusals) checked(v spot, typ string) string {
	text := v.Text()
	switch typ {
	case "date", "dateTime":
		day, ok := models.ParseDate(text)
		if !ok {
			r.invalid("value", v.path, "The day is written as 2026-03-02.")
		}
		return string(day)
	case "boolean":
		if text != "true" && text != "false" {
			r.invalid("value", v.path, "It is true or false.")
		}
	case "integer":
		if n, err := strconv.Atoi(text); err != nil || n < 0 {
			r.invalid("value", v.path, "It is a whole number, at least 0.")
		}
	case "base64Binary":
		content, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			r.invalid("value", v.path, "The content is not base64.")
		}
		return string(content)
	}
	return text
}

// Held reads the document that an operation takes as its one parameter, by its row of the table, or as the body itself. https://hl7.org/fhir/R4/operations.html#request
func Held(d *fhir.Document, o operation.Operation) (*fhir.Document, error) {
	if d.Type() != "Parameters" {
		return d, nil
	}
	r, name := &refusals{}, ""
	for _, p := range o.Parameters {
		if !p.Out {
			name = p.Name
		}
	}
	var held *fhir.Document
	seen := r.parameters(d, "the operation takes "+name+".", func(is string, p spot) bool {
		if held = p.Get("resource").Detach(); is == name && held == nil {
			r.invalid("required", p.path, "The parameter holds a resource.")
		}
		return is == name
	})
	r.needed(seen, "Parameters.parameter", name, "The parameter "+name+" with a resource is missing; or send the resource itself.")
	return held, r.err()
}
