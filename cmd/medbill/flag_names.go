package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// otherNames are what people type for our flags because other programs call theirs so. How many letters differ, by which the
// parser proposes a flag, says nothing of them.
var otherNames = map[string]string{
	"--bind": "addr", "--host": "addr", "--listen": "addr", "--listen-addr": "addr", "--address": "addr", "--port": "addr", "-p": "addr",
	"--data-dir": "data", "--dir": "data", "--directory": "data", "--folder": "data", "--home": "data", "--path": "data", "-d": "data",
	"--database-url": "database", "--db": "database", "--db-url": "database", "--dsn": "database", "--sqlite": "database",
	"--replica": "read-database", "--read-replica": "read-database", "--replica-url": "read-database", "--read-url": "read-database",
	"--base": "base-url", "--public-url": "base-url", "--url": "base-url", "--external-url": "base-url",
	"--aud": "audience", "--iss": "issuer", "--keys": "jwks", "--key-set": "jwks", "--jwks-url": "jwks", "--jwks-uri": "jwks",
	"--allow-origin": "cors", "--origin": "cors", "--origins": "cors", "--development": "dev", "--metrics-port": "metrics-addr",
	"--expires": "ttl", "--expiry": "ttl", "--lifetime": "ttl", "--org": "organization", "--timezone": "time-zone", "--tz": "time-zone",
}

// howToWrite shows values of flags whose form is not what those who typed another name have in mind.
var howToWrite = map[string]string{
	"addr": "--addr 127.0.0.1:8080", "metrics-addr": "--metrics-addr 127.0.0.1:9090", "database": "--database postgres://user@host:5432/name",
	"read-database": "--read-database postgres://user@replica:5432/name",
}

// advised says what to do about a command line that cannot be read: our flag for one that goes by another name elsewhere, if the
// command has it, else where its flags are listed.
func advised(err error) error {
	var parse *kong.ParseError
	if !errors.As(err, &parse) {
		return err
	}
	rest, isFlag := strings.CutPrefix(parse.Error(), "unknown flag ")
	typed, _, _ := strings.Cut(rest, ",")
	ours, known := otherNames[typed]
	if !isFlag || !known || !slices.ContainsFunc(parse.Context.Flags(), func(f *kong.Flag) bool { return f.Name == ours }) {
		return fmt.Errorf("%w\n'%s --help' lists what there is", err, commandOf(parse.Context))
	}
	form := howToWrite[ours]
	if form == "" {
		form = "--" + ours
	}
	return errors.New("unknown flag " + typed + "; write " + form)
}

// commandOf gives the command as far as it was read.
func commandOf(c *kong.Context) string {
	if node := c.Selected(); node != nil {
		return node.FullPath()
	}
	return c.Model.Name
}
