package auth

import (
	"regexp"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"medbill/models"
)

// Claims is what a token of medbill says; issuer and audience belong to the keys. https://www.rfc-editor.org/rfc/rfc9068
type Claims struct {
	Tenant       models.TenantID
	Subject      string
	Scope        string // blank-separated, as ParseScopes reads it
	Patient      models.PatientID
	Organization models.OrganizationID
	FHIRUser     string
	Issued       time.Time
	Expires      time.Time
}

// wireClaims is the payload of the JWT.
type wireClaims struct {
	jwt.RegisteredClaims
	Scope        string                `json:"scope,omitempty"`
	Tenant       models.TenantID       `json:"tenant,omitempty"`
	Patient      models.PatientID      `json:"patient,omitempty"`
	Organization models.OrganizationID `json:"organization,omitempty"`
	FHIRUser     string                `json:"fhirUser,omitempty"`
}

// The limits of what a token may carry; all of it ends in rows or log lines.
const (
	subjectBytesMax  = 255
	fhirUserBytesMax = 1024
)

var idPattern = regexp.MustCompile(`^[A-Za-z0-9.-]{1,64}$`) // https://hl7.org/fhir/R4/datatypes.html#id

// problem says what medbill itself misses in a token whose signature and times hold, "" where nothing.
func (c wireClaims) problem() string {
	switch {
	case !c.Tenant.IsValid():
		return "The access token needs a claim tenant of 1 to 64 letters, digits and hyphens; ask the issuer to add it."
	case c.Subject == "" || len(c.Subject) > subjectBytesMax:
		return "The access token needs a claim sub of 1 to 255 bytes; ask the issuer to add it."
	case c.Patient != "" && !idPattern.MatchString(string(c.Patient)):
		return "The claim patient of the access token is not the id of a Patient; ask the issuer to send the bare id."
	case c.Organization != "" && !idPattern.MatchString(string(c.Organization)):
		return "The claim organization of the access token is not the id of an Organization; ask the issuer to send the bare id."
	case len(c.FHIRUser) > fhirUserBytesMax:
		return "The claim fhirUser of the access token is longer than 1024 bytes; ask the issuer to shorten it."
	}
	return ""
}

func (c wireClaims) principal() Principal {
	p := Principal{
		Tenant: c.Tenant, Issuer: c.Issuer, Subject: c.Subject, Scopes: ParseScopes(c.Scope),
		Patient: c.Patient, Organization: c.Organization, FHIRUser: c.FHIRUser,
	}
	if p.Patient == "" {
		p.Scopes = p.Scopes.withoutPatient()
	}
	return p
}
