import { Worker } from 'node:worker_threads'

export interface ProcessLimits {
  /** Resident bytes. A process that takes more ends by SIGKILL, as the system would end it. */
  readonly memory?: number
  /** Seconds of CPU time of all its threads. A process that takes more ends by SIGXCPU (SIGKILL where there is none). */
  readonly cpuSeconds?: number
}

/** How often the process is looked at, in milliseconds: to fill 1 GB takes some 300. */
const interval = 20

const watch = `
  const { workerData: { limits, parent, interval } } = require('node:worker_threads')
  const end = (signal) => {
    try { process.kill(process.pid, signal) } catch { process.kill(process.pid, 'SIGKILL') }
  }
  setInterval(() => {
    if (process.ppid !== parent) return end('SIGKILL')
    if (limits.memory !== undefined && process.memoryUsage.rss() > limits.memory) return end('SIGKILL')
    if (limits.cpuSeconds === undefined) return
    const { user, system } = process.cpuUsage()
    if (user + system > limits.cpuSeconds * 1e6) end('SIGXCPU')
  }, interval)`

/**
 * From here on this process ends when it exceeds a limit, or when its parent is gone. A thread of its own watches it,
 * because a loop that never returns, or a network that runs, lets no timer and no 'disconnect' event of the main thread
 * happen.
 */
export function limitProcess(limits: ProcessLimits): void {
  new Worker(watch, { eval: true, workerData: { limits, parent: process.ppid, interval } }).unref()
}
