# How the files of the report were made, those of the first seed; the commands of the others differ in the seed alone. Run it with
# bash in the project's folder, after make build.
set -euo pipefail
mkdir -p out/few out
bin/gpgen -n 400 --size 128 --scales 2.5,3.2:10,17 --power 0.75,1.25 --seed 1000000 -o out/few/test.tar.zst
bin/gpgen -n 40 --size 128 --scales 2.5,3.2:10,17 --power 0.75,1.25 --seed 2000000 -o out/few/curve.tar.zst
bin/bdtrain --net pooled --size 128 --print-net | sed -E 's/backdrop .*/dropout p=0.5/' > out/few/dropout@0.5.txt
bin/gpgen -n 20 --size 128 --scales 2.5,3.2:10,17 --power 0.75,1.25 --seed 11 --threads 1 | bin/bdtrain --net pooled --no-masks --lr 0.0005 --epochs 120 --batch 10 --seed 11 --val out/few/curve.tar.zst --threads 1 --quiet --log out/few/none@0.0005-11.jsonl -o out/few/none@0.0005-11.part && mv out/few/none@0.0005-11.part out/few/none@0.0005-11.model.tar.zst
bin/bdeval -m out/few/none@0.0005-11.model.tar.zst --json --metrics accuracy,auc,loss --threads 1 out/few/test.tar.zst > out/few/none@0.0005-11.json
bin/gpgen -n 20 --size 128 --scales 2.5,3.2:10,17 --power 0.75,1.25 --seed 11 --threads 1 | bin/bdtrain --net pooled --mask fine=0.8 --mask coarse=0 --lr 0.001 --epochs 120 --batch 10 --seed 11 --val out/few/curve.tar.zst --threads 1 --quiet --log out/few/fine@0.8@0.001-11.jsonl -o out/few/fine@0.8@0.001-11.part && mv out/few/fine@0.8@0.001-11.part out/few/fine@0.8@0.001-11.model.tar.zst
bin/bdeval -m out/few/fine@0.8@0.001-11.model.tar.zst --json --metrics accuracy,auc,loss --threads 1 out/few/test.tar.zst > out/few/fine@0.8@0.001-11.json
bin/gpgen -n 20 --size 128 --scales 2.5,3.2:10,17 --power 0.75,1.25 --seed 11 --threads 1 | bin/bdtrain --net pooled --mask fine=0 --mask coarse=0.5 --lr 0.001 --epochs 120 --batch 10 --seed 11 --val out/few/curve.tar.zst --threads 1 --quiet --log out/few/coarse@0.5@0.001-11.jsonl -o out/few/coarse@0.5@0.001-11.part && mv out/few/coarse@0.5@0.001-11.part out/few/coarse@0.5@0.001-11.model.tar.zst
bin/bdeval -m out/few/coarse@0.5@0.001-11.model.tar.zst --json --metrics accuracy,auc,loss --threads 1 out/few/test.tar.zst > out/few/coarse@0.5@0.001-11.json
bin/gpgen -n 20 --size 128 --scales 2.5,3.2:10,17 --power 0.75,1.25 --seed 11 --threads 1 | bin/bdtrain --net pooled --mask fine=0.8 --mask coarse=0.8 --lr 0.001 --epochs 120 --batch 10 --seed 11 --val out/few/curve.tar.zst --threads 1 --quiet --log out/few/both@0.8@0.001-11.jsonl -o out/few/both@0.8@0.001-11.part && mv out/few/both@0.8@0.001-11.part out/few/both@0.8@0.001-11.model.tar.zst
bin/bdeval -m out/few/both@0.8@0.001-11.model.tar.zst --json --metrics accuracy,auc,loss --threads 1 out/few/test.tar.zst > out/few/both@0.8@0.001-11.json
bin/gpgen -n 20 --size 128 --scales 2.5,3.2:10,17 --power 0.75,1.25 --seed 11 --threads 1 | bin/bdtrain --net out/few/dropout@0.5.txt --lr 0.003 --epochs 120 --batch 10 --seed 11 --val out/few/curve.tar.zst --threads 1 --quiet --log out/few/dropout@0.5@0.003-11.jsonl -o out/few/dropout@0.5@0.003-11.part && mv out/few/dropout@0.5@0.003-11.part out/few/dropout@0.5@0.003-11.model.tar.zst
bin/bdeval -m out/few/dropout@0.5@0.003-11.model.tar.zst --json --metrics accuracy,auc,loss --threads 1 out/few/test.tar.zst > out/few/dropout@0.5@0.003-11.json
bin/gpgen -n 20 --size 128 --scales 2.5,3.2:10,17 --power 0.75,1.25 --seed 11 --threads 1 | bin/bdtrain --net pooled --no-masks --augment crop=64 --lr 0.003 --epochs 120 --batch 10 --seed 11 --val out/few/curve.tar.zst --threads 1 --quiet --log out/few/crop@64@0.003-11.jsonl -o out/few/crop@64@0.003-11.part && mv out/few/crop@64@0.003-11.part out/few/crop@64@0.003-11.model.tar.zst
bin/bdeval -m out/few/crop@64@0.003-11.model.tar.zst --json --metrics accuracy,auc,loss --threads 1 out/few/test.tar.zst > out/few/crop@64@0.003-11.json
bin/gpgen -n 20 --size 128 --scales 2.5,3.2:10,17 --power 0.75,1.25 --seed 11 --threads 1 | bin/bdtrain --net pooled --no-masks --opt adamw --weight-decay 1 --lr 0.001 --epochs 120 --batch 10 --seed 11 --val out/few/curve.tar.zst --threads 1 --quiet --log out/few/decay@1@0.001-11.jsonl -o out/few/decay@1@0.001-11.part && mv out/few/decay@1@0.001-11.part out/few/decay@1@0.001-11.model.tar.zst
bin/bdeval -m out/few/decay@1@0.001-11.model.tar.zst --json --metrics accuracy,auc,loss --threads 1 out/few/test.tar.zst > out/few/decay@1@0.001-11.json
bin/gpgen -n 20 --size 128 --scales 2.5,3.2:10,17 --power 0.75,1.25 --seed 11 --preview out/preview.png -o /dev/null
bin/maskviz -m out/few/fine@0.8@0.001-11.model.tar.zst --mode masks --batch 1 -o out/masks.png
bin/maskviz -m out/few/fine@0.8@0.001-11.model.tar.zst --mode gradient --batch 3 -o out/gradient.png out/few/test.tar.zst
