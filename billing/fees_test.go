package billing_test

import (
	"log/slog"
	"testing"

	"medbill/billing"
	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/internal/store/storetest"
	"medbill/models"
	"medbill/models/fault"
)

func operator(tenant models.TenantID) auth.Principal {
	return auth.Principal{Tenant: tenant, Subject: "operator", Scopes: auth.ParseScopes("system/*.cruds operation/*")}
}

// TestATenantThatNobodyMadeHasNoPrices holds that a typo makes nothing: only the operator's own use case makes a tenant.
func TestATenantThatNobodyMadeHasNoPrices(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		office, typo := billing.New(db, slog.New(slog.DiscardHandler)), operator("typo")
		load := billing.FeeLoad{Name: "standard", Lines: []models.Price{{Sequence: 2, System: models.SystemCPT, Code: "99213", Amount: 1}}}
		_, loaded := office.LoadFees(t.Context(), typo, billing.Call{}, load)
		_, ended := office.EndFees(t.Context(), typo, billing.Call{}, "x", "2026-12-31")
		_, changed := office.ChangeSettings(t.Context(), typo, billing.Call{}, models.SettingsChange{})
		_, seen := office.Settings(t.Context(), typo)
		_, listed := office.FeeSchedules(t.Context(), typo)
		for name, err := range map[string]error{"load": loaded, "end": ended, "change": changed, "settings": seen, "list": listed} {
			if !fault.Is(err, fault.Forbidden) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if tenants, err := db.Tenants(t.Context()); err != nil || len(tenants) != 0 {
			t.Errorf("tenants %v, %v", tenants, err)
		}
		if _, err := office.SaveTenant(t.Context(), operator("bad name!"), models.SettingsChange{}); !fault.Is(err, fault.Invalid) {
			t.Errorf("a tenant that no token could name is made: %v", err)
		}
		made, err := office.SaveTenant(t.Context(), typo, models.SettingsChange{})
		if err != nil || made.SelfPayHours != 24 {
			t.Errorf("the operator makes %+v, %v", made, err)
		}
		if _, err := office.LoadFees(t.Context(), typo, billing.Call{}, load); err != nil {
			t.Error(err)
		}
	})
}
