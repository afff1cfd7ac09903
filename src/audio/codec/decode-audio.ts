import {
  AV_SAMPLE_FMT_FLT,
  AV_SAMPLE_FMT_FLTP,
  AV_SAMPLE_FMT_S16,
  AV_SAMPLE_FMT_S16P,
  AV_SAMPLE_FMT_S32,
  AV_SAMPLE_FMT_S32P,
  AVMEDIA_TYPE_AUDIO,
} from 'node-av/constants'
import {
  Codec,
  CodecContext,
  Dictionary,
  FormatContext,
  Frame,
  InputFormat,
  Packet,
  type Stream,
} from 'node-av/lib'
import { moovFirst } from '../mp4/moov-first.ts'
import { type AudioContainer, detectContainer, isText } from './audio-kind.ts'
import { check } from './ffmpeg.ts'
import { readWav } from './wav.ts'

export interface DecodedAudio {
  /** Mono, full scale ±1; loud passages of lossy formats may slightly exceed it, which the limiter handles. */
  readonly samples: Float32Array
  /** In Hz. */
  readonly sampleRate: number
}

/** No segment is this long: longer audio is a malfunction. */
const maxSpeechSeconds = 600
const minRate = 4_000
const maxRate = 384_000

/**
 * Decodes an audio file as speech servers send it: WAV, MP3, Ogg, FLAC, ADTS or M4A, detected by its first bytes; with
 * `pcmRate`, in Hz, any other bytes that are not text are 16-bit little-endian PCM. Synchronous: it runs in a speech
 * worker. Throws an `Error` with the reason for an unknown format, damaged data, no audio or more than ten minutes.
 */
export function decodeAudio(bytes: Uint8Array, options: { readonly pcmRate?: number } = {}): DecodedAudio {
  const { samples, sampleRate } = decodeByContainer(bytes, detectContainer(bytes), options.pcmRate)
  if (samples.length === 0) throw new Error('There is no sound in it')
  if (sampleRate < minRate || sampleRate > maxRate)
    throw new Error(`Its rate of ${sampleRate} Hz is none of a sound`)
  if (samples.length > maxSpeechSeconds * sampleRate)
    throw new Error(`It is longer than ${maxSpeechSeconds} s`)
  if (!samples.every(Number.isFinite)) throw new Error('Some of its samples are not numbers')
  return { samples, sampleRate }
}

function decodeByContainer(
  bytes: Uint8Array,
  kind: AudioContainer | undefined,
  pcmRate: number | undefined,
): DecodedAudio {
  if (kind === 'wav') return readWav(bytes, maxSpeechSeconds)
  if (kind !== undefined) return decodeEncoded(bytes, kind, maxSpeechSeconds)
  if (bytes.length === 0) throw new Error('It is empty')
  if (isText(bytes)) throw new Error('It is text, not sound')
  if (pcmRate === undefined) throw new Error('It is in no format that is known')
  return { samples: decodePcm(bytes), sampleRate: pcmRate }
}

function decodePcm(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Float32Array.from({ length: bytes.length >> 1 }, (_, i) => view.getInt16(i * 2, true) / 32_768)
}

/** Ten minutes of FLAC, mono at 48 kHz, are smaller than this. */
const maxEncodedBytes = 64_000_000

/** FFmpeg's demuxer and the decoders allowed for it: FFmpeg has hundreds, some of them risky. */
const demuxers: Readonly<
  Record<Exclude<AudioContainer, 'wav'>, readonly [format: string, decoders: string]>
> = {
  mp3: ['mp3', 'mp3float'],
  ogg: ['ogg', 'opus,vorbis,flac'],
  flac: ['flac', 'flac'],
  adts: ['aac', 'aac'],
  m4a: ['mov', 'aac,alac,opus,flac,mp3float'],
}

/**
 * Decodes a compressed file with FFmpeg, from memory: as a `data:` URL, since node-av takes no bytes synchronously, and
 * its asynchronous API costs two to four times the CPU time of decoding. Such a URL is not seekable. Throws an `Error`
 * for damaged data or more than `maxSeconds`.
 */
function decodeEncoded(
  bytes: Uint8Array,
  kind: Exclude<AudioContainer, 'wav'>,
  maxSeconds: number,
): DecodedAudio {
  if (bytes.length > maxEncodedBytes) throw new Error(`It is larger than ${maxEncodedBytes / 1e6} MB`)
  const [formatName, decoders] = demuxers[kind]
  const format = InputFormat.findInputFormat(formatName)
  if (!format) throw new Error(`This FFmpeg does not read ${formatName}`)
  const readable = kind === 'm4a' ? moovFirst(bytes) : bytes
  const address = `data:audio/x;base64,${Buffer.from(readable.buffer, readable.byteOffset, readable.byteLength).toString('base64')}`
  const input = new FormatContext()
  using options = Dictionary.fromObject({
    codec_whitelist: decoders,
    protocol_whitelist: 'data',
    fflags: 'ignidx',
  })
  try {
    check(input.openInputSync(address, format, options), 'find sound in it')
    check(input.findStreamInfoSync(null), 'find sound in it')
    const stream = input.streams.find(({ codecpar }) => codecpar.codecType === AVMEDIA_TYPE_AUDIO)
    if (!stream) throw new Error('There is no sound in it')
    return decodeStream(input, stream, decoders.split(','), maxSeconds)
  } finally {
    input.closeInputSync()
  }
}

function decodeStream(
  input: FormatContext,
  stream: Stream,
  decoders: readonly string[],
  maxSeconds: number,
): DecodedAudio {
  const codec = Codec.findDecoder(stream.codecpar.codecId)
  if (!codec?.name || !decoders.includes(codec.name))
    throw new Error(`Its sound is not in ${decoders.join(' or ')}`)
  using decoder = new CodecContext()
  decoder.allocContext3(codec)
  check(decoder.parametersToContext(stream.codecpar), 'set up its decoder')
  check(decoder.open2Sync(codec, null), 'open its decoder')
  using packet = new Packet()
  packet.alloc()
  using frame = new Frame()
  frame.alloc()
  const parts: Float32Array[] = []
  let length = 0
  let sampleRate = 0
  const receive = (): void => {
    while (decoder.receiveFrameSync(frame) >= 0) {
      if (sampleRate !== 0 && frame.sampleRate !== sampleRate) throw new Error('It changes its rate midway')
      sampleRate = frame.sampleRate
      const part = mixToMono(frame)
      parts.push(part)
      length += part.length
      if (length > maxSeconds * sampleRate) throw new Error(`It is longer than ${maxSeconds} s`)
      frame.unref()
    }
  }
  while (input.readFrameSync(packet) >= 0) {
    const result = packet.streamIndex === stream.index ? decoder.sendPacketSync(packet) : 0
    packet.unref()
    check(result, 'decode it: it is damaged')
    receive()
  }
  check(decoder.sendPacketSync(null), 'decode its end')
  receive()
  const samples = new Float32Array(length)
  let at = 0
  for (const part of parts) {
    samples.set(part, at)
    at += part.length
  }
  return { samples, sampleRate }
}

interface SampleFormat {
  readonly bytes: number
  /** Each channel in a plane of its own. */
  readonly planar: boolean
  readonly read: (view: DataView, at: number) => number
}

const float = { bytes: 4, read: (view: DataView, at: number) => view.getFloat32(at, true) }
const int16 = { bytes: 2, read: (view: DataView, at: number) => view.getInt16(at, true) / 32_768 }
const int32 = { bytes: 4, read: (view: DataView, at: number) => view.getInt32(at, true) / 2_147_483_648 }
const sampleFormats = new Map<number, SampleFormat>([
  [AV_SAMPLE_FMT_FLT, { ...float, planar: false }],
  [AV_SAMPLE_FMT_FLTP, { ...float, planar: true }],
  [AV_SAMPLE_FMT_S16, { ...int16, planar: false }],
  [AV_SAMPLE_FMT_S16P, { ...int16, planar: true }],
  [AV_SAMPLE_FMT_S32, { ...int32, planar: false }],
  [AV_SAMPLE_FMT_S32P, { ...int32, planar: true }],
])

/** Averages a frame's channels. */
function mixToMono(frame: Frame): Float32Array {
  const format = sampleFormats.get(frame.format)
  const channels = frame.channelLayout.nbChannels
  if (!format || channels < 1) throw new Error(`Its samples are of an unknown kind, ${frame.format}`)
  const planes = (frame.data ?? []).map(
    (plane) => new DataView(plane.buffer, plane.byteOffset, plane.byteLength),
  )
  const samples = new Float32Array(frame.nbSamples)
  for (let channel = 0; channel < channels; channel++) {
    const plane = planes[format.planar ? channel : 0]
    const step = format.planar ? format.bytes : format.bytes * channels
    const first = format.planar ? 0 : format.bytes * channel
    if (!plane) throw new Error(`It has ${channels} channels`)
    for (let i = 0; i < samples.length; i++) samples[i]! += format.read(plane, first + i * step) / channels
  }
  return samples
}
