package billing_test

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"medbill/billing"
	"medbill/internal/openings"
	"medbill/models"
)

// kind is a kind of event with its share of all of them. do has it happen, and gives how many of them there were: 0 where there was nothing that it could happen to.
type kind struct {
	name  string
	share int
	do    func(*world) int
}

var kindsOfEvents = []kind{
	{"charge", 26, (*world).visit},
	{"balance from before", 2, once((*world).balance)},
	{"payment plan", 1, once((*world).agree)},
	{"guarantor named", 2, once((*world).answerFor)},
	{"claim sent", 10, once((*world).send)},
	{"acknowledgement", 3, once((*world).acknowledge)},
	{"answer", 9, once((*world).answer)},
	{"interim answer", 3, once((*world).interim)},
	{"denial", 7, once((*world).deny)},
	{"answer with a reason that nobody knows", 3, once((*world).puzzle)},
	{"second payer's answer", 5, once((*world).second)},
	{"second payer's wrong answer", 5, once((*world).misreport)},
	{"answer again", 3, once((*world).again)},
	{"answer passed on", 3, once((*world).passOn)},
	{"reversal", 3, once((*world).reverse)},
	{"correction", 3, once((*world).correct)},
	{"takeback", 4, once((*world).takeBack)},
	{"answer to no claim", 3, once((*world).stray)},
	{"its claim found", 3, once((*world).match)},
	{"payment told", 4, once((*world).tell)},
	{"payment told again", 2, once((*world).tellAgain)},
	{"deposit", 4, once((*world).deposit)},
	{"deposit again", 1, once((*world).depositAgain)},
	{"deposit matched", 2, once((*world).matchDeposit)},
	{"its match taken back", 1, once((*world).unmatchDeposit)},
	{"patient's payment", 5, once((*world).pay)},
	{"patient's payment again", 2, once((*world).payAgain)},
	{"patient's money without a bill", 4, once((*world).collect)},
	{"payment taken back", 2, once((*world).returned)},
	{"payment moved", 1, once((*world).move)},
	{"patient asked for less", 2, once((*world).forgive)},
	{"patient asked again", 1, once((*world).askAgain)},
	{"credit given back", 2, once((*world).refund)},
	{"refund paid or cancelled", 2, once((*world).endRefund)},
	{"dispute won or lost", 2, once((*world).endDispute)},
	{"write-off", 2, deciding(models.WorkAnswer, models.DecideWriteOff)},
	{"decision taken back", 3, once((*world).undo)},
	{"appeal", 3, deciding(models.WorkAnswer, models.DecideAppeal)},
	{"patient asked for a denial", 3, deciding(models.WorkAnswer, models.DecideBillPatient)},
	{"proposal accepted", 4, deciding(models.WorkAnswer, models.DecideAccept)},
	{"overpayment given back", 4, deciding(models.WorkOverpayment, models.DecideGiveBack)},
	{"chart changed after sending", 3, once((*world).recode)},
	{"late charge", 2, once((*world).addLate)},
	{"replacement", 2, once((*world).replace)},
	{"void", 2, once((*world).void)},
	{"change ignored", 2, once((*world).ignore)},
	{"books closed", 2, once((*world).closeBooks)},
	{"step cut off", 2, once((*world).cutOff)},
	{"process ended", 1, once((*world).restart)},
}

func once(do func(*world) bool) func(*world) int {
	return func(w *world) int {
		if do(w) {
			return 1
		}
		return 0
	}
}

// visit is one of an evaluation and up to two services more, of a patient with one plan, two or none. It gives how many charges it has.
func (w *world) visit() (charges int) {
	w.t.Helper()
	g := guest{w.desk, w.name("v")}
	s := &stay{guest: g, kaseID: models.CaseOf(models.VisitID(g.named("visit"))), code: "99214"}
	records := []fields{g.patient(), g.encounter("visit"), g.condition("dx", "I10"), g.procedure("a", s.code)}
	plans := some(w, 0, 1, 1, 2, 2, 2, 2, 2)
	if plans > 0 {
		records = append(records, g.plan("plan").with(order(1)))
	}
	if plans > 1 {
		records = append(records, g.plan("second").with(paidBy(ref("Organization/beta")), order(2)))
	}
	charges = 1
	for i, code := range []string{"93000", "36415"} {
		if w.random.IntN(2) == 0 {
			records = append(records, g.charge(fmt.Sprintf("b%d", i), code))
			charges++
		}
	}
	g.send(records...)
	w.notes("visit %s with %d plans", g.id, plans)
	w.begins(s)
	return charges
}

// balance is what a payer or a patient owes from before.
func (w *world) balance() bool {
	w.t.Helper()
	s := w.any(func(s *stay) bool { return s.code != "" && len(s.now.claims) > 0 })
	if s == nil {
		return false
	}
	number, payer := w.name("C"), "acme"
	if w.random.IntN(2) == 0 {
		payer = ""
	}
	text := fmt.Sprintf("%s%s,%s,,%s,,2026-02-02,,,%s\n", openingHeader, s.id, payer, number, models.Cents(1000+w.random.IntN(9000)))
	file, err := openings.ReadCSV(strings.NewReader(text))
	if err == nil {
		_, err = w.office.OpenBalances(context.Background(), w.admin(), billing.Call{}, file)
	}
	if !w.accepted("balance "+number, err) {
		return false
	}
	kase, _ := w.opening(number)
	w.begins(&stay{guest: s.guest, kaseID: kase.ID})
	return true
}

// claimOf gives a claim of which something holds; false where the stay has none.
func (s *stay) claimOf(holds func(models.Claim) bool) (models.Claim, bool) {
	if i := slices.IndexFunc(s.now.claims, holds); i >= 0 {
		return s.now.claims[i], true
	}
	return models.Claim{}, false
}

// with gives a stay that has a claim of which something holds, and the claim.
func (w *world) with(holds func(*stay, models.Claim) bool) (found *stay, c models.Claim) {
	w.t.Helper()
	found = w.any(func(s *stay) (has bool) {
		c, has = s.claimOf(func(c models.Claim) bool { return holds(s, c) })
		return has
	})
	return found, c
}

func (w *world) send() bool {
	w.t.Helper()
	s, c := w.with(func(_ *stay, c models.Claim) bool { return c.State == models.ClaimReady && !isFirst(c) })
	if s == nil {
		s, c = w.with(func(_ *stay, c models.Claim) bool { return c.State == models.ClaimReady })
	}
	if s == nil {
		return false
	}
	_, err := w.office.SubmitClaim(context.Background(), w.admin(), billing.Call{}, c.ID)
	s.isStale = true
	return w.accepted("send "+string(c.ID), err)
}

// deciding makes a decision about work of a kind, wherever it can be made.
func deciding(kind models.WorkKind, decision models.Decision) func(*world) int {
	return once(func(w *world) bool { return w.decides(decision, kind) })
}

// decides makes a decision about some open work of these kinds. What was refused is not tried again until something else happens to the case.
func (w *world) decides(decision models.Decision, kinds ...models.WorkKind) bool {
	w.t.Helper()
	var item models.WorkItem
	for {
		s := w.any(func(s *stay) bool {
			i := slices.IndexFunc(s.now.work, func(item models.WorkItem) bool {
				return slices.Contains(kinds, item.Kind) && !slices.Contains(s.refused, decision)
			})
			if i >= 0 {
				item = s.now.work[i]
			}
			return i >= 0
		})
		if s == nil {
			return false
		}
		_, err := w.office.DecideWork(context.Background(), w.admin(), billing.Call{}, item.ID, billing.Verdict{Decision: decision, Reason: "As the record says."})
		if w.accepted(fmt.Sprintf("%s of %s of %s %s", decision, item.Kind, item.CaseID, item.Subject), err) {
			w.touches(item.CaseID)
			w.given = append(w.given, item)
			return true
		}
		s.refused = append(s.refused, decision)
	}
}

// match says which claim an answer to none is about.
func (w *world) match() bool {
	w.t.Helper()
	for len(w.lost) > 0 {
		one := w.lost[0]
		w.lost = w.lost[1:]
		item := w.workAbout(one.answer)
		_, err := w.office.DecideWork(context.Background(), w.admin(), billing.Call{}, item, billing.Verdict{Decision: models.DecideMatch, Claim: one.claim})
		one.stay.isStale = true
		if w.accepted("match to "+string(one.stay.kaseID), err) {
			return true
		}
	}
	return false
}

// undo takes back what was decided.
func (w *world) undo() bool {
	w.t.Helper()
	for len(w.given) > 0 {
		i := w.random.IntN(len(w.given))
		item := w.given[i]
		w.given = slices.Delete(w.given, i, i+1)
		item = w.workItem(item.ID)
		if _, canUndo := item.Undoing(); !canUndo {
			continue
		}
		_, err := w.office.DecideWork(context.Background(), w.admin(), billing.Call{}, item.ID, billing.Verdict{Decision: models.DecideUndo, Reason: "It was found."})
		w.touches(item.CaseID)
		if w.accepted(fmt.Sprintf("undo of %s of %s", item.Decision, item.CaseID), err) {
			return true
		}
	}
	return false
}

// recode has the EHR say that the visit was another one, after its claim went out.
func (w *world) recode() bool {
	w.t.Helper()
	s := w.any(func(s *stay) bool { return s.code != "" && s.now.isSent() && len(s.now.work) == 0 && s.changes < 3 })
	if s == nil {
		return false
	}
	s.code, s.isStale = map[string]string{"99214": "99213", "99213": "99214"}[s.code], true
	s.changes++
	return w.accepted("recode "+s.id, s.try(s.procedure("a", s.code)))
}

func (w *world) addLate() bool {
	w.t.Helper()
	s := w.any(func(s *stay) bool { return s.code != "" && s.now.isSent() && len(s.now.work) == 0 && s.changes < 3 })
	if s == nil {
		return false
	}
	s.changes, s.isStale = s.changes+1, true
	return w.accepted("late charge of "+s.id, s.try(s.charge(w.name("late"), "93000")))
}

func (w *world) replace() bool {
	return w.decides(models.DecideReplace, models.WorkChangedSent, models.WorkLateCharge, models.WorkNextPayer)
}

func (w *world) void() bool {
	return w.decides(models.DecideVoid, models.WorkChangedSent, models.WorkLateCharge)
}

func (w *world) ignore() bool {
	return w.decides(models.DecideIgnore, models.WorkChangedSent, models.WorkLateCharge)
}

// closeBooks closes the books through the day before yesterday.
func (w *world) closeBooks() bool {
	w.t.Helper()
	day := models.Date(w.db.Now().Time().AddDate(0, 0, -2).Format("2006-01-02"))
	w.settings(models.SettingsChange{ClosedThrough: &day})
	w.notes("books closed through %s", day)
	return true
}

// cutOff is a step that ends in its midst, of which nothing is left; of a new visit, if nothing else is due.
func (w *world) cutOff() bool {
	w.t.Helper()
	w.visit()
	ctx, end := context.WithCancel(context.Background())
	defer end()
	cut := false
	err := w.office.Shift().Next(ctx, w.tenant, func(string) {
		cut = true
		end()
	})
	if cut && err == nil {
		w.t.Errorf("seed %d: a step is done whose process ended", w.seed)
	}
	if cut {
		w.notes("step cut off")
	}
	return cut
}

// restart is a process that ends between two steps, and another one that goes on.
func (w *world) restart() bool {
	w.t.Helper()
	w.notes("process ended")
	forking.RLock()
	defer forking.RUnlock()
	w.close()
	w.open()
	return true
}
