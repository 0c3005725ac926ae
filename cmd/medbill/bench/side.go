package bench

import (
	"context"
	"errors"
	"net/http"
	"time"

	"medbill/fhir"
)

// Side is a server under test with a database of its own.
type Side struct {
	Label  string // what the table calls it
	Engine Engine

	isProfiled bool // it was started so that profiles of it can be taken

	name   string // of its database
	url    string
	server *Server
	client
	token string // of an administrator
	payer string // of the payer bench-payer
}

// Start makes a database and starts a binary on it. Profiles are taken of one that knows this binary's flags.
func Start(ctx context.Context, engine Engine, label, binary string, profile Profile) (*Side, error) {
	s := &Side{Label: label, Engine: engine, name: label, isProfiled: profile.Dir != ""}
	var err error
	if s.url, err = engine.Make(label); err != nil {
		return nil, err
	}
	if s.server, err = Serve(ctx, binary, engine.folder(label), s.url, profile.flags(engine.folder(label))...); err != nil {
		return nil, err
	}
	s.client = newClient(s.server.Base)
	if err := s.enter(ctx, tenant); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

// tenant is whose data is measured.
const tenant = "bench"

// enter takes the tokens of a tenant.
func (s *Side) enter(ctx context.Context, tenant string) (err error) {
	if s.token, err = s.server.Token(ctx, tenant, "admin", ""); err != nil {
		return err
	}
	s.payer, err = s.server.Token(ctx, tenant, "payer", payerID)
	return err
}

// Stop ends the server.
func (s *Side) Stop() error { return s.server.Stop() }

// usage gives what server and database have used so far.
func (s *Side) usage(ctx context.Context) (u Usage, err error) {
	pid := s.server.under.Process.Pid
	var errs [5]error
	u.Statements, errs[0] = s.server.metric(ctx, metricStatements)
	u.Disk, errs[1] = s.Engine.size(ctx, s.name)
	u.Peak, errs[2] = peakMemory(pid)
	u.Server, errs[3] = processCPU(pid)
	u.Database, errs[4] = s.Engine.cpu()
	return u, errors.Join(errs[:]...)
}

const (
	settlePause = 50 * time.Millisecond
	settledFor  = 6 // looks at which nothing moves: what is left waits for a time that is to come
)

// settle waits until the steps of billing that requests left behind are done.
func (s *Side) settle(ctx context.Context) error {
	for last, still := int64(-1), 0; still < settledFor; {
		waiting, err := s.server.metric(ctx, metricJobs)
		if err != nil || waiting == 0 {
			return err
		}
		if still++; waiting != last {
			last, still = waiting, 0
		}
		if err := pause(ctx, settlePause); err != nil {
			return err
		}
	}
	return nil
}

// resources gives the resources of a page of a search.
func (s *Side) resources(ctx context.Context, query string) ([]fhir.Node, error) {
	text, err := s.send(ctx, s.token, http.MethodGet, fhirPath+"/"+query, "")
	if err != nil {
		return nil, err
	}
	d, err := fhir.Parse(text)
	if err != nil {
		return nil, err
	}
	var found []fhir.Node
	for e := range d.Root().Get("entry").Children() {
		found = append(found, e.Get("resource"))
	}
	return found, nil
}
