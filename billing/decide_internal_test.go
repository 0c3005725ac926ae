package billing

import (
	"testing"

	"medbill/models"
)

func TestEveryDecisionIsCarriedOut(t *testing.T) {
	for _, d := range models.Decisions {
		if carriedOut[d.Decision] == nil {
			t.Errorf("nothing carries %s out", d.Decision)
		}
	}
}
