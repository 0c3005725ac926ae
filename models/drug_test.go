package models_test

import (
	"testing"

	"medbill/models"
)

// TestADrugsNumberIsWrittenOneWay holds that each way to write a National Drug Code comes to its eleven digits, and that what does not say which part is
// short is none.
func TestADrugsNumberIsWrittenOneWay(t *testing.T) {
	for text, want := range map[string]string{
		"00071015523": "00071015523", "0071-0155-23": "00071015523", "50242-040-62": "50242004062", "60575-4112-1": "60575411201", "00071-0155-23": "00071015523",
		"0071015523": "", "071-0155-23": "", "0071-155-23": "", "0071-0155-2": "", "0071-0155-233": "", "0071-O155-23": "", "000710155233": "", "0071-015523": "", "": "", "--": "",
	} {
		if got, ok := models.ParseNDC(text); ok != (want != "") || ok && got != want {
			t.Errorf("%q is %q, %t; want %q", text, got, ok, want)
		}
	}
}

// TestEveryDrugUnitIsReadAsItIsWritten holds that UCUM and X12 name the same five units.
func TestEveryDrugUnitIsReadAsItIsWritten(t *testing.T) {
	for _, unit := range models.DrugUnits {
		for _, code := range []string{unit.UCUM(), string(unit)} {
			if got, ok := models.DrugUnitOf(code); !ok || got != unit {
				t.Errorf("%q is %q, %t; want %q", code, got, ok, unit)
			}
		}
	}
	if got, ok := models.DrugUnitOf(""); ok {
		t.Errorf("nothing is %q", got)
	}
}

// TestTimeCountsInAnaesthesiaAlone holds which codes are an anaesthetist's whose minutes count.
func TestTimeCountsInAnaesthesiaAlone(t *testing.T) {
	for code, want := range map[string]bool{"00100": true, "01992": true, "01999": true, "01953": false, "01996": false, "00099": false, "02000": false, "0101T": false, "99100": false} {
		if got := models.IsAnaesthesia(models.SystemCPT, code); got != want {
			t.Errorf("%s: %t, want %t", code, got, want)
		}
	}
	if models.IsAnaesthesia(models.SystemHCPCS, "00100") {
		t.Error("another system's code is anaesthesia")
	}
}
