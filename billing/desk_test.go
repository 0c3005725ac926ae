package billing_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"medbill/billing"
	"medbill/fhir/search"
	"medbill/internal/auth"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/journal"
	"medbill/internal/store/storetest"
	"medbill/models"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// desk is an office with its records machine and one principal per role.
type desk struct {
	t       testing.TB
	db      *store.DB
	office  *billing.Office
	records *records.Records
	tenant  models.TenantID
	rest    func() // has those who work stop
}

func open(t *testing.T, db *store.DB) *desk {
	t.Helper()
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	office := billing.New(db, log)
	machine, err := records.New(db, records.Config{Behaviours: office.Behaviours(), BaseURL: "http://test/fhir/R4", CursorKey: make([]byte, 32), Provision: true})
	if err != nil {
		t.Fatal(err)
	}
	stop, err := db.Work(context.Background(), office.Shift(), log)
	if err != nil {
		t.Fatal(err)
	}
	rest := sync.OnceFunc(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := stop(ctx); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(rest)
	d := &desk{t: t, db: db, office: office, records: machine, tenant: "zzyzx", rest: rest}
	none := 0
	d.settings(models.SettingsChange{SelfPayHours: &none}) // nobody waits for a coverage, unless a test says so
	return d
}

// settings changes those of the tenant.
func (d *desk) settings(change models.SettingsChange) {
	d.t.Helper()
	if _, err := d.office.SaveTenant(context.Background(), d.admin(), change); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) admin() auth.Principal {
	return auth.Principal{Tenant: d.tenant, Subject: "admin", Scopes: auth.ParseScopes("system/*.cruds operation/*")}
}

func (d *desk) payer(organization models.OrganizationID) auth.Principal {
	return auth.Principal{Tenant: d.tenant, Subject: "payer", Organization: organization, Scopes: auth.ParseScopes("system/Claim.rs system/ClaimResponse.crs system/PaymentReconciliation.crs")}
}

func (d *desk) put(typ, id, body string) {
	d.t.Helper()
	_, err := d.records.Update(context.Background(), d.admin(), models.Ref{Type: typ, ID: id}, []byte(body), 0)
	if err != nil {
		d.t.Fatalf("PUT %s/%s: %v", typ, id, err)
	}
}

// search waits until a search finds as many documents as wanted.
func (d *desk) search(typ, query string, want int) []models.Document {
	d.t.Helper()
	pairs, err := search.Pairs(query)
	if err != nil {
		d.t.Fatal(err)
	}
	var found records.Found
	for range 200 {
		if found, err = d.records.Search(context.Background(), d.admin(), typ, pairs, false); err != nil {
			d.t.Fatalf("search %s?%s: %v", typ, query, err)
		}
		if len(found.Matches) == want {
			return found.Matches
		}
		time.Sleep(50 * time.Millisecond)
	}
	d.t.Fatalf("search %s?%s finds %d, want %d", typ, query, len(found.Matches), want)
	return nil
}

func (d *desk) balances() string {
	d.t.Helper()
	var text []string
	err := d.db.As(models.Actor{Tenant: d.tenant}).View(context.Background(), func(v *store.View) error {
		b, err := journal.Balances(v)
		for _, a := range []models.LedgerAccount{models.AccountARInsurance, models.AccountARPatient, models.AccountClearing, models.AccountContractual, models.AccountBundled, models.AccountCardClearing, models.AccountRevenue} {
			text = append(text, fmt.Sprintf("%s %s", a, b[a]))
		}
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return strings.Join(text, "; ")
}

const cpt = "http://www.ama-assn.org/go/cpt"

const (
	patientAnn  = `{"resourceType":"Patient","id":"ann","name":[{"family":"Canary","given":["Zzyzx"]}],"gender":"female","birthDate":"1970-01-01","address":[{"line":["1 Zzyzx Road"],"city":"Baker","state":"CA","postalCode":"92309"}]}`
	coverageAnn = `{"resourceType":"Coverage","id":"cov","status":"active","subscriberId":"CANARY-7781","beneficiary":{"reference":"Patient/ann"},"payor":[{"reference":"Organization/acme"}]}`
)

func (d *desk) practice() {
	d.put("Organization", "practice", `{"resourceType":"Organization","id":"practice","name":"Zzyzx Clinic","identifier":[{"system":"http://hl7.org/fhir/sid/us-npi","value":"1234567893"}],"address":[{"line":["1 Canary Way"],"city":"Zzyzx","state":"CA","postalCode":"92309-1234"}]}`)
	d.put("Organization", "acme", `{"resourceType":"Organization","id":"acme","name":"ACME PPO"}`)
	d.put("Practitioner", "doc", `{"resourceType":"Practitioner","id":"doc","name":[{"family":"Canary"}],"identifier":[{"system":"http://hl7.org/fhir/sid/us-npi","value":"1999999984"}]}`)
	for code, price := range map[string]string{"99214": "250.00", "93000": "60.00", "36415": "15.00"} {
		d.price(code, price)
	}
	d.put("Patient", "ann", patientAnn)
	d.put("Coverage", "cov", coverageAnn)
}

func (d *desk) price(code, amount string) {
	d.put("ChargeItemDefinition", "fee-"+code, `{"resourceType":"ChargeItemDefinition","id":"fee-`+code+`","url":"http://example.org/fee/`+code+`","status":"active","code":{"coding":[{"system":"`+cpt+`","code":"`+code+`"}]},"propertyGroup":[{"priceComponent":[{"type":"base","amount":{"value":`+amount+`,"currency":"USD"}}]}]}`)
}

func (d *desk) visit() {
	d.put("Condition", "dx1", `{"resourceType":"Condition","id":"dx1","subject":{"reference":"Patient/ann"},"encounter":{"reference":"Encounter/visit"},"code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"I10"}]}}`)
	d.put("Condition", "dx2", `{"resourceType":"Condition","id":"dx2","subject":{"reference":"Patient/ann"},"encounter":{"reference":"Encounter/visit"},"code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"E785"}]}}`)
	for i, code := range []string{"99214-25", "93000", "36415"} {
		bare, _, _ := strings.Cut(code, "-")
		text := `"text":"` + code + `",`
		id := fmt.Sprintf("pr%d", i+1)
		d.put("Procedure", id, `{"resourceType":"Procedure","id":"`+id+`","status":"completed","subject":{"reference":"Patient/ann"},"encounter":{"reference":"Encounter/visit"},"performedDateTime":"2026-03-02","code":{`+text+`"coding":[{"system":"`+cpt+`","code":"`+bare+`"}]}}`)
	}
	d.put("Encounter", "visit", `{"resourceType":"Encounter","id":"visit","status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"},"subject":{"reference":"Patient/ann"},"participant":[{"individual":{"reference":"Practitioner/doc"}}],"period":{"start":"2026-03-02T15:00:00Z","end":"2026-03-02T15:30:00Z"},"serviceProvider":{"reference":"Organization/practice"},"diagnosis":[{"condition":{"reference":"Condition/dx1"},"rank":1},{"condition":{"reference":"Condition/dx2"},"rank":2}]}`)
}

// answer is the primary payer's answer of the worked example to claim.
func answer(claim, identifier string) string {
	item := func(seq int, submitted, benefit string, cas ...string) string {
		adjudications := []string{amount("submitted", submitted), amount("benefit", benefit)}
		for i := 0; i < len(cas); i += 3 {
			adjudications = append(adjudications, `{"category":{"coding":[{"system":"https://x12.org/codes/claim-adjustment-group-codes","code":"`+cas[i]+`"}]},"reason":{"coding":[{"system":"https://x12.org/codes/claim-adjustment-reason-codes","code":"`+cas[i+1]+`"}]},"amount":{"value":`+cas[i+2]+`,"currency":"USD"}}`)
		}
		return fmt.Sprintf(`{"itemSequence":%d,"adjudication":[%s]}`, seq, strings.Join(adjudications, ","))
	}
	return `{"resourceType":"ClaimResponse","identifier":[{"system":"http://acme.example.org/icn","value":"` + identifier + `"}],"status":"active","type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/claim-type","code":"professional"}]},"use":"claim","patient":{"reference":"Patient/ann"},"created":"2026-03-20","insurer":{"reference":"Organization/acme"},"request":{"reference":"Claim/` + claim + `"},"outcome":"complete","item":[` +
		item(1, "250.00", "80.00", "CO", "45", "100.00", "PR", "1", "50.00", "PR", "2", "20.00") + "," +
		item(2, "60.00", "16.00", "CO", "45", "40.00", "PR", "2", "4.00") + "," +
		item(3, "15.00", "0.00", "CO", "97", "15.00") + `]}`
}

func amount(category, value string) string {
	return `{"category":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/adjudication","code":"` + category + `"}]},"amount":{"value":` + value + `,"currency":"USD"}}`
}
