package api_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"medbill/api"
	"medbill/fhir"
	"medbill/internal/build"
	"medbill/internal/store/storetest"
)

// offering opens a world with both of GraphQL's addresses.
func offering(t *testing.T, dev bool) *world {
	t.Helper()
	page := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("{}")) })
	return open(t, storetest.Open(t, storetest.URL(t, "sqlite")), func(c *api.Config) { c.Dev, c.GraphQL, c.Playground = dev, page, page })
}

const browser = "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

func TestTheRootTellsABrowserWhatThisIs(t *testing.T) {
	t.Parallel()
	w := offering(t, true)
	a := w.send(t, "", "GET", w.root+"/", "", browser).expect(t, 200)
	if got := a.header.Get("Content-Type"); got != "text/html; charset=utf-8" {
		t.Errorf("the page is %s", got)
	}
	if a.header.Get("Vary") == "" || !strings.HasPrefix(a.header.Get("Content-Security-Policy"), "default-src 'none'") || a.header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%v", a.header)
	}
	var links []string
	for _, link := range regexp.MustCompile(`href="([^"]+)"`).FindAllStringSubmatch(a.body, -1) {
		links = append(links, link[1])
	}
	want := []string{w.base + "/metadata", w.base + "/.well-known/smart-configuration", w.root + "/readyz", w.root + "/graphql", w.root + "/playground"}
	if strings.Join(links, " ") != strings.Join(want, " ") {
		t.Errorf("the page links to %v, want %v", links, want)
	}
	if !strings.Contains(a.body, "medical billing") || strings.Contains(a.body, "<script") {
		t.Errorf("%s", a.body)
	}
}

func TestTheRootTellsAProgramItsLinksAsJSON(t *testing.T) {
	t.Parallel()
	w := offering(t, true)
	for _, accept := range []string{"Accept: */*", "Accept: application/json", "Accept: application/fhir+json", "Accept: image/png", "Accept:"} {
		a := w.send(t, "", "GET", w.root, "", accept).expect(t, 200)
		if got := a.header.Get("Content-Type"); got != "application/json" {
			t.Errorf("%s: the answer is %s", accept, got)
		}
		for link := range a.node(t).Get("links").Children() {
			name, at := link.Get("name").Text(), link.Get("url").Text()
			if name == "graphql" { // it takes POST
				continue
			}
			w.send(t, "", "GET", at, "").expect(t, 200)
		}
	}
	if a := w.send(t, "", "HEAD", w.root+"/", "").expect(t, 200); a.body != "" || a.header.Get("Content-Length") == "" {
		t.Errorf("HEAD: %q, %v", a.body, a.header)
	}
	w.send(t, "", "POST", w.root+"/", "{}").expect(t, 405)
}

func TestProductionsRootOffersNoPlaygroundAndNoInnerParts(t *testing.T) {
	t.Parallel()
	w := offering(t, false)
	a := w.send(t, "", "GET", w.root+"/", "").expect(t, 200)
	var names []string
	for link := range a.node(t).Get("links").Children() {
		names = append(names, link.Get("name").Text())
	}
	if got := strings.Join(names, " "); got != "metadata smart-configuration health graphql" {
		t.Errorf("links to %s", got)
	}
	for _, told := range []string{"gin", "go1.", "sqlite", "postgres", build.Version() + `"`, string(tenant)} {
		if strings.Contains(strings.ToLower(a.body), told) {
			t.Errorf("%s is told in %s", told, a.body)
		}
	}
	if d, err := fhir.Parse([]byte(a.body)); err != nil || d.Root().Get("name").Text() != "medbill" {
		t.Errorf("%v: %s", err, a.body)
	}
}
