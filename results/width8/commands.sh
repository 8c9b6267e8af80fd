# How the files of the report were made, those of the first seed; the commands of the others differ in the seed alone. Run it with
# bash in the project's folder, after make build.
set -euo pipefail
mkdir -p out/width8/small out/width8
bin/gpgen -n 400 --size 128 --scales 2.5,3.2:10,17 --power 0.75,1.25 --seed 1000000 -o out/width8/small/test.tar.zst
bin/gpgen -n 100 --size 128 --scales 2.5,3.2:10,17 --power 0.75,1.25 --seed 2000000 -o out/width8/small/curve.tar.zst
bin/bdtrain --net pooled --size 128 --print-net | sed -E 's/(conv out)=[0-9]+/\1=8/' > out/width8/small/width8.txt
bin/gpgen -n 100 --size 128 --scales 2.5,3.2:10,17 --power 0.75,1.25 --seed 11 --threads 1 | bin/bdtrain --net out/width8/small/width8.txt --no-masks --lr 0.0005 --epochs 80 --batch 10 --seed 11 --val out/width8/small/curve.tar.zst --threads 1 --quiet --log out/width8/small/none@0.0005-11.jsonl -o out/width8/small/none@0.0005-11.part && mv out/width8/small/none@0.0005-11.part out/width8/small/none@0.0005-11.model.tar.zst
bin/bdeval -m out/width8/small/none@0.0005-11.model.tar.zst --json --metrics accuracy,auc,loss --threads 1 out/width8/small/test.tar.zst > out/width8/small/none@0.0005-11.json
bin/gpgen -n 100 --size 128 --scales 2.5,3.2:10,17 --power 0.75,1.25 --seed 11 --threads 1 | bin/bdtrain --net out/width8/small/width8.txt --mask fine=0.8 --mask coarse=0 --lr 0.001 --epochs 80 --batch 10 --seed 11 --val out/width8/small/curve.tar.zst --threads 1 --quiet --log out/width8/small/fine@0.8@0.001-11.jsonl -o out/width8/small/fine@0.8@0.001-11.part && mv out/width8/small/fine@0.8@0.001-11.part out/width8/small/fine@0.8@0.001-11.model.tar.zst
bin/bdeval -m out/width8/small/fine@0.8@0.001-11.model.tar.zst --json --metrics accuracy,auc,loss --threads 1 out/width8/small/test.tar.zst > out/width8/small/fine@0.8@0.001-11.json
bin/gpgen -n 100 --size 128 --scales 2.5,3.2:10,17 --power 0.75,1.25 --seed 11 --threads 1 | bin/bdtrain --net out/width8/small/width8.txt --mask fine=0 --mask coarse=0.5 --lr 0.001 --epochs 80 --batch 10 --seed 11 --val out/width8/small/curve.tar.zst --threads 1 --quiet --log out/width8/small/coarse@0.5@0.001-11.jsonl -o out/width8/small/coarse@0.5@0.001-11.part && mv out/width8/small/coarse@0.5@0.001-11.part out/width8/small/coarse@0.5@0.001-11.model.tar.zst
bin/bdeval -m out/width8/small/coarse@0.5@0.001-11.model.tar.zst --json --metrics accuracy,auc,loss --threads 1 out/width8/small/test.tar.zst > out/width8/small/coarse@0.5@0.001-11.json
bin/gpgen -n 100 --size 128 --scales 2.5,3.2:10,17 --power 0.75,1.25 --seed 11 --preview out/width8/preview.png -o /dev/null
bin/maskviz -m out/width8/small/fine@0.8@0.001-11.model.tar.zst --mode masks --batch 1 -o out/width8/masks.png
bin/maskviz -m out/width8/small/fine@0.8@0.001-11.model.tar.zst --mode gradient --batch 3 -o out/width8/gradient.png out/width8/small/test.tar.zst
