package partners_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"medbill/internal/partners"
	"medbill/models/fault"
)

const header = "tenant,payer,base,token_file\n"

func read(t *testing.T, text string) (*partners.Book, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "partners.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return partners.Read(path)
}

// TestWhoIsCalledIsSaidLineByLine holds that only https, or this machine, is called, each payer at one address.
func TestWhoIsCalledIsSaidLineByLine(t *testing.T) {
	for text, want := range map[string]string{
		"clinic,acme,https://payer.example/r4,\n":                                                   "",
		"clinic,acme,http://127.0.0.1:8090/r4,t\nother,acme,http://localhost/r4,\n":                 "",
		"clinic,acme,http://payer.example/r4,\n":                                                    "line 2, column base",
		"clinic,acme,payer.example,\n,acme,https://payer.example,\nclinic,a/b,https://p.example,\n": "line 2, column base; line 3, column tenant; line 4, column payer",
		"clinic,acme,https://a.example,\nclinic,acme,https://b.example,\n":                          "line 3, column payer",
		"": "line 1",
	} {
		_, err := read(t, header+text)
		var places []string
		for _, issue := range fault.IssuesAt("", err) {
			places = append(places, issue.Path)
		}
		if got := strings.Join(places, "; "); got != want {
			t.Errorf("%q: wrong at %q, want %q", text, got, want)
		}
	}
	if _, err := read(t, "payer,base\n"); err == nil {
		t.Error("another form is taken")
	}
}

// TestACallBringsTheTokenOfItsFile as it is then, and follows nobody elsewhere.
func TestACallBringsTheTokenOfItsFile(t *testing.T) {
	var seen []string
	doors := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r.URL.Path+" "+r.Header.Get("Authorization"))
		if r.URL.Path == "/r4/away" {
			http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
		}
	}))
	t.Cleanup(doors.Close)
	token := filepath.Join(t.TempDir(), "token")
	book, err := read(t, header+"clinic,acme,"+doors.URL+"/r4/,"+token+"\n")
	if err != nil {
		t.Fatal(err)
	}
	who := partners.Partner{Tenant: "clinic", Payer: "acme"}
	if _, err := book.Post(context.Background(), who, "Claim/$submit", nil); err == nil || len(seen) > 0 {
		t.Error("it is called without its token")
	}
	for _, text := range []string{"first\n", "second\n"} {
		if err := os.WriteFile(token, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := book.Post(context.Background(), who, "Claim/$submit", nil); err != nil {
			t.Error(err)
		}
	}
	if reply, err := book.Post(context.Background(), who, "away", nil); err != nil || reply.Done() || reply.Failed() {
		t.Errorf("sent elsewhere: %+v, %v", reply, err)
	}
	if got := strings.Join(seen, "; "); got != "/r4/Claim/$submit Bearer first; /r4/Claim/$submit Bearer second; /r4/away Bearer second" {
		t.Error(got)
	}
	if _, err := book.Post(context.Background(), partners.Partner{Tenant: "other", Payer: "acme"}, "x", nil); err == nil || book.Has(partners.Partner{Tenant: "other", Payer: "acme"}) {
		t.Error("another tenant's payer is called")
	}
}
