package main

import (
	"medbill/billing"
	"medbill/internal/config"
	"medbill/internal/store"
)

// keep is for how long what only tells of the past is kept; every command that works has these flags.
type keep struct {
	KeepAuditDays  int `help:"For how many days the audit is kept; 0 keeps it for good." placeholder:"DAYS"`
	KeepOutboxDays int `help:"For how many days the outbox is kept; 0 keeps it for good." placeholder:"DAYS" default:"7"`
}

func (k keep) into(s config.Settings) config.Settings {
	s.KeepAudit, s.KeepOutbox = k.KeepAuditDays, k.KeepOutboxDays
	return s
}

// shift is what the office has to do, and what is pruned.
func (k keep) shift(o *billing.Office) store.Shift {
	shift := o.Shift()
	shift.Keep = store.Keep{AuditDays: k.KeepAuditDays, OutboxDays: k.KeepOutboxDays}
	return shift
}
