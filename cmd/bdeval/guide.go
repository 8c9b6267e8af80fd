package main

import (
	"strings"

	"backdrop/cmd/internal/tool"
)

// guide is what --help says besides the flags.
func guide() tool.Guide {
	return tool.Guide{
		Groups: []tool.Group{
			{
				Name: "What to judge",
				Often: []tool.Line{
					{"m", "the network of a model"},
					{"scores", "or scores of any program, [N] or [N,K]"},
					{"labels", "the labels of these, or of a bare .npy"},
				},
				Rest: "probabilities positive axes batch fold groups x y",
			},
			{
				Name: "Figures",
				Often: []tool.Line{
					{"metrics", "which figures, such as accuracy,auc,f1, or all"},
					{"worst", "the N samples that it gets most wrong"},
					{"ci", "with an interval, such as 0.95, for each"},
					{"compare", "other scores, whose AUC is compared"},
				},
				Rest: "max-fpr bins auc-ci bootstrap seed",
			},
			{
				Name: "Pictures",
				Often: []tool.Line{
					{"confusion", "the confusion matrix, a .png or .npy"},
					{"roc", "the ROC curve, a .png or .npy"},
				},
				Rest: "pr calibration worst-sheet",
			},
			{
				Name: "Output",
				Often: []tool.Line{
					{"json", "figures as one JSON object"},
					{"scores-out", "the network's logits, an array [N,K]"},
					{"o", "the figures"},
				},
				Rest: "quiet threads memory",
			},
		},
		Values: map[string][]string{"metrics": append([]string{"all", "none"}, strings.Split(figureNames(), ", ")...), "auc-ci": {aucDeLong, aucLogit}},
	}
}
