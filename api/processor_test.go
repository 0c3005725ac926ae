package api_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"medbill/internal/auth"
	"medbill/internal/clock"
	"medbill/internal/clock/clocktest"
	"medbill/internal/processors"
	"medbill/internal/store"
	"medbill/internal/store/storetest"
)

// A processor beside, that signs what it tells, played over HTTP.

const (
	secret      = "whsec_0123456789abcdef"
	otherSecret = "whsec_fedcba9876543210"
)

// cards is a till of an office whose patients' cards one processor charges.
type cards struct{ till }

func eachCards(t *testing.T, test func(t *testing.T, x cards)) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) { test(t, cardsAt(t, db)) })
}

func cardsAt(t *testing.T, db *store.DB) cards {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"secret": secret, "other": otherSecret, "file": "processor,tenant,secret_file\ncards," + string(tenant) + "," + filepath.Join(dir, "secret") + "\ntheirs,other," + filepath.Join(dir, "other") + "\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	book, err := processors.Read(filepath.Join(dir, "file"))
	if err != nil {
		t.Fatal(err)
	}
	return cards{till{figure(t, openHearing(t, db, book, nil), nil, 1), map[string]string{}}}
}

// event gives one of the processor's, about 20.00.
func event(id, typ, reference string) processors.Event {
	return processors.Event{ID: id, Type: typ, Reference: reference, Amount: "20.00", Currency: "USD", Created: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
}

func encoded(t testing.TB, e processors.Event) string {
	t.Helper()
	body, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// tells sends an event as the processor does.
func (x cards) tells(e processors.Event) answer {
	x.Helper()
	body := encoded(x.T, e)
	return x.delivers("cards", body, processors.Sign(secret, clock.System().Now(), []byte(body)))
}

func (x cards) delivers(name, body, signature string) answer {
	x.Helper()
	a := x.world.send(x.T, "", "POST", x.root+"/payments/"+name+"/events", body, processors.Header+": "+signature)
	x.idle(x.T)
	return a
}

// charges has ann pay 20.00 by card, and gives the PaymentNotice.
func (x cards) charges(reference, purpose string) string {
	x.Helper()
	return "PaymentNotice/" + x.do(x.T, ann, "POST", "Patient/ann/$collect", paying("20.00", "card", reference, purpose), "Idempotency-Key: "+reference).expect(x.T, http.StatusOK).id(x.T)
}

// shows gives a PaymentNotice's status, its paymentStatus and the outcome of the receipt.
func (x cards) shows(notice string) string {
	x.Helper()
	n := x.do(x.T, ann, "GET", notice, "").expect(x.T, http.StatusOK).node(x.T)
	r := x.do(x.T, ann, "GET", strings.Replace(notice, "PaymentNotice", "PaymentReconciliation", 1), "").expect(x.T, http.StatusOK).node(x.T)
	return n.Get("status").Text() + " " + n.Get("paymentStatus").Get("coding").At(0).Get("code").Text() + " " + r.Get("outcome").Text()
}

// TestTheSameEventFiveTimesIsOnePayment, and what is pending pays nothing. (Figure 12.)
func TestTheSameEventFiveTimesIsOnePayment(t *testing.T) {
	eachCards(t, func(t *testing.T, x cards) {
		x.owes("visit", "20.00")
		invoice := x.invoiceOf("visit")
		payment := x.charges("ch_1", invoice)
		x.hold("pending", "AR:Patient 20.00")
		x.is("the payment", x.shows(payment), "active paid queued")
		x.is("the invoice", x.stands(invoice), "issued 20.00 20.00")
		for range 5 {
			if got := x.tells(event("evt_1", "payment.succeeded", "ch_1")).expect(t, http.StatusOK).body; got != `{"id":"evt_1"}` {
				t.Errorf("answered %s", got)
			}
		}
		x.tells(event("evt_2", "payment.succeeded", "ch_1")).expect(t, http.StatusOK)
		x.hold("paid", "Cash:Card-clearing 20.00")
		x.is("the payment", x.shows(payment), "active cleared complete")
		x.is("the invoice", x.stands(invoice), "balanced 20.00 0.00")
		x.is("the same payment again", x.charges("ch_1", invoice), payment)
		other := event("evt_1", "payment.failed", "ch_1")
		x.tells(other).expect(t, http.StatusConflict)
		x.hold("contradicted", "Cash:Card-clearing 20.00")
		x.await(t, "Task?status=requested", 0)
	})
}

// TestAnUnsignedEventChangesNothing: without a signature, by another's secret, too old, of another body or of nobody.
func TestAnUnsignedEventChangesNothing(t *testing.T) {
	eachCards(t, func(t *testing.T, x cards) {
		payment := x.deskCharges(t)
		body := encoded(t, event("evt_1", "payment.succeeded", "ch_1"))
		now := clock.System().Now()
		signed := processors.Sign(secret, now, []byte(body))
		for what, row := range map[string]struct{ name, body, signature string }{
			"unsigned":            {"cards", body, ""},
			"by another secret":   {"cards", body, processors.Sign(otherSecret, now, []byte(body))},
			"of another's":        {"theirs", body, signed},
			"stale":               {"cards", body, processors.Sign(secret, now.Add(-6*time.Minute), []byte(body))},
			"ahead":               {"cards", body, processors.Sign(secret, now.Add(6*time.Minute), []byte(body))},
			"of another body":     {"cards", strings.Replace(body, "20.00", "21.00", 1), signed},
			"of nobody":           {"nobody", body, signed},
			"by a token in place": {"cards", body, "Bearer " + x.token(t, admin)},
		} {
			if a := x.delivers(row.name, row.body, row.signature); a.status != http.StatusUnauthorized || a.node(t).Get("resourceType").Text() != "OperationOutcome" {
				t.Errorf("%s: %d %s", what, a.status, a.body)
			}
		}
		x.hold("refused", "")
		x.is("the payment", x.shows(payment), "active paid queued")
		for what, row := range map[string]struct {
			body   string
			status int
			place  string
		}{
			"a card's number":   {strings.Replace(body, "ch_1", "4242424242424242", 1), http.StatusBadRequest, ""},
			"another currency":  {strings.Replace(body, "USD", "EUR", 1), http.StatusUnprocessableEntity, "currency"},
			"another tenant":    {strings.Replace(body, `"created"`, `"tenant":"other","created"`, 1), http.StatusUnprocessableEntity, "tenant"},
			"no type":           {strings.Replace(body, "payment.succeeded", "payment.made", 1), http.StatusBadRequest, "type"},
			"more than 64 KiB":  {strings.Replace(body, "{", "{"+strings.Repeat(" ", 64<<10), 1), http.StatusRequestEntityTooLarge, ""},
			"no JSON":           {"evt_1", http.StatusBadRequest, ""},
			"a number of a day": {strings.Replace(body, "2026-03-02T09:00:00Z", "2026-03-02", 1), http.StatusBadRequest, ""},
		} {
			a := x.delivers("cards", row.body, processors.Sign(secret, now, []byte(row.body)))
			if place := a.node(t).Get("issue").At(0).Get("expression").At(0).Text(); a.status != row.status || place != row.place {
				t.Errorf("%s: %d at %q, want %d at %q: %s", what, a.status, place, row.status, row.place, a.body)
			}
		}
		x.hold("refused", "")
		if strings.Contains(x.log.String(), "4242424242424242") {
			t.Error("the log has a card's number")
		}
	})
}

// deskCharges is a payment of 20.00 that the desk starts, of a patient who owes nothing yet.
func (x cards) deskCharges(t *testing.T) string {
	t.Helper()
	return "PaymentNotice/" + x.do(t, frontdesk, "POST", "Patient/ann/$collect", paying("20.00", "card", "ch_1", ""), "Idempotency-Key: ch_1").expect(t, http.StatusOK).id(t)
}

// TestWhatFailedIsNotInTheBooks, and another attempt that goes well is.
func TestWhatFailedIsNotInTheBooks(t *testing.T) {
	eachCards(t, func(t *testing.T, x cards) {
		x.owes("visit", "20.00")
		payment := x.charges("ch_1", "")
		x.tells(event("evt_1", "payment.failed", "ch_1")).expect(t, http.StatusOK)
		x.hold("failed", "AR:Patient 20.00")
		x.is("the payment", x.shows(payment), "cancelled paid error")
		x.tells(event("evt_2", "payment.succeeded", "ch_1")).expect(t, http.StatusOK)
		x.hold("paid", "Cash:Card-clearing 20.00")
		x.is("the payment", x.shows(payment), "active cleared complete")
		x.tells(event("evt_3", "payment.failed", "ch_1")).expect(t, http.StatusOK)
		x.hold("paid", "Cash:Card-clearing 20.00")
	})
}

// TestAnEventMayComeBeforeItsPayment: it is kept, and is work where it says whose money it is.
func TestAnEventMayComeBeforeItsPayment(t *testing.T) {
	eachCards(t, func(t *testing.T, x cards) {
		x.owes("visit", "20.00")
		e := event("evt_1", "payment.succeeded", "ch_1")
		e.Patient = "ann"
		x.tells(e).expect(t, http.StatusOK)
		x.tells(event("po_1", "payout", "po_1")).expect(t, http.StatusOK)
		nobody := event("evt_2", "payment.succeeded", "ch_2")
		nobody.Patient = "nobody"
		x.tells(nobody).expect(t, http.StatusOK)
		x.hold("not known", "AR:Patient 20.00")
		task := x.do(t, frontdesk, "GET", "Task/"+x.await(t, "Task?status=requested", 1)[0], "").expect(t, http.StatusOK)
		if !strings.Contains(task.body, `"unmatched-payment"`) || !strings.Contains(task.body, `"Patient/ann"`) {
			t.Errorf("the work is %s", task.body)
		}
		x.is("the payment", x.shows(x.charges("ch_1", "")), "active cleared complete")
		x.hold("known", "Cash:Card-clearing 20.00")
		x.await(t, "Task?status=requested", 0)
	})
}

// TestAnotherAmountIsNotPosted: it is work, and in the books once the right amount is told.
func TestAnotherAmountIsNotPosted(t *testing.T) {
	eachCards(t, func(t *testing.T, x cards) {
		x.owes("visit", "20.00")
		x.charges("ch_1", "")
		odd := event("evt_1", "payment.succeeded", "ch_1")
		odd.Amount = "19.99"
		x.tells(odd).expect(t, http.StatusOK)
		x.hold("odd", "AR:Patient 20.00")
		x.await(t, "Task?status=requested", 1)
		x.tells(event("evt_2", "payment.succeeded", "ch_1")).expect(t, http.StatusOK)
		x.hold("told", "Cash:Card-clearing 20.00")
		x.await(t, "Task?status=requested", 0)
	})
}

// TestWhoClearsAtOnce: the desk's own methods, and what the practice says has come.
func TestWhoClearsAtOnce(t *testing.T) {
	eachCards(t, func(t *testing.T, x cards) {
		x.collects("5.00", "", "cash")
		x.hold("cash", "Cash:Drawer 5.00; Liability:Patient-credits -5.00")
		cleared := strings.Replace(notice("6.00", "T-1", ""), `"cash"`, `"card"`, 1)
		x.do(t, frontdesk, "POST", "PaymentNotice", cleared).expect(t, http.StatusCreated)
		x.hold("cleared", "Cash:Card-clearing 6.00; Cash:Drawer 5.00; Liability:Patient-credits -11.00")
		paid := strings.Replace(strings.Replace(cleared, "T-1", "T-2", 1), `"cleared"`, `"paid"`, 1)
		x.do(t, frontdesk, "POST", "PaymentNotice", paid).expect(t, http.StatusCreated)
		x.hold("paid", "Cash:Card-clearing 6.00; Cash:Drawer 5.00; Liability:Patient-credits -11.00")
		for what, row := range map[string]struct {
			body   string
			status int
			place  string
		}{
			"by card without a reference": {paying("20.00", "card", "", ""), http.StatusUnprocessableEntity, "Parameters.parameter"},
			"a card's number":             {paying("20.00", "card", "4242 4242 4242 4242", ""), http.StatusBadRequest, "Parameters.parameter[2].value"},
			"another's processor":         {strings.Replace(paying("20.00", "card", "ch_1", ""), `]}`, `,{"name":"processor","valueString":"theirs"}]}`, 1), http.StatusUnprocessableEntity, "Parameters.parameter[3].value"},
		} {
			a := x.do(t, frontdesk, "POST", "Patient/ann/$collect", row.body, "Idempotency-Key: "+strings.ReplaceAll(what, " ", "-"))
			if place := a.node(t).Get("issue").At(0).Get("expression").At(0).Text(); a.status != row.status || place != row.place {
				t.Errorf("%s: %d at %q, want %d at %q: %s", what, a.status, place, row.status, row.place, a.body)
			}
		}
	})
}

// TestEventsInAnyOrderLeaveTheSameBooks has all orders of a payment and two events about it.
func TestEventsInAnyOrderLeaveTheSameBooks(t *testing.T) {
	eachCards(t, func(t *testing.T, x cards) {
		for n := range 6 {
			reference := fmt.Sprint("ch_", n)
			steps := []func(){
				func() {
					x.do(t, frontdesk, "POST", "Patient/ann/$collect", paying("20.00", "card", reference, ""), "Idempotency-Key: "+reference).expect(t, http.StatusOK)
				},
				func() { x.tells(event(reference+"-failed", "payment.failed", reference)).expect(t, http.StatusOK) },
				func() {
					x.tells(event(reference+"-succeeded", "payment.succeeded", reference)).expect(t, http.StatusOK)
				},
			}
			rand.New(rand.NewPCG(1, uint64(n))).Shuffle(len(steps), func(i, j int) { steps[i], steps[j] = steps[j], steps[i] })
			for _, step := range steps {
				step()
			}
			x.hold("told", fmt.Sprintf("Cash:Card-clearing %d.00; Liability:Patient-credits -%d.00", 20*(n+1), 20*(n+1)))
		}
		x.do(t, who{role: auth.RoleManager}, "GET", x.root+"/reports/trial-balance.csv", "").expect(t, http.StatusOK)
	})
}

// TestWhatABankTakesBackIsOwedAgain, and what a processor gives back: whichever is told first.
func TestWhatABankTakesBackIsOwedAgain(t *testing.T) {
	eachCards(t, func(t *testing.T, x cards) {
		x.owes("visit", "20.00")
		payment := x.charges("ch_1", "")
		x.tells(event("evt_1", "payment.disputed", "ch_1")).expect(t, http.StatusOK)
		x.hold("disputed", "AR:Patient 20.00")
		for range 2 {
			x.tells(event("evt_2", "payment.succeeded", "ch_1")).expect(t, http.StatusOK)
		}
		x.hold("told late that it came", "AR:Patient 20.00")
		x.is("the payment", x.shows(payment), "cancelled cleared error")
		x.await(t, "Task?status=requested&code=payment-disputed", 1)

		x.charges("ch_2", "")
		x.tells(event("evt_3", "payment.succeeded", "ch_2")).expect(t, http.StatusOK)
		x.hold("paid otherwise", "Cash:Card-clearing 20.00")
		half := event("evt_4", "payment.refunded", "ch_2")
		half.Amount = "5.00"
		for range 2 {
			x.tells(half).expect(t, http.StatusOK)
		}
		x.hold("given back in part", "AR:Patient 5.00; Cash:Card-clearing 15.00")
		half.ID, half.Amount = "evt_5", "15.00"
		x.tells(half).expect(t, http.StatusOK)
		x.hold("given back", "AR:Patient 20.00")
		x.tells(event("evt_6", "payment.disputed", "ch_2")).expect(t, http.StatusOK)
		x.hold("given back before", "AR:Patient 20.00")
	})
}

// TestAnApprovedRefundIsTheOneThatTheProcessorTells: where the amounts are the same it is paid, and no other one beside it; where they are not, no more goes back than there is.
func TestAnApprovedRefundIsTheOneThatTheProcessorTells(t *testing.T) {
	eachCards(t, func(t *testing.T, x cards) {
		manager := who{role: auth.RoleManager}
		refunds := func(reference, amount, want string) {
			t.Helper()
			e := event("evt_"+reference+amount, "payment.refunded", reference)
			e.Amount = json.Number(amount)
			for range 2 {
				x.tells(e).expect(t, http.StatusOK)
			}
			x.hold(amount+" told", want)
		}
		x.deskCharges(t)
		x.tells(event("evt_1", "payment.succeeded", "ch_1")).expect(t, http.StatusOK)
		approved := x.refunds(manager, "k1", "8.00", "").expect(t, http.StatusOK)
		x.refunds(manager, "k2", "7.00", "").expect(t, http.StatusOK)
		x.hold("approved", "Cash:Card-clearing 20.00; Liability:Patient-credits -5.00; Liability:Refunds-payable -15.00")
		refunds("ch_1", "8.00", "Cash:Card-clearing 12.00; Liability:Patient-credits -5.00; Liability:Refunds-payable -7.00")
		x.ends(biller, "pay-refund", approved, byCheck).expect(t, http.StatusConflict)
		refunds("ch_1", "4.00", "Cash:Card-clearing 8.00; Liability:Patient-credits -1.00; Liability:Refunds-payable -7.00")
		refunds("ch_1", "6.00", "Cash:Card-clearing 2.00; Liability:Patient-credits -2.00")
		x.tells(event("evt_2", "payment.disputed", "ch_1")).expect(t, http.StatusOK)
		x.is("disputed", x.accounts(), "")
	})
}

// TestADisputeCancelsWhatDidNotGoYet, though all of the payment was to go back.
func TestADisputeCancelsWhatDidNotGoYet(t *testing.T) {
	eachCards(t, func(t *testing.T, x cards) {
		x.deskCharges(t)
		x.tells(event("evt_1", "payment.succeeded", "ch_1")).expect(t, http.StatusOK)
		approved := x.refunds(who{role: auth.RoleManager}, "k1", "20.00", "").expect(t, http.StatusOK)
		x.tells(event("evt_2", "payment.disputed", "ch_1")).expect(t, http.StatusOK)
		x.is("disputed", x.accounts(), "")
		x.ends(biller, "pay-refund", approved, byCheck).expect(t, http.StatusConflict)
	})
}

// TestADisputeIsWonOrLost: by what the processor tells, in any order and twice, and by the desk, whose word stands beside it.
func TestADisputeIsWonOrLost(t *testing.T) {
	const (
		gone = "AR:Patient 20.00"
		back = "Cash:Card-clearing 20.00"
	)
	for _, row := range []struct {
		what, told, accounts, shows string
		open                        int // work
	}{
		{"disputed", "succeeded disputed", gone, "cancelled cleared error", 1},
		{"won", "succeeded disputed dispute-won dispute-won succeeded", back, "active cleared complete", 0},
		{"won and told the other way round", "dispute-won disputed", back, "active cleared complete", 0},
		{"lost", "disputed dispute-lost dispute-lost", gone, "cancelled cleared error", 0},
		{"lost and told first", "dispute-lost succeeded disputed", gone, "cancelled cleared error", 0},
		{"lost after all", "disputed dispute-won dispute-lost", gone, "cancelled cleared error", 0},
		{"won by the desk", "succeeded disputed WON succeeded disputed", back, "active cleared complete", 0},
		{"won by the desk and lost after all", "disputed WON dispute-lost", gone, "cancelled cleared error", 0},
		{"lost by the desk", "disputed LOST disputed succeeded", "AR:Patient 45.00; Income:Fees -25.00", "cancelled cleared error", 0},
		{"lost by the desk and won after all", "disputed LOST dispute-won", "AR:Patient 25.00; Cash:Card-clearing 20.00; Income:Fees -25.00", "active cleared complete", 0},
		{"disputed by the desk and won", "succeeded REVERSED dispute-won", back, "active cleared complete", 0},
	} {
		t.Run(row.what, func(t *testing.T) {
			eachCards(t, func(t *testing.T, x cards) {
				x.owes("visit", "20.00")
				payment := x.charges("ch_1", "")
				for i, told := range strings.Fields(row.told) {
					switch told {
					case "WON":
						x.decides(t, "won", "").expect(t, http.StatusOK)
					case "LOST":
						x.decides(t, "won", `,{'name':'fee','valueMoney':{'value':25.00,'currency':'USD'}}`).expect(t, http.StatusBadRequest)
						x.decides(t, "lost", `,{'name':'fee','valueMoney':{'value':25.00,'currency':'USD'}}`).expect(t, http.StatusOK)
					case "REVERSED":
						x.reverses(payment, "chargeback", "").expect(t, http.StatusOK)
					default:
						x.tells(event(fmt.Sprint("evt_", i), "payment."+told, "ch_1")).expect(t, http.StatusOK)
					}
				}
				x.idle(t)
				x.hold(row.what, row.accounts)
				x.is("the payment", x.shows(payment), row.shows)
				x.await(t, "Task?status=requested", row.open)
			})
		})
	}
}

// decides says how the open dispute ended.
func (x cards) decides(t *testing.T, decision, more string) answer {
	t.Helper()
	task := x.await(t, "Task?status=requested&code=payment-disputed", 1)[0]
	return x.do(t, biller, "POST", "Task/"+task+"/$decide", compact(`{'resourceType':'Parameters','parameter':[{'name':'decision','valueCode':'`+decision+`'},{'name':'reason','valueString':'The bank says so.'}`+more+`]}`))
}

// TestAPaymentUnderWayIsNotPaidAgain: a patient who presses the button twice, at whatever door, with another key and another charge, pays once. What a payment leaves due may be paid, and what failed is under way no more.
func TestAPaymentUnderWayIsNotPaidAgain(t *testing.T) {
	eachCards(t, func(t *testing.T, x cards) {
		x.owes("visit", "25.00")
		invoice := x.invoiceOf("visit")
		first := x.charges("ch_1", invoice)
		pays := func(path, amount, reference string) answer {
			return x.do(t, ann, "POST", path, paying(amount, "card", reference, ""), "Idempotency-Key: "+reference)
		}
		for _, path := range []string{"Patient/ann/$collect", invoice + "/$pay"} {
			again := pays(path, "25.00", "ch_2").expect(t, http.StatusUnprocessableEntity)
			if issue := again.node(t).Get("issue").At(0); issue.Get("expression").At(0).Text() != "Parameters.parameter[0].value" || !strings.Contains(again.body, "under way") {
				t.Errorf("refused by %s", again.body)
			}
			pays(path, "5.01", "ch_2").expect(t, http.StatusUnprocessableEntity)
		}
		x.is("the same again", x.charges("ch_1", invoice), first)
		pays("Patient/ann/$collect", "5.00", "ch_2").expect(t, http.StatusOK)
		pays("Patient/ann/$collect", "0.01", "ch_3").expect(t, http.StatusUnprocessableEntity)
		x.tells(event("evt_1", "payment.failed", "ch_1")).expect(t, http.StatusOK)
		pays("Patient/ann/$collect", "20.00", "ch_3").expect(t, http.StatusOK)
		x.tells(event("evt_2", "payment.succeeded", "ch_3")).expect(t, http.StatusOK)
		pays("Patient/ann/$collect", "0.01", "ch_4").expect(t, http.StatusUnprocessableEntity)
		x.do(t, frontdesk, "POST", "Patient/ann/$collect", paying("20.00", "card", "ch_4", ""), "Idempotency-Key: desk").expect(t, http.StatusOK)
		x.hold("paid", "AR:Patient 5.00; Cash:Card-clearing 20.00")
	})
}

// TestAPaymentIsUnderWayForTenDays: of what a processor is silent about for longer nothing will come, and the patient may pay.
func TestAPaymentIsUnderWayForTenDays(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		hand := clocktest.At(time.Date(2026, 3, 18, 18, 0, 0, 0, time.UTC))
		x := cardsAt(t, storetest.OpenAt(t, url, hand.Clock()))
		x.owes("visit", "20.00")
		x.charges("ch_1", "")
		hand.Advance(10 * 24 * time.Hour)
		x.do(t, ann, "POST", "Patient/ann/$collect", paying("20.00", "card", "ch_2", ""), "Idempotency-Key: ch_2").expect(t, http.StatusUnprocessableEntity)
		hand.Advance(24 * time.Hour)
		x.charges("ch_2", "")
	})
}
