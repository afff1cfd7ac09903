import { getPriority, setPriority } from 'node:os'
import { Worker } from 'node:worker_threads'

export interface ProcessLimits {
  /** Resident bytes. A process that exceeds them is killed by SIGKILL, like by the system's OOM killer. */
  readonly memory?: number
  /**
   * Seconds of CPU time of all threads. A process that exceeds them is ended by SIGXCPU (SIGKILL where there is none).
   */
  readonly cpuSeconds?: number
}

/** Of processes that somebody waits for: an answer of the server comes first, what speaks in the background last. */
const niceness = 5
/** Interval of the checks in milliseconds: filling 1 GB takes some 300. */
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
 * Ends this process when it exceeds a limit or its parent is gone, and has it give way to the server. A separate thread checks,
 * because an endless loop or a running network blocks timers and the 'disconnect' event of the main thread.
 */
export function limitProcess(limits: ProcessLimits): void {
  setPriority(Math.max(niceness, getPriority()))
  new Worker(watch, { eval: true, workerData: { limits, parent: process.ppid, interval } }).unref()
}
