package graph

import (
	"crypto/rand"
	_ "embed"
	"html/template"
	"net/http"
)

//go:embed playground.html
var playgroundHTML string

var playgroundPage = template.Must(template.New("playground").Parse(playgroundHTML))

// Playground gives a page to try queries against endpoint, for development: a token, a query, its variables, the answer and
// the schema. It is one page without anything from elsewhere; the token is kept for the browser's tab only. The page itself
// needs no token, so it must be mounted outside of the access check.
func Playground(endpoint string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		nonce := rand.Text()
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; connect-src 'self'; script-src 'nonce-"+nonce+"'; style-src 'nonce-"+nonce+"'")
		w.Header().Set("Cache-Control", "no-store")
		_ = playgroundPage.Execute(w, map[string]string{"Endpoint": endpoint, "Nonce": nonce}) // fails only if the client is gone
	})
}
