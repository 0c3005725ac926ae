package billing_test

import (
	"context"
	"strings"
	"testing"

	"medbill/internal/store/storetest"
)

func (d *desk) notices() string {
	d.t.Helper()
	list, err := d.office.Notices(context.Background(), d.tenant)
	if err != nil {
		d.t.Fatal(err)
	}
	var lines []string
	for _, n := range list {
		lines = append(lines, n.String())
	}
	return strings.Join(lines, "\n")
}

// What stands still is told, by whose turn it would be, and is no breach.
func TestCasesThatStandStillAreTold(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		ctx := context.Background()
		d := workless(t, storetest.Open(t, url))
		hand := storetest.ByHand(t, url)
		d.practice()
		d.visit()
		if err := d.step(); err != nil {
			t.Fatal(err)
		}
		if got := d.notices(); got != "" {
			t.Errorf("where nothing stands still: %s", got)
		}
		hand.Do("UPDATE cases SET due = 'plan', due_at = 1")
		if got := d.notices(); got != "notice: tenant zzyzx: Encounter/visit: the case is ready and its step plan is due for more than a minute; see that a worker runs" {
			t.Error(got)
		}
		if n, err := d.office.CountOverdue(ctx); n != 1 || err != nil {
			t.Errorf("%d are overdue, %v", n, err)
		}
		d.fail(hand)
		if got := d.notices(); got != "notice: tenant zzyzx: Encounter/visit: a step of the case failed for good; run it again with $retry when that is mended" {
			t.Error(got)
		}
		if n, err := d.office.CountOverdue(ctx); n != 0 || err != nil {
			t.Errorf("%d are overdue, %v", n, err)
		}
		d.clean()
		other := *d
		other.tenant = "other"
		if got := other.notices(); got != "" {
			t.Errorf("another tenant is told: %s", got)
		}
		d.quiet()
		if n, err := d.office.CountFailed(ctx); n != 1 || err != nil {
			t.Errorf("%d steps failed for good, %v", n, err)
		}
	})
}
