import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { Clip } from '../../novel/clip.ts'
import type { AudioFormat } from './audio-formats.ts'
import type { MetadataTags } from './audio-writer.ts'

/**
 * What a transcoder is told: what to write in front, then one clip after the other, each when it has answered that it
 * took the last; then the end.
 */
export type TranscoderRequest =
  | { readonly tags: MetadataTags }
  | { readonly adts: Uint8Array }
  | { readonly end: true }

export interface TranscodeOptions {
  readonly tags?: MetadataTags
  /** How far the process stands back for others (POSIX niceness): 10 if left out, as far as it can at 19. */
  readonly niceness?: number
  /** Aborted, the process is ended at once and the stream throws the signal's reason. */
  readonly signal?: AbortSignal
}

/**
 * The sound of clips, one after another, in another format: a stream that begins when the first clip is there, and holds
 * all of a clip but its last few milliseconds before the next one is asked for. Decoding and encoding happen in a process
 * of its own. Clips are asked for no faster than the stream is read. Throws what `clips` throws, and an `Error` when the
 * process ended by itself; what was given out until then is cut off, not finished.
 */
export async function* transcode(
  clips: AsyncIterable<Pick<Clip, 'adts'>>,
  format: AudioFormat,
  { tags = {}, niceness = 10, signal }: TranscodeOptions = {},
): AsyncGenerator<Uint8Array> {
  signal?.throwIfAborted()
  const transcoder = fork(new URL('./transcode-process.ts', import.meta.url), [format, String(niceness)], {
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    // A small nursery for what is garbage after each clip: 45 MB of its own instead of 61.
    execArgv: ['--max-semi-space-size=1', '--disable-warning=ExperimentalWarning'],
  })
  const over = endOf(transcoder)
  const kill = (): void => void transcoder.kill('SIGKILL')
  signal?.addEventListener('abort', kill)
  // Whatever the clips throw ends the process and so the stream, and is thrown then.
  const feeding = feed(transcoder, clips, tags, over).catch((cause: unknown) => {
    kill()
    return { cause }
  })
  try {
    for await (const bytes of transcoder.stdout ?? []) yield bytes as Uint8Array
    signal?.throwIfAborted()
    const failed = await feeding
    if (failed) throw failed.cause
  } finally {
    signal?.removeEventListener('abort', kill)
    kill()
  }
}

/** Settles with the process: fulfilled when it said that it was done. */
function endOf(transcoder: ChildProcess): Promise<void> {
  const over = new Promise<void>((resolve, reject) => {
    // More than one may come, and one that nobody hears would end the server.
    transcoder.on('error', reject)
    transcoder.once('exit', (code, signal) => {
      if (code === 0) resolve()
      else reject(new Error(`the transcoder ended (${signal ?? `exit code ${code}`})`))
    })
  })
  over.catch(() => undefined)
  return over
}

async function feed(
  transcoder: ChildProcess,
  clips: AsyncIterable<Pick<Clip, 'adts'>>,
  tags: MetadataTags,
  over: Promise<void>,
): Promise<void> {
  const send = (request: TranscoderRequest): boolean => transcoder.send(request)
  // A cover among them would be too long for an argument.
  send({ tags })
  for await (const { adts } of clips) {
    const taken = once(transcoder, 'message')
    send({ adts })
    await Promise.race([taken, over])
  }
  send({ end: true })
  await over
}
