package gp

import "backdrop/lib/dims"

// A layout says how a large field is cut while it is drawn: into batches of modes along the first axis, expanded along the
// other axes; then into panels of columns, expanded along the first; then into blocks of rows. Between these steps the field
// lies in a Store, panel by panel, each with its rows one after the other; a row is all that has one mode, later one position,
// along the first axis.
//
// The values do not depend on it.
type layout struct {
	modes, points int // rows: before the first axis is expanded, and then
	inner         int // columns
	batch, width  int // rows of a batch, columns of a panel
	block         int // rows of a block
	drawers, each int // batches at a time, and threads of each
	panels        int // panels at a time
}

// Room for panels, and half as much for batches and for blocks, in values.
const (
	most  = 1 << 24
	least = 1 << 22
)

// newLayout returns the layout of fields with that shape and modes, of two axes or more, for that many threads and values.
func newLayout(shape, modes []int, threads, room int) layout {
	l := layout{modes: modes[0], points: shape[0], inner: dims.Count(shape[1:])}
	const narrow = denseColumns
	l.panels = min(threads, max(1, room/l.rows()/narrow))
	l.width = down(room/l.rows()/l.panels, narrow, lineBlock)
	l.width = min(l.width, roundUp((l.inner+threads-1)/threads, narrow))
	l.panels = min(l.panels, l.count())
	l.drawers, l.each = threads, 1
	if room = room / 2; len(shape) > 2 && l.inner > room/threads { // there is work for all threads in each
		l.drawers, l.each = 1, threads
	}
	l.batch = min(down(room/l.inner/l.drawers, denseRows, 1), (l.modes+l.drawers-1)/l.drawers)
	l.drawers = min(l.drawers, (l.modes+l.batch-1)/l.batch)
	l.block = max(1, room/2/l.inner)
	return l
}

// down rounds down to a multiple, but not to 0, and to no less than least.
func down(n, multiple, least int) int {
	if n >= multiple {
		return n / multiple * multiple
	}
	return max(n, least)
}

// rows is how many rows there is room for in the Store.
func (l layout) rows() int { return max(l.modes, l.points) }

// size is the number of values that the field takes in the Store.
func (l layout) size() int { return l.rows() * l.inner }

// count is the number of panels.
func (l layout) count() int { return (l.inner + l.width - 1) / l.width }

// panel returns where a panel begins, in bytes from the beginning of the field, and how many columns it has.
func (l layout) panel(i int) (at int64, width int) {
	return 4 * int64(l.rows()) * int64(i*l.width), min(l.width, l.inner-i*l.width)
}

// values returns how many values of memory the steps take, of which one is done after the other, where that many fields of
// such a layout are read at once.
func (l layout) values(shape, modes []int, fields, threads int) int {
	line := modes[len(modes)-1]
	drawing := l.batch*dims.Count(modes[1:]) + line + l.batch*(l.inner+l.width)
	if len(shape) > 2 {
		drawing += l.batch * modes[1] * shape[2] // halfway
	}
	expanding := l.panels * l.rows() * l.width
	reading := 2*fields*l.block*l.inner + threads*l.block*l.width
	return max(l.drawers*drawing, threads*line, expanding, reading)
}
