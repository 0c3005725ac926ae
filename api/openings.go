package api

import (
	"net/http"

	"medbill/internal/openings"
)

// importBalances answers $import-balances with how much was taken over.
func (s *Server) importBalances(r run) error {
	content, err := r.askedCSV()
	if err != nil {
		return err
	}
	file, err := openings.ReadCSV(content)
	if err != nil {
		return err
	}
	done, err := s.Office.OpenBalances(r.ctx(), r.who, r.call, file)
	if err != nil {
		return err
	}
	markRehearsal(r.Context, done.Rehearsal != nil)
	list := parameterList{}
	list.number("opened", done.Result.Opened)
	list.number("known", done.Result.Known)
	list.money("amount", &done.Result.Amount)
	s.write(r.Context, http.StatusOK, list.encode())
	return nil
}
