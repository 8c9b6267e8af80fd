package stream

// Limits bounds what a reader accepts. A field that is zero stands for its default.
type Limits struct {
	Member int64  // bytes of one member, and of one array or picture as float32; DefaultMember
	Window uint64 // bytes of the zstd window; DefaultWindow
}

const (
	// DefaultMember is the default of Limits.Member, and the most that a reader of any format holds of one array.
	DefaultMember = 1 << 30
	// DefaultWindow is the default of Limits.Window, as the zstd command's.
	DefaultWindow = 128 << 20
)

// MaxMember is the most bytes of a member that is written: what the header of a plain tar has digits for.
const MaxMember = 1<<33 - 1

// maxText bounds members that are JSON or metadata, in bytes: enough for a list of ten thousand classes many times over.
const maxText = 1 << 20

// OrDefault returns the limits with every default in its place.
func (l Limits) OrDefault() Limits {
	if l.Member <= 0 {
		l.Member = DefaultMember
	}
	if l.Window == 0 {
		l.Window = DefaultWindow
	}
	return l
}
