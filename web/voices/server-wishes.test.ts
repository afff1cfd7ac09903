import { expect, test } from 'vitest'
import type { SpeechServerView } from '../../src/http/contract/voice-contract.ts'
import { fieldsOf, wishesOf } from './server-wishes.ts'

const server: SpeechServerView = {
  name: 'desk',
  title: 'Desk',
  address: 'http://desk:8880/v1',
  hasKey: true,
  model: 'kokoro',
  parallel: 2,
  charactersPerRequest: 4096,
  charactersPerMonth: 500_000,
  charactersThisMonth: 0,
  pcmRate: null,
  voices: ['bella', 'sky'],
  voicesListed: true,
  state: 'ok',
  message: null,
  nextTryAt: null,
}
const empty = fieldsOf(undefined)

test('a new server needs only a title and an address; it is asked for the rest', () => {
  expect(wishesOf({ ...empty, title: ' Desk ', address: 'http://desk:8880' }, empty)).toEqual({
    title: 'Desk',
    address: 'http://desk:8880',
    charactersPerMonth: null,
    pcmRate: null,
  })
})

test('voices are typed in lines or between commas, and each counts once', () => {
  const wishes = wishesOf({ ...empty, voices: 'alloy, echo\n\n fable \nalloy' }, empty)
  expect(wishes.voices).toEqual(['alloy', 'echo', 'fable'])
})

test('what was not touched stays: the key, and the voices that the server told', () => {
  const before = fieldsOf(server)
  const wishes = wishesOf({ ...before, title: 'Desk PC' }, before)
  expect(wishes).not.toHaveProperty('key')
  expect(wishes).not.toHaveProperty('voices')
  expect(wishes).toMatchObject({ title: 'Desk PC', parallel: 2, charactersPerMonth: 500_000 })
})

test('an emptied limit is taken away, and the key when that is said', () => {
  const before = fieldsOf(server)
  expect(wishesOf({ ...before, charactersPerMonth: '', forgetKey: true }, before)).toMatchObject({
    charactersPerMonth: null,
    key: null,
  })
  expect(wishesOf({ ...before, key: ' sk-new ', forgetKey: true }, before).key).toBe('sk-new')
})
