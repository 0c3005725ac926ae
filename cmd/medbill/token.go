package main

import (
	"fmt"
	"strings"
	"time"

	"medbill/internal/auth"
	"medbill/internal/clock"
	"medbill/models"
)

// tokenCommand is `medbill token`.
type tokenCommand struct {
	Data         string        `help:"Folder whose development keys sign; 'demo' and 'serve --dev' make them." placeholder:"DIR" default:"medbill-data"`
	Tenant       tenantName    `help:"Tenant the token is for." required:"" placeholder:"ID"`
	Role         string        `help:"What the holder does: ${enum}." enum:"${roles}" required:"" placeholder:"ROLE"`
	Patient      string        `help:"Patient the token is limited to (role patient)." placeholder:"ID"`
	Organization string        `help:"Organization the token acts for (role payer)." placeholder:"ID"`
	TTL          time.Duration `name:"ttl" help:"How long it is good." default:"12h"`
}

// Run prints the token.
func (c tokenCommand) Run(out streams) error {
	keys, err := auth.OpenDevKeys(c.Data)
	if err != nil {
		return err
	}
	token, err := c.sign(keys)
	if err != nil {
		return err
	}
	fmt.Fprintln(out.out, token)
	return nil
}

func (c tokenCommand) sign(keys auth.DevKeys) (string, error) {
	now := clock.System().Now()
	claims, err := auth.RoleClaims(auth.Role(c.Role), auth.Claims{
		Tenant: models.TenantID(c.Tenant), Subject: c.Role, Patient: models.PatientID(c.Patient),
		Organization: models.OrganizationID(c.Organization), Issued: now, Expires: now.Add(c.TTL),
	})
	if err != nil {
		return "", err
	}
	return keys.Sign(claims)
}

// roleNames lists the roles as the flag's help and check want them.
func roleNames() string {
	var names []string
	for _, role := range auth.Roles() {
		names = append(names, string(role))
	}
	return strings.Join(names, ",")
}
