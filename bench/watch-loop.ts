import { monitorEventLoopDelay } from 'node:perf_hooks'

/**
 * Preloaded into the measured server (`node --import`). On SIGUSR2 writes one line to standard error: the longest gap
 * of the event loop since the previous signal, and the most CPU time of its thread between two iterations, since other
 * programs can lengthen only the gap. Speech workers inherit the preload and ignore it.
 */
if (process.argv[2] === 'serve') {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  let [longestBusyMs, before] = [0, computedMs()]
  const watching = setInterval(() => {
    const now = computedMs()
    longestBusyMs = Math.max(longestBusyMs, now - before)
    before = now
  }, 1)
  watching.unref()
  process.on('SIGUSR2', () => {
    // The timers after the signal record the gap that it waited for.
    setTimeout(() => {
      process.stderr.write(`${JSON.stringify({ longestGapMs: delay.max / 1e6, longestBusyMs })}\n`)
      delay.reset()
      longestBusyMs = 0
    }, 20)
  })
}

function computedMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
