import { QueryClient } from '@tanstack/react-query'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { AskAhead } from './ask-chapter.ts'

const chapter = (number: number) => ({
  number,
  narrated: true,
  segmentsTotal: 5,
  segmentsDone: 0,
  status: 'none',
})
const novel = () => Response.json({ novel: { id: 'one' }, chapters: [1, 2, 3].map(chapter) })
const failed = (status: number) =>
  Response.json({ success: false, code: 'unexpected', error: 'No.' }, { status })

/** What the server was asked, and how it answers to the requests for a chapter, one after the other. */
function serverWith(...answers: readonly Response[]): unknown[] {
  const asked: unknown[] = []
  const left = [...answers]
  vi.stubGlobal('fetch', async (_: string, init?: RequestInit) => {
    if (init?.method !== 'POST') return novel()
    asked.push(JSON.parse(init.body as string))
    return left.shift() ?? Response.json({ success: true })
  })
  return asked
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('the next chapter is asked for once, though the page knew nothing of the book', async () => {
  const asked = serverWith()
  const ahead = new AskAhead(new QueryClient())
  await ahead.next('one', 1)
  vi.setSystemTime(Date.now() + 60_000)
  await ahead.next('one', 1)
  expect(asked).toEqual([{ novelId: 'one', chapterNumber: 2, priority: 20 }])
})

test('what fails is asked for again after a while; what is refused is not', async () => {
  const asked = serverWith(failed(503), failed(409))
  const ahead = new AskAhead(new QueryClient())
  await ahead.next('one', 1)
  await ahead.next('one', 1)
  expect(asked).toHaveLength(1)
  for (const wanted of [2, 2]) {
    vi.setSystemTime(Date.now() + 6000)
    await ahead.next('one', 1)
    expect(asked).toHaveLength(wanted)
  }
})
