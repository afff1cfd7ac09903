import { expect, test } from 'vitest'
import { emptyDatabase } from '../../../test/fixtures/small-novel.ts'
import { recipeHash } from '../../novel/clip.ts'
import {
  type InstalledVoice,
  sharesModel,
  type VoiceFamily,
  voiceFamilies,
} from '../../novel/installed-voice.ts'
import { insertVoice } from '../../storage/queries/voice-queries.ts'
import { VoiceRegistry } from './voice-registry.ts'

const pauses = { sentence: 0.25, paragraph: 0.6, section: 1.2, opening: 0.5 }
const joe: Omit<InstalledVoice, 'family' | 'folder' | 'id'> = {
  name: 'Joe',
  language: 'en-US',
  speakers: [],
  source: 'file',
  configured: true,
  checksum: 'a'.repeat(64),
  configChecksum: 'c'.repeat(64),
  bytes: 1,
  gain: 0.5,
  pace: 0.9,
  createdAt: '2026-01-01T00:00:00.000Z',
}

/** What becomes of a voice's key when this changes. A new setting has to be given its place here, or this file does not compile. */
const audible: Readonly<Record<keyof InstalledVoice, readonly Partial<InstalledVoice>[] | 'not heard'>> = {
  checksum: [{ checksum: 'd'.repeat(64) }],
  configChecksum: [{ configChecksum: 'd'.repeat(64) }],
  gain: [{ gain: 0.6 }],
  pace: [{ pace: 0.8 }],
  language: [{ language: 'en-GB' }],
  frontEnd: [{ frontEnd: 'pinyin' }],
  // It is the voice's id and its engine.
  id: 'not heard',
  family: 'not heard',
  name: 'not heard',
  gender: 'not heard',
  quality: 'not heard',
  speakers: 'not heard',
  licence: 'not heard',
  source: 'not heard',
  folder: 'not heard',
  createdAt: 'not heard',
  cost: 'not heard',
  bytes: 'not heard',
  // Of the model and the configuration that they make, there are the checksums.
  configured: 'not heard',
  weights: 'not heard',
  blend: 'not heard',
}

/** What a family takes from elsewhere: Piper's language is that of its configuration, others have front ends by language. */
const unused: Readonly<Partial<Record<VoiceFamily, readonly (keyof InstalledVoice)[]>>> = {
  piper: ['language'],
  hibari: ['frontEnd'],
  kokoro: ['frontEnd'],
  'kokoro-zh': ['frontEnd'],
  vieneu: ['frontEnd'],
  supertonic: ['frontEnd'],
}

test.each(voiceFamilies)('whatever shapes the sound of a voice of %s is in its key', async (family) => {
  const base: InstalledVoice = { ...joe, id: `${family}:one`, family, folder: `${family}-one` }
  const changes = Object.entries(audible).flatMap(([setting, values]) =>
    values === 'not heard' || unused[family]?.some((name) => name === setting) ? [] : values,
  )
  // Heart's family speaks English alone.
  if (sharesModel(family)) changes.push({ language: 'vi' })
  expect(changes.length).toBeGreaterThan(4)
  const db = await emptyDatabase()
  const registry = async (version: string): Promise<VoiceRegistry> => {
    const engines = voiceFamilies.map((name) => ({ name, version: `${name}-${version}`, voices: [] }))
    const voices = new VoiceRegistry({ db, engines, pauses })
    await voices.reload()
    return voices
  }
  /** The key of a voice as if it had the name of the first: what is heard of it alone. */
  const keyOf = (voices: VoiceRegistry, id: string): string =>
    recipeHash({ ...voices.recipe({ voice: id, speed: 1, language: 'en' }), voice: base.id })
  await insertVoice(db, base)
  const voices = await registry('1')
  const keys = [keyOf(voices, base.id)]
  for (const [index, change] of changes.entries()) {
    const id = `${family}:other-${index}`
    await insertVoice(db, { ...base, ...change, id, folder: id })
    await voices.reload()
    keys.push(keyOf(voices, id))
  }
  keys.push(keyOf(await registry('2'), base.id))
  expect(new Set(keys).size).toBe(changes.length + 2)
})
