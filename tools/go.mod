module medbill/tools

go 1.26.8
