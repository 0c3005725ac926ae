package main

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"syscall"

	"medbill/internal/auth"
	"medbill/internal/config"
)

// entrance is what a server needs of the world besides its data: whose tokens are good, and the addresses it listens at.
type entrance struct {
	keys     auth.DevKeys // of a development server
	issuer   string
	verifier *auth.Verifier
	listener net.Listener
	metrics  net.Listener // nil where the metrics have no address of their own
	profiles net.Listener // nil but for a benchmark
}

// enter reads the keys and takes the addresses. What it refuses it tells by the setting, and then it holds nothing.
func (c serveCommand) enter(ctx context.Context, log *slog.Logger) (e entrance, err error) {
	defer func() {
		if err != nil {
			e.close()
		}
	}()
	if e.listener, err = listenAt(ctx, "addr", c.Addr); err != nil {
		return e, err
	}
	if c.MetricsAddr != "" {
		if e.metrics, err = listenAt(ctx, "metrics-addr", c.MetricsAddr); err != nil {
			return e, err
		}
	}
	if c.Profiles != "" {
		if e.profiles, err = (&net.ListenConfig{}).Listen(ctx, "unix", c.Profiles); err != nil {
			return e, err
		}
	}
	tokens := auth.Config{Issuer: c.Issuer, Audience: c.Audience, JWKS: c.JWKS}
	if c.Dev {
		if e.keys, err = auth.CreateDevKeys(c.Data); err != nil {
			return e, err
		}
		tokens = e.keys.Config()
	}
	tokens.Log, e.issuer = log, tokens.Issuer
	tokens.Lifetime = c.TokenLife
	if e.verifier, err = auth.NewVerifier(ctx, tokens); err != nil {
		return e, config.Problems{{Setting: "jwks", Text: "The key set cannot be used (" + cause(err) + "); name the issuer's file of public keys, or its https URL."}}
	}
	return e, nil
}

// close gives the addresses back.
func (e entrance) close() {
	for _, l := range []net.Listener{e.listener, e.metrics, e.profiles} {
		if l != nil {
			_ = l.Close() // nobody was let in
		}
	}
}

// listenAt takes the address of a setting.
func listenAt(ctx context.Context, setting, address string) (net.Listener, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, config.Problems{{Setting: setting, Text: "Another process listens at this address; stop it, or name another one."}}
	}
	if err != nil {
		return nil, config.Problems{{Setting: setting, Text: "Nothing can listen at this address (" + cause(err) + "); name one of this machine."}}
	}
	return listener, nil
}

// cause gives the reason of a refused file or address without repeating its name: what the user wrote is not ours to print.
func cause(err error) string {
	var file *fs.PathError
	var call *os.SyscallError
	var lookup *net.DNSError
	var network *net.OpError
	switch {
	case errors.As(err, &file):
		return file.Err.Error()
	case errors.As(err, &call):
		return call.Err.Error()
	case errors.As(err, &lookup):
		return lookup.Err
	case errors.As(err, &network):
		return network.Err.Error()
	}
	return err.Error()
}
