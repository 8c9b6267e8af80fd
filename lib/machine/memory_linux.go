package machine

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// total returns the bytes of memory that the machine has.
func total() int64 {
	var info unix.Sysinfo_t
	if err := unix.Sysinfo(&info); err != nil {
		return most
	}
	return int64(min(uint64(info.Totalram)*uint64(info.Unit), most))
}

// available returns the bytes that can be taken without swapping, by what the system says and by the limits of the control
// groups (containers, batch systems) that the process is in.
func available() int64 {
	bytes := total()
	if n, ok := entry("/proc/meminfo", "MemAvailable:"); ok { // in KiB (proc_meminfo(5))
		bytes = min(bytes, n<<10)
	}
	for _, h := range hierarchies {
		for group := h.group(); ; group = path.Dir(group) {
			bytes = min(bytes, h.left(path.Join(h.root, group)))
			if group == "/" { // what a container sees of its own group
				break
			}
		}
	}
	return bytes
}

// A hierarchy is one of control groups, with the names of its files.
type hierarchy struct{ line, root, limit, used, files string }

// hierarchies are those of versions 2 and 1 (cgroups(7)).
var hierarchies = []hierarchy{
	{"0::", "/sys/fs/cgroup", "memory.max", "memory.current", ""},
	{":memory:", "/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_"},
}

// group is the path of the process's own control group.
func (h hierarchy) group() string {
	text, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return "/"
	}
	for line := range strings.Lines(string(text)) {
		if _, group, ok := strings.Cut(strings.TrimSpace(line), h.line); ok {
			return path.Clean("/" + group)
		}
	}
	return "/"
}

// left is what a control group may still take: its limit less what it uses, files in memory aside, which make room.
func (h hierarchy) left(dir string) int64 {
	limit, ok := number(path.Join(dir, h.limit))
	if !ok {
		return most
	}
	used, _ := number(path.Join(dir, h.used))
	for _, name := range []string{"active_file", "inactive_file"} {
		files, _ := entry(path.Join(dir, "memory.stat"), h.files+name)
		used -= files
	}
	return max(0, limit-max(0, used))
}

// number reads a file that holds one number; ok is false if it does not.
func number(name string) (n int64, ok bool) {
	text, err := os.ReadFile(name)
	if err != nil {
		return 0, false
	}
	n, err = strconv.ParseInt(string(bytes.TrimSpace(text)), 10, 64)
	return n, err == nil
}

// entry reads the number behind a name in a file of such lines.
func entry(file, name string) (n int64, ok bool) {
	f, err := os.Open(file)
	if err != nil {
		return 0, false
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if got := ""; strings.HasPrefix(lines.Text(), name) {
			if _, err := fmt.Sscan(lines.Text(), &got, &n); err == nil && got == name {
				return n, true
			}
		}
	}
	return 0, false
}
