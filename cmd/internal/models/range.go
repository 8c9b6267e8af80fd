package models

import (
	"fmt"

	"backdrop/lib/scale"
)

// OtherRange says that the values of some data lie in another range than those of other data; "" if none does.
func OtherRange(data, than string, others []scale.Other) string {
	if len(others) == 0 {
		return ""
	}
	o, channel, more := others[0], "", ""
	if o.Channel >= 0 {
		channel = fmt.Sprintf(" in channel %d", o.Channel)
	}
	if n := len(others) - 1; n > 0 {
		more = fmt.Sprintf(", and other channels (%d) differ likewise", n)
	}
	return fmt.Sprintf("%s: values%s between %.5g and %.5g, in %s between %.5g and %.5g%s: are they on the same scale?",
		data, channel, o.Min, o.Max, than, o.WasMin, o.WasMax, more)
}
