// The probabilities of the classes of each sample of an array by ONNX Runtime, as CSV: node predict.js model.onnx x.npy
// (Columns are numbered: this library does not show a model's metadata, which has the names of the classes.) A model that was trained
// with a loss of ranks has no probabilities: its scores are printed, which say in which order samples are.
const fs = require('fs');
const ort = require('onnxruntime-node');

// The array of float32 in a .npy file.
function load(file) {
  const bytes = fs.readFileSync(file);
  const data = 10 + bytes.readUInt16LE(8), header = bytes.toString('latin1', 10, data);
  if (!header.includes("'<f4'") || !header.includes("'fortran_order': False")) throw new Error(`${file} is not float32 in C order: ${header}`);
  const shape = /'shape': \((.*?)\)/.exec(header)[1].split(',').filter(n => n.trim()).map(Number);
  return [new Float32Array(bytes.buffer.slice(bytes.byteOffset + data, bytes.byteOffset + bytes.length)), shape];
}

async function main(model, file) {
  const session = await ort.InferenceSession.create(model);
  const [x, shape] = load(file);
  if (shape.length < session.inputMetadata[0].shape.length) shape.splice(1, 0, 1); // one channel, without an axis of its own
  const { probabilities, scores } = await session.run({ x: new ort.Tensor('float32', x, shape) });
  if (!probabilities) console.error(`${model} was trained with a loss of ranks: it gives scores, and no probabilities`);
  const result = probabilities ?? scores;
  const [samples, columns] = result.dims;
  console.log(['sample', ...(probabilities ? Array(columns).keys() : ['score'])].join(','));
  for (let i = 0; i < samples; i++) {
    console.log([i, ...result.data.subarray(i * columns, (i + 1) * columns)].join(','));
  }
}

main(process.argv[2], process.argv[3]).catch(e => { console.error(e.message); process.exit(1); });
