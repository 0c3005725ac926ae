// Package paper sets documents that go to people by mail: plain structs become the bytes of a PDF. It owns fonts, pages, tables and
// the words on them; it adds up what a table shows, and looks nothing up: whoever fills the structs says what is true.
//
// The same struct gives the same bytes, whenever and wherever: there is no clock, and the file says nothing about itself but the
// number and the day of the document. What is read out of it comes in the order in which a person reads it.
package paper

import (
	"bytes"
	"fmt"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansregular"

	"medbill/models"
)

// US Letter in points, with margins that printers keep to.
const (
	pageWidth  = 612.0
	pageHeight = 792.0
	left       = 54.0
	right      = pageWidth - 54
	top        = 46.0
	bottom     = pageHeight - 62
	footer     = pageHeight - 36
)

// style is how text looks: its size in points, and how dark it is, from 0, which is black.
type style struct {
	size float64
	bold bool
	gray int
}

var (
	plain  = style{size: 10}
	strong = style{size: 10, bold: true}
	small  = style{size: 9, gray: 60}
	faint  = style{size: 8.5, gray: 80}
	large  = style{size: 12, bold: true}
)

// lead is how far lines stand from each other.
func (s style) lead() float64 { return s.size * 1.35 }

// sheets are the pages of a document while they are set. y is where the next thing begins.
type sheets struct {
	pdf     *fpdf.Fpdf
	y       float64
	running string // at the head of every page but the first
}

// family is the name of the typeface within a file.
const family = "sans"

// epoch stands for a day that nobody knows.
var epoch = time.Unix(0, 0).UTC()

// begin opens a document of a day at its first page.
func begin(number string, day models.Date, running string) *sheets {
	made, err := time.Parse(time.DateOnly, string(day))
	if err != nil {
		made = epoch
	}
	pdf := fpdf.New("P", "pt", "Letter", "")
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(made)
	pdf.SetModificationDate(made)
	pdf.SetProducer("medbill", false)
	pdf.SetTitle(shown(number), true)
	pdf.SetLang("en-US")
	pdf.SetAutoPageBreak(false, 0)
	pdf.AddUTF8FontFromBytes(family, "", liberationsansregular.TTF)
	pdf.AddUTF8FontFromBytes(family, "B", liberationsansbold.TTF)
	p := &sheets{pdf: pdf, running: running}
	pdf.AddPage()
	p.y = top
	return p
}

// end numbers the pages and gives the file.
func (p *sheets) end() ([]byte, error) {
	pages := p.pdf.PageCount()
	for n := 1; n <= pages; n++ {
		p.pdf.SetPage(n)
		p.writeRight(right, footer, faint, fmt.Sprintf("Page %d of %d", n, pages))
	}
	p.pdf.SetPage(pages)
	var file bytes.Buffer
	if err := p.pdf.Output(&file); err != nil {
		return nil, fmt.Errorf("set a document: %w", err)
	}
	return file.Bytes(), nil
}

// turn goes on at the next page.
func (p *sheets) turn() {
	p.pdf.AddPage()
	p.y = top
	p.write(left, p.y, faint, p.running)
	p.y += 8
	p.line(p.y)
	p.y += 18
}

// room turns the page where less than a height is left of it.
func (p *sheets) room(height float64) {
	if p.y+height > bottom {
		p.turn()
	}
}

func (p *sheets) use(s style) {
	weight := ""
	if s.bold {
		weight = "B"
	}
	p.pdf.SetFont(family, weight, s.size)
	p.pdf.SetTextColor(s.gray, s.gray, s.gray)
}

// write puts one line of text on its base line.
func (p *sheets) write(x, base float64, s style, text string) {
	if text = shown(text); text == "" {
		return
	}
	p.use(s)
	p.pdf.Text(x, base, text)
}

// writeRight puts one line of text so that it ends at x.
func (p *sheets) writeRight(x, base float64, s style, text string) {
	p.write(x-p.width(s, text), base, s, text)
}

func (p *sheets) width(s style, text string) float64 {
	p.use(s)
	return p.pdf.GetStringWidth(shown(text))
}

// line draws one across the page.
func (p *sheets) line(y float64) {
	p.pdf.SetDrawColor(170, 170, 170)
	p.pdf.SetLineWidth(0.5)
	p.pdf.Line(left, y, right, y)
}

// block writes text from x in lines no wider than width and gives how high it is. The first base line is base.
func (p *sheets) block(x, base, width float64, s style, text string) float64 {
	lines := p.wrap(s, width, text)
	for i, l := range lines {
		p.write(x, base+float64(i)*s.lead(), s, l)
	}
	return float64(len(lines)) * s.lead()
}

// paragraph writes text over the whole width, over pages where it must.
func (p *sheets) paragraph(s style, text string) {
	for _, l := range p.wrap(s, right-left, text) {
		p.room(s.lead())
		p.write(left, p.y+s.size, s, l)
		p.y += s.lead()
	}
	p.y += s.size * 0.6
}

// heading writes the title of a part, which stays with what follows it.
func (p *sheets) heading(text string) {
	p.room(64)
	p.y += 6
	p.write(left, p.y+large.size, style{size: 11, bold: true}, text)
	p.y += large.lead() + 3
}

// dayOf writes a day as Americans do.
func dayOf(d models.Date) string {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return string(d)
	}
	return t.Format("January 2, 2006")
}

// shortDay writes a day in a column.
func shortDay(d models.Date) string {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return string(d)
	}
	return t.Format("01/02/2006")
}
