import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { speakNovel, surviveDamage } from '../damage/damage-run.ts'
import { temporaryFolder } from '../program/temporary-folder.ts'

const folder = await temporaryFolder()
afterAll(() => folder[Symbol.asyncDispose]())
const spoken = await speakNovel(join(folder.path, 'data'))
const seeds = Array.from({ length: 25 }, (_, at) => 100 + at)

test('clips.db overwritten at random 25 times is put right every time', async () => {
  for (const seed of seeds) expect(await surviveDamage(spoken, ['clips.db'], seed)).toBe('whole')
})

test('nightjar.db overwritten at random 25 times, it is called damaged or everything works', async () => {
  const ends = []
  for (const seed of seeds) ends.push(await surviveDamage(spoken, ['nightjar.db'], seed))
  expect(ends.filter((end) => end === 'refused').length).toBeGreaterThan(seeds.length / 2)
})
