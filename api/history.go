package api

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"medbill/fhir/search"
	"medbill/internal/records"
	"medbill/models"
	"medbill/models/fault"
)

// historyCountDefault is the page size where the client names none.
const historyCountDefault = 50

// historyQuery is what the address of a history asks for.
type historyQuery struct {
	count  int
	before int64          // the version to go on below; 0 is the newest
	since  models.Instant // versions from then on
	self   []search.Pair
}

// history answers GET [type]/[id]/_history, newest version first. https://hl7.org/fhir/R4/http.html#history
func (s *Server) history(c *gin.Context, typ string) error {
	p, err := principal(c)
	if err != nil {
		return err
	}
	id, err := segmentID(c)
	if err != nil {
		return err
	}
	q, err := historyQueryOf(c)
	if err != nil {
		return err
	}
	page, err := s.Records.History(c.Request.Context(), p, models.Ref{Type: typ, ID: id}, q.before, q.count)
	if err != nil {
		return err
	}
	s.write(c, http.StatusOK, s.historyBundle(typ+"/"+id+"/_history", q, page))
	return nil
}

func (s *Server) historyBundle(path string, q historyQuery, page records.History) []byte {
	for i, d := range page.Versions {
		if d.Updated < q.since {
			page.Versions, page.Next = page.Versions[:i], 0
			break
		}
	}
	base := s.Records.BaseURL()
	b := newBundle("history", sizeOf(page.Versions))
	b.link("self", withQuery(base+"/"+path, search.Encode(q.self)))
	if page.Next != 0 {
		next := append(withoutCursor(q.self), search.Pair{Name: records.CursorParam, Value: strconv.FormatInt(page.Next, 10)})
		b.link("next", withQuery(base+"/"+path, search.Encode(next)))
	}
	for i, d := range page.Versions {
		method, status := http.MethodPut, http.StatusOK
		switch {
		case d.Deleted:
			method, status = http.MethodDelete, http.StatusNoContent
		case d.Version == 1, i+1 < len(page.Versions) && page.Versions[i+1].Deleted:
			status = http.StatusCreated
		}
		b.version(base, d, method, status)
	}
	return b.close()
}

func withoutCursor(pairs []search.Pair) []search.Pair {
	rest := make([]search.Pair, 0, len(pairs)+1)
	for _, p := range pairs {
		if p.Name != records.CursorParam {
			rest = append(rest, p)
		}
	}
	return rest
}

// historyQueryOf reads _count, _since and the place of the page. Anything else is refused, unless the client is lenient:
// _at, for one, would be another list.
func historyQueryOf(c *gin.Context) (historyQuery, error) {
	q := historyQuery{count: historyCountDefault}
	pairs, err := search.Pairs(c.Request.URL.RawQuery)
	if err != nil {
		return q, err
	}
	seen := map[string]bool{}
	for _, p := range pairs {
		ok := true
		switch p.Name {
		case "_count":
			q.count, err = strconv.Atoi(p.Value)
			ok = err == nil && q.count > 0
			q.count = min(q.count, records.HistoryCountMax)
			p.Value = strconv.Itoa(q.count)
		case "_since":
			q.since, ok = instantOf(p.Value)
		case records.CursorParam:
			q.before, err = strconv.ParseInt(p.Value, 10, 64)
			ok = err == nil && q.before > 0
		case "_format", "_pretty":
		default:
			if isLenient(c) {
				continue
			}
			return q, fault.New(fault.Invalid, "not-supported", "A history takes _count and _since; leave other parameters out.")
		}
		if !ok || seen[p.Name] {
			return q, fault.At(fault.Invalid, "value", p.Name, "The parameter stands twice or has no value that fits: _count is a number from 1, _since an instant with its time zone.")
		}
		seen[p.Name] = true
		q.self = append(q.self, p)
	}
	return q, nil
}

// instantOf reads a FHIR instant; the plus of its time zone may have arrived as a blank.
func instantOf(text string) (models.Instant, bool) {
	t, err := time.Parse(time.RFC3339Nano, strings.Replace(text, " ", "+", 1))
	return models.InstantOf(t), err == nil
}
