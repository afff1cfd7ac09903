import { AV_OPT_TYPE_STRING, AV_SAMPLE_FMT_S16, AVFMT_FLAG_BITEXACT } from 'node-av/constants'
import {
  Codec,
  CodecContext,
  Dictionary,
  FormatContext,
  Frame,
  Packet,
  Rational,
  type Stream,
} from 'node-av/lib'
import { frameSamples, sampleRate } from '../../novel/clip.ts'
import { toInt16 } from '../samples.ts'
import type { AudioFormat } from './audio-formats.ts'
import { type EncoderSettings, encoderSettings } from './encoder-settings.ts'
import { bytesOf, check, mono } from './ffmpeg.ts'

/** Tags by FFmpeg's names: title, artist, album, album_artist, track, date, genre, language, comment. */
export type MetadataTags = Readonly<Record<string, string>>

/**
 * Encodes 24 kHz mono samples and writes them to any FFmpeg output: a path, or `pipe:1` for standard output, which
 * blocks until it is read. The same samples and tags give the same bytes.
 */
export class AudioWriter {
  readonly #settings: EncoderSettings
  readonly #encoder: CodecContext
  readonly #file: FormatContext
  readonly #stream: Stream
  readonly #packet = new Packet()
  /** Samples per encoder frame. */
  readonly #frameSize: number
  /** Samples that do not fill a frame yet. */
  #pending = new Float32Array(0)
  #written = 0

  constructor(url: string, format: AudioFormat, tags: MetadataTags = {}) {
    this.#settings = encoderSettings[format]
    this.#encoder = openEncoder(this.#settings)
    // 0: any number.
    this.#frameSize = this.#encoder.frameSize || frameSamples
    this.#packet.alloc()
    const file = new FormatContext()
    check(file.allocOutputContext2(null, this.#settings.muxer, url), `write ${format}`)
    // Omits FFmpeg's version from the file and the random serial number from an Ogg stream.
    file.setFlags(AVFMT_FLAG_BITEXACT)
    const tagged = Object.keys(tags).length > 0
    if (tagged) file.metadata = Dictionary.fromObject(tags)
    this.#file = file
    this.#stream = file.newStream()
    this.#stream.timeBase = new Rational(1, sampleRate)
    check(this.#stream.codecpar.fromContext(this.#encoder), `describe ${format}`)
    check(file.openOutputSync(), `open ${url}`)
    const options = {
      ...this.#settings.muxerOptions,
      // No empty ID3 header: a caller that writes its own tag puts it before the frames.
      ...(format === 'mp3' && !tagged && { id3v2_version: '0' }),
      // By default FFmpeg makes a system call for every frame that it writes to a pipe.
      flush_packets: '0',
    }
    check(file.writeHeaderSync(Dictionary.fromObject(options)), `begin ${format}`)
  }

  /** Encodes and flushes all complete frames before it returns; the remaining samples are kept for the next call. */
  write(samples: Float32Array): void {
    const all = new Float32Array(this.#pending.length + samples.length)
    all.set(this.#pending)
    all.set(samples, this.#pending.length)
    const whole = all.length - (all.length % this.#frameSize)
    for (let at = 0; at < whole; at += this.#frameSize) this.#encode(all.subarray(at, at + this.#frameSize))
    this.#pending = all.slice(whole)
    check(this.#file.writeFrameSync(null), 'give out what the muxer holds')
    this.#file.flushSync()
  }

  /** Encodes the remaining samples and writes the trailer. */
  finish(): void {
    if (this.#pending.length > 0) this.#encode(this.#pending)
    check(this.#encoder.sendFrameSync(null), 'finish encoding')
    this.#receive()
    check(this.#file.writeTrailerSync(), 'write the end')
    this.#file.flushSync()
  }

  close(): void {
    this.#packet.free()
    this.#encoder.freeContext()
    this.#file.closeOutputSync()
    this.#file.freeContext()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #encode(samples: Float32Array): void {
    using frame = new Frame()
    frame.alloc()
    frame.nbSamples = samples.length
    frame.format = this.#settings.samples
    frame.sampleRate = sampleRate
    frame.channelLayout = mono
    check(frame.allocBuffer(), 'allocate a frame')
    const bytes = this.#settings.samples === AV_SAMPLE_FMT_S16 ? bytesOf(toInt16(samples)) : bytesOf(samples)
    check(frame.fromBuffer(bytes), 'encode')
    frame.pts = BigInt(this.#written)
    this.#written += samples.length
    check(this.#encoder.sendFrameSync(frame), 'encode')
    this.#receive()
  }

  #receive(): void {
    while (this.#encoder.receivePacketSync(this.#packet) >= 0) {
      this.#packet.streamIndex = this.#stream.index
      this.#packet.rescaleTs(this.#encoder.timeBase, this.#stream.timeBase)
      check(this.#file.writeFrameSync(this.#packet), 'write')
      this.#packet.unref()
    }
  }
}

function openEncoder({ encoder, samples, bitRate, encoderOptions }: EncoderSettings): CodecContext {
  const codec = Codec.findEncoderByName(encoder as Parameters<typeof Codec.findEncoderByName>[0])
  if (!codec) throw new Error(`This FFmpeg has no encoder ${encoder}`)
  const context = new CodecContext()
  context.allocContext3(codec)
  context.sampleRate = sampleRate
  context.sampleFormat = samples
  context.channelLayout = mono
  context.timeBase = new Rational(1, sampleRate)
  if (bitRate !== undefined) context.bitRate = BigInt(bitRate)
  for (const [name, value] of Object.entries(encoderOptions)) {
    check(context.setOption(name, value, AV_OPT_TYPE_STRING), `set ${name} of ${encoder}`)
  }
  check(context.open2Sync(codec, null), `open ${encoder}`)
  return context
}
