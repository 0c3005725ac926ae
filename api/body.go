package api

import (
	"bytes"
	"io"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"medbill/fhir"
	"medbill/internal/turns"
	"medbill/models/fault"
)

// limit bounds every body, whoever reads it. A client reads its answer when it has written its request, and one whose connection
// is closed while it writes may see nothing but that, so what was refused is read to its end before the answer leaves, up to a
// bound. Who announces more is answered at once, and so is who waits to be told that it may write.
func (s *Server) limit(c *gin.Context) error {
	sent := &sentBody{ReadCloser: c.Request.Body}
	c.Request = c.Request.WithContext(c.Request.Context()) // the server looks at the body of its own to see what is unread
	c.Request.Body = http.MaxBytesReader(c.Writer, sent, fhir.DocumentBytesMax)
	isFarTooLarge := c.Request.ContentLength > fhir.DocumentBytesMax+readOnBytesMax
	if isFarTooLarge {
		c.Header("Connection", "close")
	}
	c.Next()
	if isFarTooLarge || sent.isAtEnd || c.Request.ContentLength == 0 || !sent.isBegun && c.GetHeader("Expect") != "" {
		return nil
	}
	_ = http.NewResponseController(c.Writer).SetReadDeadline(s.Clock.Now().Add(readOnTimeMax)) // else the server's own bound holds
	_, _ = io.CopyN(io.Discard, sent, readOnBytesMax)                                          // who went away needs no answer
	return nil
}

const (
	readOnBytesMax = 64 << 20
	readOnTimeMax  = 10 * time.Second
)

// sentBody is what a client sends, and how far it was read.
type sentBody struct {
	io.ReadCloser
	isBegun, isAtEnd bool
}

// Read reads on.
func (b *sentBody) Read(p []byte) (int, error) {
	b.isBegun = true
	n, err := b.ReadCloser.Read(p)
	b.isAtEnd = err != nil
	return n, err
}

// body reads a JSON body. It refuses other media types (UnsupportedMedia) before it reads.
func body(c *gin.Context) ([]byte, error) {
	if err := requireMedia(c, mediaFHIR, mediaJSON); err != nil {
		return nil, err
	}
	return readAll(c)
}

func readAll(c *gin.Context) ([]byte, error) {
	if c.Request.ContentLength > fhir.DocumentBytesMax {
		return nil, errTooLarge
	}
	var content bytes.Buffer
	content.Grow(int(min(max(c.Request.ContentLength, 0), bodyBytesAhead)) + bytes.MinRead)
	err := turns.Aside(c.Request.Context(), func() error {
		_, err := content.ReadFrom(c.Request.Body)
		return err
	})
	if err != nil {
		if faultOf(err).Kind == fault.Internal {
			return nil, fault.New(fault.Invalid, "invalid", "The body could not be read to its end; send it again.")
		}
		return nil, err
	}
	return content.Bytes(), nil
}

var errTooLarge = fault.New(fault.TooLarge, "too-long", "The body is larger than 16 MiB; send it in parts.")

// bodyBytesAhead is how much memory a client gets for a length that it only announced.
const bodyBytesAhead = 1 << 20
