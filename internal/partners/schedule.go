package partners

import (
	"time"

	"medbill/models"
)

// Lease is how long a call may be under way: meanwhile nobody else makes it.
var Lease = minutes(2)

var (
	pauses   = []models.Instant{minutes(1), minutes(5), minutes(30)}
	pauseMax = minutes(60)
)

// Pause gives how long to wait until a call is made again that failed so many times before it failed now.
func Pause(before int) models.Instant {
	if before < len(pauses) {
		return pauses[before]
	}
	return pauseMax
}

// TellAfter is how often a call fails before people are told.
const TellAfter = 4

func minutes(n int) models.Instant {
	return models.Instant(time.Duration(n) * time.Minute / time.Microsecond)
}
