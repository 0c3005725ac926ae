package auth

import (
	"regexp"
	"strings"
	"time"
	"unicode"

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

// The claims that are read here; every other one is passed over. https://www.rfc-editor.org/rfc/rfc7519#section-4.1
var claimNames = []string{"iss", "sub", "aud", "exp", "nbf", "iat", "scope", "tenant", "patient", "organization", "fhirUser"}

// UnmarshalJSON reads a payload by the exact names of its claims, each once and of its own type (Unauthenticated otherwise).
func (c *wireClaims) UnmarshalJSON(payload []byte) error {
	members, err := parseObject(payload)
	if err != nil {
		return err
	}
	r := reader{members: members}
	r.exactly(claimNames...)
	*c = wireClaims{
		RegisteredClaims: jwt.RegisteredClaims{Issuer: r.text("iss"), Subject: r.text("sub"), Audience: r.texts("aud")},
		Scope:            r.text("scope"), Tenant: models.TenantID(r.text("tenant")), Patient: models.PatientID(r.text("patient")),
		Organization: models.OrganizationID(r.text("organization")), FHIRUser: r.text("fhirUser"),
	}
	for name, at := range map[string]**jwt.NumericDate{"exp": &c.ExpiresAt, "nbf": &c.NotBefore, "iat": &c.IssuedAt} {
		if value := r.time(name); !value.IsZero() {
			*at = jwt.NewNumericDate(value)
		}
	}
	return r.failed
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
	case c.Subject == "" || len(c.Subject) > subjectBytesMax || strings.ContainsFunc(c.Subject, unicode.IsControl):
		return "The access token needs a claim sub of 1 to 255 bytes without control characters; ask the issuer to add it."
	case c.Patient != "" && !idPattern.MatchString(string(c.Patient)):
		return "The claim patient of the access token is not the id of a Patient; ask the issuer to send the bare id."
	case c.Organization != "" && !idPattern.MatchString(string(c.Organization)):
		return "The claim organization of the access token is not the id of an Organization; ask the issuer to send the bare id."
	case len(c.FHIRUser) > fhirUserBytesMax || strings.ContainsFunc(c.FHIRUser, unicode.IsControl):
		return "The claim fhirUser of the access token is longer than 1024 bytes or holds control characters; ask the issuer to write a reference."
	}
	return ""
}

func (c wireClaims) principal() Principal {
	p := Principal{
		Tenant: c.Tenant, Issuer: c.Issuer, Subject: c.Subject, Scopes: ParseScopes(c.Scope),
		Patient: c.Patient, Organization: c.Organization, FHIRUser: c.FHIRUser,
	}
	if p.Patient == "" {
		p.Scopes = p.Scopes.without(LevelPatient)
	}
	if p.Organization == "" && p.Scopes.answersClaims() {
		p.Scopes = p.Scopes.without(LevelSystem)
	}
	return p
}
