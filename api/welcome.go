package api

import (
	"bytes"
	"crypto/rand"
	_ "embed"
	"html/template"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"medbill/fhir"
)

const mediaHTML = "text/html"

//go:embed welcome.html
var welcomeHTML string

var welcomePage = template.Must(template.New("welcome").Parse(welcomeHTML))

// welcomeAbout is what this is, for whoever meets the address and not the documents.
const welcomeAbout = "This is a medical billing backend: it takes visits as FHIR R4, makes claims of them, posts what payers answer and bills " +
	"patients. Records are given to holders of an access token only."

// door is a document or an address that the root leads to.
type door struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	URL   string `json:"url"`
	Says  string `json:"description"`
}

// welcome answers / with what this is and where it goes on: a page for a browser, JSON for everybody else.
func (s *Server) welcome(c *gin.Context) error {
	c.Writer.Header().Add("Vary", "Accept")
	if c.NegotiateFormat(mediaJSON, mediaHTML) == mediaHTML {
		return s.welcomePage(c)
	}
	c.Set(keyMedia, mediaJSON)
	s.write(c, http.StatusOK, fhir.Encode(struct {
		Name  string `json:"name"`
		About string `json:"description"`
		Doors []door `json:"links"`
	}{"medbill", welcomeAbout, s.doors()}))
	return nil
}

func (s *Server) welcomePage(c *gin.Context) error {
	nonce := rand.Text()
	var page bytes.Buffer
	if err := welcomePage.Execute(&page, map[string]any{"Nonce": nonce, "About": welcomeAbout, "Links": s.doors()}); err != nil {
		return err
	}
	h := c.Writer.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'nonce-"+nonce+"'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
	c.Set(keyMedia, mediaHTML+"; charset=utf-8")
	s.write(c, http.StatusOK, page.Bytes())
	return nil
}

// doors are where the root leads to, under the address that clients see.
func (s *Server) doors() []door {
	base := s.Records.BaseURL()
	root := strings.TrimSuffix(base, Path)
	doors := []door{
		{"metadata", "CapabilityStatement", base + "/metadata", "What the FHIR service at " + base + " offers: types, searches and operations."},
		{"smart-configuration", "SMART configuration", base + "/.well-known/smart-configuration", "Where tokens come from, and the scopes that count."},
		{"health", "Health", root + "/readyz", "Whether the database and the issuer's keys are there."},
	}
	if s.GraphQL != nil {
		doors = append(doors, door{"graphql", "GraphQL", root + "/graphql", "The door of coding and billing desks; it takes POST."})
	}
	if s.Dev && s.Playground != nil {
		doors = append(doors, door{"playground", "Playground", root + "/playground", "A page to try GraphQL queries, in development."})
	}
	return doors
}
