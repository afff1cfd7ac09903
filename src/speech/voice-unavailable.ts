/**
 * The voice could not be loaded or measured. The text that it was to speak has no part in that, so it must not count as
 * an attempt at the text. The message is a sentence for people.
 */
export class VoiceUnavailable extends Error {}

/** Waits for `work`, which loads or measures a voice; rejects with `VoiceUnavailable` whatever went wrong in it. */
export async function asVoiceUnavailable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (cause) {
    if (cause instanceof VoiceUnavailable) throw cause
    throw new VoiceUnavailable(errorReason(cause), { cause })
  }
}

function errorReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  // The file system's own errors name the call, not what is wrong.
  const { code, path } = error as NodeJS.ErrnoException
  return code !== undefined && path !== undefined
    ? `the file ${path} cannot be read (${code})`
    : error.message
}
