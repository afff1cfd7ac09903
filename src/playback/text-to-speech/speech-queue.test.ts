import { expect, test } from 'vitest'
import { SpeechQueue } from './speech-queue.ts'

/** Jobs that the test finishes by name; `started` lists them in the order of their start. */
function controlledJobs() {
  const started: string[] = []
  const endings = new Map<string, () => void>()
  return {
    started,
    job: (name: string) => (): Promise<string> => {
      started.push(name)
      return new Promise((resolve) => {
        endings.set(name, () => resolve(name))
      })
    },
    async finish(name: string): Promise<void> {
      endings.get(name)?.()
      await settled()
    },
  }
}

/** Resolves after all pending microtasks. */
const settled = () => new Promise(setImmediate)

const never = new AbortController().signal

test('clients are served round-robin, however many requests each of them has', async () => {
  const queue = new SpeechQueue(() => 1)
  const { started, job, finish } = controlledJobs()
  const [greedy, modest, late] = [queue.addClient(never), queue.addClient(never), queue.addClient(never)]
  const wanted = [1, 2, 3, 4].map((n) => greedy(job(`greedy ${n}`)))
  wanted.push(modest(job('modest 1')), modest(job('modest 2')))
  await settled()
  await finish('greedy 1')
  wanted.push(late(job('late 1')))
  for (const name of ['modest 1', 'late 1', 'greedy 2', 'modest 2', 'greedy 3', 'greedy 4'])
    await finish(name)
  expect(await Promise.all(wanted)).toHaveLength(7)
  expect(started).toEqual(['greedy 1', 'modest 1', 'late 1', 'greedy 2', 'modest 2', 'greedy 3', 'greedy 4'])
})

test('no more requests run at once than there are speech workers', async () => {
  const queue = new SpeechQueue(() => 3)
  const { started, job, finish } = controlledJobs()
  const client = queue.addClient(never)
  const all = ['a', 'b', 'c', 'd', 'e'].map((name) => client(job(name)))
  await settled()
  expect(started).toEqual(['a', 'b', 'c'])
  await finish('b')
  expect(started).toEqual(['a', 'b', 'c', 'd'])
  for (const name of ['a', 'c', 'd', 'e']) await finish(name)
  expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd', 'e'])
})

test('more requests run at once when a machine has joined', async () => {
  let workers = 1
  const queue = new SpeechQueue(() => workers)
  const { started, job, finish } = controlledJobs()
  const client = queue.addClient(never)
  const all = ['a', 'b', 'c', 'd'].map((name) => client(job(name)))
  await settled()
  workers = 2
  await finish('a')
  expect(started).toEqual(['a', 'b', 'c'])
  for (const name of ['b', 'c', 'd']) await finish(name)
  await Promise.all(all)
})

test('a failed job rejects for its client and frees its slot', async () => {
  const queue = new SpeechQueue(() => 1)
  const client = queue.addClient(never)
  await expect(client(() => Promise.reject(new Error('hoarse')))).rejects.toThrow('hoarse')
  expect(await client(() => Promise.resolve('spoken'))).toBe('spoken')
})

test('an aborted client’s waiting requests are rejected and its running one frees its slot', async () => {
  const queue = new SpeechQueue(() => 1)
  const { started, job, finish } = controlledJobs()
  const leaving = new AbortController()
  const [gone, staying] = [queue.addClient(leaving.signal), queue.addClient(never)]
  const running = gone(job('running'))
  const waiting = [gone(job('never 1')), gone(job('never 2'))]
  const after = staying(job('after'))
  const refused = Promise.all(waiting.map((each) => expect(each).rejects.toThrow('hung up')))
  leaving.abort(new Error('hung up'))
  await refused
  await expect(gone(job('never 3'))).rejects.toThrow('hung up')
  await finish('running')
  await finish('after')
  expect(await Promise.all([running, after])).toEqual(['running', 'after'])
  expect(started).toEqual(['running', 'after'])
})

test('the seventeenth client is refused until another one has left', () => {
  const queue = new SpeechQueue(() => 2)
  const leaving = new AbortController()
  queue.addClient(leaving.signal)
  for (let client = 2; client <= 16; client++) queue.addClient(never)
  expect(() => queue.addClient(never)).toThrow(expect.objectContaining({ code: 'speech.busy' }))
  leaving.abort()
  queue.addClient(never)
  expect(() => queue.addClient(never)).toThrow('Try again in 5 seconds.')
})
