import { openAsBlob } from 'node:fs'
import { basename } from 'node:path'
import type { FailureAnswer } from '../http/contract/field-contract.ts'
import type { Novel } from '../http/contract/novel-contract.ts'
import { ApiClient } from './api-client.ts'

interface Server {
  readonly NIGHTJAR_SERVER: string
  readonly NIGHTJAR_TOKEN?: string | undefined
}

/** What is wrong with a file, or with the moment: then another try may help. */
class NotAdded extends Error {
  readonly mayPass: boolean

  constructor(message: string, mayPass: boolean, options?: ErrorOptions) {
    super(message, options)
    this.mayPass = mayPass
  }
}

const [ok, refused, later] = [0, 1, 3]

/**
 * Sends books, files or addresses, to a server, one after the other, and has them spoken if that is wished. Idempotent. Returns the exit code: 0,
 * 1 if one was refused, 3 if one was not taken now.
 */
export async function addBooks(files: readonly string[], server: Server, speak: boolean): Promise<number> {
  let code = ok
  for (const file of files) {
    try {
      const { novel, known } = await addBook(server, file)
      console.log(`${novel.title}: ${known ? 'was there already' : 'added'}\n  ${novel.id}`)
      if (speak) await call(server, 'api/worker/generate/all', JSON.stringify({ novelId: novel.id }))
    } catch (error) {
      if (!(error instanceof NotAdded)) throw error
      console.error(error.message)
      // That a try later may help is told only where it may help with all.
      if (!error.mayPass) code = refused
      else if (code === ok) code = later
    }
  }
  return code
}

async function addBook(server: Server, file: string): Promise<{ novel: Novel; known: boolean }> {
  // The server fetches it.
  if (/^https?:\/\//i.test(file)) {
    const fetched = await call(server, 'api/novels/address', JSON.stringify({ address: file }))
    return { novel: (fetched.body as { novel: Novel }).novel, known: fetched.status === 200 }
  }
  const form = new FormData()
  try {
    form.append('file', await openAsBlob(file), basename(file))
  } catch (cause) {
    throw new NotAdded(`${file} cannot be read as a book: there is no such file.`, false, { cause })
  }
  const { status, body } = await call(server, 'api/novels', form)
  return { novel: (body as { novel: Novel }).novel, known: status === 200 }
}

async function call(
  { NIGHTJAR_SERVER, NIGHTJAR_TOKEN }: Server,
  path: string,
  body: FormData | string,
): Promise<{ readonly status: number; readonly body: unknown }> {
  const answer = await ApiClient.at(NIGHTJAR_SERVER, NIGHTJAR_TOKEN)
    .fetch(path, {
      method: 'POST',
      body,
      headers: typeof body === 'string' ? { 'content-type': 'application/json' } : {},
    })
    .catch((cause: unknown) => {
      throw new NotAdded(`${NIGHTJAR_SERVER} does not answer. Is Nightjar running there?`, true, { cause })
    })
  const json = (await answer.json().catch(() => undefined)) as Partial<FailureAnswer> | undefined
  if (answer.ok && json) return { status: answer.status, body: json }
  const passing = answer.status >= 500 || answer.status === 408 || answer.status === 429
  throw new NotAdded(
    json?.error ?? `${NIGHTJAR_SERVER} answered with status ${answer.status}, and is no Nightjar.`,
    passing,
  )
}
