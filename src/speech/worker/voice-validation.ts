import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, rename, stat, writeFile } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { loudness } from '../../audio/mastering/loudness.ts'
import { familyOfParts, isBundled } from '../../novel/model-parts.ts'
import { Failure } from '../../novel/failure.ts'
import { isKokoro, type VoiceFamily, type VoiceModel } from '../../novel/installed-voice.ts'
import type { ModelCache } from '../onnx/model-cache.ts'
import { familyByInputs, inspectModel } from '../onnx/onnx-network.ts'
import { prepareModel } from '../onnx/prepared-model.ts'
import { calibrateVoice } from '../quality/calibration.ts'
import { checkSpeech } from '../quality/speech-checks.ts'
import { measurePace } from '../quality/voice-pace.ts'
import { reducePresets } from '../flow/voice-style.ts'
import { readBundleHead } from '../onnx/model-bundle.ts'
import type { ModelDescription, SpeechEngine } from '../speech-engine.ts'
import { type ValidateTask, type WorkerListener, WorkerProcess } from './worker-process.ts'
import type { ValidateRequest, VoiceValidation } from './worker-protocol.ts'

export interface ValidationOptions extends ValidateTask {
  /** Display name of the file. */
  readonly file: string
  /** Absent: the server's own. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** Time limit to load a voice and speak the calibration text, in milliseconds. */
  readonly timeout?: number
  readonly signal?: AbortSignal
}

/** A slow machine loads the largest voice, Kokoro, and speaks 40 seconds with it, to measure it, in less than this. */
const validationTimeoutMs = 900_000

/**
 * Validates a voice file in a worker process of its own, which is always killed afterwards. Throws `voice.unfit`, or
 * the signal's reason.
 */
export async function validateVoice(options: ValidationOptions): Promise<VoiceValidation> {
  const { file, environment, timeout = validationTimeoutMs, signal, ...task } = options
  signal?.throwIfAborted()
  const ready = Promise.withResolvers<void>()
  const listener: WorkerListener = {
    onReady: () => ready.resolve(),
    onEnd: (reason) => ready.reject(new Error(reason)),
  }
  const worker = new WorkerProcess(new URL('./speech-worker.ts', import.meta.url), listener, environment)
  const abort = () => void worker.end()
  signal?.addEventListener('abort', abort, { once: true })
  try {
    await ready.promise
    return await worker.validate(task, timeout).catch((error: unknown) => {
      throw new Failure('voice.unfit', { file, detail: failureDetail(error, timeout) }, { cause: error })
    })
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  } finally {
    signal?.removeEventListener('abort', abort)
    await worker.end()
  }
}

function failureDetail(error: unknown, timeout: number): string {
  const reason = error instanceof Error ? error.message : String(error)
  if (reason.startsWith('no sound after')) return `it is not done after ${Math.round(timeout / 1000)} s`
  if (reason.includes('SIGKILL'))
    return `it needs more than ${validationMemory / 1e9} GB of memory, or more than there is`
  if (reason.startsWith('the speaker ended')) return `it ends the program that runs it`
  return reason.charAt(0).toLowerCase() + reason.slice(1).replace(/\.$/, '')
}

/**
 * Memory limit of the validating process in bytes: a worker took 0.7 GB with Joe, whose file has 63 MB, and Kokoro's
 * weights are made floats in 0.9 GB.
 */
export const validationMemory = 2_000_000_000

/** The largest public voice, Kokoro, has 326 MB. */
const maxModelBytes = 500_000_000

/**
 * Validates a file of unknown origin: loads it, determines its family from its inputs, lets it speak and checks the
 * speech. Throws an `Error` with one sentence for users. A file may also make the process hang or crash, so it runs in
 * an expendable process.
 */
export async function validateVoiceFile(
  request: ValidateRequest,
  engines: readonly SpeechEngine[],
  models: ModelCache,
): Promise<VoiceValidation> {
  const { model: path, config, language: declared = 'en-US' } = request
  const whole = await checksumOf(path)
  const family = await familyOf(path, request.family)
  if (isKokoro(family)) await prepareModel(path)
  if (family === 'vieneu' && config !== undefined) await keepOnePreset(config, request.preset)
  const checksum = isKokoro(family) ? await checksumOf(path) : whole
  const model: VoiceModel = { model: path, config, checksum, language: declared }
  if (isBundled(family)) await models.useBundle(model, () => Promise.resolve())
  else await models.use(model, () => Promise.resolve())
  const engine = engines.find(({ name }) => name === family)
  if (engine === undefined) throw new Error(`no engine speaks voices of the family ${family}`)
  const description: ModelDescription = (await engine.validateModel?.(model)) ?? {
    language: declared,
    speakers: [],
  }
  const { language, speakers, name: title, gender, frontEnd } = description
  const voice = `${family}:trial`
  const before = process.cpuUsage()
  const {
    text,
    speech,
    loudness: measured,
    gain,
  } = await calibrateVoice(engine, { voice, language, model }, loudness)
  const { user, system } = process.cpuUsage(before)
  const seconds = speech.samples.length / speech.sampleRate
  const fault = checkSpeech(speech, text)
  if (fault !== undefined) throw new Error(fault)
  return {
    family,
    checksum,
    ...(engine.validateModel !== undefined &&
      config !== undefined && { configChecksum: await checksumOf(config) }),
    language,
    speakers: [...speakers],
    ...(title !== undefined && { name: title }),
    ...(gender !== undefined && { gender }),
    ...(frontEnd !== undefined && { frontEnd }),
    gain,
    pace: await measurePace(engine, { voice, language, model }),
    loudness: measured,
    wordTimes: speech.words.length > 0,
    seconds,
    sampleRate: speech.sampleRate,
    bytes: (await stat(path)).size,
    speechPerCpuSecond: (seconds * 1e6) / Math.max(1, user + system),
    memoryBytes: process.memoryUsage.rss(),
  }
}

/** Reduces a list of VieNeu's voices to one. */
async function keepOnePreset(config: string, preset: string | undefined): Promise<void> {
  const reduced = reducePresets(await readFile(config, 'utf8'), preset)
  await writeFile(`${config}.one`, reduced, { flush: true })
  await rename(`${config}.one`, config)
}

/** By the names of a bundle's files, or a graph's inputs. */
async function familyOf(path: string, expected: VoiceFamily | undefined): Promise<VoiceFamily> {
  const files = await readBundleHead(path)
  if (files !== undefined) return wantedFamily(familyOfParts([...files.keys()]), expected, [...files.keys()])
  const { inputs } = await inspectModel(path)
  return wantedFamily(familyByInputs(inputs), expected, inputs)
}

function wantedFamily(
  family: VoiceFamily | undefined,
  expected: VoiceFamily | undefined,
  names: readonly string[],
): VoiceFamily {
  if (family === undefined)
    throw new Error(`it is a model of another kind: its inputs are ${names.slice(0, 8).join(', ')}`)
  // The Chinese model has the inputs of the other; by which symbols it was taught only its voices tell.
  if (expected === 'kokoro-zh' && family === 'kokoro') return expected
  if (expected !== undefined && family !== expected)
    throw new Error(`it is a voice of the family ${family}, not ${expected}`)
  return family
}

async function checksumOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  try {
    const { size } = await stat(path)
    if (size > maxModelBytes) throw new Error(`it is larger than any voice (${Math.round(size / 1e6)} MB)`)
    await pipeline(createReadStream(path), hash)
  } catch (error) {
    if (error instanceof Error && !('code' in error)) throw error
    throw new Error('the file cannot be read', { cause: error })
  }
  return hash.digest('hex')
}
