package search

import (
	"slices"
	"strconv"
	"strings"

	"medbill/fhir"
)

// resultParams are the parameters that say how to answer, not what to find. Set in init because reading one may look up
// the others. https://hl7.org/fhir/R4/search.html#return
var resultParams map[string]func(*parser, Pair)

func init() {
	resultParams = map[string]func(*parser, Pair){
		"_count":      once((*parser).count),
		"_sort":       once((*parser).sort),
		"_total":      once((*parser).total),
		"_summary":    once((*parser).summary),
		"_elements":   once((*parser).elements),
		"_format":     once((*parser).applied),
		"_pretty":     once((*parser).applied),
		"_contained":  once((*parser).contained),
		"_include":    (*parser).include,
		"_revinclude": (*parser).revInclude,
	}
}

// once refuses a second value of a parameter that can have only one.
func once(read func(*parser, Pair)) func(*parser, Pair) {
	return func(p *parser, pair Pair) {
		if p.seen[pair.Name] {
			p.refuse("invalid", "The parameter stands twice; send it once.")
			return
		}
		p.seen[pair.Name] = true
		read(p, pair)
	}
}

func (p *parser) count(pair Pair) {
	n, err := strconv.ParseUint(pair.Value, 10, 32)
	if err != nil {
		p.refuse("value", "The page size is not a whole number from 0 to 1000.")
		return
	}
	p.query.Count = min(int(n), CountMax)
	p.applied(Pair{pair.Name, strconv.Itoa(p.query.Count)})
}

func (p *parser) sort(pair Pair) {
	var performed []string
	for key := range strings.SplitSeq(pair.Value, ",") {
		name, descending := strings.CutPrefix(key, "-")
		param, found := Lookup(p.query.Type, name)
		switch {
		case key == "":
		case !found:
			p.unknown("A sort key is not a parameter of this resource type; the CapabilityStatement lists those that are.")
		case len(p.query.Sort) == sortsMax:
			p.refuse("too-costly", "The search has more than 5 sort keys; send fewer.")
		default:
			p.query.Sort = append(p.query.Sort, Sort{param, descending})
			performed = append(performed, key)
		}
	}
	if len(performed) > 0 {
		p.applied(Pair{pair.Name, strings.Join(performed, ",")})
	}
}

func (p *parser) total(pair Pair) {
	i := slices.Index([]string{"none", "accurate", "estimate"}, pair.Value)
	if i < 0 {
		p.refuse("value", "The total is one of none, accurate, estimate.")
		return
	}
	p.query.Total = Total(i)
	p.applied(pair)
}

func (p *parser) summary(pair Pair) {
	i := slices.Index([]string{"false", "true", "text", "data", "count"}, pair.Value)
	if i < 0 {
		p.refuse("value", "The summary is one of true, text, data, count, false.")
		return
	}
	p.query.Summary = Summary(i)
	p.applied(pair)
}

func (p *parser) elements(pair Pair) {
	for name := range strings.SplitSeq(pair.Value, ",") {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		if len(p.query.Elements) == elementsMax {
			p.refuse("too-costly", "The search names more than 100 elements; leave the parameter out to get all of them.")
			return
		}
		p.query.Elements = append(p.query.Elements, name)
	}
	p.applied(pair)
}

// contained accepts what is done anyway: contained resources are not searched.
func (p *parser) contained(pair Pair) {
	if pair.Value != "false" {
		p.refuse("not-supported", "Contained resources are not searched; leave the parameter out.")
		return
	}
	p.applied(pair)
}

// include reads Source:param, Source:param:Target, Source:* or *.
func (p *parser) include(pair Pair) {
	i, ok := p.readInclude(pair.Value)
	if !ok {
		return
	}
	if i.Source != p.query.Type {
		p.refuse("not-supported", "An include begins at the type that is searched; include that type's own references.")
		return
	}
	p.query.Includes = append(p.query.Includes, i)
	p.applied(pair)
}

// revInclude reads Source:param, Source:param:Target or Source:*.
func (p *parser) revInclude(pair Pair) {
	if pair.Value == "*" {
		p.refuse("not-supported", "A reverse include of every type is not supported; name the type, such as Claim:patient.")
		return
	}
	i, ok := p.readInclude(pair.Value)
	if !ok {
		return
	}
	param, _ := Lookup(i.Source, i.Param)
	if i.Target != "" && i.Target != p.query.Type || i.Param != "*" && !param.LeadsTo(p.query.Type) {
		p.refuse("not-supported", "The reference of the reverse include does not lead to the type that is searched; name one that does.")
		return
	}
	p.query.RevIncludes = append(p.query.RevIncludes, i)
	p.applied(pair)
}

func (p *parser) readInclude(value string) (Include, bool) {
	if len(p.query.Includes)+len(p.query.RevIncludes) == includesMax {
		p.refuse("too-costly", "The search has more than 20 includes; send fewer.")
		return Include{}, false
	}
	if value == "*" {
		return Include{Source: p.query.Type, Param: "*"}, true
	}
	parts := strings.Split(value, ":")
	if len(parts) < 2 || len(parts) > 3 {
		p.refuse("value", "The include is not written as Type:parameter or Type:parameter:Target.")
		return Include{}, false
	}
	i := Include{Source: parts[0], Param: parts[1]}
	if len(parts) == 3 {
		i.Target = parts[2]
	}
	_, served := fhir.TypeOf(i.Source)
	_, targetServed := fhir.TypeOf(i.Target)
	param, found := Lookup(i.Source, i.Param)
	known := served && (i.Param == "*" || found && param.Kind == KindReference)
	if i.Target != "" {
		known = known && targetServed && (i.Param == "*" || param.LeadsTo(i.Target))
	}
	if !known {
		p.unknown("The include names no reference parameter of a served type; the CapabilityStatement lists those that are.")
		return Include{}, false
	}
	return i, true
}
