package intake

import (
	"slices"
	"strings"
	"time"

	"medbill/fhir"
	"medbill/models"
)

// PaymentNotice reads a patient's payment: whose it is and how it was paid, by the extensions patient and payment-method; the till that it is in, by till; what it is for, by request; and by
// payment.identifier the number of its receipt or its processor's. Its day is paymentDate, "" where it says none.
//
// It refuses (Invalid) what misses the patient, the method, the amount or the number, (BusinessRule) what is not active, and amounts that cannot enter the books. What a payment may
// be for is the use case's to say. https://hl7.org/fhir/R4/paymentnotice.html
func PaymentNotice(d *fhir.Document, zone *time.Location) (models.Payment, error) {
	root := rootOf(d, "PaymentNotice")
	r := noticeReader{Payment: models.Payment{ID: models.PaymentID(d.ID()), RecipientID: models.OrganizationID(idOf(root.Get("recipient"), "Organization"))}}
	if !root.Get("status").Is("active") {
		r.rule("payment.not-active", root.path+".status", "Only an active PaymentNotice can be posted; set its status to active.")
	}
	if status := codeIn(root.Get("paymentStatus"), fhir.SystemPaymentStatus); status != "" && status != fhir.PaymentCleared && status != fhir.PaymentPaid {
		r.invalid("code-invalid", root.path+".paymentStatus", "A payment is cleared, or paid where its processor has not said that the money is there.")
	} else if status == fhir.PaymentCleared {
		r.State = models.PaymentSucceeded
	}
	r.extensions(root)
	r.Amount, _ = r.amount(root.get("amount"))
	r.number(root.get("payment").get("identifier"))
	if request := root.get("request"); request.Exists() {
		r.purpose(request)
	}
	if day := root.get("paymentDate"); day.Exists() {
		r.Day = dayIn(day.Node, zone)
		r.plausible(day, r.Day)
	}
	return r.Payment, r.err()
}

type noticeReader struct {
	models.Payment
	refusals
}

func (r *noticeReader) extensions(root spot) {
	for e := range root.each("extension") {
		switch e.Get("url").Text() {
		case fhir.ExtensionPatient:
			r.PatientID = models.PatientID(idOf(e.Get("valueReference"), "Patient"))
		case fhir.ExtensionTill:
			till := e.choice("value", "String")
			r.Till = r.text(till)
			r.check(till.path, models.CheckReference(r.Till))
		case fhir.ExtensionPaymentMethod:
			method := e.choice("value", "Code")
			if r.Method = models.PaymentMethod(method.Text()); !slices.Contains(models.PaymentMethods(), r.Method) {
				r.invalid("code-invalid", method.path, "A patient pays by card, ach, cash, check or other.")
			}
		}
	}
	if r.PatientID == "" {
		r.invalid("required", root.path+".extension", "The payment must say whose money it is, by the extension "+fhir.ExtensionPatient+" with a reference to Patient/ and its id.")
	}
	if r.Method == "" {
		r.invalid("required", root.path+".extension", "The payment must say how it was paid, by the extension "+fhir.ExtensionPaymentMethod+".")
	}
}

// number reads the number of a receipt or a processor's, which is the payment's own within its system.
func (r *noticeReader) number(identifier spot) {
	value := identifier.get("value")
	if !value.Exists() {
		r.invalid("required", value.path, "The payment must have a number of its own, that of its receipt or its processor's.")
		return
	}
	r.Reference = value.Text()
	r.check(value.path, models.CheckLine(r.Reference))
	r.Key = identifier.Get("system").Text() + "|" + r.Reference
}

// purposes are the types that money is collected for.
var purposes = []string{"Invoice", "Encounter", "Appointment"}

func (r *noticeReader) purpose(request spot) {
	for _, typ := range purposes {
		if id := idOf(request.Node, typ); id != "" {
			r.For = models.Ref{Type: typ, ID: id}.String()
			return
		}
	}
	r.invalid("value", request.path, "A payment is for an "+strings.Join(purposes, ", an ")+", or for nothing named.")
}

// CollectRequest is what $collect asks for.
type CollectRequest struct {
	PaymentRequest
	For       models.Ref
	Processor string
	Till      string
}

// Collect reads the Parameters of $collect: those of $pay, and for (valueReference), processor and till (valueString).
func Collect(d *fhir.Document) (CollectRequest, error) {
	r, request := &refusals{}, CollectRequest{}
	seen := r.parameters(d, "$collect takes amount, method, reference, for, processor and till.", func(name string, p spot) bool {
		switch name {
		case "for":
			reader := noticeReader{}
			reader.purpose(p.choice("value", "Reference"))
			r.issues = append(r.issues, reader.issues...)
			request.For = reader.Purpose()
		case "processor":
			request.Processor = r.text(p.choice("value", "String"))
		case "till":
			request.Till = r.text(p.choice("value", "String"))
		default:
			return r.payment(&request.PaymentRequest, name, p)
		}
		return true
	})
	r.paymentNeeds(seen)
	if err := r.err(); err != nil {
		return CollectRequest{}, err
	}
	return request, nil
}
