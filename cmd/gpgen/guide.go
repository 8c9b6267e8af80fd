package main

import "backdrop/cmd/internal/tool"

// guide is what --help says besides the flags.
func guide() tool.Guide {
	return tool.Guide{
		Groups: []tool.Group{
			{
				Name: "Samples",
				Often: []tool.Line{
					{"n", "how many (100); 0 is without end"},
					{"size", "side of square images in pixels (1024)"},
					{"shape", "images H,W, sequences N or volumes D,H,W instead"},
					{"seed", "the same seed gives the same bytes (1)"},
				},
				Rest: "start shard",
			},
			{
				Name: "Fields",
				Often: []tool.Line{
					{"scales", "lengths: a colon between scales, commas between classes"},
					{"power", "a factor for each scale"},
					{"kernel", "se, matern12, matern32 or matern52"},
					{"boundary", "torus or open"},
				},
				Rest: "standardise nugget method wrap-factor fields",
			},
			{
				Name: "Output",
				Often: []tool.Line{
					{"o", "the samples"},
					{"format", "stream, or npy: one array"},
					{"labels", "with npy: their labels"},
					{"preview", "a picture of a sample of each class"},
				},
				Rest: "dtype compress quiet threads memory",
			},
		},
		Values: map[string][]string{
			"kernel": {"se", "matern12", "matern32", "matern52"}, "boundary": {"torus", "open"}, "method": {"exact", "patches"},
			"standardise": {"sample", "none"}, "format": {"stream", "npy"}, "compress": {"zstd", "none"}, "dtype": {"f4", "f8", "f2"},
		},
	}
}
