import { Worker } from 'node:worker_threads'

/** How often the memory is looked at, in milliseconds: to fill 1 GB takes some 300. */
const interval = 20

const watch = `
  const { workerData } = require('node:worker_threads')
  setInterval(() => {
    if (process.memoryUsage.rss() > workerData.bytes) process.kill(process.pid, 'SIGKILL')
  }, workerData.interval)`

/**
 * From here on this process ends by SIGKILL, as the system would end it, when it takes more memory than so many bytes.
 * It is watched by a thread of its own, because a network that is loaded or run lets nothing else happen meanwhile.
 */
export function limitMemory(bytes: number): void {
  new Worker(watch, { eval: true, workerData: { bytes, interval } }).unref()
}
