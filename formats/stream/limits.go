package stream

// Limits bounds what a reader accepts. A field that is zero stands for its default.
type Limits struct {
	Member int64  // bytes of one member, and of one array or picture as float32; default 1 GiB
	Window uint64 // bytes of the zstd window; default 128 MiB, as the zstd command's
}

// maxText bounds members that are JSON or metadata: many times what a list of ten thousand classes takes, and little
// to hold.
const maxText = 1 << 20

func (l Limits) orDefault() Limits {
	if l.Member <= 0 {
		l.Member = 1 << 30
	}
	if l.Window == 0 {
		l.Window = 128 << 20
	}
	return l
}
