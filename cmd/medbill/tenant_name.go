package main

import (
	"errors"

	"medbill/models"
)

// tenantName is a tenant as every command takes it.
type tenantName models.TenantID

// UnmarshalText refuses what no token could name, while the command line is read and nothing is opened or made yet.
func (n *tenantName) UnmarshalText(text []byte) error {
	if !models.TenantID(text).IsValid() {
		return errors.New("a tenant is named by 1 to 64 letters, digits and hyphens")
	}
	*n = tenantName(text)
	return nil
}
