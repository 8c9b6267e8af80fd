package main

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"backdrop/internal/testkit/golden"
)

// The page shows all of its pictures and loads nothing else, on a phone and on a laptop. Its answer is in sight at once, and its
// tables need no scrolling sideways. To keep the screenshots:
//
//	go test ./examples/reproduce -run TestPage -artifacts
func TestPage(t *testing.T) {
	golden.Programs(t, "chromium")
	var runs []made
	for seed := range fewest {
		for i, arm := range strings.Fields(few.arms) { // as many as there are
			runs = append(runs, made{fmt.Sprintf("%s-%d", arm, seed), fmt.Sprint(0.5 + 0.05*float64((seed+i)%7))})
		}
	}
	dir, files := studied(t, few, runs...)
	if err := write("few", dir, files); err != nil {
		t.Fatal(err)
	}
	page := filepath.Join(dir, "report.html")
	if name := os.Getenv("BACKDROP_REPORT"); name != "" { // another page of the same study
		page = name
	}
	ctx, asked := browser(t)
	for _, reader := range []struct {
		name          string
		width, height int64
		theme         string
	}{
		{"phone-light", 390, 844, "light"}, {"phone-dark", 390, 844, "dark"},
		{"laptop-light", 1280, 800, "light"}, {"laptop-dark", 1280, 800, "dark"},
	} {
		t.Run(reader.name, func(t *testing.T) {
			theme := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: reader.theme}}}
			if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, theme); err != nil {
				t.Fatal(err)
			}
			if err := chromedp.Do(ctx, chromedp.EmulateViewport(reader.width, reader.height), chromedp.Navigate("file://"+page)); err != nil {
				t.Fatal(err)
			}
			pictures := must(t, ctx, chromedp.Evaluate[int](`document.images.length`))
			loaded := must(t, ctx, chromedp.Evaluate[int](`[...document.images].filter(i => i.complete && i.naturalWidth > 100 && i.clientWidth > 100 && i.alt).length`))
			width := must(t, ctx, chromedp.Evaluate[int](`document.documentElement.scrollWidth`))
			hidden := must(t, ctx, chromedp.Evaluate[int](`[...document.querySelectorAll('.wide')].filter(t => t.scrollWidth > t.clientWidth).length`))
			shot := must(t, ctx, chromedp.FullScreenshot(100))
			if want := len(few.Pictures); pictures != want || loaded != want {
				t.Errorf("%d pictures, %d of them loaded; want %d", pictures, loaded, want)
			}
			answered := must(t, ctx, chromedp.Evaluate[int](`Math.ceil(document.querySelector('.what').getBoundingClientRect().bottom + scrollY)`))
			verdicts := must(t, ctx, chromedp.Evaluate[int](`[...document.querySelectorAll('td.verdict')].filter(v => v.getBoundingClientRect().right <= innerWidth && v.getBoundingClientRect().width > 60).length`))
			all := must(t, ctx, chromedp.Evaluate[int](`document.querySelectorAll('td.verdict').length`))
			if hidden > 0 {
				t.Errorf("%d tables are wider than their place", hidden)
			}
			if answered > int(reader.height) {
				t.Errorf("the answer ends %d pixels down", answered)
			}
			if all == 0 || verdicts != all {
				t.Errorf("%d of %d verdicts are in sight", verdicts, all)
			}
			if width > int(reader.width) {
				t.Errorf("the page is %d pixels wide", width)
			}
			img, err := png.Decode(bytes.NewReader(shot))
			if err != nil {
				t.Fatal(err)
			}
			r, _, _, _ := img.At(2, 2).RGBA()
			if dark := r < 0x4000; dark != (reader.theme == "dark") || img.Bounds().Dy() < 2000 {
				t.Errorf("%v pixels, dark: %v", img.Bounds(), dark)
			}
			if err := os.WriteFile(filepath.Join(t.ArtifactDir(), reader.name+".png"), shot, 0o666); err != nil {
				t.Fatal(err)
			}
		})
	}
	for _, url := range asked() {
		if url != "file://"+page && !strings.HasPrefix(url, "data:") {
			t.Errorf("the page asked for %s", url)
		}
	}
	if len(asked()) < 4 {
		t.Error("no requests were seen")
	}
}

func must[T any](t *testing.T, ctx context.Context, a chromedp.Action[T]) T {
	t.Helper()
	v, err := chromedp.Run(ctx, a)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// browser starts Chromium. asked returns the URLs that it has requested so far.
func browser(t *testing.T) (ctx context.Context, asked func() []string) {
	t.Helper()
	ctx, stop := context.WithTimeout(context.Background(), 2*time.Minute)
	t.Cleanup(stop)
	ctx, closeBrowser := chromedp.NewContext(ctx, chromedp.WithAllocatorOptions(chromedp.ExecPath("chromium"), chromedp.NoSandbox, chromedp.DisableGPU))
	t.Cleanup(closeBrowser)
	var mu sync.Mutex
	var urls []string
	err := chromedp.Listen(ctx, func(event any) {
		if e, ok := event.(*network.EventRequestWillBeSent); ok {
			mu.Lock()
			defer mu.Unlock()
			urls = append(urls, e.Request.URL)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	return ctx, func() []string {
		mu.Lock()
		defer mu.Unlock()
		return urls
	}
}
