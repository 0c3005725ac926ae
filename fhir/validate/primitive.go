package validate

import (
	"bytes"
	"strconv"
	"time"

	"medbill/fhir"
	"medbill/models"
)

// textBytesMax bounds string and markdown. https://hl7.org/fhir/R4/datatypes.html#string
const textBytesMax = 1 << 20

// format is what a primitive type wants, as a client reads it.
type format struct {
	kind fhir.Kind
	is   func(text []byte) bool
	want string
}

// formats holds one entry per fhir.Primitive. https://hl7.org/fhir/R4/datatypes.html#primitive
var formats = [...]format{
	fhir.PrimitiveBase64Binary: {fhir.KindString, isBase64, "is not base64"},
	fhir.PrimitiveBoolean:      {fhir.KindBool, isAny, "is not true or false"},
	fhir.PrimitiveCanonical:    {fhir.KindString, isURI, "is not a canonical URL; send one without spaces"},
	fhir.PrimitiveCode:         {fhir.KindString, isCode, "is not a code; send one without spaces at its ends or twice in a row"},
	fhir.PrimitiveDate:         {fhir.KindString, isDate, "is not a date; send YYYY, YYYY-MM or YYYY-MM-DD"},
	fhir.PrimitiveDateTime:     {fhir.KindString, isDateTime, "is not a date or time; send YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm:ss with a zone"},
	fhir.PrimitiveDecimal:      {fhir.KindNumber, isAny, "is not a number"},
	fhir.PrimitiveID:           {fhir.KindString, models.IsID[[]byte], "is not an id; send 1 to 64 letters, digits, hyphens and dots"},
	fhir.PrimitiveInstant:      {fhir.KindString, isInstant, "is not an instant; send YYYY-MM-DDThh:mm:ss with a zone"},
	fhir.PrimitiveInteger:      {fhir.KindNumber, isInteger, "is not a whole number of 32 bits"},
	fhir.PrimitiveMarkdown:     {fhir.KindString, isText, "is empty, too long or holds control characters"},
	fhir.PrimitiveOID:          {fhir.KindString, isOID, "is not an OID; send urn:oid: and numbers with dots"},
	fhir.PrimitivePositiveInt:  {fhir.KindNumber, isPositive, "is not a whole number of 32 bits above zero"},
	fhir.PrimitiveString:       {fhir.KindString, isText, "is empty, too long or holds control characters"},
	fhir.PrimitiveTime:         {fhir.KindString, isTime, "is not a time; send hh:mm:ss"},
	fhir.PrimitiveUnsignedInt:  {fhir.KindNumber, isUnsigned, "is not a whole number of 32 bits from zero on"},
	fhir.PrimitiveURI:          {fhir.KindString, isURI, "is not a URI; send one without spaces"},
	fhir.PrimitiveURL:          {fhir.KindString, isURI, "is not a URL; send one without spaces"},
	fhir.PrimitiveUUID:         {fhir.KindString, isUUID, "is not a UUID; send urn:uuid: and lower-case hexadecimal digits"},
	fhir.PrimitiveXHTML:        {fhir.KindString, isAny, "is not XHTML"},
}

var kindWants = [...]string{
	fhir.KindBool:   "is not a boolean; send true or false without quotes",
	fhir.KindNumber: "is not a number; send one without quotes",
	fhir.KindString: "is not a string; send one in quotes",
}

func (c *checker) primitive(m fhir.Node, e *fhir.ElementDefinition) {
	f := &formats[e.Type.Primitive]
	if m.Kind() != f.kind {
		c.report(m, codeStructure, kindWants[f.kind])
		return
	}
	if f.kind == fhir.KindBool {
		return
	}
	text := m.Raw()
	if f.kind == fhir.KindString {
		text = c.text(m)
	}
	switch {
	case len(text) == 0:
		c.report(m, codeValue, "is an empty string; leave it out")
	case !f.is(text):
		c.report(m, codeValue, f.want)
	case e.Codes != nil && !e.Codes.Contains(text):
		c.report(m, codeCodeInvalid, "is not a code of the value set "+e.Codes.Name)
	case e.Type.Primitive == fhir.PrimitiveXHTML:
		c.narrative(m, text)
	}
}

func isAny([]byte) bool { return true }

func isText(text []byte) bool {
	if len(text) > textBytesMax {
		return false
	}
	for _, b := range text {
		if b < ' ' && b != '\n' && b != '\r' && b != '\t' {
			return false
		}
	}
	return true
}

func isURI(text []byte) bool {
	for _, b := range text {
		if isSpace(b) {
			return false
		}
	}
	return true
}

func isCode(text []byte) bool {
	space := true
	for _, b := range text {
		if isSpace(b) && space {
			return false
		}
		space = isSpace(b)
	}
	return !space
}

// isBase64 allows white space around groups of four, as the standard's pattern does, and padding only at the end.
func isBase64(text []byte) bool {
	count, padding := 0, 0
	for _, b := range text {
		switch {
		case isSpace(b):
			if count%4 != 0 {
				return false
			}
			continue
		case b == '=':
			padding++
		case padding > 0 || b|0x20 < 'a' && !isDigit(b) && b != '+' && b != '/' || b|0x20 > 'z':
			return false
		}
		count++
	}
	return count > 0 && count%4 == 0 && padding <= 2
}

func isOID(text []byte) bool {
	rest, ok := bytes.CutPrefix(text, []byte("urn:oid:"))
	if !ok || len(rest) < 3 || rest[0] < '0' || rest[0] > '2' || rest[1] != '.' {
		return false
	}
	for arc := range bytes.SplitSeq(rest[2:], []byte(".")) {
		if !areDigits(arc) || arc[0] == '0' && len(arc) > 1 {
			return false
		}
	}
	return true
}

func isUUID(text []byte) bool {
	rest, ok := bytes.CutPrefix(text, []byte("urn:uuid:"))
	if !ok || len(rest) != 36 {
		return false
	}
	for i, b := range rest {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if b != '-' {
				return false
			}
		} else if !isDigit(b) && (b < 'a' || b > 'f') {
			return false
		}
	}
	return true
}

func isInteger(text []byte) bool {
	if text[0] != '-' {
		return isUnsigned(text)
	}
	// -0 is no integer to FHIR, and one negative number more than positive ones fits 32 bits.
	return isPositive(text[1:]) || string(text) == "-2147483648"
}

func isUnsigned(text []byte) bool {
	if !areDigits(text) || len(text) > 10 {
		return false
	}
	_, err := strconv.ParseInt(string(text), 10, 32)
	return err == nil
}

func isPositive(text []byte) bool { return text[0] != '0' && isUnsigned(text) }

// isDate checks the calendar too: 30 February is refused.
func isDate(text []byte) bool {
	switch len(text) {
	case 4, 7, 10:
	default:
		return false
	}
	year, ok := number(text[:4])
	if !ok || year == 0 {
		return false
	}
	if len(text) == 4 {
		return true
	}
	month, ok := number(text[5:7])
	if !ok || text[4] != '-' || month < 1 || month > 12 {
		return false
	}
	if len(text) == 7 {
		return true
	}
	day, ok := number(text[8:])
	if !ok || text[7] != '-' || day < 1 {
		return false
	}
	return day <= 28 || day <= time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

func isDateTime(text []byte) bool { return isDate(text) || isInstant(text) }

func isInstant(text []byte) bool {
	if len(text) < len("2006-01-02T15:04:05Z") || text[10] != 'T' || !isDate(text[:10]) {
		return false
	}
	zone := len(text) - 1
	if text[zone] != 'Z' {
		zone = len(text) - len("+00:00")
		hour, okHour := number(text[zone+1 : zone+3])
		minute, okMinute := number(text[zone+4:])
		if text[zone] != '+' && text[zone] != '-' || text[zone+3] != ':' || !okHour || !okMinute || minute > 59 ||
			hour > 14 || hour == 14 && minute > 0 {
			return false
		}
	}
	return zone > 11 && isTime(text[11:zone])
}

// isTime allows second 60, a leap second, as the standard's pattern does.
func isTime(text []byte) bool {
	if len(text) < 8 || text[2] != ':' || text[5] != ':' {
		return false
	}
	hour, okHour := number(text[:2])
	minute, okMinute := number(text[3:5])
	second, okSecond := number(text[6:8])
	if !okHour || !okMinute || !okSecond || hour > 23 || minute > 59 || second > 60 {
		return false
	}
	return len(text) == 8 || text[8] == '.' && areDigits(text[9:])
}

func number(digits []byte) (n int, ok bool) {
	for _, b := range digits {
		if !isDigit(b) {
			return 0, false
		}
		n = n*10 + int(b-'0')
	}
	return n, true
}

func areDigits(text []byte) bool {
	for _, b := range text {
		if !isDigit(b) {
			return false
		}
	}
	return len(text) > 0
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

func isSpace(b byte) bool { return b == ' ' || b >= '\t' && b <= '\r' }
