// Package claim plans the claims of a case and knows their lifecycle. It does not judge a claim (scrub) nor price it (charge).
package claim

import "medbill/models"

// numberPrefix marks a claim's number among the numbers a payer sends back.
const numberPrefix = "C"

// Number gives the patient control number for the tenant's seq-th claim: at most twenty characters, nothing about the
// patient in it. X12 005010X222A1, CLM01.
func Number(seq int64) string { return models.NumberOf(numberPrefix, seq) }
