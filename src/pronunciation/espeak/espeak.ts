import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { createRequire } from 'node:module'
import load, { type FileNode, type Module, type Worker } from '@echogarden/espeak-ng-emscripten'
import library from '@echogarden/espeak-ng-emscripten/package.json' with { type: 'json' }
import type { Pronunciation } from '../../novel/pronunciation-annotations.ts'
import { isPinyin } from '../chinese/pinyin-syllables.ts'
import { isKana } from '../japanese/kana.ts'
import { espeakMnemonics } from './espeak-mnemonics.ts'
import { type NamedPronunciation, toSsml } from './espeak-ssml.ts'
import { type EspeakVoice, espeakVoices } from './espeak-voices.ts'
import { LanguageSounds } from './language-sounds.ts'

// oxlint-disable no-underscore-dangle -- the library's own names

export const espeakVersion = library.version

/** An event of the library's synthesis. */
export interface EspeakEvent {
  /** UTF-16 offset into the text, near its word: it may be on a bracket or blank before the word. */
  readonly position: number
  /** Seconds from the first sample. */
  readonly seconds: number
  /** IPA with stress; empty for a pause; absent for the beginning of a word. */
  readonly phoneme?: string
}

export interface EspeakSpeech {
  readonly samples: Float32Array
  readonly sampleRate: number
  readonly events: readonly EspeakEvent[]
}

/** Maximum bytes of UTF-8 per call. Segments are far smaller. */
const maxTextBytes = 64 * 1024
/** The library's event types (speak_lib.h). */
const wordEvent = 1
const phonemeEvent = 7
/** Cached snapshots: 1 to 10 MB each. */
const maxSnapshots = 3

const decoder = new TextDecoder()

let shared: Promise<Espeak> | undefined
let references = 0

/**
 * The process's shared instance of eSpeak NG: it takes 90 MB and 0.2 s to load. Each call must be matched by
 * `closeEspeak`.
 */
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
 * eSpeak NG, compiled to WebAssembly. The library's pitch flutter continues from one utterance to the next, so the same
 * text would never give the same samples twice: every call restores the same memory, which takes 0.1 ms.
 */
export class Espeak {
  readonly voices: readonly EspeakVoice[]
  readonly #module: Module
  readonly #worker: Worker
  readonly #textAt: number
  readonly #callback: number
  readonly #initialMemory: Uint8Array
  readonly #closeFiles: () => void
  /** Snapshots of the library's memory with a voice loaded, by the voice's code; most recent last. */
  readonly #snapshots = new Map<string, Uint8Array>()
  /** Of voices that were given pronunciations. */
  readonly #sounds = new Map<string, LanguageSounds>()
  /** End of the memory that has ever been written. */
  #written: number
  /** Buffer for samples; grows to the longest utterance. */
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
    // The first utterance allocates the library's buffers and sets it to SSML.
    this.#worker.set_voice('en-us')
    this.#worker.synth_(this.#put('a'), this.#callback)
    this.#written = this.#top()
    this.#initialMemory = module.HEAPU8.slice(0, this.#written)
  }

  /** Synthesizes at `rate` words a minute, 80 to 450. Throws when the voice is unknown or the text too long. */
  synthesize(
    text: string,
    code: string,
    rate: number,
    pronunciations: readonly Pronunciation[] = [],
  ): EspeakSpeech {
    const worker = this.#worker
    const { ssml, offsets } = toSsml(text, this.#named(text, code, pronunciations))
    this.#restoreMemory(code)
    worker.set_rate(rate)
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
        const codePoint = Math.max(0, heap[event + 2]! - 1)
        const position =
          offsets === undefined ? Math.min(codePoint, text.length) : (offsets[codePoint] ?? text.length)
        const seconds = heap[event + 4]! / 1000
        if (type === wordEvent) events.push({ position, seconds })
        else events.push({ position, seconds, phoneme: this.#string((event + 7) * 4, 8) })
      }
    }
    worker.synth_(this.#put(ssml), this.#callback)
    return { samples: this.#sound.slice(0, length), sampleRate: worker.get_samplerate(), events }
  }

  /**
   * The text in IPA without synthesis: phonemes joined by `_`, words by a blank, clauses by ` | `. Words that are fused
   * ("of the") are one group.
   */
  phonemes(text: string, code: string, pronunciations: readonly Pronunciation[] = []): string {
    const { ssml } = toSsml(text, this.#named(text, code, pronunciations))
    this.#restoreMemory(code)
    return this.#convert(ssml)
  }

  #convert(ssml: string): string {
    return this.#string(this.#worker.convert_to_phonemes(this.#put(ssml), true).ptr, maxTextBytes)
  }

  /** Pronunciations by the library's names of phonemes. Sounds that the voice's language has not are approximated. */
  #named(text: string, code: string, pronunciations: readonly Pronunciation[]): NamedPronunciation[] {
    const isEnglish = code.startsWith('en')
    return pronunciations.flatMap(({ start, end, phonemes }, at) => {
      // What only another front end can say is read as it is written.
      if (isPinyin(phonemes) || isKana(phonemes)) return []
      const before = text.slice(pronunciations[at - 1]?.end ?? 0, start)
      const elided = isEnglish ? '' : (/[\p{L}\p{M}]+['’]$/u.exec(before)?.[0] ?? '')
      const ipa = elided === '' ? phonemes : this.#elidedSounds(elided, code) + phonemes
      const names = (isEnglish && espeakMnemonics(ipa)) || this.#soundsOf(code).namesOf(ipa)
      return names === undefined ? [] : [{ start: start - elided.length, end, names }]
    })
  }

  /** What is spoken of "l’" before a vowel; by itself the library reads it as a letter. */
  #elidedSounds(elided: string, code: string): string {
    this.#restoreMemory(code)
    const units = this.#convert(`${elided}a`).replaceAll(/[ˈˌ]/gu, '').split('_')
    return units.slice(0, -1).join('')
  }

  #soundsOf(code: string): LanguageSounds {
    let sounds = this.#sounds.get(code)
    if (!sounds) {
      this.#restoreMemory(code)
      sounds = new LanguageSounds(code, (names) => this.#convert(`[[${names}]]`))
      this.#sounds.set(code, sounds)
    }
    return sounds
  }

  close(): void {
    this.#closeFiles()
  }

  /** Restores the memory to the state after loading the voice. */
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

  /** Offset after the last non-zero byte of the memory, a multiple of 4. */
  #top(): number {
    const heap = this.#module.HEAP32
    let index = heap.length
    while (index > 0 && heap[index - 1] === 0) index--
    return index * 4
  }

  #put(text: string): { readonly ptr: number } {
    const buffer = this.#module.HEAPU8.subarray(this.#textAt, this.#textAt + maxTextBytes - 1)
    const { read, written } = new TextEncoder().encodeInto(text, buffer)
    if (read < text.length) throw new Error(`eSpeak takes at most ${maxTextBytes} bytes of text at once.`)
    buffer[written] = 0
    return { ptr: this.#textAt }
  }

  #string(at: number, longest: number): string {
    const heap = this.#module.HEAPU8
    let end = at
    while (end < at + longest && heap[end] !== 0) end++
    return decoder.decode(heap.subarray(at, end))
  }
}

function grown(samples: Float32Array, length: number): Float32Array {
  const larger = new Float32Array(length)
  larger.set(samples)
  return larger
}

/**
 * Frees the 24 MB of dictionaries for all languages that the library loads, of which a process needs a few hundred kB:
 * its files are read from the disk instead, where they are concatenated in one file. Returns a function that closes
 * that file. Changes nothing if the files are stored differently.
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
