package billing

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"

	"medbill/internal/store"
	"medbill/internal/store/journal"
	"medbill/models"
)

// proofFormat is the name of the format of a proof, docs/proof.md; another one gets another.
const proofFormat = "medbill-proof-1"

// proof writes the lines of a proof and goes on with what their end says: how many there are, and a digest over all of them.
type proof struct {
	out   *bufio.Writer
	sum   hash.Hash
	lines int
}

func (p *proof) line(text []byte) error {
	p.lines++
	for _, w := range []io.Writer{p.sum, p.out} {
		if _, err := w.Write(append(text, '\n')); err != nil {
			return err
		}
	}
	return nil
}

// prove writes what the tenant's books say, and of each law how often it was found broken, so that who has the file alone can see it too.
func prove(v *store.View, out io.Writer, broken map[models.Law]int) error {
	p := proof{out: bufio.NewWriter(out), sum: sha256.New()}
	if err := p.line(fmt.Appendf(nil, `{"kind":"proof","format":%q,"tenant":%q}`, proofFormat, v.Tenant())); err != nil {
		return err
	}
	if err := journal.EachFact(v, p.line); err != nil {
		return err
	}
	for _, law := range models.Laws {
		if err := p.line(fmt.Appendf(nil, `{"kind":"law","law":%q,"broken":%d}`, law, broken[law])); err != nil {
			return err
		}
	}
	end := fmt.Appendf(nil, `{"kind":"end","lines":%d,"digest":%q}`, p.lines, hex.EncodeToString(p.sum.Sum(nil)))
	if err := p.line(end); err != nil {
		return err
	}
	return p.out.Flush()
}
