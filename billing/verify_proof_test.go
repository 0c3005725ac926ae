package billing_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"testing"

	"medbill/billing"
)

// checker is the program that recomputes the books from a proof, which shares nothing with ours.
type checker string

var builtChecker = sync.OnceValues(func() (checker, error) {
	dir, err := os.MkdirTemp("", "medbill-checker")
	if err != nil {
		return "", err
	}
	to := filepath.Join(dir, "proof")
	return checker(to), exec.Command("go", "-C", "../tools/proof", "build", "-o", to, ".").Run()
})

func buildChecker(t testing.TB) checker {
	t.Helper()
	c, err := builtChecker()
	if err != nil {
		t.Fatalf("the checker of proofs cannot be built: %v", err)
	}
	return c
}

// check gives what the checker says of a proof, and whether all of it holds.
func (c checker) check(proof io.Reader) (said string, holds bool) {
	file, err := os.CreateTemp("", "proof")
	if err != nil {
		return err.Error(), false
	}
	defer func() { _ = os.Remove(file.Name()) }()
	if _, err := io.Copy(file, proof); err != nil {
		return err.Error(), false
	}
	if err := file.Close(); err != nil {
		return err.Error(), false
	}
	var out bytes.Buffer
	cmd := exec.Command(string(c), file.Name())
	cmd.Stdout, cmd.Stderr = &out, &out
	forking.Lock()
	err = cmd.Start()
	forking.Unlock()
	if err == nil {
		err = cmd.Wait()
	}
	return out.String(), err == nil
}

// forking keeps those apart who start a process and who open a data folder anew: a child has the locks of all open files until it is another program.
var forking sync.RWMutex

// proven gives what the checker says of the tenant's proof.
func (d *desk) proven(c checker) (said string, holds bool) {
	d.t.Helper()
	var proof bytes.Buffer
	if _, err := d.office.Verify(context.Background(), d.tenant, billing.Watch{Proof: &proof, Breach: func(billing.Breach) {}}); err != nil {
		d.t.Fatal(err)
	}
	return c.check(&proof)
}

var brokenLaw = regexp.MustCompile(`(?m)^(I\d+) +\d+  \d+ broken`)

// broken gives the laws that a checker found broken.
func broken(said string) (laws []string) {
	for _, found := range brokenLaw.FindAllStringSubmatch(said, -1) {
		laws = append(laws, found[1])
	}
	return laws
}

// TestAProofTellsNothingOfAPerson holds that a proof has ids and amounts, and no name, day of birth or address of anybody.
func TestAProofTellsNothingOfAPerson(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		d.plays()
		var proof bytes.Buffer
		if _, err := d.office.Verify(context.Background(), d.tenant, billing.Watch{Proof: &proof, Breach: func(b billing.Breach) { t.Error(b) }}); err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{"Canary", "Zzyzx Road", "Baker", "1970-01-01", "ACME", "99214"} {
			if bytes.Contains(proof.Bytes(), []byte(word)) {
				t.Errorf("the proof says %s", word)
			}
		}
	})
}
