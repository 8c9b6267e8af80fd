package main

import (
	"encoding/json"
	"fmt"
	"io"
	"runtime/debug"
	"slices"

	"github.com/urfave/cli/v2"

	"backdrop/cmd/internal/tool"
	"backdrop/lib/fieldcheck"
	"backdrop/lib/gp"
)

// A check is the command that tests fields.
type check struct {
	*options
	file, length         string
	variance, falseAlarm float64
	json                 bool

	// Of fields in a file:
	claimed gp.Length
	field   []int  // shape of one; nil: what follows the first size of the array
	whole   bool   // the array is one field
	other   string // how the array could be taken else; "": there is no other way
}

func newCheck(s tool.Stdio) *cli.Command {
	k := &check{options: defaults(), variance: 1, falseAlarm: 1e-4}
	o := k.options
	o.n, o.standardise = 20, "none"
	return &cli.Command{
		Name:  "check",
		Usage: "test statistically that fields are the Gaussian processes they are claimed to be",
		UsageText: "gpgen check --kernel matern32 --boundary open --size 256 --scales 4,8\n" +
			"gpgen check fields.npy --length 10\n" +
			"gpgen check field.npy --length 10 --shape 128,97\n" +
			"python draw.py | gpgen check - --length 10x20 --kernel matern12 --variance 2 --json",
		Description: "Without a FILE, -n fields of each of the --scales are drawn as gpgen draws them, and tested. With FILE.npy, or - for\n" +
			"standard input, the fields in an array [n,H,W] (or [n,N], [n,D,H,W]) of whatever program are tested against the kernel,\n" +
			"boundary and --length that are claimed for them. --shape says what one field is where the array could be read in\n" +
			"another way: an array [128,97] is 128 sequences, and with --shape 128,97 one field. The report begins with what was\n" +
			"tested.\n\n" +
			"On a torus the powers of Fourier modes are compared with the exact spectrum: of all modes, of the constant, of\n" +
			"the lines of frequency 0 and of the Nyquist frequency, by octaves, one by one; then covariances at lags, the mean, the\n" +
			"distribution of values, isotropy and stationarity. In open space it is covariances and increments at lags. Standard\n" +
			"errors come from the claim, not from the sample. p is the probability that fields which are as claimed\n" +
			"deviate so far; a test fails below a limit that makes --false-alarm the probability that a whole report fails by\n" +
			"chance. The exit code is 1 if a test fails.\n\n" +
			"Fields that are standardised one by one (--standardise sample) have lost their mean and their scale. They are\n" +
			"compared by ratios of powers, which do not depend on either, and their values with the distribution that this leaves\n" +
			"them. What is the same for all such fields is not tested.",
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "length", Usage: "correlation length claimed for FILE, in pixels: `L`, or 10x20 for 10 along H and 20 along W", Destination: &k.length},
			o.kernelFlag(),
			&cli.StringFlag{Name: "boundary", Usage: "`B`: torus or open", Value: o.boundary, Destination: &o.boundary},
			&cli.StringFlag{Name: "standardise", Usage: "`HOW` fields are standardised: sample, each to mean 0 and deviation 1; or none", Value: o.standardise, Destination: &o.standardise},
			&cli.Float64Flag{Name: "variance", Usage: "variance `V` claimed for FILE, before the nugget", Value: k.variance, Destination: &k.variance},
			&cli.Float64Flag{Name: "nugget", Usage: "variance `V` of white noise on top of the field", Destination: &o.nugget},
			&cli.IntFlag{Name: "n", Usage: "draw `N` fields of each length; or test the first N of FILE", DefaultText: "20, or all of FILE", Value: o.n, Destination: &o.n},
			&cli.IntFlag{Name: "size", Usage: "height and width in `PIXELS` of fields to draw", Value: o.size, Destination: &o.size},
			&cli.StringFlag{Name: "shape", Usage: "sizes in pixels, instead of --size: `H,W`, N or D,H,W; or those of a field in FILE, which may be all of it", Destination: &o.shape},
			&cli.StringFlag{Name: "scales", Usage: "correlation lengths to draw, as for gpgen: `A,B:C,D`", Value: o.scales, Destination: &o.scales},
			&cli.Uint64Flag{Name: "seed", Usage: "random seed `S`", Value: o.seed, Destination: &o.seed},
			o.methodFlag(), o.wrapFactorFlag(),
			&cli.Float64Flag{Name: "false-alarm", Usage: "probability `P` that a report fails although all is as claimed", Value: k.falseAlarm, Destination: &k.falseAlarm},
			&cli.BoolFlag{Name: "json", Usage: "write a JSON object", Destination: &k.json},
		}, o.Flags()...),
		Before: k.check,
		Action: func(*cli.Context) error { return k.run(s) },
	}
}

// check turns the flags into what they mean; every error is wrong usage.
func (k *check) check(c *cli.Context) (err error) {
	if k.file, err = tool.Argument(c, "FILE"); err != nil {
		return err
	}
	if !(k.falseAlarm > 0 && k.falseAlarm < 1) {
		return tool.Usagef("--false-alarm must lie between 0 and 1, got %g", k.falseAlarm)
	}
	if c.IsSet("n") && k.n < 1 {
		return tool.Usagef("-n must be positive, got %d", k.n)
	}
	if k.file == "" {
		for _, flag := range []string{"length", "variance"} {
			if c.IsSet(flag) {
				return tool.Usagef("--%s is claimed for a FILE, and none is named; fields to draw have --scales and variance 1", flag)
			}
		}
		return k.checkUnmixed(c)
	}
	return tool.Usage(k.checkClaim(c))
}

// leastVariance leaves float32, in which fields are tested, room for the powers of modes.
const leastVariance = 1e-30

// checkClaim checks what is claimed for a file.
func (k *check) checkClaim(c *cli.Context) (err error) {
	for _, flag := range []string{"scales", "seed", "method", "wrap-factor"} {
		if c.IsSet(flag) {
			return fmt.Errorf("--%s is for fields to draw; those in %s are as they are", flag, tool.InputName(k.file))
		}
	}
	if c.IsSet("size") {
		return fmt.Errorf("--size is for fields to draw; of those in %s, --shape H,W says how large one is", tool.InputName(k.file))
	}
	if c.IsSet("shape") {
		if k.field, err = k.sizes(c); err != nil {
			return err
		}
		if n := len(k.field); n > 3 {
			return fmt.Errorf("--shape must be one to three sizes, got %d", n)
		}
		if n := slices.Min(k.field); n < 1 {
			return fmt.Errorf("--shape: size must be positive, got %d", n)
		}
	}
	if !c.IsSet("length") {
		return fmt.Errorf("--length is needed for the fields in %s", tool.InputName(k.file))
	}
	if k.claimed, err = gp.ParseLength(k.length); err != nil {
		return fmt.Errorf("--length: %w", err)
	}
	if err := k.claimed.Validate(); err != nil {
		return fmt.Errorf("--length: %w", err)
	}
	if !(k.variance >= leastVariance && k.variance <= 1/leastVariance) {
		return fmt.Errorf("--variance must lie between %g and %g, got %g", leastVariance, 1/leastVariance, k.variance)
	}
	if !c.IsSet("n") {
		k.n = 0
	}
	if err := tool.Distinct([]tool.Name{{Flag: "-o", File: k.Output}}, []tool.Name{{Flag: "FILE", File: k.file}}); err != nil {
		return err
	}
	if err := k.checkProcess(); err != nil {
		return err
	}
	return k.Apply()
}

// claim is what the flags claim of fields of a shape and length.
func (k *check) claim(shape []int, l gp.Length) fieldcheck.Claim {
	return fieldcheck.Claim{Kernel: k.spec.Kernel, Length: l, Shape: shape, Open: k.spec.Open, Variance: k.variance, Nugget: k.nugget, Standardised: !k.spec.Raw}
}

func (k *check) run(s tool.Stdio) error {
	var reports []*fieldcheck.Report
	var err error
	if k.file == "" {
		reports, err = k.own(s)
	} else {
		var r *fieldcheck.Report
		r, err = k.foreign(s)
		reports = []*fieldcheck.Report{r}
	}
	if err != nil {
		return err
	}
	if err := s.WriteFile(k.Output, tool.Text, func(w io.Writer) error { return k.write(w, reports) }); err != nil {
		return err
	}
	for _, r := range reports {
		if err := r.Err(); err != nil {
			return k.orElse(err)
		}
	}
	return nil
}

func (k *check) write(w io.Writer, reports []*fieldcheck.Report) error {
	if k.json {
		pass := !slices.ContainsFunc(reports, func(r *fieldcheck.Report) bool { return r.Err() != nil })
		return json.NewEncoder(w).Encode(struct {
			Pass    bool                 `json:"pass"`
			Reports []*fieldcheck.Report `json:"reports"`
		}{pass, reports})
	}
	for i, r := range reports {
		if i > 0 {
			if _, err := io.WriteString(w, "\n"); err != nil {
				return err
			}
		}
		if err := r.WriteText(w); err != nil {
			return err
		}
	}
	return nil
}

// own tests fields of every length by itself. The probability of a false alarm is shared between them.
func (k *check) own(s tool.Stdio) ([]*fieldcheck.Report, error) {
	all := slices.Concat(k.spec.Scales...)
	counter := tool.NewCounter("gpgen check", "field", len(all)*k.n)
	defer s.NewProgress(k.Quiet, counter.Line).Close()
	var reports []*fieldcheck.Report
	for _, l := range all {
		spec := k.spec
		spec.Scales, spec.Power = [][]gp.Length{{l}}, []float64{1}
		from, workers, err := newSampler(spec, k.Threads, k.n, job{"drawing and testing fields", fieldcheck.Memory(spec.Shape), "smaller ones"})
		if err != nil {
			return nil, k.remedy(err)
		}
		tester, err := fieldcheck.New(k.claim(spec.Shape, l))
		if err != nil {
			return nil, tool.Usage(k.remedy(err))
		}
		err = draw(from, numbers{step: 1, count: k.n}, workers, func(_ int, x []float32) error {
			counter.Step()
			return tester.Add(x)
		})
		if err != nil {
			return nil, err
		}
		r, err := tester.Report(k.falseAlarm / float64(len(all)))
		if err != nil {
			return nil, err
		}
		reports = append(reports, r)
		debug.FreeOSMemory() // before the next length's tables come
	}
	return reports, nil
}
