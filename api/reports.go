package api

import (
	"cmp"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"medbill/billing/rules/reports"
	"medbill/fhir/search"
	"medbill/models/operation"
)

// mediaTable is how a report leaves. https://www.rfc-editor.org/rfc/rfc4180#section-3
const mediaTable = operation.MediaCSV + "; charset=utf-8; header=present"

// report answers /reports/[name].csv with the report that the parameters ask for.
func (s *Server) report(c *gin.Context) error {
	p, err := principal(c)
	if err != nil {
		return err
	}
	name, isTable := strings.CutSuffix(c.Param("file"), ".csv")
	if !isTable {
		return s.notFound(c)
	}
	pairs, err := search.Pairs(c.Request.URL.RawQuery)
	if err != nil {
		return err
	}
	parameters := map[string][]string{}
	for _, pair := range pairs {
		parameters[pair.Name] = append(parameters[pair.Name], pair.Value)
	}
	ask, err := reports.Read(name, parameters)
	if err != nil {
		return err
	}
	table, err := s.Office.Report(c.Request.Context(), p, ask)
	if err != nil {
		return err
	}
	text, err := table.CSV()
	if err != nil {
		return err
	}
	c.Set(keyMedia, mediaTable)
	c.Header("Content-Disposition", `attachment; filename="`+table.Name+"-"+string(cmp.Or(table.AsOf, "all"))+`.csv"`)
	s.write(c, http.StatusOK, []byte(text))
	return nil
}
