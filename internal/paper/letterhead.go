package paper

import (
	"strings"

	"medbill/models"
)

// Practice is who sends a document. What is "" is not known.
type Practice struct {
	models.Contact
	NPI   string
	TaxID string
}

// Provider is who did or will do a service.
type Provider struct {
	Name string
	NPI  string
}

// fact is a line of what a document is about.
type fact struct{ label, text string }

// Where an envelope with a window shows the address of a letter that is folded in three (No. 10, window 4 1/2 by 1 1/8 inches,
// 7/8 from the left, 1/2 from the bottom).
const (
	windowLeft  = 72.0
	windowTop   = 160.0
	windowLead  = 12.5
	windowWidth = 250.0
	factsLeft   = 348.0
	factsText   = 434.0
	bodyTop     = 244.0
)

// letterhead sets who writes, what it is, what it is about, the amount that matters where there is one, and to whom it goes.
func (p *sheets) letterhead(from Practice, title string, facts []fact, matters *box, to models.Contact) {
	y := top + large.size
	y += p.block(left, y, factsLeft-left-24, large, from.Name)
	for _, l := range append(lines(from.Address), reach(from)...) {
		y += p.block(left, y, factsLeft-left-24, small, l)
	}
	below := p.window(max(windowTop, y+12), to)
	y = top + 20
	p.write(factsLeft, y, style{size: titleSize(title), bold: true}, title)
	y += 20
	for _, f := range facts {
		if f.text == "" {
			continue
		}
		p.write(factsLeft, y, small, f.label)
		y += p.block(factsText, y, right-factsText, plain, f.text) + 1
	}
	if matters != nil {
		y = p.box(y+2, *matters)
	}
	p.y = max(bodyTop, y+10, below)
}

// titleSize keeps a long title in one line.
func titleSize(title string) float64 {
	if len(title) > 16 {
		return 15
	}
	return 20
}

// reach says how a practice is called, and by what numbers a plan knows it, as far as that is known.
func reach(from Practice) []string {
	var list, numbers []string
	if from.Phone != "" {
		list = append(list, "Phone "+from.Phone)
	}
	if from.NPI != "" {
		numbers = append(numbers, "NPI "+from.NPI)
	}
	if from.TaxID != "" {
		numbers = append(numbers, "Tax ID "+from.TaxID)
	}
	return append(list, strings.Join(numbers, " · "))
}

// window writes an address from y, which is where an envelope shows it unless the sender needs the room, and gives where it ends. A line that is left out would lose the letter, so none is.
func (p *sheets) window(y float64, to models.Contact) float64 {
	for _, l := range append([]string{to.Name}, lines(to.Address)...) {
		for _, piece := range p.wrap(style{size: 10.5}, windowWidth, l) {
			p.write(windowLeft, y, style{size: 10.5}, piece)
			y += windowLead
		}
	}
	return y
}

// lines gives an address as it is written on an envelope.
func lines(a models.Address) []string {
	var list []string
	for l := range strings.SplitSeq(a.Street, "\n") {
		if l != "" {
			list = append(list, l)
		}
	}
	city := a.City
	if state := strings.TrimSpace(a.State + " " + a.PostalCode); state != "" {
		city = strings.TrimPrefix(city+", "+state, ", ")
	}
	if city != "" {
		list = append(list, city)
	}
	if a.Country != "" && a.Country != "US" && a.Country != "USA" {
		list = append(list, a.Country)
	}
	return list
}

// box is one amount that is not to be overlooked.
type box struct {
	label  string
	amount models.Cents
	below  string
}

// box draws one under the facts, from y, and gives where it ends.
func (p *sheets) box(y float64, b box) float64 {
	const height = 46.0
	p.pdf.SetFillColor(238, 238, 238)
	p.pdf.Rect(factsLeft, y, right-factsLeft, height, "F")
	p.write(factsLeft+8, y+15, small, b.label)
	p.writeRight(right-8, y+20, style{size: 17, bold: true}, "$"+dollars(b.amount))
	p.write(factsLeft+8, y+37, small, b.below)
	return y + height
}

// check says how a check pays what a document with a number asks.
func (from Practice) check(number string) string {
	text := "make it out to " + from.Name + ", write " + number + " on it and "
	if from.Address == (models.Address{}) {
		return text + "send it to us."
	}
	return text + "mail it to the address at the top of page 1."
}

// contact says how questions are asked, as far as that is known.
func (p *sheets) contact(from Practice, about string) {
	switch {
	case from.Phone != "":
		about += " Call " + from.Phone + "."
	case from.Address != (models.Address{}):
		about += " Write to the address at the top of page 1."
	default:
		about += " Ask us."
	}
	p.paragraph(plain, about)
}
