package billing

import (
	"bytes"
	"context"
	"log/slog"
	"slices"
	"strings"

	"medbill/internal/auth"
	"medbill/internal/codes"
	"medbill/internal/codes/published"
	"medbill/internal/store/library"
	"medbill/models"
	"medbill/models/fault"
	"medbill/models/operation"
)

// CodeLoad is a published file as it comes: its content, its name, and what neither of them says.
type CodeLoad struct {
	Name    string
	Content []byte
	published.Options
}

// CodeReleases gives every release of a code system, of edits or of the fee schedule that is here.
func (o *Office) CodeReleases(ctx context.Context, p auth.Principal) ([]codes.Release, error) {
	if err := mayCodes(p); err != nil {
		return nil, err
	}
	return library.Of(o.db).Releases(ctx)
}

// LoadCodes takes the releases of a published file. A file that cannot be read is refused whole (Invalid), with the line. A rehearsal
// reads it and keeps nothing.
func (o *Office) LoadCodes(ctx context.Context, p auth.Principal, c Call, load CodeLoad) ([]library.Kept, error) {
	if err := mayCodes(p); err != nil {
		return nil, err
	}
	editions, err := published.Read(load.Name, bytes.NewReader(load.Content), int64(len(load.Content)), load.Options, nil)
	if err != nil {
		return nil, err
	}
	return o.KeepEditions(ctx, editions, c.DryRun, nil)
}

// KeepEditions keeps what a file held, all of it or nothing, and has claims that findings hold looked at again. A rehearsal keeps nothing.
// Whoever calls it saw to it that the caller may.
func (o *Office) KeepEditions(ctx context.Context, editions []codes.Edition, dryRun bool, told func(done, of int64)) ([]library.Kept, error) {
	if dryRun {
		kept := make([]library.Kept, len(editions))
		for i, e := range editions {
			kept[i].Release = e.Release
		}
		return kept, nil
	}
	kept, err := library.Of(o.db).Keep(ctx, editions, told)
	if err != nil {
		return nil, err
	}
	changed := slices.DeleteFunc(slices.Clone(kept), func(k library.Kept) bool { return !k.Changed })
	for _, k := range changed {
		slog.Info("codes loaded", "table", k.Table, "release", k.Name, "rows", k.Rows)
	}
	if len(changed) == 0 {
		return kept, nil
	}
	return kept, o.recheck(ctx)
}

// DropCodes takes a release away; one that is not here is not found.
func (o *Office) DropCodes(ctx context.Context, p auth.Principal, c Call, table codes.Table, name string) error {
	if err := mayCodes(p); err != nil {
		return err
	}
	if c.DryRun {
		list, err := library.Of(o.db).Releases(ctx)
		for _, r := range list {
			if r.Table == table && r.Name == name {
				return err
			}
		}
		return library.ErrNoRelease
	}
	return o.DropRelease(ctx, table, name)
}

// DropRelease takes a release away, and has claims that findings hold looked at again. Whoever calls it saw to it that the caller may.
func (o *Office) DropRelease(ctx context.Context, table codes.Table, name string) error {
	if err := library.Of(o.db).Drop(ctx, table, name); err != nil {
		return err
	}
	slog.Info("codes dropped", "table", table, "release", name)
	return o.recheck(ctx)
}

// mayCodes refuses whoever may not change what every practice goes by.
func mayCodes(p auth.Principal) error {
	return p.RequireTenantOperation(operation.ScopeCodes, aboutFees)
}

// CodeAnswer is what is known about a code on a day.
type CodeAnswer struct {
	Facts    codes.Facts
	Release  codes.Release
	Standing codes.Standing
	Found    bool
	Concept  codes.Concept
	Usable   bool            // whether it may stand on a claim for a service of that day
	Choices  []codes.Concept // of a heading: what may stand in its place
}

// choicesMax is how many codes are offered in place of a heading.
const choicesMax = 10

// LookUp gives what is known about a code of a system on a day, today where it is "".
func (o *Office) LookUp(ctx context.Context, system, code string, day models.Date) (CodeAnswer, error) {
	table := codes.TableOf(system)
	day = o.dayOr(day)
	books, err := library.Of(o.db).Open(ctx, []models.Date{day}, table)
	if err != nil {
		return CodeAnswer{}, err
	}
	a := CodeAnswer{Facts: table.Facts()}
	content, r, standing := codes.Look[*codes.Concepts](books, table, day)
	a.Release, a.Standing = r, standing
	if content == nil {
		return a, nil
	}
	a.Concept, a.Found = content.Find(a.Facts.Bare(code))
	a.Usable = a.Found && a.Concept.Billable && standing != codes.Before && a.Concept.Span.Contains(day)
	if a.Found && !a.Concept.Billable {
		a.Choices = content.Under(a.Concept.Code, choicesMax)
	}
	return a, nil
}

// Message says why a code may not stand on a claim, or what nothing here can tell; "" where it may.
func (a CodeAnswer) Message() string {
	day := "the release " + a.Release.Name
	switch {
	case a.Standing == codes.Missing:
		return "No release of this code system is here; 'medbill codes load' loads one."
	case a.Standing == codes.Before:
		return "The day lies before the first release that is here, " + a.Release.Name + " from " + string(a.Release.Span.From) + "; load the one of that day."
	case !a.Found && !a.Release.Complete:
		return "The code is not in the starter set, which knows some codes only; load the whole release."
	case !a.Found:
		return "The code is not in " + day + "."
	case !a.Concept.Billable:
		return "The code is a heading and cannot be billed; " + a.choices()
	case !a.Usable:
		return "The code is not in force on that day, by " + day + "."
	case a.Standing == codes.Lapsed:
		return "The day lies after " + day + ", and the next one is not here."
	}
	return ""
}

// choices names what may stand in place of a heading.
func (a CodeAnswer) choices() string {
	list := make([]string, len(a.Choices))
	for i, c := range a.Choices {
		list[i] = a.Facts.Written(c.Code)
	}
	if len(list) == 0 {
		return "choose one below it."
	}
	return "choose one below it, such as " + strings.Join(list, ", ") + "."
}

// CodeSearch asks for codes of a system.
type CodeSearch struct {
	System string
	codes.Query
}

// FoundCodes is a page of codes, billable ones first, and how many there are in all.
type FoundCodes struct {
	Facts   codes.Facts
	Release codes.Release
	Codes   []codes.Concept
	Total   int
	systems []string // of each code of a value set, which has them from several code systems
}

// SystemOf gives the code system of the i-th code.
func (f FoundCodes) SystemOf(i int) string {
	if i < len(f.systems) {
		return f.systems[i]
	}
	return f.Facts.Systems[0]
}

// errNoCodes is a search in what was not loaded.
var errNoCodes = fault.At(fault.NotFound, "codes.not-loaded", "system", "No release of this code system is here; 'medbill codes load' loads one.")

// SearchCodes gives codes by the beginning of a code or the beginnings of words, valid on a day, today where it is "".
func (o *Office) SearchCodes(ctx context.Context, q CodeSearch) (FoundCodes, error) {
	table := codes.TableOf(q.System)
	q.On = o.dayOr(q.On)
	books, err := library.Of(o.db).Open(ctx, []models.Date{q.On}, table)
	if err != nil {
		return FoundCodes{}, err
	}
	found := FoundCodes{Facts: table.Facts()}
	content, r, _ := codes.Look[*codes.Concepts](books, table, q.On)
	if content == nil {
		return expandMembers(books, table, q, found)
	}
	found.Release = r
	found.Codes, found.Total = content.Search(found.Facts, q.Query)
	return found, nil
}

// expandMembers gives those of a value set by the beginning of a code or of its text.
func expandMembers(books codes.Books, table codes.Table, q CodeSearch, found FoundCodes) (FoundCodes, error) {
	members, r, _ := codes.Look[*codes.Records](books, table, q.On)
	if members == nil || r.Kind != codes.KindRecords || len(members.Columns) != 3 {
		return found, errNoCodes
	}
	found.Release = r
	text := strings.ToLower(strings.TrimSpace(q.Text))
	for _, row := range members.Rows {
		if !strings.HasPrefix(strings.ToLower(row[1]), text) && !strings.Contains(strings.ToLower(row[2]), text) {
			continue
		}
		if found.Total >= q.Skip && len(found.Codes) < q.Count {
			found.Codes = append(found.Codes, codes.Concept{Code: row[1], Display: row[2], Billable: true})
			found.systems = append(found.systems, row[0])
		}
		found.Total++
	}
	return found, nil
}

// dayOr gives a day, or today by UTC where none was said.
func (o *Office) dayOr(day models.Date) models.Date {
	if day != "" {
		return day
	}
	return models.Date(o.db.Now().Time().Format("2006-01-02"))
}
