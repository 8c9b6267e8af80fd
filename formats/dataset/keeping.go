package dataset

// keeping asks whether there is any for the samples that are kept.
type keeping struct {
	fits  func(samples int, bytes float64, all bool) error // Options.Room; may be nil
	count int                                              // samples that there will be, if all have one size; 0: not known
	n     int                                              // samples so far
	bytes float64                                          // that these take
	next  float64                                          // bytes at which to ask again
}

// askEvery is how many bytes of samples are kept before it is asked again.
const askEvery = 64 << 20

func newKeeping(s *checked, o Options) *keeping {
	r := &keeping{fits: o.Room, next: askEvery}
	if o.Room != nil && !s.sizes {
		r.count = s.count()
	}
	return r
}

// ask is called with the bytes of each sample before it is kept, 0 of one that is left in its file.
func (r *keeping) ask(size int64) error {
	if r.fits == nil || size == 0 {
		return nil
	}
	r.n, r.bytes = r.n+1, r.bytes+float64(size)
	if r.n == 1 && r.count > 0 {
		if err := r.fits(r.count, float64(r.count)*float64(size), true); err != nil {
			return err
		}
	}
	if r.bytes < r.next {
		return nil
	}
	r.next = r.bytes + askEvery
	return r.fits(r.n, r.bytes, false)
}

// count is the number of samples, if it is known before they are read; else 0.
func (s *checked) count() int {
	if r, ok := s.Source.(streamSource); ok {
		return r.Count()
	}
	return s.Source.Most()
}
