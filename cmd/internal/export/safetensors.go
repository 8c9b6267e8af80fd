package export

import (
	"io"

	"backdrop/cmd/internal/models"
	"backdrop/formats/safetensors"
)

// prefix of the names of parameters in the module of examples/pytorch: layer i is layers.i.
const prefix = "layers."

// Safetensors writes a model's arrays, named and shaped as in the state_dict of the module in examples/pytorch, with what makes the
// module as its metadata.
func Safetensors(w io.Writer, m *models.Loaded) error {
	channels := m.Net.Input.C
	mean, std := make([]float32, channels), make([]float32, channels)
	for c := range mean {
		mean[c], std[c] = m.Scale.Of(c)
	}
	perChannel := []int{channels} // [C,1,…], to be spread over a batch of samples
	for range m.Net.Input.Dimensions() {
		perChannel = append(perChannel, 1)
	}
	arrays := []safetensors.Array{{Name: "mean", Shape: perChannel, Data: mean}, {Name: "std", Shape: perChannel, Data: std}}
	for _, p := range m.Weights.Params {
		arrays = append(arrays, safetensors.Array{Name: prefix + p.Name, Shape: p.Shape, Data: p.Data})
	}
	metadata := []safetensors.Entry{{Key: "format", Value: "pt"}} // whose arrays they are: PyTorch's
	for _, e := range about(m) {
		metadata = append(metadata, safetensors.Entry(e))
	}
	return safetensors.Write(w, metadata, arrays)
}
