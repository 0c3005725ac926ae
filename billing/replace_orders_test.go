package billing_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"

	"medbill/models"
	"medbill/models/money"
)

// TestAVisitStandsOnceHoweverItIsCorrected plays corrections in random orders: decided before or after the answer, turned away or not, taken back before or after it is judged, or not at all where
// nothing was paid, with answers that name any claim of the number, paid by the patient in between or not, once or twice over. In the end what is billed is the
// claim in force, all of it is paid, given up or owed by the patient as its judgement says, and what the patient paid too much is a credit.
func TestAVisitStandsOnceHoweverItIsCorrected(t *testing.T) {
	histories := 16
	if underRace {
		histories = 4
	}
	seed := rand.Uint64()
	eachOffice(t, func(t *testing.T, d *desk) {
		d.price("99213", "150.00")
		d.price("99215", "300.00")
		random := rand.New(rand.NewPCG(seed, 0))
		for i := range histories {
			h := &correcting{guest: d.guest(i, "order"), random: random, says: map[string]line{"99214": as99214["99214"]}}
			h.coded()
			h.play()
			if t.Failed() {
				t.Fatalf("seed %d, history %d: %s", seed, i, strings.Join(h.steps, ", "))
			}
		}
	})
}

// correcting is one visit while it is corrected again and again.
type correcting struct {
	guest
	random   *rand.Rand
	steps    []string
	says     map[string]line // what the payer says of each code
	code     string          // of the procedure
	isLate   bool
	number   int
	paid     models.Cents              // by the patient
	answered map[models.ClaimID]string // the number of the judgement that stands
	said     map[models.ClaimID]map[string]line
}

func (h *correcting) odds(what string) bool {
	if h.random.IntN(2) == 0 {
		return false
	}
	h.steps = append(h.steps, what)
	return true
}

func (h *correcting) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatalf("after %s: %v; it stands %s", strings.Join(h.steps, ", "), err, h.stands())
	}
	h.quiet()
}

// judging has the payer judge a claim, by naming any claim of its number.
func (h *correcting) judging(c, named models.Claim) {
	h.number++
	number := fmt.Sprintf("R-%d", h.number)
	h.answered[c.ID], h.said[c.ID] = number, maps.Clone(h.says)
	c.ID = named.ID
	h.must(h.judged(c, number, false, h.says))
}

func (h *correcting) play() {
	h.code, h.answered, h.said = "99214", map[models.ClaimID]string{}, map[models.ClaimID]map[string]line{}
	isFree := h.odds("nothing is paid")
	if isFree {
		h.says = maps.Clone(nothing)
	}
	first := h.claim()
	isEarly := h.odds("decided before the answer")
	if !isEarly {
		h.judging(first, first)
	}
	for range 1 + h.random.IntN(2) {
		if !isEarly && !isFree && h.sumOf(models.AccountARPatient) > 0 && h.odds("the patient pays") {
			due := h.sumOf(models.AccountARPatient)
			h.paid += due
			h.pay(h.invoice("visit"), due, models.PaymentCash)
			h.quiet()
		}
		kind, isVoid := models.WorkChangedSent, h.odds("void")
		switch {
		case !h.isLate && h.odds("a late charge"):
			h.isLate, kind = true, models.WorkLateCharge
			h.send(h.charge("late", "93000"))
			h.says = maps.Clone(h.says)
			h.says["93000"] = line{"40.00", []string{"CO 45 10.00", "PR 2 10.00"}}
		case h.code == "99214":
			h.code = "99213"
		default:
			h.code = "99215"
		}
		h.says = maps.Clone(h.says)
		h.says["99213"], h.says["99215"] = as99213["99213"], line{"200.00", []string{"CO 45 80.00", "PR 1 20.00"}}
		h.send(h.procedure("a", h.code))
		h.quiet()
		decision := models.DecideReplace
		if isVoid {
			decision = models.DecideVoid
		}
		h.must(h.decided(kind, decision))
		if isEarly {
			h.says["99214"] = as99214["99214"]
			if isFree {
				h.says["99214"] = nothing["99214"]
			}
			h.judging(first, first)
			isEarly = false
		}
		claims, told := h.all()
		next, isOne := models.Follower(claims, first.ID)
		if !isOne || next.State != models.ClaimTransmitted {
			h.t.Fatalf("after %s the claims are %s; it stands %s", strings.Join(h.steps, ", "), told, h.stands())
		}
		if h.odds("turned away") {
			h.must(h.answersWith(next, fields{"outcome": "error", "identifier": []fields{{"value": "No"}}, "error": []fields{{"code": fields{"text": "No."}}}}))
			h.must(h.decided(models.WorkRejected, models.DecideResend))
		}
		h.answer(first, next, isVoid)
		if first = next; isVoid {
			h.holds(map[string]line{}, 0)
			return
		}
		_, claims = h.kase("visit")
		first = claims[0]
		h.holds(h.said[next.ID], next.Billed)
		isFree = false
	}
}

// answer has the payer answer the claim that comes after the first one.
func (h *correcting) answer(first, next models.Claim, isVoid bool) {
	named := func() models.Claim {
		if h.odds("names the other claim") {
			return first
		}
		return next
	}
	paid := models.Cents(0)
	for _, l := range first.Lines {
		amount, err := money.Parse(h.said[first.ID][l.Code].paid)
		if err != nil {
			h.t.Fatal(err)
		}
		paid += amount
	}
	steps := []func(){}
	if paid > 0 || h.odds("taken back though nothing was paid") {
		steps = append(steps, func() {
			c := first
			c.ID = named().ID
			h.must(h.judged(c, h.answered[first.ID], true, h.said[first.ID]))
		})
	}
	switch {
	case isVoid && len(steps) == 0:
		steps = append(steps, func() { h.must(h.isVoid(next)) })
	case !isVoid:
		steps = append(steps, func() { h.judging(next, named()) })
	}
	if len(steps) == 2 && h.odds("judged before it is taken back") {
		steps[0], steps[1] = steps[1], steps[0]
	}
	for _, step := range steps {
		step()
	}
}

// holds holds the books against the judgement of the claim in force.
func (h *correcting) holds(said map[string]line, billed models.Cents) {
	h.t.Helper()
	sums := map[string]models.Cents{}
	for code, l := range said {
		if code != h.code && (code != "93000" || !h.isLate) {
			continue
		}
		for _, one := range append([]string{"paid 0 " + l.paid}, l.adjustments...) {
			part := strings.Fields(one)
			amount, err := money.Parse(part[2])
			if err != nil {
				h.t.Fatal(err)
			}
			sums[part[0]] += amount
		}
	}
	want := fmt.Sprint(-billed, sums["paid"], sums["CO"], models.Cents(0), sums["PR"])
	patient := h.sumOf(models.AccountARPatient) + h.paid + h.sumOf(models.AccountPatientCredits) // what was owed, had nobody paid
	got := fmt.Sprint(h.sumOf(models.AccountRevenue), h.sumOf(models.AccountClearing), h.sumOf(models.AccountContractual), h.sumOf(models.AccountARInsurance), patient)
	if got != want || billed != sums["paid"]+sums["CO"]+sums["PR"] {
		h.t.Errorf("revenue, paid, given up, the payer's and the patient's are %s, want %s; it stands %s", got, want, h.stands())
	}
	h.asksWhatIsOwed(h.id)
}
