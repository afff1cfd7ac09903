import { expect, test } from 'vitest'
import { castingOf, recipeForRole, recipesOf, singleVoice } from './casting.ts'
import { recipeHash } from './clip.ts'

const pauses = { sentence: 0.25, paragraph: 0.6, section: 1.2 }
const recipeOf = (voice: string) => recipeHash({ voice, speed: 1, engine: 'e', studio: '1', pauses })
const [narrator, ann, ben] = [recipeOf('odd:hum'), recipeOf('odd:ann'), recipeOf('odd:ben')]

test('the id of a single voice is the hash of its recipe', () => {
  expect(singleVoice(narrator)).toEqual({ id: narrator, narrator, parts: [] })
  expect(castingOf(narrator, [])).toEqual(singleVoice(narrator))
})

test('the order of the parts does not matter, and who speaks what does', () => {
  const one = castingOf(narrator, [
    { role: 2, recipe: ben },
    { role: 1, recipe: ann },
  ])
  const other = castingOf(narrator, [
    { role: 1, recipe: ann },
    { role: 2, recipe: ben },
  ])
  expect(one).toEqual(other)
  const swapped = castingOf(narrator, [
    { role: 1, recipe: ben },
    { role: 2, recipe: ann },
  ])
  const narrated = castingOf(ann, [
    { role: 1, recipe: narrator },
    { role: 2, recipe: ben },
  ])
  expect(new Set([one.id, swapped.id, narrated.id, narrator, ann, ben]).size).toBe(6)
  expect(one.id).toMatch(/^[0-9a-f]{32}$/)
})

test('a part that sounds as the narrator does, or is the narrator’s, changes nothing', () => {
  const one = castingOf(narrator, [{ role: 1, recipe: ann }])
  const more = castingOf(narrator, [
    { role: 0, recipe: ben },
    { role: 1, recipe: ann },
    { role: 3, recipe: narrator },
  ])
  expect(more).toEqual(one)
  expect(castingOf(narrator, [{ role: 1, recipe: narrator }])).toEqual(singleVoice(narrator))
})

test('a role without a part is spoken by the narrator; recipes that are shared are told once', () => {
  const casting = castingOf(narrator, [
    { role: 1, recipe: ann },
    { role: 2, recipe: ben },
    { role: 4, recipe: ann },
  ])
  expect([0, 1, 2, 3, 4].map((role) => recipeForRole(casting, role))).toEqual([
    narrator,
    ann,
    ben,
    narrator,
    ann,
  ])
  expect(recipesOf(casting)).toEqual([narrator, ann, ben])
})
