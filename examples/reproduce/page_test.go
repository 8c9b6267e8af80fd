package main

import (
	"bytes"
	"context"
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

// The page shows all of its pictures and loads nothing else, on a phone and on a laptop. To keep the screenshots:
//
//	go test ./examples/reproduce -run TestPage -artifacts
func TestPage(t *testing.T) {
	golden.Programs(t, "chromium")
	dir, files := studied(t, few)
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
			hidden := must(t, ctx, chromedp.Evaluate[int](`[...document.querySelectorAll('.wide')].filter(t => t.compareDocumentPosition(document.getElementById('runs')) == 4 && t.scrollWidth > t.clientWidth).length`))
			shot := must(t, ctx, chromedp.FullScreenshot(100))
			if want := len(few.Pictures); pictures != want || loaded != want {
				t.Errorf("%d pictures, %d of them loaded; want %d", pictures, loaded, want)
			}
			if reader.width >= 1280 && hidden > 0 {
				t.Errorf("%d tables of means and differences are wider than their place", hidden)
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
