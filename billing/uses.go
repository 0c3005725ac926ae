package billing

import (
	"medbill/fhir"
	"medbill/fhir/intake"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/models/fault"
)

// byUse is what documents do of which those of use preauthorization do something else than all others. The use of a document does not change (BusinessRule).
func byUse(authorization, other records.Behaviour) records.Behaviour {
	of := func(a records.Arrival) (records.Behaviour, error) {
		is, was := a.Document, a.Document
		if a.Before.Version > 0 && !a.Before.Deleted {
			var err error
			if was, err = fhir.Parse(a.Before.Body); err != nil {
				return records.Behaviour{}, err
			}
		}
		if is == nil {
			is = was
		}
		isNow, isBefore := is.Root().Get("use").Is(intake.UseAuthorization), was.Root().Get("use").Is(intake.UseAuthorization)
		switch {
		case isNow != isBefore:
			return records.Behaviour{}, fault.At(fault.BusinessRule, "use.changed", is.Type()+".use", "The use of a document does not change; send another one.")
		case isNow:
			return authorization, nil
		}
		return other, nil
	}
	return records.Behaviour{
		Decide: func(tx *store.Tx, a records.Arrival) (records.Fate, error) {
			b, err := of(a)
			if err != nil {
				return 0, err
			}
			return b.Decide(tx, a)
		},
		Book: func(tx *store.Tx, a records.Arrival) (string, error) {
			b, err := of(a)
			if err != nil {
				return "", err
			}
			return b.Book(tx, a)
		},
		After: func(tx *store.Tx, a records.Arrival) error {
			b, err := of(a)
			if err != nil || b.After == nil {
				return err
			}
			return b.After(tx, a)
		},
	}
}
