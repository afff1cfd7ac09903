import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FormatContext, Packet } from 'node-av/lib'
import { check } from './ffmpeg.ts'

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
  readonly tags: Readonly<Record<string, string>>
  /** After a seek to each of the wished times: the time of the first frame that is read. */
  readonly sought: readonly number[]
}

/** Reads a whole file with FFmpeg's demuxers, then seeks to each of `seeks` (units of the timescale). */
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
  const duration = Number(stream.duration)
  const frames: Uint8Array[] = []
  const times: number[] = []
  using packet = new Packet()
  packet.alloc()
  while (context.readFrameSync(packet) >= 0) {
    frames.push(new Uint8Array(packet.data ?? []))
    times.push(Number(packet.pts))
    packet.unref()
  }
  return {
    format: context.iformat?.name ?? '',
    codecRate: stream.codecpar.sampleRate,
    channels: stream.codecpar.channels,
    timescale: stream.timeBase.den,
    duration,
    startTime: Number(stream.startTime),
    frames,
    times,
    tags: { ...context.metadata?.getAll(), ...stream.metadata?.getAll() },
  }
}

function firstAfterSeek(context: FormatContext, time: number): number {
  check(context.seekFrameSync(0, BigInt(time)), 'seek')
  using packet = new Packet()
  packet.alloc()
  check(context.readFrameSync(packet), 'read after a seek')
  return Number(packet.pts)
}
