/** A plan for the discrete Fourier transform of complex signals of one length, forwards: X[k] = Σ x[n]·e^{−2πikn/N}. */
export interface Fourier {
  readonly size: number
  /**
   * Transforms `re`, `im` (each `size` long) in place, unscaled. The inverse is the same with the arguments swapped:
   * `transform(im, re)`, then divide by `size`.
   */
  transform(re: Float64Array, im: Float64Array): void
}

type Pass = (
  xr: Float64Array,
  xi: Float64Array,
  yr: Float64Array,
  yi: Float64Array,
  twiddles: Float64Array,
  groups: number,
  stride: number,
) => void

const passes: Readonly<Record<number, Pass>> = { 2: radix2, 3: radix3, 4: radix4, 5: radix5 }

/**
 * Stockham's self-sorting FFT with mixed radices (Van Loan, "Computational Frameworks for the Fast Fourier Transform",
 * §1.7): no bit reversal, and the inner loops run over neighbouring samples. Twiddle factors are tables. Throws an
 * `Error` when `size` has a prime factor above 5.
 */
export function fourier(size: number): Fourier {
  const stages = factors(size).map((radix, index, all) => {
    const stride = all.slice(0, index).reduce((product, factor) => product * factor, 1)
    const groups = size / stride / radix
    return { pass: passes[radix]!, groups, stride, twiddles: twiddleTable(radix, groups) }
  })
  const work: Split = { re: new Float64Array(size), im: new Float64Array(size) }
  return {
    size,
    transform(re, im) {
      let from: Split = { re, im }
      let to: Split = work
      for (const { pass, groups, stride, twiddles } of stages) {
        pass(from.re, from.im, to.re, to.im, twiddles, groups, stride)
        ;[from, to] = [to, from]
      }
      if (from.re === re) return
      re.set(from.re)
      im.set(from.im)
    },
  }
}

interface Split {
  readonly re: Float64Array
  readonly im: Float64Array
}

/** Radix 4 first: it is the cheapest per sample, and the first passes have the shortest inner loops. */
function factors(size: number): number[] {
  const found: number[] = []
  let rest = size
  for (const radix of [4, 2, 3, 5]) {
    for (; rest % radix === 0; rest /= radix) found.push(radix)
  }
  if (rest !== 1) throw new Error(`No Fourier plan for ${size} samples: only factors 2, 3 and 5 are known.`)
  return found
}

/** For each group p the factors w^p, w^{2p} … w^{(radix−1)p} with w = e^{−2πi/(radix·groups)}, as re, im pairs. */
function twiddleTable(radix: number, groups: number): Float64Array {
  const table = new Float64Array(groups * (radix - 1) * 2)
  let at = 0
  for (let p = 0; p < groups; p++) {
    for (let j = 1; j < radix; j++) {
      const angle = (-2 * Math.PI * p * j) / (radix * groups)
      table[at++] = Math.cos(angle)
      table[at++] = Math.sin(angle)
    }
  }
  return table
}

function radix2(
  xr: Float64Array,
  xi: Float64Array,
  yr: Float64Array,
  yi: Float64Array,
  w: Float64Array,
  groups: number,
  stride: number,
): void {
  const hop = groups * stride
  for (let p = 0, x = 0, y = 0, t = 0; p < groups; p++, t += 2, y += stride) {
    const w1r = w[t]!
    const w1i = w[t + 1]!
    for (let q = 0; q < stride; q++, x++, y++) {
      const ar = xr[x]!
      const ai = xi[x]!
      const br = xr[x + hop]!
      const bi = xi[x + hop]!
      yr[y] = ar + br
      yi[y] = ai + bi
      const dr = ar - br
      const di = ai - bi
      yr[y + stride] = dr * w1r - di * w1i
      yi[y + stride] = dr * w1i + di * w1r
    }
  }
}

const sin60 = Math.sin(Math.PI / 3)

function radix3(
  xr: Float64Array,
  xi: Float64Array,
  yr: Float64Array,
  yi: Float64Array,
  w: Float64Array,
  groups: number,
  stride: number,
): void {
  const hop = groups * stride
  const s2 = 2 * stride
  for (let p = 0, x = 0, y = 0, t = 0; p < groups; p++, t += 4, y += s2) {
    const w1r = w[t]!
    const w1i = w[t + 1]!
    const w2r = w[t + 2]!
    const w2i = w[t + 3]!
    for (let q = 0; q < stride; q++, x++, y++) {
      const ar = xr[x]!
      const ai = xi[x]!
      const br = xr[x + hop]!
      const bi = xi[x + hop]!
      const cr = xr[x + 2 * hop]!
      const ci = xi[x + 2 * hop]!
      const sr = br + cr
      const si = bi + ci
      const mr = ar - 0.5 * sr
      const mi = ai - 0.5 * si
      const nr = sin60 * (bi - ci)
      const ni = sin60 * (cr - br)
      yr[y] = ar + sr
      yi[y] = ai + si
      const pr = mr + nr
      const pi = mi + ni
      yr[y + stride] = pr * w1r - pi * w1i
      yi[y + stride] = pr * w1i + pi * w1r
      const qr = mr - nr
      const qi = mi - ni
      yr[y + s2] = qr * w2r - qi * w2i
      yi[y + s2] = qr * w2i + qi * w2r
    }
  }
}

function radix4(
  xr: Float64Array,
  xi: Float64Array,
  yr: Float64Array,
  yi: Float64Array,
  w: Float64Array,
  groups: number,
  stride: number,
): void {
  const hop = groups * stride
  const s2 = 2 * stride
  const s3 = 3 * stride
  for (let p = 0, x = 0, y = 0, t = 0; p < groups; p++, t += 6, y += s3) {
    const w1r = w[t]!
    const w1i = w[t + 1]!
    const w2r = w[t + 2]!
    const w2i = w[t + 3]!
    const w3r = w[t + 4]!
    const w3i = w[t + 5]!
    for (let q = 0; q < stride; q++, x++, y++) {
      const ar = xr[x]!
      const ai = xi[x]!
      const br = xr[x + hop]!
      const bi = xi[x + hop]!
      const cr = xr[x + 2 * hop]!
      const ci = xi[x + 2 * hop]!
      const dr = xr[x + 3 * hop]!
      const di = xi[x + 3 * hop]!
      const er = ar + cr
      const ei = ai + ci
      const fr = ar - cr
      const fi = ai - ci
      const gr = br + dr
      const gi = bi + di
      const hr = bi - di
      const hi = dr - br
      yr[y] = er + gr
      yi[y] = ei + gi
      const pr = fr + hr
      const pi = fi + hi
      yr[y + stride] = pr * w1r - pi * w1i
      yi[y + stride] = pr * w1i + pi * w1r
      const qr = er - gr
      const qi = ei - gi
      yr[y + s2] = qr * w2r - qi * w2i
      yi[y + s2] = qr * w2i + qi * w2r
      const rr = fr - hr
      const ri = fi - hi
      yr[y + s3] = rr * w3r - ri * w3i
      yi[y + s3] = rr * w3i + ri * w3r
    }
  }
}

const cos72 = Math.cos((2 * Math.PI) / 5)
const sin72 = Math.sin((2 * Math.PI) / 5)
const cos144 = Math.cos((4 * Math.PI) / 5)
const sin144 = Math.sin((4 * Math.PI) / 5)

function radix5(
  xr: Float64Array,
  xi: Float64Array,
  yr: Float64Array,
  yi: Float64Array,
  w: Float64Array,
  groups: number,
  stride: number,
): void {
  const hop = groups * stride
  const s2 = 2 * stride
  const s3 = 3 * stride
  const s4 = 4 * stride
  for (let p = 0, x = 0, y = 0, t = 0; p < groups; p++, t += 8, y += s4) {
    const w1r = w[t]!
    const w1i = w[t + 1]!
    const w2r = w[t + 2]!
    const w2i = w[t + 3]!
    const w3r = w[t + 4]!
    const w3i = w[t + 5]!
    const w4r = w[t + 6]!
    const w4i = w[t + 7]!
    for (let q = 0; q < stride; q++, x++, y++) {
      const ar = xr[x]!
      const ai = xi[x]!
      const br = xr[x + hop]!
      const bi = xi[x + hop]!
      const cr = xr[x + 2 * hop]!
      const ci = xi[x + 2 * hop]!
      const dr = xr[x + 3 * hop]!
      const di = xi[x + 3 * hop]!
      const er = xr[x + 4 * hop]!
      const ei = xi[x + 4 * hop]!
      const s1r = br + er
      const s1i = bi + ei
      const d1r = bi - ei
      const d1i = er - br
      const s2r = cr + dr
      const s2i = ci + di
      const d2r = ci - di
      const d2i = dr - cr
      yr[y] = ar + s1r + s2r
      yi[y] = ai + s1i + s2i
      const m1r = ar + cos72 * s1r + cos144 * s2r
      const m1i = ai + cos72 * s1i + cos144 * s2i
      const n1r = sin72 * d1r + sin144 * d2r
      const n1i = sin72 * d1i + sin144 * d2i
      const m2r = ar + cos144 * s1r + cos72 * s2r
      const m2i = ai + cos144 * s1i + cos72 * s2i
      const n2r = sin144 * d1r - sin72 * d2r
      const n2i = sin144 * d1i - sin72 * d2i
      const ur = m1r + n1r
      const ui = m1i + n1i
      yr[y + stride] = ur * w1r - ui * w1i
      yi[y + stride] = ur * w1i + ui * w1r
      const vr = m2r + n2r
      const vi = m2i + n2i
      yr[y + s2] = vr * w2r - vi * w2i
      yi[y + s2] = vr * w2i + vi * w2r
      const or = m2r - n2r
      const oi = m2i - n2i
      yr[y + s3] = or * w3r - oi * w3i
      yi[y + s3] = or * w3i + oi * w3r
      const kr = m1r - n1r
      const ki = m1i - n1i
      yr[y + s4] = kr * w4r - ki * w4i
      yi[y + s4] = kr * w4i + ki * w4r
    }
  }
}
