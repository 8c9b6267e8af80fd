package main

import (
	"backdrop/cmd/internal/tool"
	"backdrop/lib/net"
)

// guide is what --help says besides the flags.
func guide() tool.Guide {
	return tool.Guide{
		Groups: []tool.Group{
			{
				Name: "The network",
				Often: []tool.Line{
					{"m", "the network and weights of a model"},
					{"net", "or a preset, such as crisp, or a text file"},
					{"size", "for square images of that side"},
					{"shape", "for images H,W, sequences W or volumes D,H,W"},
				},
				Rest: "classes",
			},
			{
				Name: "What to draw",
				Often: []tool.Line{
					{"mode", "masks, gradient or overlay"},
					{"step", "of this training step (0)"},
					{"draws", "a sheet of so many steps"},
					{"steps", "an animation of several"},
				},
				Rest: "seed batch",
			},
			{
				Name: "Masks",
				Often: []tool.Line{
					{"mask", "set a mask, such as fine=0.95:NHW; once for each"},
					{"pin", "keep one cell of a mask only, such as coarse=2,2"},
				},
			},
			{
				Name: "Samples",
				Often: []tool.Line{
					{"labels", "the labels of a bare .npy"},
					{"axes", "what the axes of arrays are, such as NHWC or NCT"},
					{"sample", "show this one, by its key or its number from 0"},
				},
				Rest: "x y",
			},
			{
				Name: "Output",
				Often: []tool.Line{
					{"o", "the picture"},
					{"format", "png, or stream: the masks as arrays"},
				},
				Rest: "quiet threads memory",
			},
		},
		Values: map[string][]string{"net": net.Presets, "mode": {"masks", "gradient", "overlay"}, "format": {"png", "stream"}},
	}
}
