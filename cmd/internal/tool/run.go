package tool

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"syscall"

	"github.com/urfave/cli/v2"

	"backdrop/formats/npy"
	"backdrop/formats/stream"
)

// Exit codes of all tools.
const (
	CodeFailed      = 1   // input or output failed, or data are bad
	CodeUsage       = 2   // wrong flags or arguments
	CodeUndefined   = 3   // done, but a figure that was asked for is undefined
	CodeDiverged    = 4   // training diverged
	CodeInterrupted = 130 // by a signal: 128 + SIGINT
	codePipe        = 141 // the reader of a pipe has gone: 128 + SIGPIPE, as a shell reports it
)

// ExitError is an error that ends the program with an exit code other than CodeFailed.
type ExitError struct {
	Code int   // the exit code
	Err  error // what went wrong
}

// Error returns the text of Err.
func (e *ExitError) Error() string { return e.Err.Error() }

// Unwrap returns Err.
func (e *ExitError) Unwrap() error { return e.Err }

// Exit gives err an exit code; nil stays nil.
func Exit(code int, err error) error {
	if err == nil {
		return nil
	}
	return &ExitError{Code: code, Err: err}
}

// Usage gives err the exit code of wrong usage, unless it has one already; nil stays nil.
func Usage(err error) error {
	if exit := (*ExitError)(nil); errors.As(err, &exit) {
		return err
	}
	return Exit(CodeUsage, err)
}

// Usagef is Usage(fmt.Errorf(...)).
func Usagef(format string, args ...any) error { return Usage(fmt.Errorf(format, args...)) }

// Main runs a tool with the arguments and the standard streams of the process, and exits.
func Main(newApp func(Stdio) *cli.App) {
	s := Stdio{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}
	os.Exit(Run(context.Background(), newApp, os.Args, s))
}

// Run runs a tool and returns its exit code. args[0] is the name of the program.
func Run(ctx context.Context, newApp func(Stdio) *cli.App, args []string, s Stdio) int {
	app := withHelp(newApp(s))
	if len(args) > 1 {
		switch cmd := app.Command(args[1]); {
		case cmd != nil:
			app, args = command(app, cmd), args[1:]
		case args[1] == "help" || args[1] == "completion":
			app, args = textCommand(app, args[1]), args[1:]
		}
	}
	app.Version = Version
	app.Writer = s.Out // of texts such as --help alone
	app.ErrWriter = io.Discard
	app.ExitErrHandler = func(*cli.Context, error) {}
	app.OnUsageError = func(_ *cli.Context, err error, _ bool) error { return Usage(tidyFlagError(app.Flags, err)) }
	app.CommandNotFound = nil
	app.HideHelp, app.HideVersion = true, true // they are in withHelp
	app.DisableSliceFlagSeparator = true
	before := app.Before
	app.Before = func(c *cli.Context) error {
		if err := showHelp(c); err != nil {
			return err
		}
		if err := noEmpty(c); err != nil {
			return Usage(err)
		}
		if name := c.Args().First(); app.Command(name) != nil {
			return Usagef("a command comes first: %s %s …; a file of that name is ./%s", app.Name, name, name)
		}
		if before == nil {
			return nil
		}
		return before(c)
	}
	args, err := flagsFirst(app.Flags, args)
	if err == nil {
		err = npy.Guard(func() error { return app.RunContext(ctx, args) })
	}
	if err == nil || err == errHelped {
		return 0
	}
	if errors.Is(err, syscall.EPIPE) { // the reader has gone: nobody needs a message
		return codePipe
	}
	code := CodeFailed
	if exit := (*ExitError)(nil); errors.As(err, &exit) {
		code = exit.Code
	}
	line := stream.Printable(strings.ReplaceAll(err.Error(), "\n", " "))
	if code == CodeUsage {
		line += "; see " + app.Name + " --help"
	}
	fmt.Fprintf(s.Err, "%s: %s\n", app.Name, line)
	return code
}

// command returns a command of a tool as a tool of its own, named after both, so that the flag library treats it like one.
func command(app *cli.App, cmd *cli.Command) *cli.App {
	name := app.Name + " " + cmd.Name
	return withHelp(&cli.App{Name: name, HelpName: name, Usage: cmd.Usage, ArgsUsage: cmd.ArgsUsage, UsageText: cmd.UsageText, Description: cmd.Description,
		Flags: cmd.Flags, Before: cmd.Before, Action: cmd.Action})
}

// tidyFlagError rewords an error of the flag library in the style of our own.
func tidyFlagError(flags []cli.Flag, err error) error {
	msg := err.Error()
	if name, ok := strings.CutPrefix(msg, "flag provided but not defined: -"); ok {
		if near := Nearest(flags, name); near != "" {
			return fmt.Errorf("unknown flag %s (%s?)", dashed(name), near)
		}
		return fmt.Errorf("unknown flag %s", dashed(name))
	}
	if name, ok := strings.CutPrefix(msg, "flag needs an argument: -"); ok {
		return fmt.Errorf("flag %s needs a value", dashed(name))
	}
	return errors.New(msg)
}

// dashed returns the name of a flag with its dashes.
func dashed(name string) string {
	name = strings.TrimPrefix(name, "-")
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}

// flagsFirst moves flags before other arguments, because people write `bdtrain data.tar --epochs 3` and the flag library
// stops at the first argument that is not a flag. It also makes numbers canonical. The name of the program stays first,
// and what follows "--" stays as it is.
func flagsFirst(flags []cli.Flag, args []string) ([]string, error) {
	byName := map[string]cli.Flag{}
	for _, f := range flags {
		for _, name := range f.Names() {
			byName[name] = f
		}
	}
	if len(args) < 2 {
		return args, nil
	}
	first, rest := args[:1:1], []string(nil)
	for i := 1; i < len(args); i++ {
		arg := args[i]
		if arg == "--" {
			rest = append(rest, args[i+1:]...)
			break
		}
		if len(arg) < 2 || arg[0] != '-' {
			rest = append(rest, arg)
			continue
		}
		name, value, inOne := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(arg, "-"), "-"), "=")
		f := byName[name]
		if _, isBool := f.(*cli.BoolFlag); f == nil || isBool {
			first = append(first, arg)
			continue
		}
		if !inOne {
			if i++; i == len(args) { // the flag library says that the value is missing
				return append(first, arg), nil
			}
			value = args[i]
		}
		value, err := canonical(f, name, value)
		if err != nil {
			return nil, Usage(err)
		}
		first = append(first, dashed(name)+"="+value)
	}
	return append(append(first, "--"), rest...), nil
}

// Common holds the flags that every tool has.
type Common struct {
	Output  string // "" or "-": standard output
	Threads int    // after Apply at least 1
	Quiet   bool   // no progress

	memory string
	limit  int64 // of the memory of the garbage collector
}

// Flags returns the flags that fill c.
func (c *Common) Flags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "o", Aliases: []string{"output"}, Usage: "write the result to `FILE`", DefaultText: "standard output", Destination: &c.Output},
		&cli.IntFlag{Name: "threads", Usage: "use `N` threads; the result does not depend on it", DefaultText: "all processors", Destination: &c.Threads},
		&cli.StringFlag{Name: "memory", Usage: "use about `SIZE` of memory at most, such as 512M, and refuse what cannot be done with it", DefaultText: "what the machine has", Destination: &c.memory},
		&cli.BoolFlag{Name: "quiet", Usage: "no progress on standard error", Destination: &c.Quiet},
	}
}

// Apply checks the common flags and sets the number of threads and the limit of memory.
func (c *Common) Apply() error {
	if c.Threads < 0 {
		return Usagef("--threads must be positive, got %d", c.Threads)
	}
	if c.Threads == 0 {
		c.Threads = runtime.NumCPU()
	}
	runtime.GOMAXPROCS(min(c.Threads, runtime.NumCPU()))
	return c.limitMemory()
}

// Argument returns the one argument that a tool takes besides flags, "" if it was not given. what is its name in --help.
func Argument(c *cli.Context, what string) (string, error) {
	if c.NArg() > 1 {
		const most = 3
		args, try := stream.List(c.Args().Slice()[:min(most, c.NArg())]), ""
		if c.NArg() > most {
			args += ", …"
		}
		if what == "DATA" || what == "SAMPLES" {
			try = fmt.Sprintf("; name the folder that they are in, or pack them: tar -cf - … | %s", c.App.Name)
		}
		return "", Usagef("one %s argument at most, got %d: %s%s", what, c.NArg(), args, try)
	}
	return c.Args().First(), nil
}
