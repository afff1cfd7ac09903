import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { Clip } from '../../novel/clip.ts'
import { Failure } from '../../novel/failure.ts'
import { type BlendPart, type InstalledVoice, isKokoro } from '../../novel/installed-voice.ts'
import { blendStyles, parseStyleTable } from '../../speech/style-table.ts'
import { receiveFile } from '../../storage/local/temporary-files.ts'
import { voiceKeys } from '../../storage/object-keys.ts'
import { readObject } from '../../storage/object-store.ts'
import { openModel } from '../../storage/voices/voice-model-files.ts'
import type { Application } from '../application.ts'
import { storedModelOf } from './shared-model.ts'
import type { VoiceChangeParts } from './voice-changes.ts'
import type { VoiceRegistry } from './voice-registry.ts'
import { addUploadedVoice } from './voice-installation.ts'

type BlendContext = VoiceChangeParts & Pick<Application, 'folder' | 'objects' | 'pool'>

/**
 * Makes a voice of several of Kokoro's: the weighted mean of their styles. Idempotent: the same blend is the same voice.
 * Throws `voice.unknown`, `voice.unfit`, `request.senseless`.
 */
export async function addBlend(
  application: BlendContext,
  { parts, name }: { readonly parts: readonly BlendPart[]; readonly name?: string | undefined },
  signal: AbortSignal,
): Promise<InstalledVoice> {
  const { table, main } = await blended(application, parts)
  await using config = await receiveFile(application.folder, Readable.from([table]), signal)
  const title = name ?? blendName(application, parts)
  return await addUploadedVoice(
    application,
    { config, fileName: `${title}.bin`, name: title, blend: { parts, of: main } },
    signal,
  )
}

/** Speaks a text with a blend that is not kept. Throws like `addBlend`, and `voice.silent`. */
export async function speakBlend(
  application: BlendContext,
  { parts, text }: { readonly parts: readonly BlendPart[]; readonly text: string },
): Promise<Clip> {
  const { folder, objects, pool } = application
  if (pool.localSize === 0)
    throw new Failure('voice.silent', {
      voice: blendName(application, parts),
      detail: 'a blend can be heard before it is kept only where this machine speaks itself',
    })
  const { table, main } = await blended(application, parts)
  const shared = await storedModelOf(application, main)
  if (!shared) throw new Failure('voice.unfit', { file: main.name, detail: 'its model is lost: install it again' })
  await using config = await receiveFile(folder, Readable.from([table]))
  await using opened = await openModel(objects, shared.model)
  try {
    return await pool.speak({
      text,
      voice: `${main.family}:blend`,
      speed: 1,
      pauseSeconds: 0.25,
      seed: 'sample',
      pace: main.pace ?? 1,
      model: { ...opened.model, config: config.path, configChecksum: config.sha256 },
    })
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause)
    throw new Failure('voice.silent', { voice: blendName(application, parts), detail }, { cause })
  }
}

/** `Bella 60 % + Sky 40 %`. */
function blendName({ voices }: Pick<Application, 'voices'>, parts: readonly BlendPart[]): string {
  return parts
    .map(({ voice, percent }) => `${voices.nameOf(voice).replace(/^Kokoro /, '')} ${percent} %`)
    .join(' + ')
}

/** The blended table as bytes, and the voice that has the largest part in it. */
async function blended(
  { objects, voices }: BlendContext,
  parts: readonly BlendPart[],
): Promise<{ readonly table: Uint8Array; readonly main: InstalledVoice }> {
  const sum = parts.reduce((total, { percent }) => total + percent, 0)
  if (sum !== 100)
    throw new Failure('request.senseless', {
      detail: `parts: they add up to ${sum} %; they have to make 100 %`,
      field: 'parts',
    })
  if (new Set(parts.map(({ voice }) => voice)).size < parts.length)
    throw new Failure('request.senseless', { detail: 'parts: each voice may be named once', field: 'parts' })
  const installed = parts.map(({ voice }) => kokoroVoice(voices, voice))
  const main = installed.reduce((best, one, at) =>
    parts[at]!.percent > parts[installed.indexOf(best)]!.percent ? one : best,
  )
  const other = installed.find(({ checksum }) => checksum !== main.checksum)
  if (other)
    throw new Failure('request.senseless', {
      detail: `parts: ${other.name} has another model than ${main.name}; install both with the same`,
      field: 'parts',
    })
  const tables = await Promise.all(
    installed.map(async ({ folder, name, configChecksum }) => {
      const bytes = await readObject(objects, voiceKeys(folder).config)
      if (!bytes || createHash('sha256').update(bytes).digest('hex') !== configChecksum)
        throw new Failure('voice.unfit', { file: name, detail: 'its table of styles is lost: install it again' })
      return parseStyleTable(bytes)
    }),
  )
  const table = blendStyles(tables.map((one, at) => ({ table: one, weight: parts[at]!.percent })))
  return { table: new Uint8Array(table.buffer), main }
}

/** Throws `voice.unknown`, `request.senseless`. */
function kokoroVoice(voices: VoiceRegistry, id: string): InstalledVoice {
  const { name } = voices.byId(id)
  const installed = voices.installed(id)
  if (!installed || !isKokoro(installed.family))
    throw new Failure('request.senseless', {
      detail: `parts: ${name} is not one of Kokoro’s voices, and only those can be blended`,
      field: 'parts',
    })
  return installed
}
