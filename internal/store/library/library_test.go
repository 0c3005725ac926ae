package library_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"medbill/internal/codes"
	"medbill/internal/store"
	"medbill/internal/store/library"
	"medbill/internal/store/storetest"
	"medbill/models"
	"medbill/models/fault"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// edition gives a release of some concepts, large enough for several parts.
func edition(t *testing.T, name string, from models.Date, displays ...string) (codes.Release, *codes.Concepts) {
	t.Helper()
	var list []codes.Concept
	for i, display := range displays {
		list = append(list, codes.Concept{Code: fmt.Sprintf("Z%04d", i), Display: display, Billable: true})
	}
	content, err := codes.NewConcepts(list)
	if err != nil {
		t.Fatal(err)
	}
	return codes.Release{
		Table: codes.ICD10CM, Kind: codes.KindConcepts, Name: name, Span: models.Span{From: from}, Complete: true,
		Rows: content.Len(), Billable: content.BillableCount(), Source: name + ".txt",
	}, content
}

func keep(t *testing.T, l *library.Library, r codes.Release, c codes.Content) bool {
	t.Helper()
	kept, err := l.Keep(t.Context(), []codes.Edition{{Release: r, Content: c}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return kept[0].Changed
}

// on gives what stands in the books for Z0000 on a day.
func on(t *testing.T, l *library.Library, day models.Date) string {
	t.Helper()
	books, err := l.Open(t.Context(), []models.Date{day}, codes.ICD10CM)
	if err != nil {
		t.Fatal(err)
	}
	content, r, standing := codes.Look[*codes.Concepts](books, codes.ICD10CM, day)
	if content == nil {
		return string(standing)
	}
	one, _ := content.Find("Z0000")
	return r.Name + " " + one.Display + " " + string(standing)
}

func TestTheReleaseOfTheDayIsOpened(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		l := library.Of(db)
		if got := on(t, l, "2026-03-02"); got != "missing" {
			t.Errorf("in an empty library stands %s", got)
		}
		first, content := edition(t, "2025", "2024-10-01", "old")
		next, other := edition(t, "2026", "2025-10-01", "new")
		if !keep(t, l, first, content) || !keep(t, l, next, other) {
			t.Error("a release that was not here changed nothing")
		}
		for day, want := range map[models.Date]string{
			"2025-09-30": "2025 old in-force", "2025-10-01": "2026 new in-force", "2024-09-30": "2025 old before",
		} {
			if got := on(t, l, day); got != want {
				t.Errorf("on %s: %s, want %s", day, got, want)
			}
		}
	})
}

func TestLoadingTwiceChangesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		l := library.Of(db)
		r, content := edition(t, "2026", "2025-10-01", "a", "b")
		keep(t, l, r, content)
		before, err := l.Releases(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if r.Source = "renamed.txt"; keep(t, l, r, content) {
			t.Error("the same again is told as a change")
		}
		after, err := l.Releases(t.Context())
		if err != nil || len(after) != 1 || after[0] != before[0] {
			t.Errorf("%+v, then %+v, %v", before, after, err)
		}
		r, content = edition(t, "2026", "2025-10-01", "corrected", "b")
		if !keep(t, l, r, content) {
			t.Error("a corrected release is told as no change")
		}
		if got := on(t, l, "2026-01-01"); got != "2026 corrected in-force" {
			t.Errorf("after the correction stands %s", got)
		}
		if n := parts(t, db); n != 1 {
			t.Errorf("%d parts are kept, want those of the last one", n)
		}
	})
}

func parts(t *testing.T, db *store.DB) int {
	t.Helper()
	var n int
	err := db.ReadCodes(func(q store.Codes) error {
		return q.QueryRowContext(t.Context(), "SELECT count(*) FROM code_parts").Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestWhatIsDroppedIsGone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		l := library.Of(db)
		r, content := edition(t, "2026", "2025-10-01", "a")
		keep(t, l, r, content)
		if err := l.Drop(t.Context(), r.Table, r.Name); err != nil {
			t.Fatal(err)
		}
		if got, n := on(t, l, "2026-01-01"), parts(t, db); got != "missing" || n != 0 {
			t.Errorf("after it was dropped stands %s, and %d parts", got, n)
		}
		var f *fault.Fault
		if err := l.Drop(t.Context(), r.Table, r.Name); !errors.As(err, &f) || f.Kind != fault.NotFound {
			t.Errorf("to drop it again gives %v, want not found", err)
		}
	})
}

// TestALoadIsWholeOrNothing breaks one off between its parts.
func TestALoadIsWholeOrNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		l := library.Of(db)
		noise := make([]byte, 3<<20)
		for i, seed := 0, uint32(1); i < len(noise); i++ {
			seed = seed*1664525 + 1013904223
			noise[i] = 'a' + byte(seed>>24)%26
		}
		var displays []string
		for line := range slices.Chunk(noise, 1000) {
			displays = append(displays, string(line))
		}
		r, content := edition(t, "2026", "2025-10-01", displays...)
		ctx, stop := context.WithCancel(t.Context())
		told := 0
		small, other := edition(t, "2025", "2024-10-01", "first of the file")
		file := []codes.Edition{{Release: small, Content: other}, {Release: r, Content: content}}
		if _, err := l.Keep(ctx, file, func(done, of int64) {
			if told++; of > 1<<20 { // the second of the file is under way
				stop()
			}
		}); err == nil {
			t.Error("a load that was broken off went well")
		}
		list, err := l.Releases(t.Context())
		if err != nil || len(list) != 0 || parts(t, db) != 0 || told != 2 {
			t.Errorf("%d releases and %d parts stand after %d were written, %v", len(list), parts(t, db), told, err)
		}
		if !keep(t, l, r, content) || parts(t, db) < 2 {
			t.Errorf("%d parts stand, want several", parts(t, db))
		}
		if got := on(t, l, "2026-01-01"); got != "2026 "+displays[0]+" in-force" {
			t.Error("several parts are not read as one")
		}
	})
}

// TestManyLoadOneRelease holds that those who load the same at once all go well and one of them changes something.
func TestManyLoadOneRelease(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		l := library.Of(db)
		r, content := edition(t, "2026", "2025-10-01", "a")
		var all sync.WaitGroup
		var mu sync.Mutex
		changes := 0
		for range 8 {
			all.Go(func() {
				kept, err := l.Keep(t.Context(), []codes.Edition{{Release: r, Content: content}}, nil)
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Error(err)
				} else if kept[0].Changed {
					changes++
				}
			})
		}
		all.Wait()
		if changes != 1 || parts(t, db) != 1 {
			t.Errorf("%d changed something and %d parts stand, want 1", changes, parts(t, db))
		}
	})
}

func TestAnotherProcessSeesItWithinSeconds(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		db := storetest.Open(t, url)
		reader := library.Of(db)
		if got := on(t, reader, "2026-01-01"); got != "missing" {
			t.Fatal(got)
		}
		beside, err := store.Open(t.Context(), store.Config{URL: url, Beside: true})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = beside.Close() }()
		r, content := edition(t, "2026", "2025-10-01", "a")
		keep(t, library.Of(beside), r, content)
		for range 100 {
			if on(t, reader, "2026-01-01") == "2026 a in-force" {
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
		t.Error("ten seconds later it is not seen")
	})
}
