package models

// ConnectionKind is a way in which claims reach a payer.
type ConnectionKind string

// The kinds. A payer without a connection of its own is reached over FHIR.
const (
	ConnectionFHIR   ConnectionKind = "fhir"   // the payer finds its claims here and answers them here
	ConnectionFolder ConnectionKind = "folder" // files that are laid out for the payer and collected from it
)

// ConnectionKinds lists the kinds that there are.
func ConnectionKinds() []ConnectionKind {
	return []ConnectionKind{ConnectionFHIR, ConnectionFolder}
}

// Acts reports whether claims are really sent this way today.
func (k ConnectionKind) Acts() bool { return k == ConnectionFHIR }

// PayerConnection is how one payer is reached.
type PayerConnection struct {
	TenantID TenantID       `gorm:"primaryKey"`
	PayerID  OrganizationID `gorm:"primaryKey"`
	Kind     ConnectionKind
}
