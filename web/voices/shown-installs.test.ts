import { expect, test } from 'vitest'
import type { Install } from '../../src/http/contract/voice-contract.ts'
import { shownInstalls } from './shown-installs.ts'

const now = Date.parse('2026-11-24T10:00:00Z')
const install = (id: string, status: Install['status'], more: Partial<Install> = {}): Install => ({
  id,
  voiceId: `piper:${id}`,
  name: id,
  status,
  bytesDone: 0,
  bytesTotal: 1,
  errorMessage: null,
  createdAt: '2026-11-24T09:00:00.000Z',
  ...more,
})
const nothing: ReadonlySet<string> = new Set()
const idsOf = (installs: Install[], known: { seen?: ReadonlySet<string>; away?: ReadonlySet<string> } = {}) =>
  shownInstalls(installs, { seen: nothing, away: nothing, now, ...known }).map(({ id }) => id)

test('what is under way is always shown', () => {
  const all = [install('a', 'pending'), install('b', 'downloading'), install('c', 'proving')]
  expect(idsOf(all, { away: new Set(['a', 'b', 'c']) })).toEqual(['a', 'b', 'c'])
})

test('what is done is shown to those who watched it', () => {
  const all = [install('a', 'completed'), install('b', 'completed'), install('c', 'cancelled')]
  expect(idsOf(all, { seen: new Set(['b', 'c']) })).toEqual(['b'])
})

test('a failure is shown for a day, until it is put away or the voice is asked for again', () => {
  const old = install('old', 'failed', { createdAt: '2026-11-23T09:00:00.000Z' })
  const all = [install('a', 'failed'), install('b', 'failed'), old]
  expect(idsOf(all, { away: new Set(['b']) })).toEqual(['a'])
  const again = install('again', 'cancelled', { voiceId: 'piper:a' })
  expect(idsOf([again, install('a', 'failed')])).toEqual([])
})
