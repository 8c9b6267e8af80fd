package main

import (
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"backdrop/cmd/internal/flagtest"
	"backdrop/cmd/internal/tool"
	"backdrop/cmd/internal/tooltest"
	"backdrop/internal/testkit/golden"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"gpgen": main, "hasty": hasty})
}

// hasty is gpgen whose progress shows what is over soon.
func hasty() {
	tool.Quick, tool.LineEvery = 0, 100*time.Millisecond
	main()
}

func TestScripts(t *testing.T) { tooltest.Run(t, "testdata") }

// TestNumPy runs the scripts that read gpgen's output with Python.
func TestNumPy(t *testing.T) {
	tooltest.Run(t, "testdata/numpy", "PYTHON="+golden.Python(t, "numpy"))
}

func TestNumbersAreDecimal(t *testing.T) { flagtest.Numbers(t, newApp) }

func TestHelp(t *testing.T) { flagtest.Help(t, newApp) }
