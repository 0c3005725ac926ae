package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"medbill/internal/clock"
	"medbill/payer"
)

// payersBeside are payers that are played in the process of a demo, with doors of their own.
type payersBeside struct {
	base, token string
	listener    net.Listener
	stop        func() error
}

const (
	payersPoll  = 200 * time.Millisecond
	payerFolder = "payer" // of what they keep, below that of the practice
)

// openBeside opens the doors of payers at a free address of this machine; who calls waits until they are played.
func openBeside(ctx context.Context) (payersBeside, error) {
	key := make([]byte, payerTokenBytes)
	_, _ = rand.Read(key)
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return payersBeside{}, err
	}
	return payersBeside{base: "http://" + listener.Addr().String(), token: hex.EncodeToString(key), listener: listener, stop: listener.Close}, nil
}

// partners writes the file by which a server calls payers of a tenant at these doors into a folder, and gives its path.
func (p payersBeside) partners(folder, tenant string, organizations ...string) (string, error) {
	token, file := filepath.Join(folder, "token"), filepath.Join(folder, "partners.csv")
	text := "tenant,payer,base,token_file\n"
	for _, one := range organizations {
		text += strings.Join([]string{tenant, one, p.base + "/fhir/R4", token}, ",") + "\n"
	}
	err := os.MkdirAll(folder, 0o700)
	return file, errors.Join(err, os.WriteFile(token, []byte(p.token+"\n"), 0o600), os.WriteFile(file, []byte(text), 0o600))
}

// play plays payers against the server at base, whose clock stands at a moment until it is moved. Their journal is in folder.
func (p *payersBeside) play(ctx context.Context, base, folder string, at time.Time, plays []payer.Play, log *slog.Logger) error {
	played, err := payer.New(payer.Config{Seed: "medbill", Data: folder, Provider: base, Plays: plays, Start: at, Clock: clock.System(), Poll: payersPoll, Token: p.token, Log: log})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- errors.Join(playing(ctx, p.listener, played), played.Close()) }()
	p.stop = func() error {
		cancel()
		return <-ended
	}
	return nil
}
