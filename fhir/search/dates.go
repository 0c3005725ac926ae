package search

import "time"

// dateSpan is what a date, dateTime or instant covers by its precision: the instants [low, high) in microseconds and the
// civil days [lowDay, highDay), counted from 1970-01-01. by says which of the two the text tells; where it tells no time,
// the instants are those of the days in UTC, and where it tells no day, the days are 0.
type dateSpan struct {
	low, high       int64
	lowDay, highDay int64
	by              By
	local           bool // it has a time without an offset: low and high are read as if it were Z
}

// parseDate reads a date, dateTime or instant: a year, a month, a day, a minute, a second or a fraction of it. A time with
// a numeric offset stands on the day it writes; one with Z does not say where it is and has no day of its own. A space
// before the offset stands for the plus that a form decodes away.
// https://hl7.org/fhir/R4/search.html#date https://www.rfc-editor.org/rfc/rfc9557#section-2
func parseDate(text string) (dateSpan, bool) {
	r := digits{text: text, ok: true}
	year := r.number(4, 1, 9999)
	if r.done() {
		return days(date(year, 1, 1), date(year+1, 1, 1)), r.ok
	}
	r.take('-')
	month := r.number(2, 1, 12)
	if r.done() {
		return days(date(year, month, 1), date(year, month+1, 1)), r.ok
	}
	r.take('-')
	day := r.number(2, 1, 31)
	start := date(year, month, day)
	if start.Day() != day {
		return dateSpan{}, false
	}
	s := days(start, start.AddDate(0, 0, 1))
	if r.done() {
		return s, r.ok
	}
	r.time(&s)
	return s, r.ok && r.done()
}

func date(year, month, day int) time.Time {
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
}

// days gives the span from one day to another, both at midnight in UTC.
func days(start, end time.Time) dateSpan {
	low, high := start.UnixMicro(), end.UnixMicro()
	return dateSpan{low: low, high: high, lowDay: low / dayMicros, highDay: high / dayMicros, by: ByDay}
}

// time narrows the span of a day to the time that follows.
func (r *digits) time(s *dateSpan) {
	r.take('T')
	hour := r.number(2, 0, 23)
	r.take(':')
	minute := r.number(2, 0, 59)
	s.low += (int64(hour)*60 + int64(minute)) * 60 * 1e6
	length := int64(60 * 1e6)
	if r.next() == ':' {
		r.take(':')
		s.low += int64(r.number(2, 0, 60)) * 1e6
		length = 1e6
		if r.next() == '.' {
			r.take('.')
			s.low, length = r.fraction(s.low)
		}
	}
	s.by = ByBoth
	switch r.next() {
	case 0:
		s.local = true
	case 'Z':
		r.take('Z')
		s.by, s.lowDay, s.highDay = ByTime, 0, 0
	default:
		s.low -= r.offset()
	}
	s.high = s.low + length
}

// digits reads a text of fixed form; ok turns false at the first thing that does not fit.
type digits struct {
	text string
	ok   bool
}

func (r *digits) done() bool { return r.text == "" || !r.ok }

func (r *digits) next() byte {
	if r.text == "" {
		return 0
	}
	return r.text[0]
}

func (r *digits) take(c byte) {
	if r.next() != c {
		r.ok = false
		return
	}
	r.text = r.text[1:]
}

func (r *digits) number(length, least, most int) int {
	if !r.ok || len(r.text) < length {
		r.ok = false
		return least
	}
	n := 0
	for _, c := range []byte(r.text[:length]) {
		if c < '0' || c > '9' {
			r.ok = false
			return least
		}
		n = n*10 + int(c-'0')
	}
	r.text = r.text[length:]
	if n < least || n > most {
		r.ok = false
		return least
	}
	return n
}

// fraction reads the digits after the point of a second and gives the start and length in microseconds; what is finer
// than a microsecond is cut.
func (r *digits) fraction(low int64) (int64, int64) {
	unit, count := int64(1e6), 0
	for r.ok && r.next() >= '0' && r.next() <= '9' {
		if count++; unit > 1 {
			unit /= 10
			low += unit * int64(r.text[0]-'0')
		}
		r.text = r.text[1:]
	}
	r.ok = r.ok && count > 0
	return low, unit
}

// offset reads a numeric offset and gives it in microseconds.
func (r *digits) offset() int64 {
	sign := int64(1)
	switch r.next() {
	case '-':
		sign = -1
	case '+', ' ':
	default:
		r.ok = false
		return 0
	}
	r.text = r.text[1:]
	hours := r.number(2, 0, 14)
	r.take(':')
	return sign * (int64(hours)*60 + int64(r.number(2, 0, 59))) * 60 * 1e6
}
