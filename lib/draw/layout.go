package draw

import (
	"image"
	"math"
	"slices"
)

// screen is the width of a sheet by its height that is aimed at, between 4:3 and 16:9.
const screen = 1.54

const (
	leastColumn = 180 // pixels of a picture, of a sheet with as many columns as it likes
	aside       = 260 // pixels that captions take beside a picture, with the distance to it
)

// Arrange chooses Columns and Beside if Columns is 0: of all whole numbers of groups, the one whose sheet is most like a screen,
// with few empty places. Frames of an animation take those of the first.
func (s *Sheet) Arrange() {
	if s.Columns == 0 {
		s.arrange(s.panelNotes())
	}
}

// arrange is Arrange with the notes of the panels.
func (s *Sheet) arrange(notes [][]string) {
	if n := len(s.Panels); slices.ContainsFunc(s.Panels, Panel.wide) { // sequences, one under the other
		s.Columns = min(3, 1+n/16)
		return
	}
	group := max(1, s.Group)
	captions := slices.ContainsFunc(s.Panels, func(p Panel) bool { return len(p.Captions) > 0 })
	best, lowest := Sheet{Columns: group}, math.Inf(1)
	for columns := group; columns < max(len(s.Panels), 1)+group; columns += group {
		for _, beside := range []bool{false, true} {
			try := *s
			try.Columns, try.Beside = columns, beside
			if columns > group && try.side() < leastColumn || beside && (!captions || try.side() < minColumn) {
				continue
			}
			if cost := try.cost(notes); cost < lowest {
				best, lowest = try, cost
			}
		}
	}
	s.Columns, s.Beside = best.Columns, best.Beside
}

// cost is how far the sheet is from one that is like a screen and full of pictures.
func (s *Sheet) cost(notes [][]string) float64 {
	const (
		unusual = 0.1 // captions beside pictures
		bare    = 0.4 // paper without pictures
	)
	size, _ := s.layout(notes)
	rows := (len(s.Panels) + s.Columns - 1) / s.Columns
	cost := math.Abs(math.Log(float64(size.X) / float64(size.Y) / screen))
	pictures, faces := 0, newPanelFaces()
	for _, p := range s.Panels {
		f := p.lay(faces, s.side())
		pictures += f.size.X * f.size.Y
	}
	cost += bare * (1 - float64(pictures)/float64(size.X*size.Y))
	cost += 1 - float64(len(s.Panels))/float64(max(1, rows*s.Columns))
	if s.Beside {
		cost += unusual
	}
	return cost
}

// side is the greatest width and height of a picture, in pixels.
func (s *Sheet) side() int {
	side := (sheetWidth-2*margin-(s.Columns-1)*gap)/s.Columns - s.reserved()
	if s.Side > 0 {
		side = min(side, s.Side)
	}
	return max(minSide, side)
}

// reserved is how much of a column is for captions beside its pictures.
func (s *Sheet) reserved() int {
	if s.Beside {
		return aside
	}
	return 0
}

// panelNotes are what the pictures of each panel need to be said; to know it they look at all of their values.
func (s *Sheet) panelNotes() [][]string {
	notes := make([][]string, len(s.Panels))
	for i, p := range s.Panels {
		for _, picture := range p.Pictures {
			notes[i] = append(notes[i], picture.note())
		}
	}
	return notes
}

// layout returns the size of the sheet and where each of its parts goes. notes are those of its panels.
func (s *Sheet) layout(notes [][]string) (image.Point, []placed) {
	columns, side := s.Columns, s.side()
	faces := newPanelFaces()
	figures := make([]figure, len(s.Panels))
	column := min(side, minColumn)
	for i, p := range s.Panels {
		for _, picture := range p.Pictures {
			picture.check()
		}
		figures[i] = p.lay(faces, side)
		column = max(column, figures[i].size.X)
	}
	words := column // the width of captions
	if s.Beside {
		words = aside - gap
	}
	column += s.reserved()
	width := columns*(column+gap) - gap

	var parts []placed
	y := margin
	put := func(x int, b block) {
		parts = append(parts, placed{b, image.Pt(x, y)})
		y += b.size.Y
	}
	put(margin, newTypeface(bold, 20, ink).block(s.Title, width))
	y += 3
	small := newTypeface(regular, 14, pale)
	for _, note := range s.Notes {
		put(margin, small.block(note, width))
	}
	for first := 0; first < len(s.Panels); first += columns {
		top := y + rowGap
		row := s.Panels[first:min(first+columns, len(s.Panels))]
		head := 0
		for _, p := range row {
			head = max(head, faces.title.block(p.Title, column).size.Y)
		}
		bottom := top
		for i, p := range row {
			x := margin + i*(column+gap)
			y = top
			put(x, faces.title.block(p.Title, column))
			y = top + head + 3
			for _, part := range figures[first+i].parts {
				parts = append(parts, placed{part.block, part.at.Add(image.Pt(x, y))})
			}
			below := y + figures[first+i].size.Y
			if s.Beside {
				x += column - words
			} else {
				y = below
			}
			for _, b := range p.captions(faces, words, notes[first+i]) {
				put(x, b)
			}
			bottom = max(bottom, below, y)
		}
		y = bottom
	}
	return image.Pt(width+2*margin, y+margin), parts
}
