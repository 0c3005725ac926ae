package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"log/slog"
	"net"
	"time"

	"medbill/internal/clock"
	"medbill/payer"
)

// payersBeside are payers that are played in the process of a demo, with doors of their own.
type payersBeside struct {
	base, token string
	stop        func() error
}

const payersPoll = 200 * time.Millisecond

// playBeside plays payers against the server at base, at a free address of this machine, whose clock stands at a moment until it is
// moved. Their journal is in folder.
func playBeside(ctx context.Context, base, folder string, at time.Time, plays []payer.Play, log *slog.Logger) (payersBeside, error) {
	key := make([]byte, payerTokenBytes)
	_, _ = rand.Read(key)
	p := payersBeside{token: hex.EncodeToString(key)}
	played, err := payer.New(payer.Config{Seed: "medbill", Data: folder, Provider: base, Plays: plays, Start: at, Clock: clock.System(), Poll: payersPoll, Token: p.token, Log: log})
	if err != nil {
		return p, err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return p, errors.Join(err, played.Close())
	}
	p.base = "http://" + listener.Addr().String()
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- errors.Join(playing(ctx, listener, played), played.Close()) }()
	p.stop = func() error {
		cancel()
		return <-ended
	}
	return p, nil
}
