package payer

import (
	"encoding/json"
)

// The parts of FHIR R4 that are read.
type (
	coding struct {
		System string `json:"system,omitempty"`
		Code   string `json:"code,omitempty"`
	}
	concept struct {
		Coding []coding `json:"coding,omitempty"`
	}
	identifier struct {
		Type   concept `json:"type,omitzero"`
		System string  `json:"system,omitempty"`
		Value  string  `json:"value,omitempty"`
	}
	reference struct {
		Reference  string      `json:"reference,omitempty"`
		Identifier *identifier `json:"identifier,omitempty"`
		Display    string      `json:"display,omitempty"`
	}
	amount struct {
		Value json.Number `json:"value"`
	}
	extension struct {
		URL           string `json:"url"`
		ValueCode     string `json:"valueCode"`
		ValueDateTime string `json:"valueDateTime"`
	}
	period struct {
		Start string `json:"start"`
		End   string `json:"end"`
	}
	insurance struct {
		Focal         bool      `json:"focal"`
		Coverage      reference `json:"coverage"`
		PreAuthRef    []string  `json:"preAuthRef"`
		ClaimResponse reference `json:"claimResponse"`
	}
	claimItem struct {
		Sequence         int     `json:"sequence"`
		ProductOrService concept `json:"productOrService"`
		Revenue          concept `json:"revenue"`
		ServicedDate     string  `json:"servicedDate"`
		ServicedPeriod   period  `json:"servicedPeriod"`
		Quantity         amount  `json:"quantity"`
		Net              amount  `json:"net"`
	}
	claimDocument struct {
		ResourceType   string       `json:"resourceType"`
		ID             string       `json:"id"`
		Use            string       `json:"use"`
		Status         string       `json:"status"`
		Type           concept      `json:"type"`
		Identifier     []identifier `json:"identifier"`
		Extension      []extension  `json:"extension"`
		Patient        reference    `json:"patient"`
		Insurer        reference    `json:"insurer"`
		Provider       reference    `json:"provider"`
		BillablePeriod period       `json:"billablePeriod"`
		Related        []struct {
			Claim     reference  `json:"claim"`
			Reference identifier `json:"reference"`
		} `json:"related"`
		Insurance []insurance `json:"insurance"`
		Item      []claimItem `json:"item"`
	}
	coverageDocument struct {
		ResourceType string       `json:"resourceType"`
		ID           string       `json:"id"`
		SubscriberID string       `json:"subscriberId"`
		Identifier   []identifier `json:"identifier"`
		Relationship concept      `json:"relationship"`
		Subscriber   reference    `json:"subscriber"`
	}
)

const extensions = "https://medbill.dev/fhir/StructureDefinition/"

// member gives the member's number: Coverage.subscriberId, else an identifier of type MB.
func (c coverageDocument) member() string {
	if c.SubscriberID != "" {
		return c.SubscriberID
	}
	for _, i := range c.Identifier {
		for _, t := range i.Type.Coding {
			if t.Code == "MB" {
				return i.Value
			}
		}
	}
	return ""
}

// focal gives the insurance that the claim is for.
func (d claimDocument) focal() insurance {
	for _, i := range d.Insurance {
		if i.Focal {
			return i
		}
	}
	if len(d.Insurance) > 0 {
		return d.Insurance[0]
	}
	return insurance{}
}

func (d claimDocument) extension(name string) extension {
	for _, e := range d.Extension {
		if e.URL == extensions+name {
			return e
		}
	}
	return extension{}
}
