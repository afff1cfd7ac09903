import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { createRequire } from 'node:module'
import load, { type FileNode, type Module, type Worker } from '@echogarden/espeak-ng-emscripten'
import library from '@echogarden/espeak-ng-emscripten/package.json' with { type: 'json' }
import type { Pronunciation } from '../../novel/pronunciation-annotations.ts'
import { espeakMnemonics } from './espeak-mnemonics.ts'
import { type EspeakVoice, espeakVoices } from './espeak-voices.ts'

// oxlint-disable no-underscore-dangle -- the library's own names

export const espeakVersion = library.version

/** Something the library tells while it speaks. */
export interface EspeakEvent {
  /** UTF-16 offset into the text, near the word it belongs to: it may stand on a bracket or blank before the word. */
  readonly position: number
  /** From the first sample. */
  readonly seconds: number
  /** IPA with stress; empty for a pause; left out where a word begins. */
  readonly phoneme?: string
}

export interface EspeakSpeech {
  readonly samples: Float32Array
  readonly sampleRate: number
  readonly events: readonly EspeakEvent[]
}

/** Bytes of UTF-8 that the library takes at once. Segments stay far below. */
const maxTextBytes = 64 * 1024
/** The library's event types (speak_lib.h). */
const wordEvent = 1
const phonemeEvent = 7
/** Snapshots kept: 1 to 10 MB each. */
const maxSnapshots = 3

const decoder = new TextDecoder()

let shared: Promise<Espeak> | undefined
let references = 0

/** The process's one instance of eSpeak NG: it takes 90 MB and 0.2 s. Whoever opens it gives it back with `closeEspeak`. */
export async function openEspeak(): Promise<Espeak> {
  references++
  shared ??= load().then((module) => new Espeak(module))
  try {
    return await shared
  } catch (error) {
    closeEspeak()
    throw new Error('eSpeak NG could not be loaded.', { cause: error })
  }
}

export function closeEspeak(): void {
  references--
  if (references > 0) return
  void shared?.then((espeak) => espeak.close()).catch(() => {})
  shared = undefined
}

/**
 * eSpeak NG, compiled to WebAssembly. The library's pitch flutters on from one utterance to the next, so the same text
 * would never give the same samples twice: every call here starts from the same memory, copied back in 0.1 ms.
 */
export class Espeak {
  readonly voices: readonly EspeakVoice[]
  readonly #module: Module
  readonly #worker: Worker
  readonly #textAt: number
  readonly #callback: number
  readonly #initialMemory: Uint8Array
  readonly #closeFiles: () => void
  /** The library's memory with a voice loaded, by the voice's code; the latest last. */
  readonly #snapshots = new Map<string, Uint8Array>()
  /** How far the memory has ever been written. */
  #written: number
  /** Where sound is gathered; it grows to the longest text's. */
  #sound: Float32Array = new Float32Array(0)
  #onSound: (samples: number, count: number, events: number) => void = () => {}

  constructor(module: Module) {
    this.#module = module
    this.#worker = new module.eSpeakNGWorker()
    this.#closeFiles = readFilesFromDisk(module)
    this.voices = espeakVoices(this.#worker.list_voices())
    this.#textAt = module._malloc(maxTextBytes)
    this.#callback = module.addFunction((samples, count, events) => {
      this.#onSound(samples, count, events)
      return 0
    })
    // The first utterance makes the library's buffers and tells it that texts are SSML.
    this.#worker.set_voice('en-us')
    this.#worker.synth_(this.#put('a'), this.#callback)
    this.#written = this.#top()
    this.#initialMemory = module.HEAPU8.slice(0, this.#written)
  }

  /** Speaks at `rate` words a minute, 80 to 450. Throws when the voice is not known or the text is too long. */
  synthesize(
    text: string,
    code: string,
    rate: number,
    pronunciations: readonly Pronunciation[] = [],
  ): EspeakSpeech {
    const worker = this.#worker
    this.#restoreMemory(code)
    worker.set_rate(rate)
    const { ssml, offsets } = toSsml(text, code, pronunciations)
    const eventSize = worker.getSizeOfEventStruct_() / 4
    let length = 0
    const events: EspeakEvent[] = []
    this.#onSound = (at, count, eventsAt) => {
      if (this.#sound.length < length + count) this.#sound = grown(this.#sound, 2 * (length + count))
      const sound = this.#sound
      const samples = this.#module.HEAP16
      for (let index = at / 2; index < at / 2 + count; index++) sound[length++] = samples[index]! / 32_768
      const heap = this.#module.HEAP32
      for (let event = eventsAt / 4; heap[event] !== 0; event += eventSize) {
        const type = heap[event]
        if (type !== wordEvent && type !== phonemeEvent) continue
        const place = Math.max(0, heap[event + 2]! - 1)
        const position =
          offsets === undefined ? Math.min(place, text.length) : (offsets[place] ?? text.length)
        const seconds = heap[event + 4]! / 1000
        if (type === wordEvent) events.push({ position, seconds })
        else events.push({ position, seconds, phoneme: this.#string((event + 7) * 4, 8) })
      }
    }
    worker.synth_(this.#put(ssml), this.#callback)
    return { samples: this.#sound.slice(0, length), sampleRate: worker.get_samplerate(), events }
  }

  /**
   * The text in IPA without making its sound: phonemes joined by `_`, words by a blank, clauses by ` | `. Words that the
   * language runs together ("of the") come as one.
   */
  phonemes(text: string, code: string, pronunciations: readonly Pronunciation[] = []): string {
    this.#restoreMemory(code)
    const { ssml } = toSsml(text, code, pronunciations)
    return this.#string(this.#worker.convert_to_phonemes(this.#put(ssml), true).ptr, maxTextBytes)
  }

  close(): void {
    this.#closeFiles()
  }

  /** Puts the memory back to where the voice had just been loaded. */
  #restoreMemory(code: string): void {
    const loaded = this.#snapshots.get(code)
    if (loaded !== undefined) {
      this.#snapshots.delete(code)
      this.#snapshots.set(code, loaded)
      this.#module.HEAPU8.set(loaded)
      return
    }
    const voice = this.voices.find((one) => one.code === code)
    if (voice === undefined) throw new Error(`eSpeak has no voice ${code}.`)
    this.#written = Math.max(this.#written, this.#top())
    this.#module.HEAPU8.set(this.#initialMemory)
    this.#module.HEAPU8.fill(0, this.#initialMemory.length, this.#written)
    if (this.#worker.set_voice(voice.identifier) !== 0)
      throw new Error(`eSpeak cannot load the voice ${code}.`)
    const [oldest] = this.#snapshots.keys()
    if (oldest !== undefined && this.#snapshots.size >= maxSnapshots) this.#snapshots.delete(oldest)
    this.#snapshots.set(code, this.#module.HEAPU8.slice(0, this.#top()))
  }

  /** Where the last byte that is not 0 ends. */
  #top(): number {
    const heap = this.#module.HEAP32
    let index = heap.length
    while (index > 0 && heap[index - 1] === 0) index--
    return index * 4
  }

  #put(text: string): { readonly ptr: number } {
    const room = this.#module.HEAPU8.subarray(this.#textAt, this.#textAt + maxTextBytes - 1)
    const { read, written } = new TextEncoder().encodeInto(text, room)
    if (read < text.length) throw new Error(`eSpeak takes at most ${maxTextBytes} bytes of text at once.`)
    room[written] = 0
    return { ptr: this.#textAt }
  }

  #string(at: number, longest: number): string {
    const heap = this.#module.HEAPU8
    let end = at
    while (end < at + longest && heap[end] !== 0) end++
    return decoder.decode(heap.subarray(at, end))
  }
}

/**
 * The library reads SSML, `[[` begins its own phoneme code, and it would say "asterisk" and "colon" where a book marks a
 * break or an aside. It counts positions in code points of what it was given; `offsets` leads back to the text, and is
 * left out where both count alike. `pronunciations` become phoneme code, for English voices alone.
 */
function toSsml(
  text: string,
  code: string,
  pronunciations: readonly Pronunciation[],
): { readonly ssml: string; readonly offsets?: readonly number[] } {
  const plain = text
    .replaceAll('[[', '((')
    .replaceAll(/[:;](?=[-–—])/g, ',')
    // oxlint-disable-next-line no-control-regex -- control characters are commands to the library
    .replaceAll(/[\u0000-\u001f*_|~^\\]/g, ' ')
  const said = code.startsWith('en') ? pronunciations : []
  if (said.length === 0 && !/[&<\u{10000}-\u{10FFFF}]/u.test(plain)) return { ssml: plain }
  const offsets: number[] = []
  let ssml = ''
  const put = (written: string, offset: number): void => {
    for (const _ of written) offsets.push(offset)
    ssml += written
  }
  const copy = (from: number, to: number): void => {
    let offset = from
    for (const character of plain.slice(from, to)) {
      put(character === '&' ? '&amp;' : character === '<' ? '&lt;' : character, offset)
      offset += character.length
    }
  }
  let at = 0
  for (const { start, end, phonemes } of said) {
    const mnemonics = espeakMnemonics(phonemes)
    if (mnemonics === undefined) continue
    copy(at, start)
    // Right behind a quotation mark the library passes over phoneme code.
    if (start > 0 && !/[\s\p{L}\p{N}'’-]/u.test(plain[start - 1]!)) put(' ', start)
    put(`[[${mnemonics}]]`, start)
    at = end
  }
  copy(at, plain.length)
  return { ssml, offsets }
}

function grown(samples: Float32Array, length: number): Float32Array {
  const larger = new Float32Array(length)
  larger.set(samples)
  return larger
}

/**
 * The library loads 24 MB of dictionaries for all its languages into memory, of which a process needs a few hundred kB.
 * From here on its files are read from the disk, where they stand one after the other in one file. Returns what closes
 * that file. Leaves everything as it is where the files are kept in another way.
 */
function readFilesFromDisk({ FS }: Module): () => void {
  const file = openSync(
    createRequire(import.meta.url).resolve('@echogarden/espeak-ng-emscripten/espeak-ng.data'),
    'r',
  )
  const { size } = fstatSync(file)
  const loaded = new Set<ArrayBuffer>()
  for (const node of filesBelow(FS.root)) {
    const { buffer, byteOffset, byteLength } = node.contents
    if (!(buffer instanceof ArrayBuffer) || buffer.byteLength !== size) continue
    loaded.add(buffer)
    node.stream_ops = {
      ...node.stream_ops,
      read: (_, target, offset, length, position) => {
        const count = Math.min(length, byteLength - position)
        return count > 0 ? readSync(file, target, offset, count, byteOffset + position) : 0
      },
    }
  }
  for (const buffer of loaded) buffer.transfer(0)
  return () => closeSync(file)
}

function filesBelow(folder: FileNode): (FileNode & { contents: Uint8Array })[] {
  if (folder.contents === null || folder.contents === undefined) return []
  if (folder.contents instanceof Uint8Array) return [folder as FileNode & { contents: Uint8Array }]
  return Object.values(folder.contents).flatMap(filesBelow)
}
