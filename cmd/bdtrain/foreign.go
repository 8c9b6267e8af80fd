package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"backdrop/formats/sniff"
)

// foreign are the weights of other programs, by the endings of their files: what they are, and Python that makes an .npz of them.
var foreign = map[string][2]string{
	".onnx":        {"an ONNX graph", `np.savez("weights.npz", **{t.name: onnx.numpy_helper.to_array(t) for t in onnx.load("NAME").graph.initializer})`},
	".safetensors": {"a safetensors file", `np.savez("weights.npz", **safetensors.numpy.load_file("NAME"))`},
	".pt":          {"a PyTorch file", ofPyTorch},
	".pth":         {"a PyTorch file", ofPyTorch},
}

const ofPyTorch = `np.savez("weights.npz", **{k: v.numpy() for k, v in torch.load("NAME", map_location="cpu").items()})`

// checkForeign refuses weights of another program for --init, with what makes arrays of them. What is a model or has arrays is
// taken for such, whatever its name.
func checkForeign(init string) error {
	about, ok := foreign[strings.ToLower(filepath.Ext(init))]
	if info, err := os.Stat(init); !ok || err != nil || !info.Mode().IsRegular() {
		return nil
	}
	f, err := os.Open(init)
	if err != nil {
		return err
	}
	defer f.Close()
	head := make([]byte, 512)
	n, _ := io.ReadFull(f, head)
	if head = head[:n]; sniff.IsZstd(head) || sniff.IsGzip(head) || sniff.IsTar(head) {
		return nil
	}
	return fmt.Errorf("--init %s is %s; make an .npz of its weights, with %s, and name that, with the network in --net", init, about[0], strings.Replace(about[1], "NAME", init, 1))
}
