import { monitorEventLoopDelay } from 'node:perf_hooks'

/**
 * Preloaded into a server that is measured (`node --import`): on SIGUSR2 it writes one line to standard error, for how
 * long its event loop stood still at most since the last such signal, and for how long its thread computed at most
 * between two turns of it: on a machine that does other things besides, the first is also their doing. The speech workers
 * inherit it and leave it alone.
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
    // The gap that the signal itself waited for is noted by the timers after it.
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
