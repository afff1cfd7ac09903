/** Bytes of a frame's header, without checksum: ISO/IEC 14496-3, 1.A.2.2. */
const adtsHeaderBytes = 7
/** The frame length, header included, has 13 bits. */
const maxFrameBytes = 0x1fff

/**
 * Prefixes AAC-LC frames, 24 kHz mono, with ADTS headers: a playable stream. Throws an `Error` for a frame of more than
 * 8,184 bytes.
 */
export function toAdts(frames: readonly Uint8Array[]): Uint8Array {
  const size = frames.reduce((sum, frame) => sum + frame.length + adtsHeaderBytes, 0)
  const adts = new Uint8Array(size)
  let at = 0
  for (const frame of frames) {
    const length = frame.length + adtsHeaderBytes
    if (length > maxFrameBytes) throw new Error(`A frame of ${frame.length} bytes does not fit into ADTS`)
    adts[at] = 0xff // syncword, 12 bits
    adts[at + 1] = 0xf1 // MPEG-4, layer 0, no checksum
    adts[at + 2] = (1 << 6) | (6 << 2) // profile AAC-LC, 24 kHz, one channel …
    adts[at + 3] = (1 << 6) | (length >> 11) // … its low two bits; length
    adts[at + 4] = (length >> 3) & 0xff
    adts[at + 5] = ((length & 7) << 5) | 0x1f // buffer fullness 0x7ff: variable bit rate
    adts[at + 6] = 0xfc // one raw data block
    adts.set(frame, at + adtsHeaderBytes)
    at += length
  }
  return adts
}

/** The frames of an ADTS stream without their headers, not copied. Throws an `Error` where the stream is broken. */
export function adtsFrames(adts: Uint8Array): Uint8Array[] {
  const frames: Uint8Array[] = []
  let at = 0
  while (at < adts.length) {
    const length = ((adts[at + 3]! & 3) << 11) | (adts[at + 4]! << 3) | (adts[at + 5]! >> 5)
    const header = (adts[at + 1]! & 1) === 1 ? adtsHeaderBytes : adtsHeaderBytes + 2
    const inSync = adts[at] === 0xff && (adts[at + 1]! & 0xf6) === 0xf0
    if (!inSync || !(length >= header) || at + length > adts.length) {
      throw new Error(`The ADTS stream is broken at byte ${at} of ${adts.length}`)
    }
    frames.push(adts.subarray(at + header, at + length))
    at += length
  }
  return frames
}

/**
 * Bytes of each frame without its header, of a stream as `toAdts` makes them. Throws an `Error` where the stream is broken,
 * empty, or has other frames than AAC-LC at 24 kHz, mono, without checksum, one to a header.
 */
export function studioFrameSizes(adts: Uint8Array): number[] {
  const sizes: number[] = []
  for (let at = 0; at < adts.length; at += sizes.at(-1)! + adtsHeaderBytes) {
    const length = ((adts[at + 3]! & 3) << 11) | (adts[at + 4]! << 3) | (adts[at + 5]! >> 5)
    if (adts[at] !== 0xff || !(length > adtsHeaderBytes) || at + length > adts.length)
      throw new Error(`The ADTS stream is broken at byte ${at} of ${adts.length}`)
    const isStudio =
      adts[at + 1] === 0xf1 &&
      adts[at + 2] === ((1 << 6) | (6 << 2)) &&
      (adts[at + 3]! & 0xfc) === 1 << 6 &&
      (adts[at + 6]! & 3) === 0
    if (!isStudio) throw new Error(`The frame at byte ${at} is not AAC-LC, 24 kHz, mono`)
    sizes.push(length - adtsHeaderBytes)
  }
  if (sizes.length === 0) throw new Error('The ADTS stream is empty')
  return sizes
}

/** Bytes of the frames of an ADTS stream without their headers. */
export function payloadBytes(adtsBytes: number, frames: number): number {
  return adtsBytes - frames * adtsHeaderBytes
}

/**
 * A clip's frames concatenated without their headers, as MP4 stores them. Throws an `Error` if the sizes do not match
 * the stream.
 */
export function adtsPayload(adts: Uint8Array, frameSizes: ArrayLike<number>): Uint8Array {
  return stripHeadersInPlace(adts.slice(), frameSizes)
}

/**
 * Like `adtsPayload`, but overwrites the stream's own bytes: for whole novels, whose clips are read only to be sent.
 */
export function stripHeadersInPlace(adts: Uint8Array, frameSizes: ArrayLike<number>): Uint8Array {
  let expected = frameSizes.length * adtsHeaderBytes
  for (let frame = 0; frame < frameSizes.length; frame++) expected += frameSizes[frame]!
  if (expected !== adts.length) {
    throw new Error(
      `${frameSizes.length} frame sizes add up to ${expected} bytes of ADTS, not to ${adts.length}`,
    )
  }
  let from = 0
  let to = 0
  for (let frame = 0; frame < frameSizes.length; frame++) {
    const size = frameSizes[frame]!
    from += adtsHeaderBytes
    adts.copyWithin(to, from, from + size)
    from += size
    to += size
  }
  return adts.subarray(0, to)
}
