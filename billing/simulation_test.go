package billing_test

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"medbill/billing"
	"medbill/internal/clock"
	"medbill/internal/clock/clocktest"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/journal"
	"medbill/internal/store/storetest"
	"medbill/models"
	"medbill/models/fault"
)

// A practice is simulated: visits, payers who answer in any order, twice, wrongly and back again, people who decide, patients who pay, and processes that end in the midst of it. All
// of it goes through the doors and use cases. What happens next is drawn, so that each kind has its share.

// figures is how much is simulated, which the environment may say: `make simulation` simulates a million events.
type figures struct {
	events int // in all, on each database
	world  int // of them in one world, which is a practice of its own
	day    int // between two looks at the books
	seed   uint64
}

// worldMost is how much happens in one world: each look is at all of it.
const worldMost = 600

// figuresOf gives what the environment says; without it a little is simulated, and each event is followed by a look. isLarge says that there is room for every kind.
func figuresOf(t *testing.T) (f figures, isLarge bool) {
	t.Helper()
	said := func(name string, otherwise uint64) uint64 {
		text := os.Getenv(name)
		if text == "" {
			return otherwise
		}
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return n
	}
	small, day := 130, 1
	if underRace {
		small = 40
	}
	f.events, f.seed = int(said("EVENTS", uint64(small))), said("SEED", rand.Uint64())
	if f.world = min(f.events, worldMost); f.events > worldMost {
		day = worldMost / 12
	}
	f.day = int(said("DAY", uint64(day)))
	return f, f.events >= 10_000
}

// TestSimulatedDaysKeepTheBooks holds that whatever happens, in whatever order, verify finds nothing and a proof of the books holds. EVENTS simulates that many on each database,
// in worlds of six hundred, looked through every DAY events, and says how many there were of each kind. A world has a seed of its own: SEED=<that> EVENTS=600 DAY=50 tells it again.
func TestSimulatedDaysKeepTheBooks(t *testing.T) {
	f, isLarge := figuresOf(t)
	checker := buildChecker(t)
	for _, name := range storetest.Databases {
		t.Run(name, func(t *testing.T) {
			all := newTally(f.events)
			t.Run("worlds", func(t *testing.T) {
				for i := 0; i*f.world < f.events; i++ {
					seed := f.seed + uint64(i)
					t.Run(strconv.Itoa(i), func(t *testing.T) {
						t.Parallel()
						w := openWorld(t, storetest.URL(t, name), seed)
						defer w.close()
						w.live(min(f.world, f.events-i*f.world), f.day, all)
						w.isProven(checker)
						w.isBanked()
					})
				}
			})
			all.tell(t, isLarge)
		})
	}
}

// tally counts what happened in all worlds.
type tally struct {
	mutex    sync.Mutex
	of, done int
	began    time.Time
	kinds    map[string]int
	looks    int
	said     time.Time
}

func newTally(of int) *tally {
	now := clock.System().Now()
	return &tally{of: of, began: now, said: now, kinds: map[string]int{}}
}

// add counts a day, and says now and then how far it is.
func (t *tally) add(kinds map[string]int) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.looks++
	for name, n := range kinds {
		t.kinds[name] += n
		t.done += n
	}
	if now := clock.System().Now(); now.Sub(t.said) > time.Minute {
		t.said = now
		fmt.Printf("%d of %d events, %.0f a second\n", t.done, t.of, float64(t.done)/now.Sub(t.began).Seconds())
	}
}

// tell says what happened. Where there was room for all of it, each kind has to be one of a hundred.
func (t *tally) tell(test *testing.T, isLarge bool) {
	test.Helper()
	if test.Failed() {
		return
	}
	var lines []string
	for _, name := range slices.SortedFunc(maps.Keys(t.kinds), func(a, b string) int { return t.kinds[b] - t.kinds[a] }) {
		lines = append(lines, fmt.Sprintf("%8d %5.1f %%  %s", t.kinds[name], 100*float64(t.kinds[name])/float64(t.done), name))
	}
	test.Logf("%d events and %d looks in %s\n%s", t.done, t.looks, clock.System().Now().Sub(t.began).Round(time.Second), strings.Join(lines, "\n"))
	for _, k := range kindsOfEvents {
		if n := t.kinds[k.name]; isLarge && n*100 < t.done {
			test.Errorf("%s happened %d times among %d events", k.name, n, t.done)
		}
	}
}

// world is a practice of its own whose clock moves when told. No worker runs beside it: it decides itself when what is due is done, so that its seed tells it again.
type world struct {
	*desk
	url    string
	seed   uint64
	clock  *clocktest.Hand
	random *rand.Rand
	stays  []*stay
	cases  map[models.CaseID]*stay
	named  int // so that everything has a name of its own
	today  map[string]int
	ever   map[string]int
	trail  []string // what happened lately
	broken []models.CaseID

	payments   map[models.OrganizationID]*payment
	bodies     []word // what payers said of their payments
	paid       []paidOnce
	banked     models.Cents      // that came to the bank
	lines      []string          // that its files have
	guarantors map[string]string // who answers for patients, by patient
	taken      models.Cents      // that patients paid, and did not get back
	forgiven   []models.Invoice
	balances   []models.ChargeID // from before, of which something was not asked for
	approved   []models.Refund
	disputed   []models.Payment
	lost       []lost
	given      []models.WorkItem // about which something was decided
}

// openWorld gives a world in which claims go out when somebody sends them, or, in one of four, by themselves.
func openWorld(t *testing.T, url string, seed uint64) *world {
	w := &world{
		desk: &desk{t: t, tenant: "zzyzx", rest: func() {}}, url: url, seed: seed, clock: clocktest.At(time.Date(2026, 3, 20, 8, 0, 0, 0, time.UTC)), random: rand.New(rand.NewPCG(seed, 0)),
		cases: map[models.CaseID]*stay{}, ever: map[string]int{}, payments: map[models.OrganizationID]*payment{}, guarantors: map[string]string{},
	}
	w.open()
	none, much, practice, auto := 0, 10_000, models.OrganizationID("practice"), seed%4 == 3
	w.settings(models.SettingsChange{SelfPayHours: &none, AutoSubmit: &auto, PracticeID: &practice, WriteOffMax: &much})
	w.practice()
	w.put("Organization", "beta", `{"resourceType":"Organization","id":"beta","name":"BETA HMO"}`)
	w.price("99213", "150.00")
	return w
}

// open begins a process.
func (w *world) open() {
	w.t.Helper()
	db, err := store.Open(context.Background(), store.Config{URL: w.url, Clock: w.clock.Clock()})
	if err != nil {
		w.t.Fatal(err)
	}
	w.db, w.office = db, billing.New(db, slog.New(slog.DiscardHandler))
	w.desk.records, err = records.New(db, records.Config{Behaviours: w.office.Behaviours(), BaseURL: "http://test/fhir/R4", CursorKey: make([]byte, 32), Provision: true})
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) close() {
	if err := w.db.Close(); err != nil {
		w.t.Error(err)
	}
}

// live has so many events happen, and looks at the books after every day.
func (w *world) live(events, day int, all *tally) {
	defer func() {
		if w.t.Failed() {
			w.t.Logf("seed %d; what happened last:\n%s", w.seed, strings.Join(w.trail, "\n"))
		}
	}()
	for n := 0; n < events && !w.t.Failed(); {
		w.today = map[string]int{}
		for end := n + min(day, events-n); n < end; {
			n += w.happens()
			w.clock.Advance(time.Minute)
		}
		w.works()
		if w.clock.Clock().Now().Hour() >= 17 {
			w.nightFalls()
		}
		w.isSound()
		all.add(w.today)
	}
}

// happens has one thing happen: of what can, the kind that is furthest behind its share, or, one time of eight, any. It gives how many events that were.
func (w *world) happens() int {
	w.t.Helper()
	kinds := slices.Clone(kindsOfEvents)
	w.random.Shuffle(len(kinds), func(i, j int) { kinds[i], kinds[j] = kinds[j], kinds[i] })
	if w.random.IntN(8) > 0 {
		slices.SortStableFunc(kinds, func(a, b kind) int { return w.ever[a.name]*b.share - w.ever[b.name]*a.share })
	}
	for _, k := range kinds {
		if n := k.do(w); n > 0 {
			w.ever[k.name] += n
			w.today[k.name] += n
			if w.random.IntN(3) > 0 {
				w.works()
			}
			return n
		}
	}
	w.t.Fatal("nothing can happen any more")
	return 0
}

// notes keeps what happened for who looks why something is wrong.
func (w *world) notes(text string, about ...any) {
	w.trail = append(w.trail, fmt.Sprintf(text, about...))
	if len(w.trail) > 1000 {
		w.trail = w.trail[100:]
	}
}

// accepted reports whether a door took something. A refusal is an answer; anything else is none.
func (w *world) accepted(what string, err error) bool {
	w.t.Helper()
	if err == nil {
		w.notes("%s", what)
		return true
	}
	if f := fault.From(err); f == nil || !slices.Contains([]fault.Kind{fault.Conflict, fault.BusinessRule, fault.NotFound}, f.Kind) {
		w.t.Fatalf("seed %d: %s: %v\n%s", w.seed, what, err, strings.Join(w.trail, "\n"))
	}
	return false
}

// works does what is due until nothing is.
func (w *world) works() {
	w.t.Helper()
	for range stepsMax {
		step := ""
		if err := w.office.Shift().Next(context.Background(), w.tenant, func(subject string) { step = subject }); err != nil {
			w.t.Fatalf("seed %d: the step of %s: %v\n%s", w.seed, step, err, strings.Join(w.trail, "\n"))
		}
		if step == "" {
			return
		}
		w.touches(models.CaseID(step))
	}
	w.t.Fatalf("seed %d: there is no end of what is due\n%s", w.seed, strings.Join(w.trail, "\n"))
}

// nightFalls does what is done now and then, and lets the next day begin.
func (w *world) nightFalls() {
	w.t.Helper()
	w.clock.Advance(12 * time.Hour)
	for _, chore := range w.office.Shift().Chores {
		if err := chore.Do(context.Background()); err != nil {
			w.t.Fatalf("seed %d: %s: %v", w.seed, chore.Name, err)
		}
	}
	w.works()
	w.sendsLetters()
}

// isSound holds that verify finds nothing, and that what patients paid stands in the tills.
func (w *world) isSound() {
	w.t.Helper()
	_, err := w.office.Verify(context.Background(), w.tenant, billing.Watch{Breach: func(b billing.Breach) {
		w.t.Errorf("seed %d: verify: %s", w.seed, b)
		w.broken = append(w.broken, models.CaseID(b.Subject))
	}})
	slices.Sort(w.broken)
	for _, id := range slices.Compact(w.broken) {
		w.retells(id)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// retells writes what is in the books of a case, for who looks why something is wrong.
func (w *world) retells(id models.CaseID) {
	w.view(func(v *store.View) error {
		claims, err := books.ClaimsOfCase(v, id)
		for _, c := range claims {
			w.notes("%s: claim %s to %s is %s, after %v, about %v", id, c.ID, c.InsurerID, c.State, c.Moves, c.Lines)
		}
		if err != nil {
			return err
		}
		charges, err := books.Charges(v, id)
		for _, c := range charges {
			w.notes("%s: charge %s of %s is %s, posted %d times", id, c.ID, c.Billed, c.State, c.Posting)
		}
		if err != nil {
			return err
		}
		return journal.Each(v, func(e models.Entry) error {
			for _, p := range e.Postings {
				if p.CaseID == id {
					w.notes("%s: %s of %s, %s of charge %s and payer %s: %s", id, e.Kind, e.Cause, p.Account, p.ChargeID, p.PayerID, p.Amount)
				}
			}
			return nil
		})
	})
}

// isProven holds that who has the proof alone finds the same, and that what patients paid is in the tills once.
func (w *world) isProven(c checker) {
	w.t.Helper()
	if said, holds := w.proven(c); !holds {
		w.t.Errorf("seed %d: who has the proof alone finds\n%s", w.seed, said)
	}
	tills, idle := models.Cents(0), []string(nil)
	w.view(func(v *store.View) error {
		amounts, err := store.Column[models.Cents](v, "SELECT amount FROM postings WHERE tenant_id = ? AND account IN ('Cash:Card-clearing', 'Cash:Drawer')", w.tenant)
		for _, amount := range amounts {
			tills += amount
		}
		if err != nil {
			return err
		}
		idle, err = store.Column[string](v, "SELECT DISTINCT p.patient_id FROM payments p WHERE p.tenant_id = ? AND p.unapplied > 0 AND p.purpose NOT LIKE 'Encounter/%'"+
			" AND (EXISTS (SELECT 1 FROM invoices i WHERE i.tenant_id = p.tenant_id AND i.patient_id = p.patient_id AND i.status = 'issued')"+
			" OR EXISTS (SELECT 1 FROM openings o WHERE o.tenant_id = p.tenant_id AND o.patient_id = p.patient_id AND o.due > 0)"+
			" OR EXISTS (SELECT 1 FROM invoices i WHERE i.tenant_id = p.tenant_id AND i.recipient = 'Patient/' || p.patient_id AND i.status = 'issued')"+
			" OR EXISTS (SELECT 1 FROM openings o WHERE o.tenant_id = p.tenant_id AND o.recipient = 'Patient/' || p.patient_id AND o.due > 0))", w.tenant)
		return err
	})
	if tills != w.taken {
		w.t.Errorf("seed %d: patients paid %s, in the books are %s", w.seed, w.taken, tills)
	}
	if len(idle) > 0 {
		w.t.Errorf("seed %d: %v owe something and have credit that pays nothing\n%s", w.seed, idle, strings.Join(w.trail, "\n"))
	}
}

// stay is a visit, or a balance from before, with how it was seen last.
type stay struct {
	guest
	now     told
	kaseID  models.CaseID
	isStale bool
	refused []models.Decision // since it was seen last
	code    string            // of the evaluation
	sent    []word            // what its payers said
	changes int               // of the chart after sending
}

// word is what a payer said, to say it again.
type word struct {
	payer models.OrganizationID
	typ   string
	body  []byte
}

func (w *world) begins(s *stay) {
	s.isStale = true
	w.stays, w.cases[s.kaseID] = append(w.stays, s), s
}

func (w *world) touches(id models.CaseID) {
	if s := w.cases[id]; s != nil {
		s.isStale = true
	}
}

// touchesPatient is touches for all that a patient and those have for whom one of them answers: a credit goes to whatever the patient is asked for.
func (w *world) touchesPatient(id models.PatientID) {
	for _, s := range w.stays {
		s.isStale = s.isStale || w.family(s.id) == w.family(string(id))
	}
}

// family gives the name of a patient's: of whoever nobody answers for.
func (w *world) family(patient string) string {
	for w.guarantors[patient] != "" {
		patient = w.guarantors[patient]
	}
	return patient
}

// look gives a stay as it is now.
func (w *world) look(s *stay) *stay {
	w.t.Helper()
	if s.isStale {
		w.view(func(v *store.View) (err error) {
			if s.now.claims, err = books.ClaimsOfCase(v, s.kaseID); err != nil {
				return err
			}
			if s.now.answers, err = books.AnswersOfCase(v, s.kaseID); err != nil {
				return err
			}
			if s.now.invoices, err = books.InvoicesOfCase(v, s.kaseID); err != nil {
				return err
			}
			s.now.work, err = books.OpenWork(v, s.kaseID)
			return err
		})
		s.isStale, s.refused = false, nil
	}
	return s
}

// any gives a stay of which something holds, by chance; nil where there is none.
func (w *world) any(holds func(*stay) bool) *stay {
	if len(w.stays) == 0 {
		return nil
	}
	from := w.random.IntN(len(w.stays))
	for i := range w.stays {
		if s := w.look(w.stays[(from+i)%len(w.stays)]); holds(s) {
			return s
		}
	}
	return nil
}

// name gives a name that nothing else has.
func (w *world) name(prefix string) string {
	w.named++
	return fmt.Sprintf("%s-%d", prefix, w.named)
}

func (w *world) day() string { return w.db.Now().Time().Format(time.DateOnly) }
