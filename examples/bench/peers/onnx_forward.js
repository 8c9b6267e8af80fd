// Times ONNX Runtime, in milliseconds an image: node onnx_forward.js FILE.onnx SIZE BATCH THREADS
// What it reads and prints is said in serve.py.
const readline = require('readline');
const ort = require('onnxruntime-node');
const { version } = require('onnxruntime-node/package.json');

async function main(file, size, batch, threads) {
  const session = await ort.InferenceSession.create(file, { intraOpNumThreads: threads, graphOptimizationLevel: 'all' });
  const x = Float32Array.from({ length: batch * size * size }, () => Math.random() - 0.5);
  const feed = { x: new ort.Tensor('float32', x, [batch, 1, size, size]) };
  console.log('ONNX Runtime ' + version);
  for await (const line of readline.createInterface({ input: process.stdin })) {
    await session.run(feed);
    const times = [], end = performance.now() + 1e3 * Number(line);
    while (times.length === 0 || performance.now() < end) {
      const start = performance.now();
      await session.run(feed);
      times.push((performance.now() - start) / batch);
    }
    console.log(times.join(' '));
  }
}

main(process.argv[2], ...process.argv.slice(3).map(Number));
