package paper

import (
	"strings"

	"medbill/models"
)

// column is one of a table. What stands right are amounts, so that their cents stand below each other.
type column struct {
	head  string
	width float64
	right bool
}

// row is one of a table, with what is said about it below. It stays on one page.
type row struct {
	cells []string
	notes []note
	sum   bool // it adds up those above
}

// note says something about a row, with its amount where it is about a part of one.
type note struct {
	text   string
	amount string
}

const (
	cellGap  = 6.0
	rowSpace = 5.0
)

// table sets rows under a head that every page repeats.
func (p *sheets) table(columns []column, rows []row) {
	p.room(p.headHeight(columns) + 24)
	p.head(columns)
	for _, r := range rows {
		height := p.rowHeight(columns, r)
		if p.y+height > bottom {
			p.turn()
			p.head(columns)
		}
		p.row(columns, r)
	}
	p.y += 8
}

var headStyle = style{size: 8, bold: true, gray: 60}

func (p *sheets) headHeight(columns []column) float64 {
	lines := 1
	for _, c := range columns {
		lines = max(lines, len(p.wrap(headStyle, c.width-cellGap, c.head)))
	}
	return float64(lines)*headStyle.lead() + rowSpace
}

func (p *sheets) head(columns []column) {
	height := p.headHeight(columns)
	p.pdf.SetFillColor(238, 238, 238)
	p.pdf.Rect(left, p.y, right-left, height, "F")
	x := left
	for _, c := range columns {
		p.cell(x, p.y+rowSpace/2+headStyle.size, c, headStyle, c.head)
		x += c.width
	}
	p.y += height + 3
}

// cell writes one cell from its first base line.
func (p *sheets) cell(x, base float64, c column, s style, text string) {
	for i, l := range p.wrap(s, c.width-cellGap, text) {
		at := base + float64(i)*s.lead()
		if c.right {
			p.writeRight(x+c.width-cellGap/2, at, s, l)
		} else {
			p.write(x+cellGap/2, at, s, l)
		}
	}
}

func (r row) style() style {
	if r.sum {
		return strong
	}
	return plain
}

func (p *sheets) rowHeight(columns []column, r row) float64 {
	lines := 1
	for i, text := range r.cells {
		lines = max(lines, len(p.wrap(r.style(), columns[i].width-cellGap, text)))
	}
	height := float64(lines)*plain.lead() + rowSpace
	for _, n := range r.notes {
		height += float64(len(p.wrap(small, p.noteWidth(columns), n.text))) * small.lead()
	}
	return height
}

// noteWidth leaves the first and the last column free.
func (p *sheets) noteWidth(columns []column) float64 {
	return right - left - columns[0].width - columns[len(columns)-1].width - 2*cellGap
}

func (p *sheets) row(columns []column, r row) {
	height := p.rowHeight(columns, r)
	if r.sum {
		p.line(p.y)
	}
	x, base := left, p.y+rowSpace/2+plain.size
	for i, text := range r.cells {
		p.cell(x, base, columns[i], r.style(), text)
		x += columns[i].width
	}
	var notes float64
	for _, n := range r.notes {
		notes += float64(len(p.wrap(small, p.noteWidth(columns), n.text))) * small.lead()
	}
	base += height - notes - rowSpace
	for _, n := range r.notes {
		used := p.block(left+columns[0].width+cellGap/2, base, p.noteWidth(columns), small, n.text)
		p.writeRight(right-cellGap/2, base+used-small.lead(), small, n.amount)
		base += used
	}
	p.y += height
}

// amounts gives the texts of amounts for the cells of a row.
func amounts(list ...models.Cents) []string {
	texts := make([]string, len(list))
	for i, a := range list {
		texts[i] = dollars(a)
	}
	return texts
}

// dollars writes an amount with its thousands apart.
func dollars(c models.Cents) string {
	text := c.String()
	for at := strings.IndexByte(text, '.') - 3; at > 0 && text[at-1] != '-'; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}

// total is a line of what a document comes to.
type total struct {
	label  string
	amount models.Cents
	strong bool
}

// totals sets amounts below each other at the right.
func (p *sheets) totals(list ...total) {
	const from = 300.0
	p.room(float64(len(list)) * (strong.lead() + 4))
	for _, t := range list {
		s := plain
		if t.strong {
			s = style{size: 11, bold: true}
			p.pdf.SetDrawColor(90, 90, 90)
			p.pdf.Line(from, p.y, right, p.y)
			p.y += 3
		}
		p.write(from, p.y+s.size, s, t.label)
		p.writeRight(right-cellGap/2, p.y+s.size, s, dollars(t.amount))
		p.y += s.lead() + 2
	}
	p.y += 8
}
