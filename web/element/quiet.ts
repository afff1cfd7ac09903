/** Milliseconds without a keystroke after which what is written is asked about. */
const quietMs = 400

/**
 * At the begin of a query about what is being written: waits, so that only the last is asked for. Throws the signal's
 * reason if something else is written meanwhile.
 */
export async function quiet(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, quietMs))
  signal.throwIfAborted()
}
