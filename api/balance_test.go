package api_test

import (
	"net/http"
	"strings"
	"testing"

	"medbill/internal/auth"
)

// What is not asked for of balances for which no invoice asks, played over HTTP.

// balance gives the ChargeItem of one of ann's balances by its code.
func (x till) balance(code string) string {
	x.Helper()
	for _, ref := range x.do(x.T, admin, "GET", "ChargeItem?subject=Patient/ann", "").expect(x.T, http.StatusOK).entries(x.T) {
		if strings.Contains(x.do(x.T, admin, "GET", ref, "").body, `"`+code+`"`) {
			return ref
		}
	}
	x.Fatalf("ann has no ChargeItem of %s", code)
	return ""
}

// opens moves in 12.00 that ann owes from before, and gives the ChargeItem.
func (x till) opens() string {
	x.Helper()
	x.do(x.T, who{role: auth.RoleManager}, "POST", "$import-balances", openingsHeader+"ann,,,C0900,,2026-01-12,,,12.00\n", csvType).expect(x.T, http.StatusOK)
	x.idle(x.T)
	return x.balance("opening-balance")
}

// TestABalanceFromBeforeIsWrittenOff as an invoice is: up to a limit by role, into the account of its kind, and until it is reverted, which credit pays.
func TestABalanceFromBeforeIsWrittenOff(t *testing.T) {
	eachTill(t, func(t *testing.T, x till) {
		manager := who{role: auth.RoleManager}
		x.do(t, manager, "POST", "$settings", compact(`{'resourceType':'Parameters','parameter':[{'name':'writeOffMax','valueUnsignedInt':10}]}`)).expect(t, http.StatusOK)
		balance := x.opens()
		amount := func(value string) string {
			return `,{'name':'amount','valueMoney':{'value':` + value + `,'currency':'USD'}}`
		}
		x.writesOff(biller, balance, "small-balance", amount("10.01")).expect(t, http.StatusUnprocessableEntity)
		x.writesOff(manager, balance, "small-balance", amount("12.01")).expect(t, http.StatusUnprocessableEntity)
		x.writesOff(manager, balance, "charity", `,{'name':'poverty','valueUnsignedInt':401}`).expect(t, http.StatusUnprocessableEntity)
		x.writesOff(frontdesk, balance, "charity", "").expect(t, http.StatusForbidden)
		x.do(t, biller, "POST", balance+"/$revert-write-off", "").expect(t, http.StatusConflict)
		x.hold("refused", "AR:Patient 12.00; Equity:Opening -12.00")
		x.writesOff(manager, balance, "charity", `,{'name':'percent','valuePositiveInt':25}`, "Medbill-Dry-Run: true").expect(t, http.StatusOK)
		x.writesOff(manager, balance, "charity", `,{'name':'percent','valuePositiveInt':25}`).expect(t, http.StatusOK)
		x.is("some of it", x.balances("AR:Patient", "Contra:Charity"), "9.00 3.00")
		x.writesOff(biller, balance, "bad-debt", "").expect(t, http.StatusOK)
		x.is("all of it", x.balances("AR:Patient", "Contra:Charity", "Contra:Bad-debt"), "0.00 3.00 9.00")
		x.writesOff(manager, balance, "bad-debt", "").expect(t, http.StatusConflict)
		x.collects("5.00", "", "late")
		x.hold("paid after it", "Cash:Drawer 5.00; Equity:Opening -12.00; Liability:Patient-credits -5.00")
		x.await(t, "Task?status=requested&code=credit-balance", 1)
		x.do(t, biller, "POST", balance+"/$revert-write-off", "").expect(t, http.StatusOK)
		x.hold("reverted", "AR:Patient 7.00; Cash:Drawer 5.00; Equity:Opening -12.00")
		x.is("the accounts", x.balances("Contra:Charity", "Contra:Bad-debt"), "0.00 0.00")
		x.await(t, "Task?status=requested", 0)
	})
}

// TestAFeeIsWrittenOff, and by the work about what was paid after that asked for again; a charge for which an invoice asks is not written off by itself.
func TestAFeeIsWrittenOff(t *testing.T) {
	eachTill(t, func(t *testing.T, x till) {
		payment := x.collects("20.00", "", "check")
		x.reverses(payment, "nsf", "25.00").expect(t, http.StatusOK)
		x.hold("returned", "AR:Patient 25.00; Income:Fees -25.00")
		fee := x.balance("returned-payment")
		x.writesOff(who{role: auth.RoleManager}, fee, "administrative", "").expect(t, http.StatusOK)
		x.is("written off", x.balances("AR:Patient", "Contra:Administrative"), "0.00 25.00")
		x.collects("30.00", "", "late")
		task := x.await(t, "Task?status=requested&code=credit-balance", 1)[0]
		x.do(t, biller, "POST", "Task/"+task+"/$decide", compact(`{'resourceType':'Parameters','parameter':[{'name':'decision','valueCode':'revert'},{'name':'reason','valueString':'It was paid.'}]}`)).expect(t, http.StatusOK)
		x.hold("reverted", "Cash:Drawer 30.00; Income:Fees -25.00; Liability:Patient-credits -5.00")
		x.owes("visit", "20.00")
		x.writesOff(who{role: auth.RoleManager}, x.balance("99214"), "charity", "").expect(t, http.StatusConflict)
	})
}
