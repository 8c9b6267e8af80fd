package main

import "maps"

// studies are all studies, by the names that STUDY takes. A new study is a new entry.
var studies = []study{
	few, small, paper,
	describe("few-fine", few, byFine, nil),
	describe("few-coarse", few, byCoarse, nil),
	describe("small-fine", small, byFine, nil),
	describe("small-coarse", small, byCoarse, nil),
	describe("samples20", small, settings, numbers{"TRAIN": 20, "EPOCHS": 400}), // always 8,000 samples in all
	describe("samples40", small, settings, numbers{"TRAIN": 40, "EPOCHS": 200}),
	describe("samples200", small, settings, numbers{"TRAIN": 200, "EPOCHS": 40}),
	describe("width8", small, settings, numbers{"WIDTH": 8}),
	describe("width16", small, settings, numbers{"WIDTH": 16}),
	describe("side64", small, settings, numbers{"SIDE": 64}),
	describe("side256", small, settings, numbers{"SIDE": 256}),
	grains, ranks,
}

// The arms are those that tuning chose; see results/tune-few, results/tune-small, ...
var (
	few = study{
		name: "few", folder: "/few", Title: "Does backdrop help with few samples?",
		kind: textures, Network: "pooled", scales: "2.5,3.2:10,17",
		About:   "Two-scale textures of 128×128 pixels, 4 classes (fine length 2.5 or 3.2, coarse length 10 or 17).",
		numbers: numbers{"SIDE": 128, "WIDTH": 0, "TRAIN": 20, "VAL": 200, "CURVE": 40, "TEST": 400, "EPOCHS": 120, "EVERY": 5, "BATCH": 10},
		arms:    "none@0.0005 fine@0.8@0.001 coarse@0.5@0.001 both@0.8@0.001 dropout@0.5@0.003 crop@64@0.003 decay@1@0.001",
		seeds:   ten,
		tune:    tuning{plain: "0.0003,0.0005,0.001,0.002,0.003,0.005", rates: "0.001,0.003", seeds: "101,102,103"},
	}
	small = study{
		name: "small", folder: "/small", Title: "Does backdrop help on the small data set?",
		kind: textures, Network: "pooled", scales: "2.5,3.2:10,17",
		About:   few.About,
		numbers: numbers{"SIDE": 128, "WIDTH": 0, "TRAIN": 100, "VAL": 200, "CURVE": 100, "TEST": 400, "EPOCHS": 80, "EVERY": 4, "BATCH": 10},
		arms:    "none@0.0005 fine@0.8@0.001 coarse@0.5@0.001 both@0.5@0.001 dropout@0.5@0.001 crop@96@0.001 decay@1@0.001",
		seeds:   twenty,
		tune:    few.tune,
	}
	paper = study{
		name: "paper", folder: "/paper", Title: "Does backdrop help on the paper's data?",
		kind: textures, Network: "crisp", scales: "9.5,10:80,140",
		About:   "The paper's two-scale textures of 1024×1024 pixels, 4 classes (fine length 9.5 or 10, coarse length 80 or 140).",
		numbers: numbers{"SIDE": 1024, "WIDTH": 0, "TRAIN": 100, "VAL": 40, "CURVE": 20, "TEST": 200, "EPOCHS": 20, "EVERY": 2, "BATCH": 4},
		arms:    "none@0.002 fine@0.95@0.001 coarse@0.8@0.001 both@0.8@0.001 dropout@0.5@0.001 crop@512@0.001 decay@0.01@0.001",
		seeds:   twenty,
		tune:    tuning{plain: "0.0005,0.001,0.002", rates: "0.001", seeds: "101,102"},
	}
	grains = study{
		name: "volumes", folder: "/volumes", report: "/volumes", Title: "Does backdrop help on volumes?",
		kind: volumes, Network: "residual", scales: "1.5,2.5:8",
		About:   "Volumes of 48×48×48 pixels, 2 classes (fine length 1.5 or 2.5, coarse length 8).",
		numbers: numbers{"SIDE": 48, "WIDTH": 0, "TRAIN": 60, "VAL": 100, "CURVE": 60, "TEST": 200, "EPOCHS": 60, "EVERY": 5, "BATCH": 10},
		arms:    "none@0.001 masks@0.8@0.0003",
		seeds:   "11 12 13 14 15",
		tune:    tuning{plain: "0.0003,0.001", rates: "0.0003,0.001", seeds: "101,102"},
	}
	ranks = study{
		name: "auc", Title: "A loss of ranks on few rare samples", variables: "AUC_",
		kind: digits, folder: "/auc", report: "/auc",
		numbers: numbers{"STEPS": 300},
		arms:    "bce@1e-3 auc@1e-3 mask@1e-3",
		seeds:   twenty,
		tune:    tuning{plain: "1e-3,3e-3,1e-2", seeds: "101,102,103"},
	}
)

const (
	ten      = "11 12 13 14 15 16 17 18 19 20"
	twenty   = ten + " 21 22 23 24 25 26 27 28 29 30"
	byFine   = "none@0.001 fine@0.3@0.001 fine@0.5@0.001 fine@0.8@0.001 fine@0.9@0.001 fine@0.95@0.001 fine@0.99@0.001"
	byCoarse = "none@0.001 coarse@0.1@0.001 coarse@0.3@0.001 coarse@0.5@0.001 coarse@0.7@0.001 coarse@0.8@0.001 coarse@0.9@0.001"
	settings = "none@0.0005 fine@0.8@0.001 coarse@0.5@0.001" // of small
)

// describe is a study that looks at what an effect depends on: another one with other arms and numbers, on ten seeds.
func describe(name string, s study, arms string, changed numbers) study {
	s.described, s.report, s.folder = true, "/"+name, "/"+name+s.folder
	s.name, s.arms, s.seeds = name, arms, ten
	s.numbers = maps.Clone(s.numbers)
	maps.Copy(s.numbers, changed)
	s.Title = "What the effect of a mask depends on"
	s.About = "Two-scale textures, 4 classes, as in the studies `few` and `small`; what differs from them is in the commands."
	s.Notes += " This is a description of few seeds, not a test."
	s.Pictures = s.Pictures[:2]
	return s
}
