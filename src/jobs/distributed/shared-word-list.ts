import { readFile, stat } from 'node:fs/promises'
import type { Logger } from 'pino'
import type { DataPaths } from '../../storage/local/data-paths.ts'
import { writeFileAtomically } from '../../storage/local/durable-files.ts'
import type { Lock } from '../../storage/lock.ts'
import { type ObjectStore, readObject } from '../../storage/object-store.ts'
import type { EventBus } from '../event-bus.ts'

interface SharedWordListParts {
  readonly folder: Pick<DataPaths, 'sharedWords' | 'temporary' | 'wordList'>
  readonly objects: ObjectStore
  readonly lock: Lock
  readonly eventBus: EventBus
  readonly log: Pick<Logger, 'info' | 'warn'>
  /** Milliseconds between two looks at the file; left out: 2 s. */
  readonly everyMs?: number
}

const key = 'store/words.tsv'
const defaultEveryMs = 2000
/** The list of the others is read that often, even if nothing is heard of a change. */
const looksBetweenReads = 30

/**
 * The user's own list of words (`words.tsv`) where several servers share a store: what is changed in the file of one of
 * them is changed in those of all, so that a book sounds alike wherever it is imported. Close it by disposing of it.
 */
export class SharedWordList implements AsyncDisposable {
  readonly #parts: SharedWordListParts
  readonly #subscription: Disposable
  readonly #timer: NodeJS.Timeout
  readonly #stopping = new AbortController()
  #working: Promise<void> | undefined
  #again = false
  /** Size and time of the file when it was last compared. */
  #seen: string | undefined
  #looks = 0

  private constructor(parts: SharedWordListParts) {
    this.#parts = parts
    this.#subscription = parts.eventBus.subscribe((event, remote) => {
      if (remote && (event.kind === 'words' || event.kind === 'everything')) void this.#compare()
    })
    this.#timer = setInterval(() => void this.#look(), parts.everyMs ?? defaultEveryMs).unref()
  }

  /** Resolves when the file is as the others have it, or when that could not be found out. */
  static async start(parts: SharedWordListParts): Promise<SharedWordList> {
    const list = new SharedWordList(parts)
    await list.#compare()
    return list
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort()
    clearInterval(this.#timer)
    this.#subscription[Symbol.dispose]()
    await this.#working
  }

  async #look(): Promise<void> {
    const isDue = ++this.#looks % looksBetweenReads === 0
    if (isDue || (await stampOf(this.#parts.folder.wordList)) !== this.#seen) await this.#compare()
  }

  #compare(): Promise<void> {
    this.#again = true
    this.#working ??= this.#compareAgain().finally(() => {
      this.#working = undefined
    })
    return this.#working
  }

  async #compareAgain(): Promise<void> {
    while (this.#again && !this.#stopping.signal.aborted) {
      this.#again = false
      try {
        await this.#exchange()
      } catch (err) {
        // A server works without it, with the list that it has; the next look tries again.
        this.#seen = undefined
        if (!this.#stopping.signal.aborted)
          this.#parts.log.warn(
            { err },
            'the list of words could not be compared with that of the other servers',
          )
      }
    }
  }

  async #exchange(): Promise<void> {
    const { folder, objects, lock, eventBus, log } = this.#parts
    await using _ = await lock.acquire('words', this.#stopping.signal)
    const seen = await stampOf(folder.wordList)
    const own = await textOf(folder.wordList)
    const common = await textOf(folder.sharedWords)
    const theirs = (await readObject(objects, key))?.toString() ?? ''
    const merged = mergedWords({ own, common, theirs })
    // Whatever of it a crash leaves undone is found again: what is merged already stays as it is.
    if (merged !== theirs) {
      await objects.put(key, Buffer.from(merged))
      eventBus.publish({ kind: 'words' })
      log.info('the list of words of this server is that of all now')
    }
    if (merged !== own) {
      // Somebody is writing it: what that becomes is merged in the next round.
      if ((await stampOf(folder.wordList)) !== seen) {
        this.#again = true
        return
      }
      await writeFileAtomically(folder.temporary, folder.wordList, Buffer.from(merged))
      log.info('the list of words was changed at another server')
    }
    if (merged !== common)
      await writeFileAtomically(folder.temporary, folder.sharedWords, Buffer.from(merged))
    this.#seen = merged === own ? seen : await stampOf(folder.wordList)
  }
}

/**
 * What becomes of a list that was `common` when this server last looked, and is `own` here and `theirs` elsewhere now. No
 * line is lost that somebody added; where both changed a word, the line of this server is the later one, which counts.
 */
export function mergedWords(lists: {
  readonly own: string
  readonly common: string
  readonly theirs: string
}): string {
  if (lists.own === lists.common) return lists.theirs
  if (lists.theirs === lists.common) return lists.own
  const [own, common, theirs] = [linesOf(lists.own), linesOf(lists.common), linesOf(lists.theirs)]
  const [ownLines, commonLines, theirLines] = [new Set(own), new Set(common), new Set(theirs)]
  const kept = theirs.filter((line) => ownLines.has(line) || !commonLines.has(line))
  const added = own.filter((line) => !commonLines.has(line) && !theirLines.has(line))
  return [...kept, ...added].map((line) => `${line}\n`).join('')
}

function linesOf(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line.trim() !== '')
}

async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(absent(''))
}

async function stampOf(path: string): Promise<string> {
  const found = await stat(path).catch(absent(undefined))
  return found ? `${found.size} ${found.mtimeMs}` : ''
}

function absent<T>(value: T): (error: unknown) => T {
  return (error) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return value
    throw error
  }
}
