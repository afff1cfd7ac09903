/** Larger objects are uploaded in parts of this size, which are also the memory that an upload takes. */
export const partBytes = 8 * 1024 * 1024
/** Between two chunks of a body. */
const idleMs = 30_000

/** Throws if nothing comes for a while. Cancels the response if it is not read to its end. */
export async function* chunksOf(response: Response): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader()
  if (!reader) return
  try {
    for (;;) {
      const { promise: silent, reject } = Promise.withResolvers<never>()
      const timer = setTimeout(() => reject(new Error(`no data within ${idleMs / 1000} s`)), idleMs)
      const { done, value } = await Promise.race([reader.read(), silent]).finally(() => clearTimeout(timer))
      if (done) return
      yield value
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

/** Joins and divides chunks into parts of `partBytes`; the last may be smaller. Throws the signal's reason. */
export async function* partsOf(
  body: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer, undefined> {
  let part = Buffer.allocUnsafeSlow(0)
  let used = 0
  for await (const chunk of body) {
    signal?.throwIfAborted()
    for (let at = 0; at < chunk.length;) {
      if (used === part.length) {
        if (used === partBytes) {
          yield part
          part = Buffer.allocUnsafeSlow(0)
          used = 0
        }
        const grown = Buffer.allocUnsafeSlow(
          Math.min(partBytes, Math.max(used * 2, used + chunk.length - at)),
        )
        part.copy(grown, 0, 0, used)
        part = grown
      }
      const count = Math.min(chunk.length - at, part.length - used)
      part.set(chunk.subarray(at, at + count), used)
      used += count
      at += count
    }
  }
  signal?.throwIfAborted()
  if (used > 0) yield part.subarray(0, used)
}
