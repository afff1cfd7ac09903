import { expect, test } from 'vitest'
import type { CastView } from '../../src/http/contract/cast-contract.ts'
import { castMerged, castWith, castWithDialogue, castWithProposals } from './wanted-cast.ts'

const cast: CastView = {
  state: 'ready',
  version: 4,
  applied: true,
  lapsed: false,
  unread: 0,
  characters: [
    { role: 2, name: 'Darcy', names: ['darcy'], lines: 9 },
    { role: 3, name: 'Mr. Darcy', names: ['mr. darcy'], gender: 'male', voice: 'a:1', lines: 4, sameAs: 2 },
    { role: 4, name: 'Jane', names: ['jane'], lines: 2, proposedVoice: 'a:2' },
  ],
  open: 1,
  narrated: 0,
  corrections: 0,
  sentences: [],
  undo: false,
  redo: false,
}

test('one character is changed, the others stay', () => {
  const { version, characters } = castWith(cast, 4, (one) => ({ ...one, voice: 'a:3' }))
  expect(version).toBe(4)
  expect(characters.map(({ role, voice }) => [role, voice])).toEqual([
    [2, null],
    [3, 'a:1'],
    [4, 'a:3'],
  ])
})

test('a character that becomes part of another leaves it names, voice and gender', () => {
  expect(castMerged(cast, 3, 2).characters).toMatchObject([
    { role: 2, name: 'Darcy', names: ['darcy', 'mr. darcy'], voice: 'a:1', gender: 'male' },
    { role: 4 },
  ])
})

test('proposals are taken for those who have no voice', () => {
  expect(castWithProposals(cast).characters.map(({ voice }) => voice)).toEqual([null, 'a:1', 'a:2'])
  expect(castWithDialogue(cast, 'a:4')).toMatchObject({ dialogue: 'a:4', characters: [{}, {}, {}] })
})
