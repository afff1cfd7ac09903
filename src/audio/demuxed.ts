import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AV_SAMPLE_FMT_FLTP, AV_SAMPLE_FMT_S16, AVSEEK_FLAG_BACKWARD } from 'node-av/constants'
import { Codec, CodecContext, FormatContext, Frame, Packet } from 'node-av/lib'
import { check } from './ffmpeg.ts'
import { joined } from './speech-like.ts'

/** What FFmpeg finds in a file: for tests of the files that Nightjar writes. */
export interface Demuxed {
  readonly format: string
  readonly codecRate: number
  readonly channels: number
  readonly timescale: number
  /** In units of the timescale. */
  readonly duration: number
  readonly startTime: number
  readonly frames: readonly Uint8Array[]
  /** In units of the timescale, of each frame. */
  readonly times: readonly number[]
  /** Decoded, with all that the container says about cutting off; empty where FFmpeg decodes to neither floats nor 16 bits. */
  readonly samples: Float32Array
  readonly tags: Readonly<Record<string, string>>
  /** After a seek to each of the wished times: the time of the first frame that is read, which holds it. */
  readonly sought: readonly number[]
}

/** Reads a whole file of one sound track, then seeks to each of `seeks` (units of the timescale). */
export function demux(bytes: Uint8Array, seeks: readonly number[] = []): Demuxed {
  const folder = mkdtempSync(join(tmpdir(), 'nightjar-demux-'))
  const path = join(folder, 'file')
  writeFileSync(path, bytes)
  const context = new FormatContext()
  try {
    check(context.openInputSync(path), 'open the file')
    check(context.findStreamInfoSync(), 'find a stream')
    return { ...read(context), sought: seeks.map((time) => firstAfterSeek(context, time)) }
  } finally {
    context.closeInputSync()
    rmSync(folder, { recursive: true })
  }
}

function read(context: FormatContext): Omit<Demuxed, 'sought'> {
  const [stream] = context.streams
  if (!stream || context.streams.length !== 1) throw new Error(`${context.streams.length} streams`)
  const codec = Codec.findDecoder(stream.codecpar.codecId)
  if (!codec) throw new Error('FFmpeg has no decoder for this stream')
  const duration = Number(stream.duration)
  const frames: Uint8Array[] = []
  const times: number[] = []
  const decoded: Float32Array[] = []
  using decoder = new CodecContext()
  decoder.allocContext3(codec)
  check(decoder.parametersToContext(stream.codecpar), 'set up the decoder')
  decoder.pktTimebase = stream.timeBase
  check(decoder.open2Sync(codec, null), 'open the decoder')
  using packet = new Packet()
  packet.alloc()
  while (context.readFrameSync(packet) >= 0) {
    frames.push(new Uint8Array(packet.data ?? []))
    times.push(Number(packet.pts))
    check(decoder.sendPacketSync(packet), 'decode')
    packet.unref()
    receive(decoder, decoded)
  }
  check(decoder.sendPacketSync(null), 'finish decoding')
  receive(decoder, decoded)
  return {
    format: context.iformat?.name ?? '',
    codecRate: stream.codecpar.sampleRate,
    channels: stream.codecpar.channels,
    timescale: stream.timeBase.den,
    duration,
    startTime: Number(stream.startTime),
    frames,
    times,
    samples: joined(decoded),
    tags: { ...context.metadata?.getAll(), ...stream.metadata?.getAll() },
  }
}

function receive(decoder: CodecContext, decoded: Float32Array[]): void {
  using frame = new Frame()
  frame.alloc()
  while (decoder.receiveFrameSync(frame) >= 0) {
    const plane = frame.data?.[0]
    if (plane && frame.format === AV_SAMPLE_FMT_FLTP)
      decoded.push(new Float32Array(plane.buffer, plane.byteOffset, frame.nbSamples).slice())
    if (plane && frame.format === AV_SAMPLE_FMT_S16) {
      const samples = new Int16Array(plane.buffer, plane.byteOffset, frame.nbSamples)
      decoded.push(Float32Array.from(samples, (sample) => sample / 32768))
    }
    frame.unref()
  }
}

function firstAfterSeek(context: FormatContext, time: number): number {
  check(context.seekFrameSync(0, BigInt(time), AVSEEK_FLAG_BACKWARD), 'seek')
  using packet = new Packet()
  packet.alloc()
  check(context.readFrameSync(packet), 'read after a seek')
  return Number(packet.pts)
}
