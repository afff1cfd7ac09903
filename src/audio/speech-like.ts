/** A sound like speech for tests: voiced and hissing syllables of changing pitch with stops between; no two seeds alike. */
export function speechLike(seconds: number, sampleRate: number, seed = 1): Float32Array {
  const random = randomFrom(seed)
  const samples = new Float32Array(Math.round(seconds * sampleRate))
  let phase = 0
  for (let at = 0; at < samples.length;) {
    const length = Math.round((0.08 + 0.2 * random()) * sampleRate)
    const pitch = 90 + 140 * random()
    const loudness = 0.1 + 0.25 * random()
    const hiss = random() < 0.3
    const end = Math.min(samples.length, at + length)
    for (let i = at; i < end; i++) {
      const envelope = Math.sin((Math.PI * (i - at)) / length) ** 2
      phase += (2 * Math.PI * pitch * (1 + 0.1 * envelope)) / sampleRate
      let voiced = 0
      for (let harmonic = 1; harmonic <= 16; harmonic++) voiced += Math.cos(phase * harmonic) / harmonic
      samples[i] = loudness * envelope * (hiss ? 2 * random() - 1 : voiced * 0.5 + 0.02 * (random() - 0.5))
    }
    at = end + (random() < 0.2 ? Math.round(0.04 * sampleRate) : 0)
  }
  return samples
}

/** Between two stretches of nothing, as engines do. */
export function withSilence(samples: Float32Array, before: number, after: number): Float32Array {
  const padded = new Float32Array(before + samples.length + after)
  padded.set(samples, before)
  return padded
}

/** A sine of `decibels` full scale. */
export function sine(frequency: number, decibels: number, seconds: number, sampleRate: number): Float32Array {
  const amplitude = 10 ** (decibels / 20)
  return Float32Array.from(
    { length: Math.round(seconds * sampleRate) },
    (_, i) => amplitude * Math.sin((2 * Math.PI * frequency * i) / sampleRate),
  )
}

/** Mulberry32: the same numbers, 0…1, for the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
