import { readFile } from 'node:fs/promises'
import { posix } from 'node:path'
import { Failure } from '../../novel/failure.ts'
import { type VoiceFamily, voiceFamilies } from '../../novel/installed-voice.ts'
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
    files: filesOf(row, bytes),
    bytes,
    ...(row.licence !== '' && { licence: row.licence }),
  }
}

function isFamily(name: string | undefined): name is VoiceFamily {
  return voiceFamilies.some((family) => family === name)
}

/** The small files first: a faulty source shows before the large one is downloaded. */
function filesOf(row: Row, bytes: number): CatalogueFile[] {
  const files: CatalogueFile[] = [{ role: 'card', path: row.card }]
  if (row['config checksum'] !== '') {
    files.push({ role: 'config', path: configPath(row), checksum: checksumOf(row['config checksum']) })
  }
  files.push({ role: 'model', path: row.model, bytes, checksum: checksumOf(row.checksum) })
  return files
}

/** Piper's configurations lie beside their models, Kokoro's tables of styles in a folder `voices` beside that of the model. */
function configPath({ id, model }: Row): string {
  const [family, name = ''] = id.split(':')
  return family === 'kokoro' ? posix.join(posix.dirname(model), '..', 'voices', `${name}.bin`) : `${model}.json`
}

function checksumOf(written: string): Checksum {
  const [algorithm, hex = ''] = written.split(':')
  if ((algorithm !== 'md5' && algorithm !== 'sha256') || hex.length !== (algorithm === 'md5' ? 32 : 64)) {
    throw new Error(`catalogue.tsv has an invalid checksum: ${written}`)
  }
  return { algorithm, hex }
}
