package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"
)

// terminal gives a real terminal to write to, and what a person has read from it so far. Linux makes one in two calls; see
// pty(7).
func terminal(t *testing.T) (file *os.File, read func() string) {
	t.Helper()
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		fmt.Println("SKIPPED", t.Name()+": this machine makes no terminals:", err)
		t.SkipNow()
	}
	t.Cleanup(func() { _ = screen.Close() })
	fd := int(screen.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	if file, err = os.OpenFile("/dev/pts/"+strconv.Itoa(n), os.O_RDWR|unix.O_NOCTTY, 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	var mutex sync.Mutex
	var text strings.Builder
	go func() {
		buffer := make([]byte, 4096)
		for {
			k, err := screen.Read(buffer)
			mutex.Lock()
			text.Write(buffer[:k])
			mutex.Unlock()
			if err != nil {
				return
			}
		}
	}()
	return file, func() string {
		mutex.Lock()
		defer mutex.Unlock()
		return strings.ReplaceAll(text.String(), "\r\n", "\n")
	}
}
