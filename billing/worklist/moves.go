package worklist

import (
	"fmt"
	"slices"
	"strings"

	"medbill/models"
	"medbill/models/fault"
)

// What one item may hold, and for how long it may be kept from others.
const (
	takeMinutesMax = 8 * 60
	snoozeDaysMax  = 366
	notesMax       = 100
	labelsMax      = 20
)

const (
	minute = models.Instant(60_000_000)
	day    = 24 * 60 * minute
)

// Take gives an item to who asks for some minutes; then it is free again. Who has it already has it for so long from now on.
func Take(minutes int) Work {
	return func(w models.WorkItem, now models.Instant, by string) (models.WorkItem, models.WorkAction, string, error) {
		if minutes < 1 || minutes > takeMinutesMax {
			return w, "", "", fault.At(fault.Invalid, "value", "minutes", fmt.Sprintf("Work is taken for 1 to %d minutes.", takeMinutesMax))
		}
		if err := isFree(w, now, by); err != nil {
			return w, "", "", err
		}
		w.TakenBy, w.TakenUntil = by, now+models.Instant(minutes)*minute
		return w, models.WorkTaken, "until " + w.TakenUntil.String(), nil
	}
}

// GiveBack makes an item free that who asks has; one that nobody has is left alone.
func GiveBack() Work {
	return func(w models.WorkItem, now models.Instant, by string) (models.WorkItem, models.WorkAction, string, error) {
		if err := isFree(w, now, by); err != nil || w.Holder(now) == "" {
			return w, "", "", err
		}
		w.TakenBy, w.TakenUntil = "", 0
		return w, models.WorkGivenBack, "", nil
	}
}

// Assign makes a user the one who is to do it, "" nobody.
func Assign(user string) Work {
	return func(w models.WorkItem, _ models.Instant, _ string) (models.WorkItem, models.WorkAction, string, error) {
		if user != "" {
			if err := fault.Under("user", models.CheckLine(user)); err != nil {
				return w, "", "", err
			}
		}
		if w.Assignee == user {
			return w, "", "", nil
		}
		w.Assignee = user
		return w, models.WorkAssigned, user, nil
	}
}

// Snooze puts an item off until a moment, for a reason; 0 brings it back now.
func Snooze(until models.Instant, reason string) Work {
	return func(w models.WorkItem, now models.Instant, by string) (models.WorkItem, models.WorkAction, string, error) {
		if until != 0 && (until <= now || until > now+snoozeDaysMax*day) {
			return w, "", "", fault.At(fault.Invalid, "value", "until", "Work is put off until a moment that is still to come, within a year.")
		}
		if err := fault.Under("reason", models.CheckText(reason)); err != nil {
			return w, "", "", err
		}
		if err := isFree(w, now, by); err != nil {
			return w, "", "", err
		}
		w.SnoozedUntil = until
		text := "until " + until.String() + ": " + reason
		if until == 0 {
			text = "back: " + reason
		}
		return w, models.WorkSnoozed, text, nil
	}
}

// Note writes something on an item, whoever has it.
func Note(text string) Work {
	return func(w models.WorkItem, now models.Instant, by string) (models.WorkItem, models.WorkAction, string, error) {
		if err := fault.Under("text", models.CheckText(text)); err != nil {
			return w, "", "", err
		}
		if len(w.Notes) == notesMax {
			return w, "", "", fault.At(fault.BusinessRule, "work.notes", "text", fmt.Sprintf("The work has %d notes, more than anybody reads; decide it.", notesMax))
		}
		w.Notes = append(slices.Clone(w.Notes), models.WorkNote{By: by, At: now, Text: text})
		return w, models.WorkNoted, text, nil
	}
}

// Label puts labels on an item and takes others off, whoever has it. A label has small letters, digits and hyphens.
func Label(add, remove []string) Work {
	return func(w models.WorkItem, _ models.Instant, _ string) (models.WorkItem, models.WorkAction, string, error) {
		for i, label := range add {
			if !models.IsLabel(label) {
				return w, "", "", fault.At(fault.Invalid, "value", fmt.Sprintf("add[%d]", i), fmt.Sprintf("A label has 1 to %d small letters, digits and hyphens.", models.LabelCharsMax))
			}
		}
		labels := slices.DeleteFunc(slices.Clone(w.Labels), func(l string) bool { return slices.Contains(remove, l) })
		for _, label := range add {
			if !slices.Contains(labels, label) {
				labels = append(labels, label)
			}
		}
		if len(labels) > labelsMax {
			return w, "", "", fault.At(fault.BusinessRule, "work.labels", "add", fmt.Sprintf("Work has at most %d labels; take one off.", labelsMax))
		}
		if slices.Equal(labels, w.Labels) {
			return w, "", "", nil
		}
		w.Labels = labels
		return w, models.WorkLabelled, strings.Join(labels, " "), nil
	}
}
