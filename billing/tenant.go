package billing

import (
	"context"
	"fmt"
	"slices"
	"time"

	"medbill/billing/desk"
	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
	"medbill/models/operation"
)

// SaveTenant makes a tenant or changes its settings; it is for whoever works beside the data. It refuses (Invalid) a name that no
// token could have.
func (o *Office) SaveTenant(ctx context.Context, p auth.Principal, change models.SettingsChange) (models.TenantSettings, error) {
	var saved models.TenantSettings
	if err := maySettings(p); err != nil {
		return saved, err
	}
	if !p.Tenant.IsValid() {
		return saved, fault.At(fault.Invalid, "value", "tenant", "A tenant is named by 1 to 64 letters, digits and hyphens, as in the claim tenant of its access tokens.")
	}
	err := o.session(p).Update(ctx, func(tx *store.Tx) (err error) {
		saved, err = saveSettings(tx, change)
		return err
	})
	return saved, err
}

// ChangeSettings changes the settings of a tenant that is there.
func (o *Office) ChangeSettings(ctx context.Context, p auth.Principal, c Call, change models.SettingsChange) (desk.Done[models.TenantSettings], error) {
	return desk.Do(ctx, o.db, p, c.tenantCommand(operation.ScopeSettings, aboutSettings, change),
		inTenant(func(s *desk.Sheet) (models.TenantSettings, error) { return saveSettings(s.Tx, change) }),
		func(s *desk.Sheet) (models.TenantSettings, error) { return tenantSettings(s.View) })
}

// Settings gives the settings of a tenant.
func (o *Office) Settings(ctx context.Context, p auth.Principal) (models.TenantSettings, error) {
	var found models.TenantSettings
	if err := maySettings(p); err != nil {
		return found, err
	}
	err := o.session(p).View(ctx, func(v *store.View) error {
		if err := isTenant(v); err != nil {
			return err
		}
		var err error
		found, err = tenantSettings(v)
		return err
	})
	return found, err
}

// aboutSettings is the type of the records that settings are about.
const aboutSettings = "Organization"

func maySettings(p auth.Principal) error {
	return p.RequireTenantOperation(operation.ScopeSettings, aboutSettings)
}

// inTenant does an administrator's work in a tenant that somebody has made.
func inTenant[T any](do func(*desk.Sheet) (T, error)) func(*desk.Sheet) (T, error) {
	return func(s *desk.Sheet) (T, error) {
		if err := isTenant(s.View); err != nil {
			var none T
			return none, err
		}
		return do(s)
	}
}

// isTenant refuses a tenant that nobody has made: its settings and prices would be nobody's.
func isTenant(v *store.View) error {
	_, known, err := books.Settings(v)
	if err == nil && !known {
		err = fault.New(fault.Forbidden, "forbidden", "The tenant is unknown here; an operator has to make it first, with medbill tenant.")
	}
	return err
}

func tenantSettings(v *store.View) (models.TenantSettings, error) {
	s, _, err := desk.Settings(v)
	if err != nil {
		return models.TenantSettings{}, err
	}
	connections, err := books.Connections(v)
	return models.TenantSettings{Settings: s, Connections: connections}, err
}

// CheckSettings refuses a change that no tenant could take, as SaveTenant does, for who has not opened the data yet.
func CheckSettings(change models.SettingsChange) error {
	return checkChange(change.Apply(models.DefaultSettings), change.Connections)
}

// checkChange refuses (Invalid) a time zone that does not exist, a go-live day that is none, times that are negative or too
// long, and a connection that is none; and (BusinessRule) one by which nothing is sent yet.
func checkChange(after models.Settings, connections []models.PayerConnection) error {
	if issues := slices.Concat(checkSettings(after), checkConnections(connections)); len(issues) > 0 {
		return fault.Of(fault.Invalid, issues)
	}
	return fault.Of(fault.BusinessRule, idleConnections(connections))
}

// saveSettings changes what is set and gives all of it. It refuses what checkChange does.
func saveSettings(tx *store.Tx, change models.SettingsChange) (models.TenantSettings, error) {
	before, _, err := desk.Settings(tx.View)
	if err != nil {
		return models.TenantSettings{}, err
	}
	after := change.Apply(before)
	if err := checkChange(after, change.Connections); err != nil {
		return models.TenantSettings{}, err
	}
	if err := checkClosing(tx, after); err != nil {
		return models.TenantSettings{}, err
	}
	if after.ClosedThrough != before.ClosedThrough {
		after.ClosedAt = tx.Now()
	}
	if err := books.SaveSettings(tx, after); err != nil {
		return models.TenantSettings{}, err
	}
	if err := books.SaveConnections(tx, change.Connections...); err != nil {
		return models.TenantSettings{}, err
	}
	if bearsOnCases(before, after) {
		if err := books.DuePlans(tx, before.GoLive != after.GoLive); err != nil {
			return models.TenantSettings{}, err
		}
	}
	return tenantSettings(tx.View)
}

// bearsOnCases reports whether cases that nobody was asked to pay yet may come out otherwise by the settings after than by those
// before.
func bearsOnCases(before, after models.Settings) bool {
	before.Name, before.DueDays, before.ReviewShare, before.ClosedThrough = after.Name, after.DueDays, after.ReviewShare, after.ClosedThrough
	before.WriteOffMax, before.ClosedAt = after.WriteOffMax, after.ClosedAt
	return before != after
}

// checkClosing refuses to close a day that is not over: what happens on it could not be posted.
func checkClosing(tx *store.Tx, after models.Settings) error {
	if after.IsClosed(desk.Open(tx).Today()) {
		return fault.At(fault.Invalid, "value", "closedThrough", "The books can be closed through yesterday at most; name an earlier day.")
	}
	return nil
}

const (
	dueDaysMax      = 365
	selfPayHoursMax = 90 * 24
	writeOffMax     = 100_000
)

func checkSettings(s models.Settings) []fault.Issue {
	var issues []fault.Issue
	add := func(path, text string) { issues = append(issues, fault.Issue{Code: "value", Path: path, Text: text}) }
	if s.Name != "" {
		issues = append(issues, fault.IssuesAt("name", models.CheckLine(s.Name))...)
	}
	if s.PracticeID != "" {
		issues = append(issues, fault.IssuesAt("practice", models.CheckID(string(s.PracticeID)))...)
	}
	if _, err := time.LoadLocation(s.TimeZone); err != nil || s.TimeZone == "" || s.TimeZone == "Local" {
		add("timeZone", "The time zone is not a name of the IANA database; write for example America/New_York.")
	}
	if s.GoLive != "" {
		issues = append(issues, fault.IssuesAt("goLive", models.CheckDay(s.GoLive))...)
	}
	if s.ClosedThrough != "" {
		issues = append(issues, fault.IssuesAt("closedThrough", models.CheckDay(s.ClosedThrough))...)
	}
	if s.DueDays < 0 || s.DueDays > dueDaysMax {
		add("dueDays", "The days until an invoice is due must lie between 0 and 365.")
	}
	if s.SelfPayHours < 0 || s.SelfPayHours > selfPayHoursMax {
		add("selfPayHours", "The hours that a visit waits for a coverage must lie between 0 and 2160.")
	}
	if s.ReviewShare < 0 || s.ReviewShare > 100 {
		add("reviewShare", "Of a hundred codings 0 to 100 are looked over.")
	}
	if s.WriteOffMax < 0 || s.WriteOffMax > writeOffMax {
		add("writeOffMax", "What a biller may write off of a claim lies between 0 and 100000 dollars.")
	}
	return issues
}

func checkConnections(connections []models.PayerConnection) []fault.Issue {
	var issues []fault.Issue
	seen := map[models.OrganizationID]bool{}
	for i, c := range connections {
		at := fmt.Sprintf("connection[%d]", i)
		switch {
		case c.PayerID == "":
			issues = append(issues, fault.Issue{Code: "required", Path: at + ".payer", Text: "The connection names no payer; refer to its Organization."})
		case !models.IsID(string(c.PayerID)):
			issues = append(issues, fault.IssuesAt(at+".payer", models.CheckID(string(c.PayerID)))...)
		case seen[c.PayerID]:
			issues = append(issues, fault.Issue{Code: "value", Path: at + ".payer", Text: "The payer stands twice; state its connection once."})
		case !slices.Contains(models.ConnectionKinds(), c.Kind):
			issues = append(issues, fault.Issue{Code: "code-invalid", Path: at + ".kind", Text: "The kind of a connection must be fhir or folder."})
		}
		seen[c.PayerID] = true
	}
	return issues
}

// idleConnections gives the connections by which nothing would be sent: a claim must not wait in a folder that nobody fills.
func idleConnections(connections []models.PayerConnection) []fault.Issue {
	var issues []fault.Issue
	for i, c := range connections {
		if !c.Kind.Acts() {
			issues = append(issues, fault.Issue{
				Code: "connection.idle", Path: fmt.Sprintf("connection[%d].kind", i), Text: "Claims are sent over FHIR only for now; leave the payer's connection at fhir.",
			})
		}
	}
	return issues
}
