package billing

import (
	"context"
	"time"

	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/models"
	"medbill/models/fault"
)

const dueDaysMax = 365

// SaveTenant makes a tenant or changes its settings; change is given what is set now. It needs an administrator and refuses
// (Invalid) a time zone that does not exist, a go-live day that is none, and more than a year to pay.
func (o *Office) SaveTenant(ctx context.Context, p auth.Principal, change func(*models.Settings)) (models.Settings, error) {
	var saved models.Settings
	if level, ok := p.Allows("Organization", auth.PermissionDelete); !ok || level != auth.LevelSystem || p.Organization != "" {
		return saved, fault.New(fault.Forbidden, "forbidden", "Only an administrator may change the settings of a tenant.")
	}
	err := o.session(p).Update(ctx, func(tx *store.Tx) error {
		var err error
		if saved, _, err = settings(&tx.View); err != nil {
			return err
		}
		change(&saved)
		if issues := checkSettings(saved); len(issues) > 0 {
			return fault.Of(fault.Invalid, issues)
		}
		return tx.SaveSettings(saved)
	})
	return saved, err
}

func checkSettings(s models.Settings) []fault.Issue {
	var issues []fault.Issue
	if _, err := time.LoadLocation(s.TimeZone); err != nil || s.TimeZone == "" {
		issues = append(issues, fault.Issue{Code: "value", Path: "timeZone", Text: "The time zone is not a name of the IANA database; write for example America/New_York."})
	}
	if _, ok := models.ParseDate(string(s.GoLive)); s.GoLive != "" && (!ok || len(s.GoLive) != len(time.DateOnly)) {
		issues = append(issues, fault.Issue{Code: "value", Path: "goLive", Text: "The go-live day must be written as 2026-03-02."})
	}
	if s.DueDays < 0 || s.DueDays > dueDaysMax {
		issues = append(issues, fault.Issue{Code: "value", Path: "dueDays", Text: "The days until an invoice is due must lie between 0 and 365."})
	}
	return issues
}
