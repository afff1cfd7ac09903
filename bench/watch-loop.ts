import { monitorEventLoopDelay } from 'node:perf_hooks'

/**
 * Preloaded into a server that is measured (`node --import`): on SIGUSR2 it writes one line to standard error, for how
 * long its event loop stood still at most since the last such signal. The speech workers inherit it and leave it alone.
 */
if (process.argv[2] === 'serve') {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  process.on('SIGUSR2', () => {
    // The gap that the signal itself waited for is noted by the timer after it.
    setTimeout(() => {
      const gapMs = delay.max / 1e6
      delay.reset()
      process.stderr.write(`${JSON.stringify({ longestGapMs: gapMs })}\n`)
    }, 20)
  })
}
