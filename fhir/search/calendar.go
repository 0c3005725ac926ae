package search

import "time"

const dayMicros = int64(24 * 60 * 60 * 1e6)

// calendar tells civil days and instants of one time zone into each other. Days are counted from 1970-01-01, instants in
// microseconds.
type calendar struct{ zone *time.Location }

// day gives the civil day on which an instant falls.
func (c calendar) day(instant int64) int64 {
	year, month, day := time.UnixMicro(instant).In(c.zone).Date()
	return date(year, int(month), day).UnixMicro() / dayMicros
}

// start gives the first instant of a day. Where a clock is set at midnight, midnight comes twice or not at all; so the
// offsets of the day before and of the day after are tried, and the first that falls on the day or behind it counts.
func (c calendar) start(day int64) int64 {
	midnight := day * dayMicros
	before, after := midnight-c.offset(midnight-dayMicros), midnight-c.offset(midnight+dayMicros)
	first, second := min(before, after), max(before, after)
	if c.day(first) >= day {
		return first
	}
	return second
}

func (c calendar) offset(instant int64) int64 {
	_, seconds := time.UnixMicro(instant).In(c.zone).Zone()
	return int64(seconds) * 1e6
}

// instant gives the moment at which the clock shows what would be instant in UTC.
func (c calendar) instant(clock int64) int64 {
	t := time.UnixMicro(clock).UTC()
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), c.zone).UnixMicro()
}

// Bound is where a range of dates begins or ends: an instant, and the day that stands for it before ends of keys that have
// no time. A low end with a day lies at or after At where its day is at least LowDay, a high end at or before At where its
// day is at most HighDay. For the bound of a day all three say the same.
type Bound struct{ At, LowDay, HighDay int64 }

func (c calendar) ofDay(day int64) Bound { return Bound{c.start(day), day, day} }

func (c calendar) ofInstant(instant int64) Bound {
	b := Bound{At: instant, HighDay: c.day(instant)}
	b.LowDay = b.HighDay
	if c.start(b.LowDay) < instant {
		b.LowDay++
	}
	return b
}
