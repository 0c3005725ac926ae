package main

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"medbill/billing"
	"medbill/cmd/medbill/day"
	"medbill/internal/store/storetest"
)

// playedDay plays a day in this process and gives what came of it; all of it is verified.
func playedDay(t *testing.T, url string, times, more int) day.Result {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), runTimeout)
	defer cancel()
	var log lockedBuffer
	d, err := openDay(ctx, streams{}, place{Data: t.TempDir(), Database: url}, "127.0.0.1:0", logger(streams{&log, &log}, slog.LevelWarn))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := d.end(); err != nil {
			t.Error(err)
		}
	}()
	d.world.Times, d.world.More, d.world.Patience = times, more, runTimeout
	r, err := day.Play(ctx, d.world)
	if err != nil {
		t.Fatal(err, log.String())
	}
	for _, wrong := range r.Wrong {
		t.Error(wrong)
	}
	picture := watch{base: d.base, token: d.world.Tokens["admin"]}
	lines, err := picture.look(ctx)
	if text := strings.Join(lines, "\n"); err != nil || !strings.Contains(text, "adjudicated ") || !strings.Contains(text, "no-answer ") || !strings.Contains(text, "AR:Patient "+r.Books.Patient().String()) {
		t.Errorf("the picture of it is %v\n%s", err, text)
	}
	for _, line := range lines {
		if len(line) > watchWidth+1 {
			t.Errorf("a line of the picture is too long: %s", line)
		}
	}
	if _, err := d.office.Verify(ctx, day.Tenant, billing.Watch{Breach: func(b billing.Breach) { t.Errorf("verify: %s", b) }}); err != nil {
		t.Error(err)
	}
	return r
}

// TestADayEndsInTheSumOfItsScenarios plays a day of 500 visits, every scenario 13 times and the usual one six times more, and holds every visit, the sum, and each item that is left for people.
func TestADayEndsInTheSumOfItsScenarios(t *testing.T) {
	if testing.Short() {
		t.Skip("plays 500 visits; run without -short")
	}
	storetest.EachURL(t, func(t *testing.T, url string) {
		start, times, more, visits := time.Now(), dayTimes, dayMore, 500
		if underRace {
			times, more, visits = 1, 1, 39
		}
		r := playedDay(t, url, times, more)
		if r.Visits != visits {
			t.Errorf("%d visits were played, want %d", r.Visits, visits)
		}
		t.Logf("%d visits in %s", r.Visits, time.Since(start))
	})
}

// TestADayEndsTheSameEachTime holds that a day ends in the same balances, invoices and work however often it is played, on either database, and with either process killed again and again in the middle.
func TestADayEndsTheSameEachTime(t *testing.T) {
	binary, once, times := built(t), "", 1
	if n, err := strconv.Atoi(os.Getenv("TIMES")); err == nil {
		times = n
	}
	t.Run("undisturbed", func(t *testing.T) {
		storetest.EachURL(t, func(t *testing.T, url string) {
			r := playedDay(t, url, times, 0)
			if once == "" {
				once = r.Sum
			}
			if r.Sum != once {
				t.Errorf("it ends in %s, on the other database in %s", r.Sum, once)
			}
		})
	})
	t.Run("killed", func(t *testing.T) {
		storetest.EachURL(t, func(t *testing.T, url string) {
			if r := killedDay(t, binary, url, times); r.Sum != once || len(r.Wrong) > 0 {
				t.Errorf("it ends in %s, undisturbed in %s: %s", r.Sum, once, strings.Join(r.Wrong, "; "))
			}
		})
	})
}

// mortal is a command that is killed and started again.
type mortal struct {
	t     *testing.T
	args  []string
	mutex sync.Mutex
	cmd   *exec.Cmd
	kills int
	out   lockedBuffer
}

func (p *mortal) start() {
	p.cmd = exec.Command(p.args[0], p.args[1:]...)
	p.cmd.Stdout, p.cmd.Stderr = &p.out, &p.out
	if err := p.cmd.Start(); err != nil {
		p.t.Error(err)
	}
}

// kill ends the process as it stands, -9, and where again says so starts it once more.
func (p *mortal) kill(again bool) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
	if again {
		p.kills++
		p.start()
	}
}

// killedDay plays a day against processes of their own, and kills each of them in the middle of pushing, of deciding and of time that passes.
func killedDay(t *testing.T, binary, url string, times int) day.Result {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), runTimeout)
	defer cancel()
	data, dir := t.TempDir(), t.TempDir()
	serve := serveCommand{place: place{Data: data, Database: url}, Addr: "127.0.0.1:0", Dev: true, Clock: day.Start}
	s, err := serve.start(ctx, streams{}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	err = prepareDay(ctx, s)
	tokens, plays, err2 := dayTokens(s.keys)
	if err3 := s.stop(); err != nil || err2 != nil || err3 != nil {
		t.Fatal(err, err2, err3)
	}
	w := day.World{Practice: "http://" + free(t), Payer: "http://" + free(t), Tokens: tokens, Token: "canary", Times: times, Patience: runTimeout}
	payers := []string{binary, "payer", "--addr", strings.TrimPrefix(w.Payer, "http://"), "--data", filepath.Join(dir, "payer"), "--provider", w.Practice, "--token", writtenTo(t, dir, "own", w.Token), "--clock", day.Start.Format(time.RFC3339), "--poll", "50ms"}
	for _, one := range plays {
		payers = append(payers, "--plays", one.Organization+"="+writtenTo(t, dir, one.Organization, one.Token)+","+one.Plan)
	}
	called, err := payersBeside{base: w.Payer, token: w.Token}.partners(dir, day.Tenant, day.Acme, day.Beta)
	if err != nil {
		t.Fatal(err)
	}
	practice := &mortal{t: t, args: []string{binary, "serve", "--dev", "--data", data, "--database", url, "--addr", strings.TrimPrefix(w.Practice, "http://"), "--clock", day.Start.Format(time.RFC3339), "--partners", called}}
	payer := &mortal{t: t, args: payers}
	for _, p := range []*mortal{practice, payer} {
		p.start()
		defer p.kill(false)
	}
	kills := map[string]*mortal{
		"visits are pushed 12": practice, "visits are pushed 30": payer, "the desk decides 3": practice, "time passes 1": payer, "time passes 2": practice, "time passes 5": payer, "time passes 9": practice,
	}
	var killing sync.WaitGroup
	w.Tell = func(m day.Moment) {
		if p := kills[fmt.Sprint(m.What, " ", m.Done)]; p != nil {
			killing.Go(func() {
				time.Sleep(rand.N(100 * time.Millisecond))
				p.kill(true)
			})
		}
	}
	r, err := day.Play(ctx, w)
	killing.Wait()
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, tailOf(practice.out.String()), tailOf(payer.out.String()))
	}
	if practice.kills < 5 || payer.kills < 3 {
		t.Errorf("the practice's server was killed %d times and the payers' %d", practice.kills, payer.kills)
	}
	practice.kill(false)
	verified, err := exec.CommandContext(ctx, binary, "verify", "--data", data, "--database", url).CombinedOutput()
	if err != nil || !strings.HasSuffix(strings.TrimSpace(string(verified)), "clean") {
		t.Errorf("verify: %v\n%s", err, verified)
	}
	return r
}

func tailOf(text string) string { return text[max(0, len(text)-2000):] }

// free gives an address of this machine that nobody serves.
func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func writtenTo(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
