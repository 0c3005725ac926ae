package pricing

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"medbill/models"
)

// reduction is what is left of a part of each service but the first when several of a kind are done on one day. The kind is the multiple
// procedure indicator of the fee schedule; the first is the one whose part comes to most. CMS Pub. 100-04, chapter 12, 40.6 (2, 3), chapter 4,
// 20.4.7 and chapter 13, 40.2 (4, 6, 7), chapter 5, 10.7 (5).
type reduction struct {
	indicator byte
	part      func(pricer, *line) *big.Rat // of doing it once
	keeps     *big.Rat
	text      string
}

var reductions = []reduction{
	{'4', pricer.technical, big.NewRat(1, 2), "the technical part of further imaging: 50 %"},
	{'4', pricer.professional, big.NewRat(95, 100), "the professional part of further imaging: 95 %"},
	{'5', pricer.expense, big.NewRat(1, 2), "the practice expense of further therapy: 50 %"},
	{'6', pricer.technical, big.NewRat(3, 4), "the technical part of further cardiology: 75 %"},
	{'7', pricer.technical, big.NewRat(4, 5), "the technical part of further ophthalmology: 80 %"},
}

// several reduces what is one of several on a day.
func (p pricer) several(lines []*line) {
	type session struct {
		indicator byte
		day       models.Date
		who       models.Performer // of surgery
	}
	groups := map[session][]*line{}
	for _, l := range lines {
		if l.amount == nil || l.amount.Sign() == 0 || !l.isService || !l.fee.isListed {
			continue
		}
		at := session{indicator: l.fee.Multiple, day: l.service.Day}
		switch at.indicator {
		case '2', '3':
			at.indicator, at.who = '2', cmp.Or(l.Rendering, p.claim.Rendering)
		case '4', '6', '7':
			if l.has("59", "XE") {
				continue // another session of the day
			}
		}
		groups[at] = append(groups[at], l)
	}
	for at, group := range groups {
		if at.indicator == '2' {
			p.surgery(group)
			continue
		}
		for _, r := range reductions {
			if r.indicator == at.indicator {
				p.reduce(group, r)
			}
		}
	}
}

// reduce takes off what a reduction leaves of a part of all lines but once of the first.
func (p pricer) reduce(lines []*line, r reduction) {
	type parted struct {
		*line
		part *big.Rat
	}
	var list []parted
	for _, l := range lines {
		if part := r.part(p, l); part.Sign() > 0 {
			list = append(list, parted{l, part})
		}
	}
	slices.SortFunc(list, func(a, b parted) int { return cmp.Or(b.part.Cmp(a.part), inOrder(a.line, b.line)) })
	for i, l := range list {
		further := l.times
		if i == 0 {
			further = beyondFirst(l.times)
		}
		if further.Sign() > 0 {
			off := times(times(l.part, new(big.Rat).Sub(one, r.keeps)), further)
			l.sets(new(big.Rat).Sub(l.amount, off), "Several of the day: "+r.text, l.fee.source)
		}
	}
}

// beyondFirst is how often something is done after the first time.
func beyondFirst(n *big.Rat) *big.Rat {
	if n.Cmp(one) <= 0 {
		return new(big.Rat)
	}
	return new(big.Rat).Sub(n, one)
}

// inOrder orders lines that come to the same by what they say, so that it does not hang on their places which is the first.
func inOrder(a, b *line) int {
	return cmp.Or(b.times.Cmp(a.times), cmp.Compare(a.Code, b.Code), cmp.Compare(strings.Join(a.Modifiers, " "), strings.Join(b.Modifiers, " ")),
		cmp.Compare(a.Billed, b.Billed), cmp.Compare(a.Sequence, b.Sequence))
}

// expense is the practice expense in a line's amount.
func (p pricer) expense(l *line) *big.Rat {
	if l.fee.problem != "" {
		return new(big.Rat)
	}
	return times(l.unit, new(big.Rat).Quo(l.fee.practice, l.fee.total()))
}

// technical is the technical part of a line's amount: all of TC, nothing of 26, else as much of it as of the fee.
func (p pricer) technical(l *line) *big.Rat {
	switch {
	case l.fee.problem != "" || l.has("26") || l.fee.Components == '2':
		return new(big.Rat)
	case l.has("TC") || l.fee.Components == '3':
		return l.unit
	}
	part := p.feeWith(l, l.Code, []string{"TC"})
	if part.problem != "" || part.Modifier != "TC" {
		return new(big.Rat)
	}
	return times(l.unit, new(big.Rat).Quo(part.total(), l.fee.total()))
}

// professional is the rest of it.
func (p pricer) professional(l *line) *big.Rat {
	if l.fee.problem != "" {
		return new(big.Rat)
	}
	return new(big.Rat).Sub(l.unit, p.technical(l))
}

// procedure is what is ranked among the surgery of a day: a line, or a family of endoscopies.
type procedure struct {
	lines []*line
	value *big.Rat // of doing it once
	times *big.Rat
}

// surgery reduces procedures of one person's on one day: the first is allowed whole and each further one half. Endoscopies with one base
// are one procedure, of which the base is in each.
func (p pricer) surgery(lines []*line) {
	families := map[string][]*line{}
	for _, l := range lines {
		if l.fee.Multiple == '3' && l.fee.Endoscopy != "" {
			families[l.fee.Endoscopy] = append(families[l.fee.Endoscopy], l)
		}
	}
	var list []procedure
	for _, l := range lines {
		switch family, isBase := families[l.Code]; {
		case isBase:
			families[l.Code] = append(family, l)
		case l.fee.Multiple != '3' || l.fee.Endoscopy == "":
			list = append(list, procedure{[]*line{l}, l.unit, l.times})
		}
	}
	for base, family := range families {
		p.endoscopies(base, family)
		value := new(big.Rat)
		slices.SortFunc(family, inOrder)
		for _, l := range family {
			value.Add(value, l.amount)
		}
		list = append(list, procedure{family, value, one})
	}
	slices.SortFunc(list, func(a, b procedure) int { return cmp.Or(b.value.Cmp(a.value), inOrder(a.lines[0], b.lines[0])) })
	half := big.NewRat(1, 2)
	for i, one := range list {
		for _, l := range one.lines {
			switch further := beyondFirst(one.times); {
			case i > 0:
				l.sets(times(l.amount, half), "Several of the day: 50 % of a further procedure", l.fee.source)
			case further.Sign() > 0:
				off := times(times(one.value, half), further)
				l.sets(new(big.Rat).Sub(l.amount, off), "Several of the day: 50 % of each but the first", l.fee.source)
			}
		}
	}
}

// endoscopies takes the base off all of a family but once of the first.
func (p pricer) endoscopies(base string, family []*line) {
	count := new(big.Rat)
	for _, l := range family {
		count.Add(count, l.times)
	}
	if len(family) < 2 && count.Cmp(one) <= 0 {
		return
	}
	slices.SortFunc(family, func(a, b *line) int { return cmp.Or(b.unit.Cmp(a.unit), inOrder(a, b)) })
	for i, l := range family {
		of := &line{ClaimLine: l.ClaimLine, service: l.service, times: one, share: one}
		of.Code, of.Modifiers, of.Units = base, nil, models.OneUnit
		of.service.Codes, of.service.Modifiers = []string{base}, nil
		p.rate(of)
		if of.amount == nil || of.unit == nil {
			l.notes("No rate says what the base "+base+" of the endoscopy comes to; it is not taken off", p.source())
			continue
		}
		off := times(of.unit, l.share)
		if off.Cmp(l.unit) > 0 {
			off = l.unit
		}
		further := l.times
		if i == 0 {
			further = beyondFirst(l.times)
		}
		if further.Sign() > 0 {
			l.sets(new(big.Rat).Sub(l.amount, times(off, further)), fmt.Sprintf("Endoscopies of one family: less the base %s", base), l.fee.source)
		}
	}
}
