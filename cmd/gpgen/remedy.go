package main

import (
	"errors"
	"fmt"

	"backdrop/lib/fieldcheck"
	"backdrop/lib/gp"
	"backdrop/lib/machine"
	"backdrop/lib/patchwork"
)

// remedy adds to an error of the libraries which flags to try. Other errors, and nil, stay as they are.
func (o *options) remedy(err error) error {
	var (
		length    *gp.LengthError
		embedding *gp.EmbeddingError
		shortage  *machine.Shortage
		disk      *gp.DiskShortage
		patch     *patchwork.PatchError
		strip     *patchwork.StripError
	)
	try := ""
	switch {
	case errors.As(err, &embedding):
		try = "--boundary torus, shorter lengths or a smaller size"
	case errors.As(err, &disk):
		try = "a smaller size, or TMPDIR where there is more room"
	case errors.As(err, &shortage):
		try = "a smaller size"
	case errors.As(err, &length) && length.FitsOpen && !o.spec.Patches:
		try = "a larger size, shorter lengths or --boundary open"
	case errors.As(err, &length):
		try = "a larger size or shorter lengths"
	case errors.Is(err, gp.ErrSinglePixel):
		try = "a larger size or --standardise none"
	case errors.Is(err, fieldcheck.ErrStandardisedOpen):
		try = "--standardise none"
	case errors.As(err, &patch) && !o.patchesOnly:
		try = "a larger size or --method exact"
	case errors.As(err, &patch):
		try = "a larger size"
	case errors.As(err, &strip):
		try = "a larger size or a smaller --wrap-factor"
	default:
		return err
	}
	return fmt.Errorf("%w; try %s", err, try)
}

// remedyOfClaim is remedy for what is claimed of fields in a file, which are as they are.
func remedyOfClaim(err error) error {
	var (
		length   *gp.LengthError
		shortage *machine.Shortage
	)
	try := ""
	switch {
	case errors.As(err, &shortage):
		try = "smaller fields"
	case errors.As(err, &length) && length.FitsOpen:
		try = "a shorter --length or --boundary open"
	case errors.As(err, &length):
		try = "a shorter --length"
	case errors.Is(err, fieldcheck.ErrStandardisedOpen):
		try = "fields that are not standardised"
	default:
		return err
	}
	return fmt.Errorf("%w; try %s", err, try)
}
