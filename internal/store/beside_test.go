package store_test

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/storetest"
	"medbill/models"
)

func TestASecondProcessWorksBesideTheOwner(t *testing.T) {
	url := storetest.URL(t, "sqlite")
	owner := storetest.Open(t, url)
	if _, err := store.Open(t.Context(), store.Config{URL: url}); err == nil {
		t.Fatal("two processes own one folder")
	}
	beside, err := store.Open(t.Context(), store.Config{URL: url, Beside: true})
	if err != nil {
		t.Fatal(err)
	}
	defer beside.Close()
	if has, err := beside.HasSchema(t.Context()); err != nil || !has {
		t.Errorf("the schema is there: %v, %v", has, err)
	}
	errs := storetest.Together(2, func(i int) error {
		s := storetest.Session([]*store.DB{owner, beside}[i])
		for n := range 50 {
			err := s.Update(t.Context(), func(tx *store.Tx) error {
				return books.SavePrices(tx, models.FeeScheduleID(fmt.Sprint(i, "-", n)), []models.Price{{Sequence: 1, System: models.SystemCPT, Code: "99214"}})
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err := errors.Join(errs...); err != nil {
		t.Error(err)
	}
	storetest.View(t, storetest.Session(owner), func(v *store.View) error {
		prices, err := books.Prices(v, []string{"99214"})
		if len(prices) != 100 {
			t.Errorf("%d of 100 writes are there", len(prices))
		}
		return err
	})
}

// What only the owner may do is refused to a process beside it, and there is nothing beside nothing.
func TestAProcessBesideLeavesTheOwnersWorkAlone(t *testing.T) {
	url := storetest.URL(t, "sqlite")
	storetest.Open(t, url)
	beside, err := store.Open(t.Context(), store.Config{URL: url, Beside: true})
	if err != nil {
		t.Fatal(err)
	}
	defer beside.Close()
	if err := beside.Migrate(t.Context()); err == nil {
		t.Error("a process beside the owner migrates")
	}
	if _, err := beside.Work(t.Context(), store.Shift{}, slog.New(slog.DiscardHandler)); err == nil {
		t.Error("a process beside the owner takes jobs")
	}
	if _, err := store.Open(t.Context(), store.Config{URL: "sqlite://" + filepath.Join(t.TempDir(), "none.db"), Beside: true}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("beside nothing: %v", err)
	}
}

// Looking at a file leaves nothing beside it.
func TestAProcessBesideMakesNoFile(t *testing.T) {
	for name, content := range map[string]string{"an empty file": "", "another file": "no database at all"} {
		dir := t.TempDir()
		path := filepath.Join(dir, "own.db")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		db, err := store.Open(t.Context(), store.Config{URL: "sqlite://" + path, Beside: true})
		if err == nil {
			_ = db.Close()
			t.Errorf("%s: opened, want refused", name)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
			t.Errorf("%s: the folder holds %v, %v; want the file alone", name, left, err)
		}
	}
}
