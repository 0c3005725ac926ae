package practice

import (
	"cmp"
	"strings"

	"medbill/models"
)

// Show gives a claim as a condition sees it.
func Show(c models.Claim, patient models.Patient) View {
	v := View{
		Claim: Claim{
			Type: string(c.Type), Payer: string(c.InsurerID), Provider: string(c.BillingID), Place: c.PlaceOfService, BillType: c.Stay.BillType,
			From: string(c.ServiceFrom), Until: string(c.ServiceUntil), Billed: int64(c.Billed),
		},
		Patient: Patient{Age: int64(patient.BirthDate.YearsUntil(c.ServiceFrom)), Sex: patient.Gender},
	}
	for _, d := range c.Diagnoses {
		v.Claim.Diagnoses = append(v.Claim.Diagnoses, bare(d.Code))
	}
	for _, l := range c.Lines {
		line := Line{
			Number: int64(l.Sequence), System: systems[l.System], Code: l.Code, Revenue: l.Revenue, Modifiers: l.Modifiers, Units: float64(l.Units) / float64(models.OneUnit),
			Day: string(l.ServiceDate), Billed: int64(l.Billed), Provider: string(cmp.Or(l.Rendering, c.Rendering).ID),
		}
		for _, p := range l.Pointers {
			for _, d := range c.Diagnoses {
				if d.Sequence == p {
					line.Diagnoses = append(line.Diagnoses, bare(d.Code))
				}
			}
		}
		v.Claim.Lines = append(v.Claim.Lines, line)
	}
	return v
}

// systems are the code systems by the names that a condition has for them.
var systems = map[string]string{models.SystemCPT: "CPT", models.SystemHCPCS: "HCPCS", models.SystemRevenue: "revenue"}

func bare(code string) string { return strings.ReplaceAll(code, ".", "") }
