import { expect, test } from 'vitest'
import { answerOf, runTextWorker, startTextWorker } from './text-worker.ts'

/** A worker of this program. */
const worker = (program: string) => new URL(`data:text/javascript,${encodeURIComponent(program)}`)
// The table of a map grows at once by half of its size, which has ended the whole process.
const hungry = worker('const kept = new Map(); for (let at = 0; ; at++) kept.set(`word ${at}`, [at])')
const endless = worker('setInterval(() => undefined, 1000)')
const options = { data: null, heapMegabytes: 24 }

test('a text that takes more memory or time than it may is told in a sentence, and is no fault of the program', async () => {
  await expect(runTextWorker(hungry, options)).rejects.toMatchObject({ code: 'novel.too-large' })
  const late = AbortSignal.timeout(50)
  await expect(runTextWorker(endless, options, late)).rejects.toMatchObject({ code: 'novel.too-large' })
})

test('a worker that nobody waits for any more ends with the reason of that', async () => {
  const gone = new AbortController()
  const working = runTextWorker(endless, options, gone.signal)
  gone.abort(new Error('nobody listens'))
  await expect(working).rejects.toThrow('nobody listens')
})

test('a worker that has ended before it is asked is told as well', async () => {
  const broken = startTextWorker(worker('throw new RangeError("broken")'), options)
  await new Promise((resolve) => broken.once('exit', resolve))
  await expect(answerOf(broken)).rejects.toThrow('broken')
})
