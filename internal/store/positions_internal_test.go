package store

import (
	"fmt"
	"testing"

	"medbill/models"
)

func TestACallerNeedsWhatItWroteUntilTheReplicaHasIt(t *testing.T) {
	var p positions
	a, b := models.Actor{Tenant: "zzyzx", Subject: "a"}, models.Actor{Tenant: "other", Subject: "a"}
	p.note(a, 10)
	p.note(a, 7)
	if p.need(a) != 10 || p.need(b) != 0 {
		t.Errorf("the writer needs %d and the other one %d", p.need(a), p.need(b))
	}
	p.reached(12)
	if p.need(a) != 12 || p.need(b) != 12 || len(p.of) != 0 {
		t.Errorf("what the replica was found to have is needed by all: %d, %d, %d kept", p.need(a), p.need(b), len(p.of))
	}
	p.note(a, unknownPosition)
	p.note(a, 20)
	if p.need(a) != unknownPosition {
		t.Error("a later commit says where an earlier one stands")
	}
	if p.settle(a, 0); p.need(a) != unknownPosition {
		t.Error("a read that told nothing says where a commit stands")
	}
	if p.settle(a, 30); p.need(a) != 30 {
		t.Errorf("a caller who was shown the primary needs %d", p.need(a))
	}
}

func TestVeryManyCallersAreBounded(t *testing.T) {
	var p positions
	doubtful := models.Actor{Subject: "doubtful"}
	p.note(doubtful, unknownPosition)
	caller := func(i int) models.Actor { return models.Actor{Subject: fmt.Sprint(i)} }
	for i := range 3 * positionsMax {
		p.note(caller(i), int64(i+1))
		if len(p.of) > positionsMax {
			t.Fatalf("%d are kept", len(p.of))
		}
	}
	for _, i := range []int{0, positionsMax, 3*positionsMax - 1} {
		if p.need(caller(i)) < int64(i+1) {
			t.Errorf("caller %d needs %d", i, p.need(caller(i)))
		}
	}
	if p.need(doubtful) != unknownPosition || p.floor >= 3*positionsMax {
		t.Errorf("who does not know needs %d, all need %d", p.need(doubtful), p.floor)
	}
}
