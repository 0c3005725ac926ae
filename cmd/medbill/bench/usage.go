package bench

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Usage is what a server and its database have used since they were started.
type Usage struct {
	Server     time.Duration // CPU of the server's process
	Database   time.Duration // CPU of the processes of PostgreSQL, 0 where they are not ours to see
	Statements int64         // SQL statements, as the server counts them
	Disk       int64         // bytes of its database
	Peak       int64         // the most memory the server's process ever held, bytes
}

// since gives what was used after before.
func (u Usage) since(before Usage) Usage {
	u.Server -= before.Server
	u.Database -= before.Database
	u.Statements -= before.Statements
	u.Disk -= before.Disk
	return u
}

// plus adds up what was used in two spans.
func (u Usage) plus(other Usage) Usage {
	return Usage{u.Server + other.Server, u.Database + other.Database, u.Statements + other.Statements, u.Disk + other.Disk, max(u.Peak, other.Peak)}
}

// tick is the unit of /proc/PID/stat. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
const tick = 10 * time.Millisecond

// The fields of /proc/PID/stat behind the name in parentheses, counted from 0.
const (
	fieldParent       = 1
	fieldUserTime     = 11
	fieldSystemTime   = 12
	fieldChildrenUser = 13
	fieldChildrenSys  = 14
)

// stat gives the fields of a process behind its name. A process that is gone has none.
func stat(pid int) ([]string, error) {
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return nil, err
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	if len(fields) <= fieldChildrenSys {
		return nil, fmt.Errorf("/proc/%d/stat has %d fields", pid, len(fields))
	}
	return fields, nil
}

// cpu adds up times of a process.
func cpu(fields []string, which ...int) time.Duration {
	var sum time.Duration
	for _, i := range which {
		ticks, _ := strconv.ParseInt(fields[i], 10, 64) // the kernel writes a number
		sum += time.Duration(ticks) * tick
	}
	return sum
}

// processCPU gives the CPU of one process.
func processCPU(pid int) (time.Duration, error) {
	fields, err := stat(pid)
	if err != nil {
		return 0, err
	}
	return cpu(fields, fieldUserTime, fieldSystemTime), nil
}

// familyCPU gives the CPU of a process, of its children, and of those of them that are gone.
func familyCPU(parent int) (time.Duration, error) {
	fields, err := stat(parent)
	if err != nil {
		return 0, err
	}
	sum := cpu(fields, fieldUserTime, fieldSystemTime, fieldChildrenUser, fieldChildrenSys)
	folders, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return 0, err
	}
	for _, folder := range folders {
		pid, _ := strconv.Atoi(filepath.Base(folder)) // the pattern has digits alone
		fields, err := stat(pid)
		if err != nil { // it ended meanwhile
			continue
		}
		if fields[fieldParent] == strconv.Itoa(parent) {
			sum += cpu(fields, fieldUserTime, fieldSystemTime)
		}
	}
	return sum, nil
}

// peakMemory gives the most bytes of memory a process ever held.
func peakMemory(pid int) (int64, error) {
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if rest, found := strings.CutPrefix(line, "VmHWM:"); found {
			kilobytes, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return kilobytes << 10, err
		}
	}
	return 0, errors.New("the kernel does not tell how much memory a process held")
}

// filesSize adds up the SQLite files of a folder, without what still waits in their logs.
func filesSize(dir string) (int64, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.db"))
	if err != nil {
		return 0, err
	}
	var sum int64
	for _, name := range slices.Compact(names) {
		info, err := os.Stat(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return 0, err
		}
		sum += info.Size()
	}
	return sum, nil
}
