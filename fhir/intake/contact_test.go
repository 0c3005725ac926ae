package intake_test

import (
	"testing"

	"medbill/fhir/intake"
	"medbill/models"
)

// TestContactIsRead holds by which name, address and number somebody is written to, of those that a record has.
func TestContactIsRead(t *testing.T) {
	home := models.Address{Street: "1 Nowhere Way\nApt 2", City: "Columbus", State: "OH", PostalCode: "43004", Country: "US"}
	for _, row := range []struct {
		name, text string
		want       models.Contact
	}{
		{"a patient", `{'resourceType':'Patient','name':[{'use':'nickname','given':['No']},{'use':'official','family':'Canary','given':['Zzyzx','Q'],'suffix':['Jr.']}],
			'telecom':[{'system':'email','value':'x@example.org'},{'system':'phone','use':'old','value':'555-0001'},{'system':'phone','value':'555-0100'}],
			'address':[{'use':'old','line':['x']},{'type':'physical','line':['y']},{'line':['1 Nowhere Way','Apt 2'],'city':'Columbus','state':'OH','postalCode':'43004','country':'US'}]}`,
			models.Contact{Name: "Zzyzx Q Canary Jr.", Address: home, Phone: "555-0100"}},
		{"one with an address for mail", `{'resourceType':'Patient','name':[{'text':'Zzyzx Canary'}],'address':[{'line':['y'],'city':'z'},{'type':'postal','line':['PO Box 1']}]}`, models.Contact{Name: "Zzyzx Canary", Address: models.Address{Street: "PO Box 1"}}},
		{"one with an address for bills", `{'resourceType':'Patient','address':[{'type':'postal','line':['PO Box 1']},{'use':'billing','line':['PO Box 2']}]}`, models.Contact{Address: models.Address{Street: "PO Box 2"}}},
		{"one that can only be gone to", `{'resourceType':'Patient','address':[{'type':'physical','line':['y']}]}`, models.Contact{Address: models.Address{Street: "y"}}},
		{"one written in one piece", `{'resourceType':'Patient','address':[{'text':'7 Nowhere Lane, Columbus'}]}`, models.Contact{Address: models.Address{Street: "7 Nowhere Lane, Columbus"}}},
		{"an organization", `{'resourceType':'Organization','name':'Zzyzx Clinic','telecom':[{'system':'phone','value':'555-0100'}]}`, models.Contact{Name: "Zzyzx Clinic", Phone: "555-0100"}},
		{"nobody", `{'resourceType':'Organization'}`, models.Contact{}},
	} {
		if got := intake.Contact(document(t, row.text)); got != row.want {
			t.Errorf("%s: %+v, want %+v", row.name, got, row.want)
		}
	}
}
