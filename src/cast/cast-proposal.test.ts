import { expect, test } from 'vitest'
import { emptyCast, type Line } from '../novel/cast.ts'
import {
  countSpeakers,
  foundSpeakers,
  type FoundSpeaker,
  type NameCounts,
  proposeAliases,
  proposeCast,
  proposeVoices,
} from './cast-proposal.ts'
import { noEvidence } from './name-evidence.ts'

const linesOf = (...speakers: string[]): Line[] =>
  speakers.map((speaker, at) => ({ block: at, start: 0, end: 5, kind: 'speech', speaker, basis: 'said' }))

function found(...speakers: string[]): FoundSpeaker[] {
  const counts: NameCounts = new Map()
  countSpeakers(linesOf(...speakers), counts)
  return foundSpeakers(counts, noEvidence())
}

const speakers = [
  'Mr. Darcy',
  'Mr. Darcy',
  'Mr. Darcy',
  'Darcy',
  'Darcy',
  'The old woman',
  'the old woman',
  'Once',
]

test('speakers with several lines are characters, by number of lines, with what their names tell', () => {
  const { characters } = proposeCast(emptyCast, found(...speakers))
  expect(characters).toEqual([
    { role: 2, name: 'Mr. Darcy', names: ['mr. darcy'], gender: 'male' },
    { role: 3, name: 'Darcy', names: ['darcy'] },
    { role: 4, name: 'The old woman', names: ['old woman'], gender: 'female', age: 'old' },
  ])
  expect(proposeAliases({ characters })).toEqual([{ role: 3, sameAs: 2 }])
})

test('another analysis keeps what somebody has made of the cast', () => {
  const edited = {
    characters: [{ role: 2, name: 'Fitzwilliam', names: ['mr. darcy', 'darcy'], voice: 'a:1' }],
    corrections: { line: { role: 2, was: 'once' } },
  }
  expect(proposeCast(edited, found(...speakers))).toEqual({
    characters: [
      ...edited.characters,
      { role: 3, name: 'The old woman', names: ['old woman'], gender: 'female', age: 'old' },
    ],
    corrections: { line: { role: 2, was: 'once' } },
  })
})

test('the next book of a series begins with the voices of the last', () => {
  const last = {
    characters: [
      { role: 9, name: 'Darcy', names: ['mr. darcy', 'darcy'], gender: 'male' as const, voice: 'a:1' },
    ],
    dialogue: 'a:2',
    corrections: {},
  }
  const { characters, dialogue } = proposeCast(emptyCast, found(...speakers), [last])
  expect(characters[0]).toEqual({
    role: 2,
    name: 'Darcy',
    names: ['mr. darcy', 'darcy'],
    gender: 'male',
    voice: 'a:1',
  })
  expect([characters.length, dialogue]).toEqual([2, 'a:2'])
})

test('a family name that several have is nobody’s alias', () => {
  const { characters } = proposeCast(
    emptyCast,
    found('Rostov', 'Rostov', 'Nicholas Rostov', 'Nicholas Rostov', 'Natasha Rostov', 'Natasha Rostov'),
  )
  expect(proposeAliases({ characters })).toEqual([])
})

test('voices are proposed by gender, the narrator’s to nobody, none twice while there are others', () => {
  const characters = [
    { role: 2, name: 'A', names: [], gender: 'female' as const },
    { role: 3, name: 'B', names: [], gender: 'female' as const },
    { role: 4, name: 'C', names: [] },
    { role: 5, name: 'D', names: [], gender: 'male' as const },
  ]
  const voices = [
    { id: 'v:heart', gender: 'female' as const },
    { id: 'v:emma', gender: 'female' as const },
    { id: 'v:kore', gender: 'female' as const },
  ]
  expect([...proposeVoices({ characters, corrections: {} }, voices, 'v:heart')]).toEqual([
    [2, 'v:emma'],
    [3, 'v:kore'],
  ])
})
