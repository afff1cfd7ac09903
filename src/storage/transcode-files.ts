import { randomUUID } from 'node:crypto'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { transcode } from '../audio/codec/transcode.ts'
import { id3Tag } from '../audio/tags/id3.ts'
import { crc16, infoFrame } from '../audio/tags/mp3-info-frame.ts'
import { opusTags } from '../audio/tags/opus-tags.ts'
import type { ChapterTranscode, TranscodeCover, TranscodeFormat } from '../novel/chapter-transcode.ts'
import { type Clip, frameSamples, sampleRate } from '../novel/clip.ts'
import type { SectionMark } from '../novel/section-marks.ts'
import { recordingKey } from './object-keys.ts'
import type { ObjectStore } from './object-store.ts'
import type { DataPaths } from './local/data-paths.ts'

export interface TranscodedFile {
  readonly bytes: number
  readonly crc32: number
}

export interface TranscodeTarget {
  readonly objects: ObjectStore
  /** For the file while it is written. */
  readonly folder: DataPaths
}

interface WriteOptions {
  /** Section marks, in seconds from the first clip's first sample. */
  readonly marks: readonly SectionMark[]
  readonly cover?: TranscodeCover | undefined
  readonly signal: AbortSignal
}

/** The lowest CPU priority: everything else runs first. */
const niceness = 19
/** One CBR frame of MPEG-2 layer III, 64 kb/s at 24 kHz. */
const mp3FrameBytes = 192
const mp3FrameSamples = 576
const blockBytes = 256 * 1024

/**
 * Transcodes a chapter's clips into an object under the transcode's key: complete and durable when this returns, or
 * absent. Decoding and encoding run in a process of their own. Throws what `clips` throws, and the signal's reason.
 */
export async function writeTranscode(
  { objects, folder }: TranscodeTarget,
  transcodeJob: Pick<ChapterTranscode, 'key' | 'form' | 'tags' | 'frames'>,
  clips: AsyncIterable<Pick<Clip, 'adts'>>,
  { marks, cover, signal }: WriteOptions,
): Promise<TranscodedFile> {
  const { key, form, tags, frames } = transcodeJob
  const temporary = join(folder.temporary, randomUUID())
  try {
    let written: TranscodedFile
    {
      await using file = await open(temporary, 'wx+')
      if (form === 'mp3') {
        const sound = transcode(clips, 'mp3', { niceness, signal })
        await writeMp3(file, id3Tag(tags, marks, cover), sound, frames * frameSamples)
      } else {
        const options = { tags: opusTags(tags, marks, cover), niceness, signal }
        await append(file, 0, transcode(clips, 'opus', options))
      }
      written = await checksumOf(file)
    }
    await objects.putFile(recordingKey(key), temporary, signal)
    return written
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

/**
 * The info frame with length and checksums precedes the audio but is known only after it: its place is skipped first.
 */
async function writeMp3(
  file: FileHandle,
  tag: Uint8Array,
  sound: AsyncIterable<Uint8Array>,
  samples: number,
): Promise<void> {
  await file.write(tag, 0, tag.length, 0)
  const soundAt = tag.length + mp3FrameBytes
  let soundCrc = 0
  const soundBytes = await append(file, soundAt, sound, (chunk) => {
    soundCrc = crc16(chunk, soundCrc)
  })
  const first = new Uint8Array(mp3FrameBytes)
  await file.read(first, 0, mp3FrameBytes, soundAt)
  const info = infoFrame(first, { samples, soundBytes, soundCrc })
  await file.write(info, 0, info.length, tag.length)
}

/** Writes the chunks at `from`, passing each to `see`. Returns the number of bytes written. */
async function append(
  file: FileHandle,
  from: number,
  sound: AsyncIterable<Uint8Array>,
  see?: (chunk: Uint8Array) => void,
): Promise<number> {
  let at = from
  for await (const chunk of sound) {
    see?.(chunk)
    for (let done = 0; done < chunk.length;) {
      done += (await file.write(chunk, done, chunk.length - done, at + done)).bytesWritten
    }
    at += chunk.length
  }
  return at - from
}

/** The bytes `[start, end)` of a transcode. Throws if it is missing. */
export async function* readTranscode(
  objects: ObjectStore,
  key: string,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  if (start >= end) return
  const opened = await objects.get(recordingKey(key), { start, end })
  if (!opened) throw new Error(`the file of the transcode ${key} is missing`)
  yield* opened.body
}

async function checksumOf(file: FileHandle): Promise<TranscodedFile> {
  const block = new Uint8Array(blockBytes)
  let [bytes, crc] = [0, 0]
  for (;;) {
    const { bytesRead } = await file.read(block, 0, blockBytes, bytes)
    if (bytesRead === 0) return { bytes, crc32: crc }
    crc = crc32(block.subarray(0, bytesRead), crc)
    bytes += bytesRead
  }
}

/** Estimated bytes of a transcode of `frames` AAC frames: for MP3 exact apart from its tag, for Opus an upper bound. */
export function estimateTranscodeBytes(form: TranscodeFormat, frames: number, coverBytes = 0): number {
  const samples = frames * frameSamples
  const tags = 4096
  if (form === 'mp3') return tags + coverBytes + (Math.ceil(samples / mp3FrameSamples) + 4) * mp3FrameBytes
  // The encoder is set to 40 kb/s; over minutes of a book Heart reached 45 and eSpeak 61, so 64 kb/s are assumed. The
  // cover is stored as Base64, in Ogg pages with one byte of overhead in 255.
  return tags + Math.ceil((coverBytes * 4) / 3 / 0.99) + Math.ceil((samples / sampleRate) * 8000)
}
