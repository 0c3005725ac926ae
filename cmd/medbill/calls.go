package main

import "medbill/internal/partners"

// calls is which servers of payers a process calls; every command that works has this flag.
type calls struct {
	Partners string `help:"CSV file of the payers whose servers are called: tenant,payer,base,token_file." placeholder:"FILE"`
}

// book gives the payers that are called; nil for none.
func (c calls) book() (*partners.Book, error) {
	if c.Partners == "" {
		return nil, nil
	}
	return partners.Read(c.Partners)
}
