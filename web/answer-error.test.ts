import { expect, test } from 'vitest'
import { failureIn, mayPass, unreachable } from './answer-error.ts'

const told = (code: string, status: number) =>
  failureIn(JSON.stringify({ success: false, code, error: 'No.' }), status)

test('what passes by itself is worth sending again, what stays is not', () => {
  expect(mayPass(unreachable())).toBe(true)
  expect(mayPass(failureIn('<h1>Bad Gateway</h1>', 502))).toBe(true)
  const passing = [
    told('storage.full', 507),
    told('storage.failing', 503),
    told('voice.no-room', 507),
    told('speech.busy', 429),
    told('request.stalled', 408),
  ]
  for (const error of passing) expect(mayPass(error), error.code).toBe(true)
  const lasting = [
    told('recording.too-large', 507),
    told('storage.unwritable', 507),
    told('voice.missing', 502),
    told('novel.unknown', 404),
    told('request.invalid', 400),
  ]
  for (const error of lasting) expect(mayPass(error), error.code).toBe(false)
  expect(mayPass(new Error('ours'))).toBe(false)
})
