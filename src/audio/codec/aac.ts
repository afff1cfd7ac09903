import { AV_OPT_TYPE_STRING, AV_SAMPLE_FMT_FLTP } from 'node-av/constants'
import { Codec, CodecContext, Frame, Packet, Rational } from 'node-av/lib'
import { frameSamples, sampleRate } from '../../novel/clip.ts'
import { bitRate } from '../mastering-settings.ts'
import { audioSpecificConfig } from '../mp4/mp4-boxes.ts'
import { adtsFrames } from './adts.ts'
import { bytesOf, check, mono } from './ffmpeg.ts'

/**
 * FFmpeg's AAC-LC encoder at 64 kb/s, 24 kHz mono, synchronous: it runs in the speech worker, whose thread has nothing
 * else to do. Each clip gets a codec context of its own, so that its bytes depend on its samples alone; that costs 0.14
 * ms a clip, where 5 s of speech take 14 ms.
 */
export class AacEncoder {
  readonly #codec: Codec
  readonly #frame = new Frame()
  readonly #packet = new Packet()

  constructor() {
    const codec = Codec.findEncoderByName('aac' as Parameters<typeof Codec.findEncoderByName>[0])
    if (!codec) throw new Error('This FFmpeg has no AAC encoder')
    this.#codec = codec
    this.#packet.alloc()
    this.#frame.alloc()
    this.#frame.nbSamples = frameSamples
    this.#frame.format = AV_SAMPLE_FMT_FLTP
    this.#frame.sampleRate = sampleRate
    this.#frame.channelLayout = mono
    check(this.#frame.allocBuffer(), 'allocate a frame')
  }

  /**
   * Encodes samples, a multiple of 1,024, into raw frames: one more than the samples fill, since the first is the
   * encoder's priming frame, which holds 1,024 zeros. Throws an `Error` for any other length.
   */
  encode(samples: Float32Array): Uint8Array[] {
    if (samples.length === 0 || samples.length % frameSamples !== 0) {
      throw new Error(`${samples.length} samples are not a whole number of AAC frames`)
    }
    using context = this.#openContext()
    const frames: Uint8Array[] = []
    for (let at = 0; at < samples.length; at += frameSamples) {
      // The encoder may still reference the previous frame; then this allocates a new buffer.
      check(this.#frame.makeWritable(), 'encode')
      check(this.#frame.fromBuffer(bytesOf(samples.subarray(at, at + frameSamples))), 'encode')
      this.#frame.pts = BigInt(at)
      check(context.sendFrameSync(this.#frame), 'encode')
      this.#receive(context, frames)
    }
    check(context.sendFrameSync(null), 'finish encoding')
    this.#receive(context, frames)
    if (frames.length !== samples.length / frameSamples + 1) {
      throw new Error(`${samples.length} samples became ${frames.length} AAC frames`)
    }
    return frames
  }

  close(): void {
    this.#frame.free()
    this.#packet.free()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #openContext(): CodecContext {
    const context = new CodecContext()
    context.allocContext3(this.#codec)
    context.sampleRate = sampleRate
    context.sampleFormat = AV_SAMPLE_FMT_FLTP
    context.channelLayout = mono
    context.bitRate = BigInt(bitRate)
    context.timeBase = new Rational(1, sampleRate)
    // As strings: node-av would infer a number for "fast". The decoder generates substituted noise at random, so with
    // it a joined chapter would not decode to the samples of its clips.
    check(context.setOption('aac_coder', 'fast', AV_OPT_TYPE_STRING), 'choose the fast AAC coder')
    check(context.setOption('aac_pns', '0', AV_OPT_TYPE_STRING), 'turn noise substitution off')
    check(context.open2Sync(this.#codec, null), 'open the AAC encoder')
    return context
  }

  /** Receives all available packets; having none is not an error. */
  #receive(context: CodecContext, frames: Uint8Array[]): void {
    while (context.receivePacketSync(this.#packet) >= 0) {
      const data = this.#packet.data
      if (data) frames.push(new Uint8Array(data))
      this.#packet.unref()
    }
  }
}

/**
 * Decodes AAC-LC frames, 24 kHz mono, to 1,024 samples each, starting with the first frame. Throws an `Error` if FFmpeg
 * cannot decode them.
 */
export function decodeFrames(frames: readonly Uint8Array[]): Float32Array {
  const codec = Codec.findDecoderByName('aac' as Parameters<typeof Codec.findDecoderByName>[0])
  if (!codec) throw new Error('This FFmpeg has no AAC decoder')
  using context = new CodecContext()
  context.allocContext3(codec)
  context.extraData = Buffer.from(audioSpecificConfig)
  check(context.open2Sync(codec, null), 'open the AAC decoder')
  using packet = new Packet()
  packet.alloc()
  using frame = new Frame()
  frame.alloc()
  const samples = new Float32Array(frames.length * frameSamples)
  let at = 0
  const receive = (): void => {
    while (context.receiveFrameSync(frame) >= 0) {
      const plane = frame.data?.[0]
      if (!plane) throw new Error('A decoded frame holds no samples')
      samples.set(new Float32Array(plane.buffer, plane.byteOffset, frame.nbSamples), at)
      at += frame.nbSamples
      frame.unref()
    }
  }
  for (const bytes of frames) {
    packet.data = Buffer.from(bytes)
    check(context.sendPacketSync(packet), 'decode')
    packet.unref()
    receive()
  }
  check(context.sendPacketSync(null), 'finish decoding')
  receive()
  if (at !== samples.length) throw new Error(`${frames.length} AAC frames became ${at} samples`)
  return samples
}

/** Decodes a stored clip. */
export function decodeAdts(adts: Uint8Array): Float32Array {
  return decodeFrames(adtsFrames(adts))
}
