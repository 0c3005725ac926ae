module medbill/proof

go 1.26
