"""Times Python on textures of two scales, as gpgen draws them, in milliseconds a texture: fields.py METHOD KERNEL SIZE THREADS

METHOD is fft, white noise filtered by NumPy in a line; pairs, SciPy's transform in float32, whose real and imaginary parts
are two fields; or modes, gpgen's own method, for the squared exponential: two matrix products with the lowest modes. The
last two draw a texture in each thread. KERNEL is se or matern32.
"""
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import scipy
import scipy.fft

from serve import serve

method, kernel, n, threads = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
SCALES = (9.5 * n / 1024, 0.75), (80 * n / 1024, 1.25)  # lengths and powers


def amplitude(length):
    """The square root of the spectrum, normalised to a mean square of 1."""
    if kernel == "se":
        k = np.fft.fftfreq(n) * n
        axis = np.exp(-((np.pi * k * length / n) ** 2))
        a = np.outer(axis, axis)
    else:
        d = np.minimum(np.arange(n), n - np.arange(n))
        r = np.sqrt(3) * np.hypot(d[:, None], d) / length
        a = np.sqrt(np.maximum(np.fft.fft2((1 + r) * np.exp(-r)).real, 0))
    return a / np.sqrt((a**2).mean())


def modes(length):
    """The cosines and sines of the lowest frequencies, weighted by the square root of the spectrum; higher ones vanish in float32."""
    highest = min(n / (np.pi * length) * np.sqrt(np.log(2**32) / 2), n // 2 - 1)
    k = np.arange(-int(highest), int(highest) + 1)
    phase = 2 * np.pi * np.arange(n)[:, None] * k / n
    basis = np.where(k < 0, np.sin(phase), np.cos(phase)) * np.where(k == 0, 1, np.sqrt(2)) * np.exp(-((np.pi * k * length / n) ** 2))
    return basis.astype(np.float32)


def standardise(field, power):
    field -= field.mean()
    field *= power / np.sqrt(np.vdot(field, field) / field.size)
    return field


def fft(rng, filters):
    def field(a):
        f = np.fft.irfft2(np.fft.rfft2(rng.standard_normal((n, n))) * a[:, : n // 2 + 1], s=(n, n))
        return (f - f.mean()) / f.std()

    return [sum(power * field(a) for a, power in filters).astype(np.float32)]


def pairs(rng, filters):
    pair = 0
    for a, power in filters:
        z = rng.standard_normal((n, 2 * n), dtype=np.float32).view(np.complex64)
        z *= a
        z = scipy.fft.fft2(z, overwrite_x=True)
        pair = [standardise(np.ascontiguousarray(part), power) + old for part, old in zip((z.real, z.imag), pair or (0, 0))]
    return pair


def products(rng, filters):
    sample = 0
    for b, power in filters:
        noise = rng.standard_normal((b.shape[1],) * 2, dtype=np.float32)
        sample = standardise(b @ noise @ b.T, power) + sample
    return [sample]


draw = {"fft": fft, "pairs": pairs, "modes": products}[method]
if method == "modes":
    filters = [(modes(length), power) for length, power in SCALES]
else:
    real = np.float64 if method == "fft" else np.float32
    filters = [(amplitude(length).astype(real), power) for length, power in SCALES]
if method == "fft":
    threads = 1
rngs = [np.random.Generator(np.random.SFC64(i)) for i in range(threads)]
pool = ThreadPoolExecutor(threads)


def run():
    return [x for drawn in pool.map(lambda rng: draw(rng, filters), rngs) for x in drawn]


deviation = np.std(run())  # √(0.75² + 1.25²) but for the chance product of the two
serve(f"NumPy {np.__version__}, SciPy {scipy.__version__}; deviation {deviation:.3f}", run, per=len(run()))
