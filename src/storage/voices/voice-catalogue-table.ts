import { readFile } from 'node:fs/promises'
import { posix } from 'node:path'
import { publishedParts } from '../../novel/bundled-models.ts'
import { isBundled } from '../../novel/model-parts.ts'
import { Failure } from '../../novel/failure.ts'
import { isKokoro, type VoiceFamily, voiceFamilies } from '../../novel/installed-voice.ts'
import {
  type CatalogueFile,
  type CatalogueVoice,
  type Checksum,
  voiceQualities,
} from '../../novel/voice-catalogue.ts'

const table = new URL('../../../voices/catalogue.tsv', import.meta.url)

const columns = [
  'id',
  'language',
  'language name',
  'native name',
  'name',
  'gender',
  'quality',
  'speakers',
  'model',
  'bytes',
  'checksum',
  'config checksum',
  'card',
  'licence',
] as const

type Row = Readonly<Record<(typeof columns)[number], string>>

/** The public voices, in the order of `voices/catalogue.tsv`. */
export async function readCatalogue(): Promise<CatalogueVoice[]> {
  const [head, ...lines] = (await readFile(table, 'utf8')).trimEnd().split('\n')
  if (head !== columns.join('\t')) throw new Error('catalogue.tsv has unexpected columns')
  return lines.map((line) => {
    const cells = line.split('\t')
    return voiceOf(Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? ''])) as Row)
  })
}

/** Throws `voice.not-in-catalogue`. */
export function catalogueVoice(voices: readonly CatalogueVoice[], id: string): CatalogueVoice {
  const voice = voices.find((one) => one.id === id)
  if (!voice) throw new Failure('voice.not-in-catalogue', { voice: id })
  return voice
}

function voiceOf(row: Row): CatalogueVoice {
  const [family] = row.id.split(':', 1)
  const quality = voiceQualities.find((one) => one === row.quality)
  const [speakers, bytes] = [Number(row.speakers), Number(row.bytes)]
  if (!isFamily(family) || !quality || !(speakers >= 1) || !(bytes > 0)) {
    throw new Error(`catalogue.tsv has an invalid row: ${row.id}`)
  }
  return {
    id: row.id,
    family,
    language: row.language,
    languageName: row['language name'],
    nativeName: row['native name'],
    name: row.name,
    ...((row.gender === 'female' || row.gender === 'male') && { gender: row.gender }),
    quality,
    speakers,
    files: filesOf(row, family, bytes),
    bytes: modelBytes(family, bytes),
    ...(row.licence !== '' && { licence: row.licence }),
  }
}

function isFamily(name: string | undefined): name is VoiceFamily {
  return voiceFamilies.some((family) => family === name)
}

/** The small files first: a faulty source shows before the large one is downloaded. */
function filesOf(row: Row, family: VoiceFamily, bytes: number): CatalogueFile[] {
  const files: CatalogueFile[] = [{ role: 'card', path: row.card }]
  if (row['config checksum'] !== '') {
    files.push({ role: 'config', path: configPath(row), checksum: checksumOf(row['config checksum']) })
  }
  const model: CatalogueFile = { role: 'model', path: row.model, bytes, checksum: checksumOf(row.checksum) }
  return [...files, ...otherParts(family, row.model), model]
}

/** The files beside the largest one of a model that has several. */
function otherParts(family: VoiceFamily, model: string): CatalogueFile[] {
  if (!isBundled(family)) return []
  return publishedParts[family]
    .filter(({ name }) => name !== posix.basename(model))
    .map(({ name, bytes, sha256 }) => ({
      role: 'model',
      path: posix.join(posix.dirname(model), name),
      bytes,
      checksum: { algorithm: 'sha256', hex: sha256 },
    }))
}

function modelBytes(family: VoiceFamily, bytes: number): number {
  if (!isBundled(family)) return bytes
  return publishedParts[family].reduce((sum, part) => sum + part.bytes, 0)
}

/** Where VieNeu's voices are listed: in the repository of its program, not beside its model. */
const vieneuVoices =
  'https://raw.githubusercontent.com/pnnbao97/VieNeu-TTS/3206ed960e317e69bfe09f9d553aecbf1090f32e/src/vieneu/assets/voices_v3_nano.json'

/** Piper's configurations lie beside their models, styles in a folder beside that of the model. */
function configPath({ id, model }: Row): string {
  const [family, name = ''] = id.split(':')
  const beside = (folder: string, file: string) => posix.join(posix.dirname(model), '..', folder, file)
  if (isKokoro(family ?? '')) return beside('voices', `${name}.bin`)
  if (family === 'supertonic') return beside('voice_styles', `${name}.json`)
  return family === 'vieneu' ? vieneuVoices : `${model}.json`
}

function checksumOf(written: string): Checksum {
  const [algorithm, hex = ''] = written.split(':')
  if ((algorithm !== 'md5' && algorithm !== 'sha256') || hex.length !== (algorithm === 'md5' ? 32 : 64)) {
    throw new Error(`catalogue.tsv has an invalid checksum: ${written}`)
  }
  return { algorithm, hex }
}
