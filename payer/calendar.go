package payer

import (
	"time"
)

// work is the next thing to do: a letter to send on a day, or answers whose payment is to be told.
type work struct {
	letter *Letter
	day    string
	pay    []*Letter
}

// next gives what is to be done until a day, earliest first; false where nothing is.
func (s *state) next(today string) (work, bool) {
	first := work{day: today}
	found := false
	for _, l := range s.letters {
		if l.State != Due {
			continue
		}
		day := s.dayFor(l)
		if day < first.day || day == first.day && (!found || l.Key < first.letter.Key) {
			first, found = work{letter: l, day: day}, true
		}
	}
	traces := map[string][]*Letter{}
	oldest := ""
	for _, l := range s.letters {
		if l.State == Sent && l.pays() && !l.remitted && l.Day < first.day {
			traces[l.Trace] = append(traces[l.Trace], l)
			if oldest == "" || l.Day+l.Trace < traces[oldest][0].Day+oldest {
				oldest = l.Trace
			}
		}
	}
	if oldest != "" {
		return work{pay: traces[oldest]}, true
	}
	return first, found
}

// dayFor gives the day on which a letter is written: when it is due, and after what was remitted already.
func (s *state) dayFor(l *Letter) string {
	closed := s.closed[s.claims[l.Claim].account()]
	if !l.pays() || l.Due > closed {
		return l.Due
	}
	return dayOf(closed).AddDate(0, 0, 1).Format(time.DateOnly)
}
