package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"time"

	"medbill/cmd/medbill/day"
	"medbill/internal/auth"
	"medbill/internal/clock"
	"medbill/models"
	"medbill/payer"
)

// A day of 500 visits: 36 rows, one of three visits, and the usual one more often.
const (
	dayTimes = 13
	dayMore  = 6
)

// playDay plays the day of a practice, prints what came of it, and serves until ctx ends.
func (c demoCommand) playDay(ctx context.Context, out streams) error {
	d, err := openDay(ctx, out, place{Data: c.Data, Database: c.Database}, c.Addr, logger(out, slog.LevelError))
	if err != nil {
		return err
	}
	fmt.Fprintf(out.out, "medbill serves at %s, data in %s\n", d.base, c.Data)
	line := phase{out: out}
	d.world.Times, d.world.More, d.world.Patience = dayTimes, dayMore, c.Patience
	d.world.Tell = line.moment
	stop := line.clear
	if c.Watch {
		picture := &watch{out: out, base: d.base, token: d.world.Tokens[string(auth.RoleAdmin)]}
		d.world.Tell = func(m day.Moment) {
			picture.says(fmt.Sprintf("%s  %s, %d of %d", m.Now.Format(time.DateOnly), m.What, m.Done, m.Of))
		}
		stop = picture.follow(ctx)
	}
	start := clock.System().Now()
	result, err := day.Play(ctx, d.world)
	stop()
	if err != nil {
		return errors.Join(err, d.end())
	}
	fmt.Fprintf(out.err, "%d visits in %s\n", result.Visits, clock.System().Since(start).Round(time.Millisecond))
	printDay(out.out, result)
	_, breaches, err := verify(ctx, out, d.office, day.Tenant, nil)
	if err == nil && len(result.Wrong)+breaches > 0 {
		err = fmt.Errorf("the day ended in %d differences and %d breaches", len(result.Wrong), breaches)
	}
	if err != nil || c.Exit {
		return errors.Join(err, d.end())
	}
	invite(out.out, d.base, d.world.Tokens, dayLook)
	return errors.Join(d.until(ctx), d.payers.stop())
}

// moment tells how far a day is.
func (p *phase) moment(m day.Moment) {
	if m.Done == 1 {
		p.say(m.Now.Format(time.DateOnly) + "  " + m.What)
	}
	p.count(m.Done, m.Of)
}

// dayLook is what each role may try first after a day.
var dayLook = map[auth.Role]string{
	auth.RoleAdmin:  "/fhir/R4/Patient?_count=5",
	auth.RoleEHR:    "/fhir/R4/Encounter/ded-1",
	auth.RoleBiller: "/fhir/R4/Task?status=requested&code=review-answer&_count=5",
}

// dayServer is a practice and its payers in one process, for a day.
type dayServer struct {
	*server
	payers payersBeside
	world  day.World
}

// openDay serves a practice whose clock stands, and plays its payers beside it. It refuses a database that has a day already.
func openDay(ctx context.Context, out streams, at place, addr string, log *slog.Logger) (*dayServer, error) {
	payers, err := openBeside(ctx)
	if err != nil {
		return nil, err
	}
	called, err := payers.partners(filepath.Join(at.Data, payerFolder), day.Tenant, day.Acme, day.Beta)
	if err != nil {
		return nil, errors.Join(err, payers.stop())
	}
	serve := serveCommand{place: at, calls: calls{Partners: called}, Addr: addr, Dev: true, Clock: day.Start}
	s, err := serve.start(ctx, out, log)
	if err != nil {
		return nil, errors.Join(err, payers.stop())
	}
	d := &dayServer{server: s, payers: payers}
	if err := d.open(ctx, at.Data, log); err != nil {
		return nil, errors.Join(err, d.end())
	}
	return d, nil
}

func (d *dayServer) open(ctx context.Context, folder string, log *slog.Logger) error {
	known, err := d.db.Tenants(ctx)
	if err == nil && slices.Contains(known, day.Tenant) {
		err = errors.New("the database has a day already; name another folder with --data, or another --database")
	}
	if err == nil {
		err = prepareDay(ctx, d.server)
	}
	if err != nil {
		return err
	}
	tokens, plays, err := dayTokens(d.keys)
	if err != nil {
		return err
	}
	if err := d.payers.play(ctx, d.base, filepath.Join(folder, payerFolder), day.Start, plays, log); err != nil {
		return err
	}
	d.world = day.World{Practice: d.base, Payer: d.payers.base, Tokens: tokens, Token: d.payers.token}
	return nil
}

// end stops the payers, then the server.
func (d *dayServer) end() error { return errors.Join(d.payers.stop(), d.stop()) }

// prepareDay makes the practice of a day.
func prepareDay(ctx context.Context, s *server) error {
	name, zone, practice, send, wait := "Zzyzx Road Clinic", "America/Los_Angeles", models.OrganizationID(day.Practice), true, 0
	_, err := s.office.SaveTenant(ctx, operator(day.Tenant), models.SettingsChange{Name: &name, TimeZone: &zone, PracticeID: &practice, AutoSubmit: &send, SelfPayHours: &wait})
	return err
}

// dayTokens signs the tokens of a day: of the practice's people by role, and of its payers.
func dayTokens(keys auth.DevKeys) (tokens map[string]string, plays []payer.Play, err error) {
	sign := func(role auth.Role, organization string) (string, error) {
		return tokenCommand{Tenant: day.Tenant, Role: string(role), Organization: organization, TTL: demoTokenTTL}.sign(keys)
	}
	tokens = map[string]string{}
	for _, role := range []auth.Role{auth.RoleAdmin, auth.RoleEHR, auth.RoleBiller} {
		if tokens[string(role)], err = sign(role, ""); err != nil {
			return nil, nil, err
		}
	}
	for _, of := range [][2]string{{day.Acme, payer.ACME}, {day.Beta, payer.BETA}} {
		token, err := sign(auth.RolePayer, of[0])
		if err != nil {
			return nil, nil, err
		}
		plays = append(plays, payer.Play{Organization: of[0], Token: token, Plan: of[1]})
	}
	return tokens, plays, nil
}
