import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  AV_SAMPLE_FMT_FLTP,
  AV_SAMPLE_FMT_S16,
  AVMEDIA_TYPE_AUDIO,
  AVMEDIA_TYPE_VIDEO,
  AVSEEK_FLAG_BACKWARD,
} from 'node-av/constants'
import { Codec, CodecContext, FormatContext, Frame, Packet, type Stream } from 'node-av/lib'
import { check } from './ffmpeg.ts'
import { concatenate } from './samples.ts'

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
  /** Pictures that are attached. */
  readonly pictures: readonly Uint8Array[]
  /** After a seek to each of the wished times: the time of the first frame that is read, which holds it. */
  readonly sought: readonly number[]
}

/** Reads a whole file with one sound track, then seeks to each of `seeks` (units of the timescale). */
export function demux(bytes: Uint8Array, seeks: readonly number[] = []): Demuxed {
  const folder = mkdtempSync(join(tmpdir(), 'nightjar-demux-'))
  const path = join(folder, 'file')
  writeFileSync(path, bytes)
  const context = new FormatContext()
  try {
    check(context.openInputSync(path), 'open the file')
    check(context.findStreamInfoSync(), 'find a stream')
    const stream = soundOf(context)
    return { ...read(context, stream), sought: seeks.map((time) => firstAfterSeek(context, stream, time)) }
  } finally {
    context.closeInputSync()
    rmSync(folder, { recursive: true })
  }
}

function soundOf({ streams }: FormatContext): Stream {
  const [stream, ...others] = streams.filter(({ codecpar }) => codecpar.codecType === AVMEDIA_TYPE_AUDIO)
  if (!stream || others.length > 0) throw new Error(`${streams.length} streams, not one of sound`)
  return stream
}

function read(context: FormatContext, stream: Stream): Omit<Demuxed, 'sought'> {
  const codec = Codec.findDecoder(stream.codecpar.codecId)
  if (!codec) throw new Error('FFmpeg has no decoder for this stream')
  const duration = Number(stream.duration)
  const frames: Uint8Array[] = []
  const times: number[] = []
  const decoded: Float32Array[] = []
  const pictures: Uint8Array[] = []
  using decoder = new CodecContext()
  decoder.allocContext3(codec)
  check(decoder.parametersToContext(stream.codecpar), 'set up the decoder')
  decoder.pktTimebase = stream.timeBase
  check(decoder.open2Sync(codec, null), 'open the decoder')
  using packet = new Packet()
  packet.alloc()
  while (context.readFrameSync(packet) >= 0) {
    const { codecType } = context.streams[packet.streamIndex]?.codecpar ?? {}
    if (codecType === AVMEDIA_TYPE_VIDEO) pictures.push(new Uint8Array(packet.data ?? []))
    if (packet.streamIndex === stream.index) {
      frames.push(new Uint8Array(packet.data ?? []))
      times.push(Number(packet.pts))
      check(decoder.sendPacketSync(packet), 'decode')
      receive(decoder, decoded)
    }
    packet.unref()
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
    samples: concatenate(decoded),
    pictures,
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

function firstAfterSeek(context: FormatContext, { index }: Stream, time: number): number {
  check(context.seekFrameSync(index, BigInt(time), AVSEEK_FLAG_BACKWARD), 'seek')
  using packet = new Packet()
  packet.alloc()
  do {
    packet.unref()
    check(context.readFrameSync(packet), 'read after a seek')
  } while (packet.streamIndex !== index)
  return Number(packet.pts)
}
