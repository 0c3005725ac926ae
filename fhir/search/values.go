package search

import (
	"slices"
	"strings"

	"medbill/fhir"
	"medbill/models"
)

// alternative reads one of the values between commas into c.
func (p *parser) alternative(c *Clause, value, onlyType string) {
	switch kind := c.Param.Kind; {
	case kind == KindToken || c.Modifier == ModifierIdentifier:
		if t, ok := parseToken(value); ok {
			c.Tokens = append(c.Tokens, t)
		} else {
			p.refuse("value", "The token names neither a system nor a code; write code, system|code or system|.")
		}
	case kind == KindURI:
		c.Tokens = append(c.Tokens, TokenValue{Code: unescape(value)})
	case kind == KindString:
		exact := cut(unescape(value))
		v := StringValue{Folded: Fold(exact), Exact: exact}
		if v.Folded == "" && c.Modifier != ModifierExact {
			p.refuse("value", "The text holds nothing to search for, which would match everything; write some letters.")
		}
		c.Strings = append(c.Strings, v)
	case kind == KindDate:
		if d, ok := p.date(value); ok {
			c.Dates = append(c.Dates, d)
		} else {
			p.refuse("value", "The date is not a year, month, day or time as FHIR writes them, such as 2024-01-31 or ge2024-01-31T10:00:00Z.")
		}
	case kind == KindReference:
		c.References = append(c.References, p.reference(c.Param, unescape(value), onlyType))
	default:
		if n, ok := parseNumberValue(value, kind); ok {
			c.Numbers = append(c.Numbers, n)
		} else {
			p.refuse("value", "The number is not a decimal of at most 40 characters; a quantity may add its unit as number|system|code or number||code.")
		}
	}
}

func parseToken(value string) (TokenValue, bool) {
	parts := splitEscaped(value, '|')
	if len(parts) == 1 {
		return TokenValue{Code: unescape(value)}, true
	}
	t := TokenValue{System: unescape(parts[0]), HasSystem: true, Code: unescape(strings.Join(parts[1:], "|"))}
	return t, t.System != "" || t.Code != ""
}

// parsePrefix takes the two letters off that may stand before a date or a number.
func parsePrefix(value string) (Prefix, string) {
	if len(value) > 2 {
		if i := slices.Index(prefixNames[:], value[:2]); i >= 0 {
			return Prefix(i), value[2:]
		}
	}
	return PrefixEqual, value
}

// date reads a date with its prefix, in the time zone of the query.
func (p *parser) date(value string) (DateValue, bool) {
	prefix, text := parsePrefix(unescape(value))
	s, ok := parseDate(text)
	if !ok {
		return DateValue{}, false
	}
	c := p.calendar()
	v := DateValue{Prefix: prefix, ByDay: s.by == ByDay}
	if v.ByDay {
		around := v.around(s.highDay - s.lowDay)
		v.Low, v.High = c.ofDay(s.lowDay-around), c.ofDay(s.highDay+around)
		return v, true
	}
	length := s.high - s.low
	if s.local {
		s.low = c.instant(s.low)
		s.high = s.low + length
	}
	around := v.around(max(length, dayMicros))
	v.Low, v.High = c.ofInstant(s.low-around), c.ofInstant(s.high+around)
	return v, true
}

// around gives by how much the value reaches to each side.
func (v DateValue) around(length int64) int64 {
	if v.Prefix == PrefixApproximately {
		return length
	}
	return 0
}

func parseNumberValue(value string, kind Kind) (NumberValue, bool) {
	parts := splitEscaped(value, '|')
	prefix, text := parsePrefix(unescape(parts[0]))
	if len(text) > numberBytesMax || len(parts) > 1 && (kind != KindQuantity || len(parts) != 3) {
		return NumberValue{}, false
	}
	d, ok := parseDecimal(text)
	if !ok {
		return NumberValue{}, false
	}
	v := NumberValue{Prefix: prefix}
	switch prefix {
	case PrefixEqual, PrefixNotEqual:
		v.Low, v.High = d.precision()
	case PrefixApproximately:
		v.Low, v.High = d.around()
	default:
		v.Low, v.High = d.micros()
	}
	if len(parts) == 3 {
		v.System, v.Code = unescape(parts[1]), unescape(parts[2])
		v.HasSystem = v.System != ""
	}
	return v, true
}

// reference reads an id, a reference to a document of ours, relative or under one of our bases, or a URL. What cannot be a
// reference matches nothing, as an unknown id does.
func (p *parser) reference(param Param, text, onlyType string) ReferenceValue {
	to := parseTarget(fhir.Relative(text, p.options.Bases))
	switch {
	case to.Type != "":
		if onlyType != "" && to.Type != onlyType {
			p.refuse("value", "The reference leads to another type than the modifier names; make them agree.")
		}
		return ReferenceValue{Type: to.Type, ID: to.ID}
	case !models.IsID(text):
		return ReferenceValue{URL: to.URL}
	case onlyType == "" && len(param.Targets) == 1:
		onlyType = param.Targets[0]
	}
	return ReferenceValue{Type: onlyType, ID: text}
}

// splitEscaped splits at separators that no backslash escapes; the parts keep their escapes.
func splitEscaped(text string, separator byte) []string {
	var parts []string
	start := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case separator:
			parts = append(parts, text[start:i])
			start = i + 1
		}
	}
	return append(parts, text[start:])
}

// unescape takes the backslash off the characters that may carry one; elsewhere it stands for itself.
// https://hl7.org/fhir/R4/search.html#escaping
func unescape(text string) string {
	if strings.IndexByte(text, '\\') < 0 {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) && strings.IndexByte(`,|$\`, text[i+1]) >= 0 {
			i++
		}
		b.WriteByte(text[i])
	}
	return b.String()
}
