# How the files of the report were made, those of the first seed; the commands of the others differ in the seed alone. Run it with
# bash in the project's folder, after make build.
set -euo pipefail
mkdir -p out/width16/small out/width16
bin/gpgen -n 400 --size 128 --scales 2.5,3.2:10,17 --power 0.75,1.25 --seed 1000000 -o out/width16/small/test.tar.zst
bin/gpgen -n 100 --size 128 --scales 2.5,3.2:10,17 --power 0.75,1.25 --seed 2000000 -o out/width16/small/curve.tar.zst
bin/bdtrain --net pooled --size 128 --print-net | sed -E 's/(conv out)=[0-9]+/\1=16/' > out/width16/small/width16.txt
bin/gpgen -n 100 --size 128 --scales 2.5,3.2:10,17 --power 0.75,1.25 --seed 11 --threads 1 | bin/bdtrain --net out/width16/small/width16.txt --no-masks --lr 0.0005 --epochs 80 --batch 10 --seed 11 --val out/width16/small/curve.tar.zst --threads 1 --quiet --log out/width16/small/none@0.0005-11.jsonl -o out/width16/small/none@0.0005-11.part && mv out/width16/small/none@0.0005-11.part out/width16/small/none@0.0005-11.model.tar.zst
bin/bdeval -m out/width16/small/none@0.0005-11.model.tar.zst --json --metrics accuracy,auc,loss --threads 1 out/width16/small/test.tar.zst > out/width16/small/none@0.0005-11.json
bin/gpgen -n 100 --size 128 --scales 2.5,3.2:10,17 --power 0.75,1.25 --seed 11 --threads 1 | bin/bdtrain --net out/width16/small/width16.txt --mask fine=0.8 --mask coarse=0 --lr 0.001 --epochs 80 --batch 10 --seed 11 --val out/width16/small/curve.tar.zst --threads 1 --quiet --log out/width16/small/fine@0.8@0.001-11.jsonl -o out/width16/small/fine@0.8@0.001-11.part && mv out/width16/small/fine@0.8@0.001-11.part out/width16/small/fine@0.8@0.001-11.model.tar.zst
bin/bdeval -m out/width16/small/fine@0.8@0.001-11.model.tar.zst --json --metrics accuracy,auc,loss --threads 1 out/width16/small/test.tar.zst > out/width16/small/fine@0.8@0.001-11.json
bin/gpgen -n 100 --size 128 --scales 2.5,3.2:10,17 --power 0.75,1.25 --seed 11 --threads 1 | bin/bdtrain --net out/width16/small/width16.txt --mask fine=0 --mask coarse=0.5 --lr 0.001 --epochs 80 --batch 10 --seed 11 --val out/width16/small/curve.tar.zst --threads 1 --quiet --log out/width16/small/coarse@0.5@0.001-11.jsonl -o out/width16/small/coarse@0.5@0.001-11.part && mv out/width16/small/coarse@0.5@0.001-11.part out/width16/small/coarse@0.5@0.001-11.model.tar.zst
bin/bdeval -m out/width16/small/coarse@0.5@0.001-11.model.tar.zst --json --metrics accuracy,auc,loss --threads 1 out/width16/small/test.tar.zst > out/width16/small/coarse@0.5@0.001-11.json
bin/gpgen -n 100 --size 128 --scales 2.5,3.2:10,17 --power 0.75,1.25 --seed 11 --preview out/width16/preview.png -o /dev/null
bin/maskviz -m out/width16/small/fine@0.8@0.001-11.model.tar.zst --mode masks --batch 1 -o out/width16/masks.png
bin/maskviz -m out/width16/small/fine@0.8@0.001-11.model.tar.zst --mode gradient --batch 3 -o out/width16/gradient.png out/width16/small/test.tar.zst
