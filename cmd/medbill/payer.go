package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"medbill/internal/clock"
	"medbill/payer"
)

// payerCommand is `medbill payer`.
type payerCommand struct {
	Addr     string        `help:"Address of the payer's own doors." default:"127.0.0.1:8090"`
	Data     string        `help:"Folder of the payer's journal and of its token; kept in memory without it." placeholder:"DIR"`
	Provider string        `help:"The practice's server." default:"http://127.0.0.1:8080" placeholder:"URL"`
	Plays    []string      `help:"Who it is there: the id of the payer's Organization and the file of its access token; again for another. The first has the plan ACME, others the one after a comma, such as BETA." placeholder:"ORGANIZATION=TOKENFILE[,PLAN]" sep:"none"`
	Token    string        `help:"File of the token that opens its own doors; made where it is not there. Default: token in the data folder." placeholder:"FILE"`
	Seed     string        `help:"What the numbers of its letters and payments are derived from." default:"medbill"`
	Clock    time.Time     `help:"Where its clock stands until it is moved, such as 2026-03-02T09:00:00Z; the machine's clock without it." placeholder:"TIME"`
	Poll     time.Duration `help:"How often it looks for claims." default:"1s"`
	List     bool          `help:"Print the scenarios by which members are answered, and end."`
}

// Run plays the payer until ctx ends.
func (c payerCommand) Run(ctx context.Context, out streams) error {
	if c.List {
		listScenarios(out.out)
		return nil
	}
	log := logger(out, slog.LevelInfo)
	plays, err := c.plays()
	if err != nil {
		return err
	}
	token, where, err := c.token()
	if err != nil {
		return err
	}
	p, err := payer.New(payer.Config{Seed: c.Seed, Data: c.Data, Provider: c.Provider, Plays: plays, Start: c.Clock, Clock: clock.System(), Poll: c.Poll, Token: token, Log: log})
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", c.Addr)
	if err != nil {
		return errors.Join(err, p.Close())
	}
	log.Info("playing payers", "base", "http://"+listener.Addr().String(), "provider", c.Provider, "plays", len(plays), "token", where)
	return errors.Join(playing(ctx, listener, p), p.Close())
}

// playing serves the payer's doors and lets it work until ctx ends or the doors fail.
func playing(ctx context.Context, listener net.Listener, p *payer.Payer) error {
	h := &http.Server{Handler: p.Handler(), ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: requestTimeout, WriteTimeout: requestTimeout, IdleTimeout: idleTimeout}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	failed := make(chan error, 1)
	go func() {
		failed <- h.Serve(listener)
		cancel()
	}()
	err := p.Run(ctx)
	drain, stop := context.WithTimeout(context.Background(), drainTimeout)
	defer stop()
	err = errors.Join(err, h.Shutdown(drain))
	if served := <-failed; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
}

// plays reads who the payer is at the practice's server.
func (c payerCommand) plays() ([]payer.Play, error) {
	var list []payer.Play
	for i, text := range c.Plays {
		who, planName, _ := strings.Cut(text, ",")
		organization, file, found := strings.Cut(who, "=")
		if !found || organization == "" || planName == "" && i > 0 {
			return nil, errors.New("--plays wants ORGANIZATION=TOKENFILE, and from the second on a plan after a comma: --plays acme=acme.token --plays beta=beta.token,BETA")
		}
		token, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("read the token that 'medbill token --role payer' wrote: %w", err)
		}
		list = append(list, payer.Play{Organization: organization, Token: strings.TrimSpace(string(token)), Plan: strings.ToUpper(cmp.Or(planName, payer.ACME))})
	}
	return list, nil
}

// token gives the token of the payer's own doors, and the file that has it.
func (c payerCommand) token() (token, where string, err error) {
	where = c.Token
	if where == "" && c.Data != "" {
		where = filepath.Join(c.Data, "token")
	}
	if where == "" {
		return "", "", errors.New("the payer's own doors need a token: give --data, or --token for its file")
	}
	text, err := os.ReadFile(where)
	if err == nil && strings.TrimSpace(string(text)) == "" {
		return "", "", errors.New("the file of the payer's own token is empty; remove it to have a new one made")
	}
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		return strings.TrimSpace(string(text)), where, err
	}
	key := make([]byte, payerTokenBytes)
	_, _ = rand.Read(key)
	if err := os.MkdirAll(filepath.Dir(where), 0o700); err != nil {
		return "", "", err
	}
	token = hex.EncodeToString(key)
	return token, where, os.WriteFile(where, []byte(token+"\n"), 0o600)
}

const payerTokenBytes = 24

// listScenarios prints by which prefix of the member's number what is answered.
func listScenarios(w io.Writer) {
	fmt.Fprintf(w, "%-4s %-7s %-5s %s\n", "no", "member", "plan", "what the payer answers to 99214 250.00, 93000 60.00 and 36415 15.00")
	for _, row := range payer.Rows {
		fmt.Fprintf(w, "%-4s %-7s %-5s %s\n", row.ID, row.Prefix, cmp.Or(row.Plan, "any"), row.Expect)
	}
}
