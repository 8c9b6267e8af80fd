// Takes arrays through ONNX Runtime: node run.js < cases.json. A case is {"model", "x", "shape", "out"}: files of a model and of
// float32 values, their shape, and the folder for the model's outputs, each in a file NAME.f32.
const fs = require('fs');
const path = require('path');
const ort = require('onnxruntime-node');

async function main() {
  for (const c of JSON.parse(fs.readFileSync(0, 'utf8'))) {
    const bytes = fs.readFileSync(c.x);
    const x = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    try {
      const session = await ort.InferenceSession.create(c.model, { intraOpNumThreads: 1 });
      const outputs = await session.run({ x: new ort.Tensor('float32', x, c.shape) });
      for (const [name, t] of Object.entries(outputs)) {
        fs.writeFileSync(path.join(c.out, name + '.f32'), Buffer.from(t.data.buffer, t.data.byteOffset, t.data.byteLength));
      }
      await session.release();
    } catch (e) {
      throw new Error(`${c.model}: ${e.message}`);
    }
  }
}

main().catch(e => { console.error(e.message); process.exit(1); });
