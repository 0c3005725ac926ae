package journal_test

import (
	"testing"

	"medbill/internal/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }
