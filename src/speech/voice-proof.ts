import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { loudness } from '../audio/loudness.ts'
import type { VoiceFamily } from '../novel/installed-voice.ts'
import type { VoiceModel } from '../novel/voice-model.ts'
import { calibrateVoice } from './calibration.ts'
import type { SpeechEngine } from './engine.ts'
import { checkSpeech } from './listening-checks.ts'
import type { ModelCache } from './model-shelf.ts'
import { PiperEngine } from './piper-engine.ts'
import type { ValidateRequest, VoiceValidation } from './speaker-protocol.ts'
import { measurePace } from './voice-pace.ts'
import { familyByInputs } from './voice-family.ts'

/**
 * What a process that tries a voice may take, in bytes: a speaker took 0.7 GB with Joe, whose file has 63 MB, and the
 * largest of the public ones has twice that.
 */
export const validationMemory = 2_000_000_000

/** The largest of the public voices has 130 MB. */
const maxModelBytes = 500_000_000

/**
 * Tries a file of unknown origin: loads it, tells its family from what it wants to be given, has it speak and listens.
 * Throws an `Error` with one sentence for people. A file may also make the process hang, or end it: who asks for this
 * has a process to lose.
 */
export async function validateVoiceFile(
  request: ValidateRequest,
  engines: readonly SpeechEngine[],
  models: ModelCache,
): Promise<VoiceValidation> {
  const checksum = await checksumOf(request.model)
  const { model: path, config, language: said = 'en-US' } = request
  const model: VoiceModel = { model: path, config, checksum, language: said }
  const family = await models.use(model, async ({ inputs }) => expectedFamily(inputs, request.family))
  const engine = engines.find(({ name }) => name === family)
  if (engine === undefined) throw new Error(`no engine speaks voices of the family ${family}`)
  const { language, speakers } = await describeVoice(engine, model)
  const voice = `${family}:trial`
  const {
    text,
    speech,
    loudness: measured,
    gain,
  } = await calibrateVoice(engine, { voice, language, model }, loudness)
  const complaint = checkSpeech(speech, text)
  if (complaint !== undefined) throw new Error(complaint)
  return {
    family,
    checksum,
    // Only Piper's voices are shaped by it.
    ...(family === 'piper' && config !== undefined && { configChecksum: await checksumOf(config) }),
    language,
    speakers: [...speakers],
    gain,
    pace: await measurePace(engine, { voice, language, model }),
    loudness: measured,
    wordTimes: speech.words.length > 0,
    seconds: speech.samples.length / speech.sampleRate,
    sampleRate: speech.sampleRate,
  }
}

/** What a voice says of itself. A Piper voice is made to speak all that its configuration says it can. */
async function describeVoice(
  engine: SpeechEngine,
  model: VoiceModel,
): Promise<{ readonly language: string; readonly speakers: readonly string[] }> {
  if (!(engine instanceof PiperEngine)) return { language: model.language, speakers: [] }
  const { language, speakerNames } = await engine.config(model)
  await engine.selfTest(model)
  return { language, speakers: speakerNames }
}

function expectedFamily(inputs: readonly string[], expected: VoiceFamily | undefined): VoiceFamily {
  const family = familyByInputs(inputs)
  if (family === undefined)
    throw new Error(`it is a model of another kind: its inputs are ${inputs.slice(0, 8).join(', ')}`)
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
