import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { voiceFamilies } from '../../novel/installed-voice.ts'
import { engineRegistry, openEngines } from './engine-registry.ts'

test('every engine opens under the name that it is registered by, its voices with it', async () => {
  const engines = await openEngines()
  expect(engines.map(({ name }) => name)).toEqual(engineRegistry.map(({ name }) => name))
  const ids = engines.flatMap(({ voices }) => voices.map(({ id }) => id))
  expect(new Set(ids).size).toBe(ids.length)
  for (const engine of engines) await engine.close()
})

test('every folder of engines, and every family that can be installed, is registered', () => {
  const folders = readdirSync(new URL('../engines/', import.meta.url))
  const names = engineRegistry.map(({ name }) => name)
  // The Chinese model of Kokoro is another engine of the same folder.
  expect(folders.toSorted()).toEqual(names.filter((name) => name !== 'kokoro-zh').toSorted())
  expect(names).toEqual(expect.arrayContaining([...voiceFamilies]))
})
