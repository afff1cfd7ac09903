import { readdirSync, readFileSync } from 'node:fs'
import { i18n } from '@lingui/core'
import { afterEach, expect, test } from 'vitest'
import { Failure, type FailureCode, failureMessages } from '../src/novel/failure.ts'
import { failureDetails } from '../src/novel/failure-details.ts'
import { detailSaidIn, saidIn, say, type SayingCode, sayings } from '../src/novel/saying.ts'
import {
  afterFailure,
  availabilityMessage,
  initialAvailability,
} from '../src/speech/server/speech-server-backoff.ts'
import { errorOfResponse, quotaError } from '../src/speech/server/speech-server-refusal.ts'
import { detailWords } from '../web/i18n/detail-words.ts'
import { saidCodes, saidWords } from '../web/i18n/said-words.ts'

afterEach(() => i18n.activate('en'))

const valuesIn = (sentence: string) =>
  Object.fromEntries(
    [...sentence.matchAll(/\{(\w+)\}/g)].map(([, name = ''], at) => [name, `${name} <${at}>`]),
  )

test('what the server says of itself is known again by its code, with its values', () => {
  for (const [code, sentence] of Object.entries(sayings)) {
    const values = valuesIn(sentence)
    expect(saidIn(say(code as SayingCode, values)), code).toEqual({ code, details: values })
  }
  for (const [code, sentence] of Object.entries(failureMessages)) {
    const values = valuesIn(sentence)
    const said = saidIn(new Failure(code as FailureCode, values).message)
    // Two failures may have one sentence.
    expect(failureMessages[said?.code as FailureCode], code).toBe(sentence)
    expect(said?.details, code).toEqual(values)
  }
  expect(saidIn('Segmentation fault')).toBeUndefined()
  expect(saidIn(null)).toBeUndefined()
})

test('the page has words for everything that the server says of itself', () => {
  // Without a catalogue the English words stand for a translation, which `npm run check` wants of each.
  i18n.loadAndActivate({ locale: 'vi', messages: {} })
  expect(new Set(saidCodes)).toEqual(new Set(Object.keys(sayings)))
  for (const [code, sentence] of Object.entries(sayings)) {
    const details = valuesIn(sentence)
    expect(saidWords('not translated', { code, details }), code).toBe(say(code as SayingCode, details))
    const resting = saidWords('not translated', { code, details, retrySeconds: 65 })
    expect(resting).toBe(`${say(code as SayingCode, details)}; next try in 1 min 5 s`)
  }
  // What others have said stands as they said it.
  expect(saidWords('Segmentation fault', undefined)).toBe('Segmentation fault')
  i18n.activate('en')
  expect(saidWords('As the server says.', { code: 'webhook.off', details: {} })).toBe('As the server says.')
})

test('what stands within a failure is known again, and the page has words for it', () => {
  i18n.loadAndActivate({ locale: 'vi', messages: {} })
  expect(new Set(Object.keys(detailWords))).toEqual(new Set(Object.keys(failureDetails)))
  for (const [code, sentence] of Object.entries(failureDetails)) {
    const details = valuesIn(sentence)
    const written = sentence.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(details[name]))
    expect(detailSaidIn(written), written).toEqual({ code, details })
    expect(saidWords('not translated', { code, details })).toBe(written)
  }
})

/** Where the details are written that people meet: of books, chapters, casts, words and patterns. */
const folders = ['importer', 'lexicon', 'jobs/cast', 'jobs/import', 'jobs/lexicon']
/** Of requests that no page makes, and of a damaged database. */
const apart = ['name skips or a reason', 'a text in it is not what was written']

test('every detail that is written in the code of books and casts is among them', () => {
  const unknown: string[] = []
  let count = 0
  for (const folder of folders) {
    const root = new URL(`../src/${folder}/`, import.meta.url)
    for (const file of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue
      const code = readFileSync(new URL(file, root), 'utf8')
      for (const [, plain, pattern = ''] of code.matchAll(
        /(?:detail: |refused\(|impossible\()\s*(?:'([^'\n]*)'|`([^`\n]*)`)/g,
      )) {
        const written = plain ?? pattern.replaceAll(/\$\{[^}]*\}/g, '7')
        count++
        if (!apart.includes(written) && detailSaidIn(written) === undefined) unknown.push(written)
      }
    }
  }
  expect(unknown).toEqual([])
  expect(count).toBeGreaterThan(30)
})

test('what a speech server is said to do is known again, with the time until it is tried again', () => {
  const server = {
    name: 'desk',
    title: 'Kokoro on the desk',
    address: 'http://desk:8880/v1',
    model: 'kokoro',
    parallel: 1,
    charactersPerRequest: 1000,
  }
  const answer = (status: number, words = '') => ({
    status,
    headers: new Headers(),
    body: new TextEncoder().encode(words),
  })
  const said = (status: number, words?: string, key?: string) => {
    const error = errorOfResponse({ ...server, ...(key && { key }) }, answer(status, words), 0)
    return saidIn(availabilityMessage(afterFailure(initialAvailability, error, 0, 0), 1000))
  }
  expect(said(429)).toMatchObject({
    code: 'speech-server.pauses',
    details: { server: server.title, answer: '429' },
  })
  expect(said(429)?.retrySeconds).toBeGreaterThanOrEqual(0)
  expect(said(503, 'loading')).toMatchObject({
    code: 'speech-server.fails',
    details: { answer: '503: loading' },
  })
  expect(said(401)).toMatchObject({ code: 'speech-server.wants-key' })
  expect(said(401, 'no', 'sk-1')).toMatchObject({ code: 'speech-server.refuses-key' })
  expect(said(404)).toMatchObject({ code: 'speech-server.no-speech', details: { address: server.address } })
  expect(said(402)).toMatchObject({ code: 'speech-server.spent' })
  expect(saidIn(quotaError(server, '', 200).message)).toMatchObject({ code: 'speech-server.spent-all' })
})

/** What nobody meets on the page: of commands, of the start of a server, of machines and programs. */
const elsewhere =
  /^(?:backup|restore|migrate|database|export|settings|speaker|token|storage|server|feed|speech|request|recording|book|audiobookshelf|openai)\./

test('every failure that people meet on the page has words there', () => {
  const text = ['failure-words', 'account-failure-words']
    .map((name) => readFileSync(new URL(`../web/i18n/${name}.ts`, import.meta.url), 'utf8'))
    .join('\n')
  const known = new Set([...text.matchAll(/^ {2}'([\w.-]+)': \(/gm)].map(([, code]) => code))
  const missing = Object.keys(failureMessages).filter((code) => !known.has(code) && !elsewhere.test(code))
  expect(missing).toEqual([])
})
