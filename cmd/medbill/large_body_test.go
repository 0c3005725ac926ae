package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// A client reads its answer when it has written all of its request. One that is refused for what it sends, or before that is looked
// at, gets the answer and not a connection that is gone.
func TestARefusedClientReadsItsAnswer(t *testing.T) {
	const size = 20 << 20
	s, tokens := served(t.Context(), t, demoCommand{Data: t.TempDir(), Addr: "127.0.0.1:0"})
	defer func() {
		if err := s.stop(); err != nil {
			t.Error(err)
		}
	}()
	host := strings.TrimPrefix(s.base, "http://")
	for _, row := range []struct {
		name, path, media, token string
		status                   int
		says                     string
	}{
		{"a resource", "/fhir/R4/Patient", "application/fhir+json", tokens["admin"], 413, "OperationOutcome"},
		{"a Bundle", "/fhir/R4", "application/fhir+json", tokens["admin"], 413, "OperationOutcome"},
		{"a search", "/fhir/R4/Patient/_search", "application/x-www-form-urlencoded", tokens["admin"], 413, "OperationOutcome"},
		{"an operation", "/fhir/R4/$settings", "application/fhir+json", tokens["admin"], 413, "OperationOutcome"},
		{"GraphQL", "/graphql", "application/json", tokens["admin"], 413, "BAD_USER_INPUT"},
		{"no token", "/fhir/R4/Patient", "application/fhir+json", "none", 401, "OperationOutcome"},
		{"another media type", "/fhir/R4/Patient", "text/plain", tokens["admin"], 415, "OperationOutcome"},
		{"another address", "/nowhere", "text/plain", tokens["admin"], 404, "OperationOutcome"},
	} {
		for _, isChunked := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s chunked %t", row.name, isChunked), func(t *testing.T) {
				response, body := posted(t, host, row.path, row.media, row.token, size, isChunked)
				if response.StatusCode != row.status || !strings.Contains(body, row.says) {
					t.Errorf("status %d, want %d: %.300s", response.StatusCode, row.status, body)
				}
			})
		}
	}
	t.Run("one that announces far too much is answered at once", func(t *testing.T) {
		conn := dialled(t, host)
		_, err := fmt.Fprintf(conn, "POST /fhir/R4/Patient HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: application/fhir+json\r\nContent-Length: %d\r\n\r\n{", tokens["admin"], 1<<40)
		if err != nil {
			t.Fatal(err)
		}
		response, body := answered(t, conn)
		if response.StatusCode != http.StatusRequestEntityTooLarge || !response.Close || !strings.Contains(body, "OperationOutcome") {
			t.Errorf("status %d, closes %t: %.300s", response.StatusCode, response.Close, body)
		}
	})
	t.Run("one that waits for leave is answered at once", func(t *testing.T) {
		conn := dialled(t, host)
		_, err := fmt.Fprintf(conn, "POST /fhir/R4/Patient HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: application/fhir+json\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n", tokens["admin"], size)
		if err != nil {
			t.Fatal(err)
		}
		if response, body := answered(t, conn); response.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("status %d: %.300s", response.StatusCode, body)
		}
	})
}

func dialled(t *testing.T, host string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return conn
}

// posted writes a request to its last byte before it reads.
func posted(t *testing.T, host, path, media, token string, size int, isChunked bool) (*http.Response, string) {
	t.Helper()
	conn := dialled(t, host)
	head := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: %s\r\n", path, token, media)
	part := bytes.Repeat([]byte(" "), 1<<16)
	if isChunked {
		head, part = head+"Transfer-Encoding: chunked\r\n\r\n", append(append([]byte("10000\r\n"), part...), "\r\n"...)
	} else {
		head += fmt.Sprintf("Content-Length: %d\r\n\r\n", size)
	}
	write := func(b []byte) {
		if _, err := conn.Write(b); err != nil {
			t.Fatalf("the server closed while the client wrote: %v", err)
		}
	}
	write([]byte(head))
	for range size >> 16 {
		write(part)
	}
	if isChunked {
		write([]byte("0\r\n\r\n"))
	}
	return answered(t, conn)
}

func answered(t *testing.T, conn net.Conn) (*http.Response, string) {
	t.Helper()
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("no answer: %v", err)
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("half an answer: %v", err)
	}
	return response, string(body)
}
