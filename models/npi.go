package models

// npiPrefix makes a card number of an NPI, which the check digit is computed over.
// https://www.cms.gov/Regulations-and-Guidance/Administrative-Simplification/NationalProvIdentStand/Downloads/NPIcheckdigit.pdf
const npiPrefix = "80840"

// IsNPI reports whether text is ten digits, beginning with 1 or 2, with a right check digit.
func IsNPI(text string) bool {
	if len(text) != 10 || text[0] != '1' && text[0] != '2' {
		return false
	}
	for _, c := range []byte(text) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return luhn(npiPrefix+text) == 0
}

// luhn is the remainder of the Luhn sum of digits; 0 where the last digit checks the others.
func luhn(digits string) int {
	sum := 0
	for i := range digits {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			d *= 2
			if d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum % 10
}
