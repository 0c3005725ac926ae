package models

import "medbill/models/money"

// Cents is money.Cents, under the name the nouns use.
type Cents = money.Cents
