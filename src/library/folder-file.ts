import { open } from 'node:fs/promises'
import { Failure } from '../novel/failure.ts'
import { pathBelow } from './contained-path.ts'
import { TransientSourceError, type ResumeState, type SourceStream } from './source-file.ts'

/** Opens a file of a folder that is a source. Throws `voice.missing`, `BrokenConnection`. */
export async function openFolderFile(folder: string, path: string, held: ResumeState): Promise<SourceStream> {
  const target = pathBelow(folder, path)
  if (target === undefined) throw new Failure('voice.missing', { source: folder, file: path })
  try {
    await using opening = new AsyncDisposableStack()
    const file = opening.use(await open(target))
    const { size, mtimeMs } = await file.stat()
    const version = `${size}-${mtimeMs}`
    const from = held.version === version && held.bytes <= size ? held.bytes : 0
    const opened = opening.move()
    const stream = file.createReadStream({ start: from, highWaterMark: 256 * 1024, autoClose: false })
    return {
      from,
      bytes: size,
      version,
      stream: withTransientErrors(stream),
      [Symbol.asyncDispose]: () => opened.disposeAsync(),
    }
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')) {
      throw new Failure('voice.missing', { source: folder, file: path }, { cause })
    }
    throw asBroken(cause)
  }
}

/** A disk may be pulled out, a network folder may go away. */
async function* withTransientErrors(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* stream
  } catch (cause) {
    throw asBroken(cause)
  }
}

function asBroken(cause: unknown): TransientSourceError {
  return new TransientSourceError(cause instanceof Error ? cause.message : String(cause), { cause })
}
