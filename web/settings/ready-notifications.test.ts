import { expect, test } from 'vitest'
import type { ProgressEvent } from '../../src/http/contract/event-contract.ts'
import { noticesOf } from './ready-notifications.ts'

const event = (status: string, changed: object[] = []) =>
  ({ id: 'g', novelId: 'n', status, changed }) as unknown as ProgressEvent

test('a generation that ends is told, one that had ended before this page was opened is not', () => {
  expect(noticesOf(event('completed'), undefined, '/')).toEqual([])
  expect(noticesOf(event('completed'), 'completed', '/')).toEqual([])
  expect(noticesOf(event('running'), 'pending', '/')).toEqual([])
  expect(noticesOf(event('completed'), 'running', '/')).toMatchObject([
    { kind: 'completed', path: '/generations/g' },
  ])
  expect(noticesOf(event('failed'), 'running', '/')).toMatchObject([{ kind: 'failed' }])
})

test('of the chapters of a long generation only the one that is open is told', () => {
  const changed = [
    { number: 3, status: 'completed' },
    { number: 4, status: 'running' },
  ]
  const running = event('running', changed)
  expect(noticesOf(running, 'running', '/novels/n/chapters/3')).toMatchObject([
    { kind: 'chapter', number: 3 },
  ])
  expect(noticesOf(running, 'running', '/novels/n/chapters/4')).toEqual([])
  expect(noticesOf(running, 'running', '/novels/other/chapters/3')).toEqual([])
  expect(noticesOf(running, 'running', '/novels/n')).toEqual([])
})
