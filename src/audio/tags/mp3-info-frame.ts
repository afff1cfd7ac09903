/** MPEG-2 layer III at 24 kHz. */
const samplesPerFrame = 576
/** A frame's header and its side information (mono, no CRC). */
const sideInfoEnd = 4 + 9
/** Samples that libmp3lame adds before the audio, beyond the decoder's own delay. */
const encoderDelay = 576

/**
 * The first frame of an MP3, which holds its length: Xing's fields followed by LAME's (LAME's "MP3 Info Tag revision
 * 1"). A player that reads it plays exactly `samples` samples, without the encoder's padding on both sides; to any
 * other it is a silent frame. `firstFrame` is the first audio frame, and all frames have its size; `soundBytes` are the
 * bytes of all frames, `soundCrc` their CRC-16. Throws a `RangeError` if these do not match.
 */
export function infoFrame(
  firstFrame: Uint8Array,
  sound: { readonly samples: number; readonly soundBytes: number; readonly soundCrc: number },
): Buffer {
  const size = firstFrame.length
  const frames = sound.soundBytes / size
  const padding = frames * samplesPerFrame - sound.samples - encoderDelay
  if (!Number.isInteger(frames) || padding < 0 || padding > 0xfff) {
    throw new RangeError(`${sound.samples} samples cannot be ${sound.soundBytes} bytes in frames of ${size}`)
  }
  const info = Buffer.alloc(size)
  // The same header, so that readers accept it as a frame; no side information, so that it is silent.
  info.set(firstFrame.subarray(0, 4))
  let at = sideInfoEnd
  const total = sound.soundBytes + size
  at += info.write('Info', at, 'latin1')
  at = info.writeUInt32BE(0b1111, at) // the number of frames, of bytes, a table of contents and the quality follow
  at = info.writeUInt32BE(frames, at)
  at = info.writeUInt32BE(total, at)
  // Seek table: the position of each percent of the time, in 256ths of the bytes; frames of one size are spaced evenly.
  for (let percent = 0; percent < 100; percent++) at = info.writeUInt8(Math.floor((percent * 256) / 100), at)
  at = info.writeUInt32BE(50, at)
  at += info.write('LAME3.101', at, 'latin1')
  at = info.writeUInt8(0x01, at) // constant bit rate
  at += 1 + 4 + 2 + 2 // low pass, peak and gains are unknown
  at = info.writeUInt8(0, at)
  at = info.writeUInt8(bitRateOf(firstFrame), at)
  at = info.writeUIntBE((encoderDelay << 12) | padding, at, 3)
  at += 1 + 1 + 2
  at = info.writeUInt32BE(total, at)
  at = info.writeUInt16BE(sound.soundCrc, at)
  info.writeUInt16BE(crc16(info.subarray(0, at)), at)
  return info
}

/** kb/s of MPEG-2 layer III, by the index in a frame's header. */
function bitRateOf(frame: Uint8Array): number {
  return [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160][(frame[2] ?? 0) >> 4] ?? 0
}

/** CRC-16 with polynomial 0x8005, least significant bit first, as in LAME's tag; `before` continues a previous CRC. */
export function crc16(bytes: Uint8Array, before = 0): number {
  let crc = before
  for (const byte of bytes) crc = (crc >> 8) ^ (crcTable[(crc ^ byte) & 0xff] ?? 0)
  return crc
}

const crcTable = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (crc & 1 ? 0xa001 : 0)
  return crc
})
