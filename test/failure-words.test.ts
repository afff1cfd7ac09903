import { readFileSync } from 'node:fs'
import { i18n } from '@lingui/core'
import { afterEach, expect, test } from 'vitest'
import { Failure, type FailureCode, failureMessages } from '../src/novel/failure.ts'
import { failureWords } from '../web/i18n/failure-words.ts'

afterEach(() => i18n.activate('en'))

const codes = [
  ...readFileSync(new URL('../web/i18n/failure-words.ts', import.meta.url), 'utf8').matchAll(
    /^ {2}'([\w.-]+)': \(/gm,
  ),
]

test('the page says of a failure what the server says of it, with the same values', () => {
  // Without a catalogue the English words stand for a translation.
  i18n.loadAndActivate({ locale: 'vi', messages: {} })
  expect(codes.length).toBeGreaterThan(40)
  for (const [, code = ''] of codes) {
    const sentence = failureMessages[code as FailureCode]
    const given = Object.fromEntries(
      [...sentence.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => [name, `a ${name}`]),
    )
    const failure = new Failure(code as FailureCode, given)
    const words = failureWords(code, 'not translated', failure.said)
    expect(failure.message).toContain(words)
  }
})

test('in English, and for a code that the page does not know, the server’s own sentence stands', () => {
  expect(failureWords('novel.unknown', 'as the server says', { novelId: 'n' })).toBe('as the server says')
  i18n.loadAndActivate({ locale: 'vi', messages: {} })
  expect(failureWords('migrate.nothing', 'as the server says', {})).toBe('as the server says')
})
