package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"medbill/models"
)

// watch shows what a practice's server does as it happens: how far its claims are, what waits for people, and the money. At a terminal it is
// one picture that is drawn over; what reads a pipe gets a line where something changed.
type watch struct {
	out         streams
	base, token string

	mutex  sync.Mutex
	moment string // what is played
	drawn  int    // lines
	told   string
}

const watchEvery = 500 * time.Millisecond

// watched are the states of claims that are counted, in the order of a claim's life.
var watched = []models.ClaimState{
	models.ClaimHeld, models.ClaimReady, models.ClaimTransmitted, models.ClaimAccepted, models.ClaimPending, models.ClaimAsked, models.ClaimLost, models.ClaimRejected, models.ClaimSyntax, models.ClaimPartly, models.ClaimAdjudicated,
	models.ClaimReplacing, models.ClaimReplaced, models.ClaimVoiding, models.ClaimVoided, models.ClaimForwarded,
}

// follow looks again and again until stop is called, which draws the last picture.
func (w *watch) follow(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var done sync.WaitGroup
	done.Go(func() {
		again := time.NewTicker(watchEvery)
		defer again.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-again.C:
				w.draw(ctx)
			}
		}
	})
	return func() {
		cancel()
		done.Wait()
		w.draw(context.WithoutCancel(ctx))
	}
}

// says tells what is played at the moment.
func (w *watch) says(moment string) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.moment = moment
}

// draw shows how all stands; a server that does not answer is looked at again later.
func (w *watch) draw(ctx context.Context) {
	lines, err := w.look(ctx)
	if err != nil {
		return
	}
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if !w.out.isWatched() {
		if text := strings.Join(strings.Fields(strings.Join(lines, " ")), " "); text != w.told {
			fmt.Fprintln(w.out.err, w.moment+"  "+text)
			w.told = text
		}
		return
	}
	text := ""
	if w.drawn > 0 {
		text = fmt.Sprintf("\x1b[%dA", w.drawn)
	}
	for _, line := range append([]string{w.moment}, lines...) {
		text += clearLine + line + "\n"
	}
	for range w.drawn - len(lines) - 1 {
		text += clearLine + "\n"
	}
	fmt.Fprint(w.out.err, text)
	w.drawn = max(w.drawn, len(lines)+1)
}

// look asks for the claims by state, the queues and the balances, a line each.
func (w *watch) look(ctx context.Context) ([]string, error) {
	query := `{workQueues{kind count} report(name:"trial-balance",by:["account"]){rows}`
	for i, state := range watched {
		query += fmt.Sprintf(` s%d:claims(first:1,filter:{claimState:[%q]}){totalCount}`, i, state)
	}
	var stands struct {
		WorkQueues []struct {
			Kind  string
			Count int
		}
		Report struct{ Rows [][]string }
		states map[string]json.RawMessage
	}
	data, err := w.ask(ctx, query+"}")
	if err == nil {
		err = json.Unmarshal(data, &stands)
	}
	if err == nil {
		err = json.Unmarshal(data, &stands.states)
	}
	if err != nil {
		return nil, err
	}
	var claims, work, money []string
	for i, state := range watched {
		var found struct{ TotalCount int }
		if err := json.Unmarshal(stands.states[fmt.Sprint("s", i)], &found); err != nil {
			return nil, err
		}
		if found.TotalCount > 0 {
			claims = append(claims, fmt.Sprintf("%s %d", state, found.TotalCount))
		}
	}
	count := map[string]int{}
	for _, q := range stands.WorkQueues {
		count[q.Kind] += q.Count
	}
	for _, kind := range slices.Sorted(maps.Keys(count)) {
		work = append(work, fmt.Sprintf("%s %d", kind, count[kind]))
	}
	for _, row := range stands.Report.Rows {
		money = append(money, strings.Join(row, " "))
	}
	return slices.Concat(wrapped("claims", claims), wrapped("work", work), wrapped("money", money)), nil
}

const (
	watchWidth = 79 // of a line: one that is longer would be two at a narrow terminal, and the picture could not be drawn over
	watchLabel = 8
)

// wrapped lists words behind a label, in as many lines as they need.
func wrapped(label string, words []string) []string {
	lines := []string{fmt.Sprintf("%-*s", watchLabel, label)}
	for _, word := range words {
		last := &lines[len(lines)-1]
		if len(*last)+len(word)+2 > watchWidth {
			lines = append(lines, strings.Repeat(" ", watchLabel))
			last = &lines[len(lines)-1]
		}
		*last += word + "  "
	}
	return lines
}

// ask gives the data that a query selects.
func (w *watch) ask(ctx context.Context, query string) (json.RawMessage, error) {
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, w.base+"/graphql", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+w.token)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	var answer struct {
		Data   json.RawMessage
		Errors []struct{ Message string }
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		return nil, err
	}
	if len(answer.Errors) > 0 {
		return nil, fmt.Errorf("the server does not tell how it stands: %s", answer.Errors[0].Message)
	}
	return answer.Data, nil
}
