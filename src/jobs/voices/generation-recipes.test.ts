import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import pino from 'pino'
import { v7 as uuidv7 } from 'uuid'
import { beforeEach, expect, test } from 'vitest'
import { emptyDatabase, insertSmallNovel } from '../../../test/fixtures/small-novel.ts'
import { masteringVersion } from '../../audio/mastering-settings.ts'
import { singleVoice } from '../../novel/casting.ts'
import { type Recipe, recipeHash } from '../../novel/clip.ts'
import type { InstalledVoice } from '../../novel/installed-voice.ts'
import type { SpeechServer } from '../../novel/speech-server.ts'
import type { Database } from '../../storage/database-tables.ts'
import { type DataPaths, openDataFolder } from '../../storage/local/data-paths.ts'
import { chaptersOf } from '../../storage/queries/chapter-queries.ts'
import { insertGeneration } from '../../storage/queries/generation-queries.ts'
import { novelById } from '../../storage/queries/novel-queries.ts'
import { insertServer, updateServer } from '../../storage/queries/speech-server-queries.ts'
import { insertVoice, renameVoice } from '../../storage/queries/voice-queries.ts'
import type { Application } from '../application.ts'
import { ActiveGenerations } from '../scheduler/active-generations.ts'
import { castingFor, stampLegacyRecipes } from './generation-recipes.ts'
import { renewCastings } from './voice-changes.ts'
import { VoiceRegistry } from './voice-registry.ts'

const voice = (id: string) => ({ id, engine: id.split(':')[0]!, name: id, language: 'en-US', neural: true })
const engines = [
  { name: 'hibari', version: 'hibari-1', voices: [voice('hibari:heart')] },
  { name: 'piper', version: 'piper-1', voices: [] },
  { name: 'kokoro', version: 'kokoro-1', voices: [] },
  { name: 'kokoro-zh', version: 'kokoro-zh-1', voices: [] },
  { name: 'espeak', version: 'espeak-1', voices: [voice('espeak:en-us'), voice('espeak:en-gb')] },
]
const pauses = { sentence: 0.25, paragraph: 0.6, section: 1.2, opening: 0.5 }
const legacyPauses = { sentence: 0.25, paragraph: 0.6, section: 1.2 }
const joe: InstalledVoice = {
  id: 'piper:joe',
  family: 'piper',
  name: 'Joe',
  language: 'en-US',
  speakers: ['Joe', 'Ann'],
  source: 'file',
  folder: 'joe',
  configured: true,
  checksum: 'a'.repeat(64),
  configChecksum: 'c'.repeat(64),
  bytes: 1,
  gain: 0.5,
  pace: 0.9,
  createdAt: '2026-01-01T00:00:00.000Z',
}
const may: InstalledVoice = {
  ...joe,
  id: 'hibari:may',
  family: 'hibari',
  folder: 'may',
  speakers: [],
  checksum: 'b'.repeat(64),
}
const desk: SpeechServer = {
  name: 'desk',
  title: 'Desk PC',
  address: 'http://desk:8880/v1',
  key: 'sk-1',
  model: 'kokoro',
  parallel: 1,
  charactersPerRequest: 4096,
}

let db: Database
let folder: DataPaths
let voices: VoiceRegistry

beforeEach(async () => {
  db = await emptyDatabase()
  folder = openDataFolder(mkdtempSync(join(tmpdir(), 'nightjar-test-')))
  for (const installed of [joe, may]) await insertVoice(db, installed)
  await insertServer(db, { server: desk, voices: ['bella'], voicesListed: false }, () => 'desk')
  voices = new VoiceRegistry({ db, engines, pauses })
  await voices.reload()
})

/** The recipe of a novel's narrator. */
const recipeOf = async (...wanted: Parameters<typeof castingFor>) => (await castingFor(...wanted)).recipes[0]

const application = () => ({ db, folder, voices, log: pino({ level: 'silent' }) }) as unknown as Application

/** The recipe's part of a clip key, for a new novel. */
function key(id: string, registry = voices, speed = 1): string {
  return recipeHash(registry.recipe({ voice: id, speed, language: 'en' }))
}

/** The same after a change. */
async function keyAfter(id: string, change: () => Promise<unknown>): Promise<string> {
  await change()
  await voices.reload()
  return key(id)
}

const column = (id: string, set: Record<string, unknown>) => () =>
  db.updateTable('voices').set(set).where('id', '=', id).execute()
const ofServer = (change: Partial<SpeechServer>) => () =>
  updateServer(db, 'desk', (known) => ({ ...known, server: { ...known.server, ...change } }))

test.each([
  ['a model', joe.id, column(joe.id, { checksum: 'd'.repeat(64) })],
  ['a configuration', joe.id, column(joe.id, { configChecksum: 'd'.repeat(64) })],
  ['a configuration, of a second speaker', `${joe.id}:1`, column(joe.id, { configChecksum: 'd'.repeat(64) })],
  ['a gain', joe.id, column(joe.id, { gain: 0.6 })],
  ['a pace', joe.id, column(joe.id, { pace: 0.8 })],
  ['a model of Heart’s family', may.id, column(may.id, { checksum: 'd'.repeat(64) })],
  ['the language, and so the accent, of Heart’s family', may.id, column(may.id, { language: 'en-GB' })],
  ['a speech server’s model', 'server:desk:bella', ofServer({ model: 'tts-1' })],
  ['a speech server’s address', 'server:desk:bella', ofServer({ address: 'http://other:1/v1' })],
  ['the rate of a speech server’s raw samples', 'server:desk:bella', ofServer({ pcmRate: 22_050 })],
  ['the limit at which a speech server’s texts are split', 'server:desk:bella', ofServer({ charactersPerRequest: 100 })],
] as const)('a change of the sound changes the key: %s', async (_, id, change) => {
  const known = key(id)
  expect(await keyAfter(id, change)).not.toBe(known)
})

test.each([
  ['a name', joe.id, column(joe.id, { name: 'Joseph' })],
  ['a Piper voice’s language, which its configuration decides', joe.id, column(joe.id, { language: 'de' })],
  ['a region of the same accent', may.id, column(may.id, { language: 'en-CA' })],
  ['a speech server’s title and key', 'server:desk:bella', ofServer({ title: 'Cellar', key: 'sk-2' })],
  ['the parallel requests of a speech server', 'server:desk:bella', ofServer({ parallel: 4 })],
  ['a limit that splits no sentence', 'server:desk:bella', ofServer({ charactersPerRequest: 5000 })],
] as const)('a change that is not audible keeps the key: %s', async (_, id, change) => {
  const known = key(id)
  expect(await keyAfter(id, change)).toBe(known)
})

test('a front end is in the recipe of the voices that speak by it, and of no others', async () => {
  const kokoro = { ...joe, family: 'kokoro', speakers: [] } as const
  await insertVoice(db, { ...kokoro, id: 'kokoro:jf', folder: 'jf', language: 'ja' })
  await insertVoice(db, { ...kokoro, id: 'kokoro:af', folder: 'af' })
  await insertVoice(db, { ...kokoro, id: 'kokoro-zh:zf', family: 'kokoro-zh', folder: 'zf', language: 'zh-CN' })
  await insertVoice(db, { ...joe, id: 'piper:xiao', folder: 'xiao', language: 'zh-CN', frontEnd: 'pinyin' })
  await insertVoice(db, { ...joe, id: 'piper:huayan', folder: 'huayan', language: 'zh-CN' })
  await voices.reload()
  const frontEnds = ['kokoro:jf', 'kokoro:af', 'kokoro-zh:zf', 'piper:xiao', 'piper:huayan', joe.id].map(
    (id) => /(?<=^[\w-]+ )(?:japanese|pinyin)-\d/.exec(voices.engineOf(id))?.[0],
  )
  expect(frontEnds).toEqual(['japanese-1', undefined, 'pinyin-1', 'pinyin-1', undefined, undefined])
})

test('the key depends on voice, speed, engine and every pause', async () => {
  const keys = [
    key('espeak:en-us'),
    key('espeak:en-gb'),
    key('espeak:en-us', voices, 1.25),
    key(`${joe.id}:1`),
  ]
  for (const [name, seconds] of Object.entries(pauses)) {
    const other = new VoiceRegistry({ db, engines, pauses: { ...pauses, [name]: seconds + 0.1 } })
    await other.reload()
    keys.push(key('espeak:en-us', other))
  }
  const newer = engines.map((engine) => ({ ...engine, version: `${engine.version}+` }))
  const other = new VoiceRegistry({ db, engines: newer, pauses })
  await other.reload()
  keys.push(...['espeak:en-us', joe.id, may.id].map((id) => key(id, other)), key(joe.id), key(may.id))
  expect(new Set(keys).size).toBe(keys.length)
})

/** Inserts a novel with a generation in a recipe. Returns the novel. */
async function insertNovelWithRecipe(recipe: Recipe) {
  const novelId = await insertSmallNovel(db, [['Yes.'], ['No.']])
  const [first] = await chaptersOf(db, novelId)
  const generation = {
    id: uuidv7(),
    novelId,
    voice: recipe.voice,
    speed: recipe.speed,
    casting: singleVoice(recipeHash(recipe)),
    priority: 0,
    desiredState: 'run',
    createdAt: new Date().toISOString(),
  } as const
  await insertGeneration(db, generation, [recipe], [first!.id])
  return { ...(await novelById(db, novelId))!, voice: recipe.voice }
}

const old = (id: string, engine: string): Recipe => ({
  voice: id,
  speed: 1,
  engine,
  studio: masteringVersion,
  pauses: legacyPauses,
})
const oldEngines = {
  'hibari:heart': 'hibari-1',
  [joe.id]: 'piper-1 model-aaaaaaaaaaaa gain-0.5000',
  [may.id]: 'hibari-1 model-bbbbbbbbbbbb gain-0.5000',
  'server:desk:bella': 'speech-server kokoro',
}

test.each(Object.entries(oldEngines))(
  'a novel with a recipe from before pace was introduced keeps it: %s',
  async (id, engine) => {
    const recipe = old(id, engine)
    const novel = await insertNovelWithRecipe(recipe)
    await stampLegacyRecipes(application())
    const kept = await recipeOf(application(), novel)
    expect(recipeHash(kept)).toBe(recipeHash(recipe))
    expect(kept.pace).toBeUndefined()
    // Another novel, and another speed of this one, get a current recipe.
    expect((await recipeOf(application(), { ...novel, id: uuidv7() })).pace).toBeDefined()
    expect((await recipeOf(application(), novel, { speed: 1.5 })).pace).toBeDefined()
  },
)

test('a novel keeps its accent; a change of model, configuration or server makes another recipe', async () => {
  const novels = await Promise.all(Object.entries(oldEngines).map(([id, engine]) => insertNovelWithRecipe(old(id, engine))))
  await stampLegacyRecipes(application())
  const mine = await insertNovelWithRecipe(voices.recipe({ voice: may.id, speed: 1.5, language: 'en' }))
  await renameVoice(db, may.id, { language: 'en-GB' })
  await column(joe.id, { configChecksum: 'd'.repeat(64) })()
  await ofServer({ address: 'http://other:1/v1' })()
  await voices.reload()
  const paces = []
  for (const novel of novels) paces.push((await recipeOf(application(), novel)).pace === undefined)
  expect(paces).toEqual([true, false, true, false])
  expect(await recipeOf(application(), novels[2]!)).toMatchObject({ accent: 'en-us' })
  expect(await recipeOf(application(), { ...mine, speed: 1.5 })).toMatchObject({ accent: 'en-us' })
  expect(await recipeOf(application(), { ...mine, id: uuidv7() })).toMatchObject({ accent: 'en-gb' })
})

test('a recipe that was stamped while its voice was missing is not reproducible later', async () => {
  const recipe = old('piper:gone', 'piper-1 model-eeeeeeeeeeee gain-0.5000')
  const novel = await insertNovelWithRecipe(recipe)
  await stampLegacyRecipes(application())
  await insertVoice(db, { ...joe, id: 'piper:gone', folder: 'gone', checksum: 'e'.repeat(64) })
  await voices.reload()
  expect((await recipeOf(application(), novel)).pace).toBeDefined()
  const { rows } = await sql<{ made: string }>`SELECT made FROM recipes WHERE voice = 'piper:gone'`.execute(
    db,
  )
  expect(rows).toEqual([{ made: recipe.engine }])
})

test('an active generation keeps its recipe at a start, and gets the current one if that is not reproducible', async () => {
  const recipe = old(joe.id, oldEngines[joe.id]!)
  await insertNovelWithRecipe(recipe)
  const activeGenerations = new ActiveGenerations(db)
  const activeRecipes = async () => {
    await activeGenerations.reload()
    await renewCastings({ ...application(), activeGenerations })
    await activeGenerations.reload()
    return [...activeGenerations.all()].map(({ generation }) => generation.casting.id)
  }
  // Not stamped yet.
  expect(await activeRecipes()).toEqual([recipeHash(recipe)])
  await stampLegacyRecipes(application())
  expect(await activeRecipes()).toEqual([recipeHash(recipe)])
  const current = await keyAfter(joe.id, column(joe.id, { configChecksum: 'd'.repeat(64) }))
  expect(await activeRecipes()).toEqual([current])
})

test('everything that shapes the sound of a voice of Kokoro is in its recipe', async () => {
  const bella: InstalledVoice = { ...joe, id: 'kokoro:bella', family: 'kokoro', folder: 'bella', speakers: [] }
  const novel = { voice: null, speed: 1, language: 'en' }
  const changes: readonly Partial<InstalledVoice>[] = [
    {},
    { checksum: 'd'.repeat(64) },
    { configChecksum: 'e'.repeat(64) },
    { gain: 0.6 },
    { pace: 1 },
    { language: 'en-GB' },
    { language: 'fr' },
  ]
  const hashes: string[] = []
  for (const [index, change] of changes.entries()) {
    const id = `${bella.id}-${index}`
    await insertVoice(db, { ...bella, ...change, id, folder: id })
    await voices.reload()
    hashes.push(recipeHash({ ...voices.recipe(novel, { voice: id }), voice: bella.id }))
  }
  const faster = voices.recipe({ ...novel, speed: 1.2 }, { voice: `${bella.id}-0` })
  const older = new VoiceRegistry({
    db,
    engines: engines.map((engine) => ({ ...engine, version: `${engine.version}-old` })),
    pauses,
  })
  await older.reload()
  hashes.push(recipeHash({ ...faster, voice: bella.id }))
  hashes.push(recipeHash({ ...older.recipe(novel, { voice: `${bella.id}-0` }), voice: bella.id }))
  expect(new Set(hashes).size).toBe(changes.length + 2)
})
