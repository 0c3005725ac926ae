package records

import (
	"medbill/fhir"
	"medbill/models"
	"medbill/models/fault"
)

// notOurs refuses to change what billing wrote among the documents of a kept type.
func notOurs(row fhir.Type, before models.Document) error {
	if !row.AlsoOurs {
		return nil
	}
	d, err := fhir.Parse(before.Body)
	if err != nil {
		return err
	}
	for tag := range d.Root().In("meta", "tag").Children() {
		if tag.Get("system").Is(fhir.SystemOrigin) && tag.Get("code").Is(fhir.OriginBilling.Code) {
			return errOurs
		}
	}
	return nil
}

var errOurs = fault.New(fault.Unsupported, "not-supported", "This record is made by billing itself; nobody else changes or deletes it.")
