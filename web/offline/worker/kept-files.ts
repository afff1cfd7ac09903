import { below, imageTag, type OfflineDatabase, openOffline, pieceBytes } from '../offline-database.ts'
import { asBlob, sizeOf, type StoredFile } from '../stored-file.ts'
import { rangeAnswer } from './range-answer.ts'

/** Milliseconds for which the server is asked for a picture that is kept. */
const patience = 3000

/** Audio, images and covers that are kept on this device, at the addresses at which the server has them. */
export class KeptFiles {
  readonly #base: string
  #opened: Promise<OfflineDatabase> | undefined

  /** `base`: the base path of the page, as the page itself knows it. */
  constructor(base: string) {
    this.#base = base
  }

  /** The answer to a request for such a file; `undefined` if it is none, and the server alone answers. */
  answer(request: Request): Promise<Response> | undefined {
    const { pathname, searchParams } = new URL(request.url)
    const [, novelId = '', rest = ''] =
      /^\/api\/novels\/([^/]+)\/(.+)$/.exec(pathname.slice(this.#base.length)) ?? []
    const [, number] = /^chapters\/(\d+)\/audio\.m4a$/.exec(rest) ?? []
    const kept = searchParams.get('kept')
    if (number !== undefined && kept !== null) return this.#audio(request, novelId, Number(number), kept)
    if (rest === 'cover') return this.#picture(request, async (db) => db.get('covers', novelId))
    const [, ofChapter, name = ''] = /^chapters\/(\d+)\/images\/([^/]+)$/.exec(rest) ?? []
    if (ofChapter !== undefined)
      return this.#picture(request, async (db) =>
        db.get('pieces', [novelId, Number(ofChapter), imageTag(decodeURIComponent(name)), 0]),
      )
    return undefined
  }

  async #audio(request: Request, novelId: string, number: number, etag: string): Promise<Response> {
    const db = await this.#open()
    const count = await db.count('pieces', below(novelId, number, etag))
    const last = await db.get('pieces', [novelId, number, etag, count - 1])
    if (!last) return fetch(request)
    const type = 'audio/mp4'
    const size = (count - 1) * pieceBytes + sizeOf(last)
    // Of an hour of audio only the pieces of the range are read.
    const part = async (from: number, to: number): Promise<Blob> => {
      const first = Math.floor(from / pieceBytes)
      const end = Math.ceil(to / pieceBytes)
      const key = (index: number): [string, number, string, number] => [novelId, number, etag, index]
      const range = IDBKeyRange.bound(key(first), key(end), false, true)
      const pieces = new Blob((await db.getAll('pieces', range)).map(asBlob), { type })
      return pieces.slice(from - first * pieceBytes, to - first * pieceBytes, type)
    }
    return rangeAnswer({ size, type, part }, request.headers.get('range'), etag)
  }

  /** As the server has it, else as it is kept. */
  async #picture(
    request: Request,
    find: (db: OfflineDatabase) => Promise<StoredFile | undefined>,
  ): Promise<Response> {
    const asked = fetch(request)
    const answer = await Promise.race([
      asked.catch(() => undefined),
      new Promise<undefined>((resolve) => setTimeout(resolve, patience)),
    ])
    if (answer && answer.status < 500) return answer
    const kept = await find(await this.#open())
    return kept ? new Response(asBlob(kept)) : asked
  }

  #open(): Promise<OfflineDatabase> {
    return (this.#opened ??= openOffline(this.#base))
  }
}
