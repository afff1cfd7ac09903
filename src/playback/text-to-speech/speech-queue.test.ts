import { expect, test } from 'vitest'
import { SpeechQueue } from './speech-queue.ts'

/** Work that ends when it is told to, and what has begun so far. */
function workshop() {
  const begun: string[] = []
  const endings = new Map<string, () => void>()
  return {
    begun,
    work: (name: string) => (): Promise<string> => {
      begun.push(name)
      return new Promise((resolve) => {
        endings.set(name, () => resolve(name))
      })
    },
    async end(name: string): Promise<void> {
      endings.get(name)?.()
      await settled()
    },
  }
}

/** Everything has happened that comes of what was done. */
const settled = () => new Promise(setImmediate)

const never = new AbortController().signal

test('guests are served in turn, however much each of them wants', async () => {
  const line = new SpeechQueue(1)
  const { begun, work, end } = workshop()
  const [greedy, modest, late] = [line.addClient(never), line.addClient(never), line.addClient(never)]
  const wanted = [1, 2, 3, 4].map((n) => greedy(work(`greedy ${n}`)))
  wanted.push(modest(work('modest 1')), modest(work('modest 2')))
  await settled()
  await end('greedy 1')
  wanted.push(late(work('late 1')))
  for (const name of ['modest 1', 'late 1', 'greedy 2', 'modest 2', 'greedy 3', 'greedy 4']) await end(name)
  expect(await Promise.all(wanted)).toHaveLength(7)
  expect(begun).toEqual(['greedy 1', 'modest 1', 'late 1', 'greedy 2', 'modest 2', 'greedy 3', 'greedy 4'])
})

test('as many are served at once as there are speakers, and no more', async () => {
  const line = new SpeechQueue(3)
  const { begun, work, end } = workshop()
  const guest = line.addClient(never)
  const all = ['a', 'b', 'c', 'd', 'e'].map((name) => guest(work(name)))
  await settled()
  expect(begun).toEqual(['a', 'b', 'c'])
  await end('b')
  expect(begun).toEqual(['a', 'b', 'c', 'd'])
  for (const name of ['a', 'c', 'd', 'e']) await end(name)
  expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd', 'e'])
})

test('work that fails gives its place back and tells the one who wanted it', async () => {
  const line = new SpeechQueue(1)
  const guest = line.addClient(never)
  await expect(guest(() => Promise.reject(new Error('hoarse')))).rejects.toThrow('hoarse')
  expect(await guest(() => Promise.resolve('spoken'))).toBe('spoken')
})

test('who leaves takes what it waited for along, and its place is free', async () => {
  const line = new SpeechQueue(1)
  const { begun, work, end } = workshop()
  const leaving = new AbortController()
  const [gone, staying] = [line.addClient(leaving.signal), line.addClient(never)]
  const inHand = gone(work('in hand'))
  const waiting = [gone(work('never 1')), gone(work('never 2'))]
  const after = staying(work('after'))
  const refused = Promise.all(waiting.map((each) => expect(each).rejects.toThrow('hung up')))
  leaving.abort(new Error('hung up'))
  await refused
  await expect(gone(work('never 3'))).rejects.toThrow('hung up')
  await end('in hand')
  await end('after')
  expect(await Promise.all([inHand, after])).toEqual(['in hand', 'after'])
  expect(begun).toEqual(['in hand', 'after'])
})

test('the seventeenth guest is sent away until one has left', () => {
  const line = new SpeechQueue(2)
  const leaving = new AbortController()
  line.addClient(leaving.signal)
  for (let guest = 2; guest <= 16; guest++) line.addClient(never)
  expect(() => line.addClient(never)).toThrow(expect.objectContaining({ code: 'speech.busy' }))
  leaving.abort()
  line.addClient(never)
  expect(() => line.addClient(never)).toThrow('Try again in 5 seconds.')
})
