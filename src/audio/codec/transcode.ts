import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { Clip } from '../../novel/clip.ts'
import type { AudioFormat } from './audio-formats.ts'
import type { MetadataTags } from './audio-writer.ts'
import { ownSession } from './background-priority.ts'

/**
 * Messages to the transcoder process: the tags, then one clip after another, each after the last was acknowledged, then
 * the end.
 */
export type TranscoderRequest =
  | { readonly tags: MetadataTags }
  | { readonly adts: Uint8Array }
  | { readonly end: true }

export interface TranscodeOptions {
  readonly tags?: MetadataTags
  /** POSIX niceness of the process: 10 if absent, at most 19. */
  readonly niceness?: number
  /** On abort the process is killed and the stream throws the signal's reason. */
  readonly signal?: AbortSignal
}

/**
 * Transcodes clips into one stream of another format. The stream begins with the first clip, and contains all of a clip
 * but its last few milliseconds before the next one is requested. Decoding and encoding run in a process of their own.
 * Clips are requested no faster than the stream is read. Throws what `clips` throws, and an `Error` when the process
 * ends by itself; output until then is truncated, not finished.
 */
export async function* transcode(
  clips: AsyncIterable<Pick<Clip, 'adts'>>,
  format: AudioFormat,
  { tags = {}, niceness = 10, signal }: TranscodeOptions = {},
): AsyncGenerator<Uint8Array> {
  signal?.throwIfAborted()
  const transcoder = fork(new URL('./transcode-process.ts', import.meta.url), [format, String(niceness)], {
    ...ownSession,
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    // A small young generation for the garbage of each clip: 45 MB instead of 61.
    execArgv: ['--max-semi-space-size=1', '--disable-warning=ExperimentalWarning'],
  })
  const exited = exitOf(transcoder)
  const kill = (): void => void transcoder.kill('SIGKILL')
  signal?.addEventListener('abort', kill)
  // An error of the clips kills the process, which ends the stream; it is thrown afterwards.
  const feeding = feed(transcoder, clips, tags, exited).catch((cause: unknown) => {
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

/** Settles when the process exits: fulfilled on exit code 0. */
function exitOf(transcoder: ChildProcess): Promise<void> {
  const exited = new Promise<void>((resolve, reject) => {
    // `error` may be emitted repeatedly, and without a listener it would end the server.
    transcoder.on('error', reject)
    transcoder.once('exit', (code, signal) => {
      if (code === 0) resolve()
      else reject(new Error(`the transcoder ended (${signal ?? `exit code ${code}`})`))
    })
  })
  exited.catch(() => undefined)
  return exited
}

async function feed(
  transcoder: ChildProcess,
  clips: AsyncIterable<Pick<Clip, 'adts'>>,
  tags: MetadataTags,
  exited: Promise<void>,
): Promise<void> {
  const send = (request: TranscoderRequest): boolean => transcoder.send(request)
  // Sent as a message: a cover in the tags would be too long for an argument.
  send({ tags })
  for await (const { adts } of clips) {
    const acknowledged = once(transcoder, 'message')
    send({ adts })
    await Promise.race([acknowledged, exited])
  }
  send({ end: true })
  await exited
}
