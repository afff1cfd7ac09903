/** A file of the built page, by its path below the scope; `revision` is `null` where the name has a hash. */
export interface PageFile {
  readonly url: string
  readonly revision: string | null
}

/** Milliseconds that a server which has the page may take before the page comes from this device. */
const patience = 3000

/** A proxy says these for a server that is away. */
const away = new Set([502, 503, 504])

/**
 * The page of one version, whole, in a cache of its own: the shell (the front page as the server writes it for its base
 * path) under the scope's address, and all scripts, styles, icons.
 */
export class PageFiles {
  readonly #scope: string
  readonly #files: readonly PageFile[]
  readonly #prefix: string
  readonly #name: string

  /** `files`: as the build lists them, `index.html` included. */
  constructor(scope: string, files: readonly PageFile[]) {
    this.#scope = scope
    this.#files = files
    this.#prefix = `nightjar page ${new URL(scope).pathname} `
    this.#name = `${this.#prefix}${versionOf(files)}`
  }

  /** Fetches the page. Rejects when anything of it is missing, or is of another version: the browser tries again later. */
  async install(): Promise<void> {
    const cache = await caches.open(this.#name)
    const files = this.#files.filter(({ url }) => url !== 'index.html')
    await Promise.all(files.map((file) => this.#fetchFile(cache, file)))
    await cache.put(this.#scope, await this.#fetchShell())
  }

  /** Deletes older pages, except the one before: it may still be open, and fetch the rest of its scripts. */
  async sweep(): Promise<void> {
    // In the order in which they were made.
    const names = (await caches.keys()).filter((name) => name.startsWith(this.#prefix))
    const old = names.slice(0, Math.max(0, names.indexOf(this.#name) - 1))
    await Promise.all(old.map((name) => caches.delete(name)))
  }

  /** Whether an address is a file of this version. */
  has(address: string): boolean {
    return this.#files.some(({ url }) => new URL(url, this.#scope).href === address)
  }

  /** A file of this version, of the one before, or from the server. */
  async file(request: Request): Promise<Response> {
    const own = await (await caches.open(this.#name)).match(request.url)
    return own ?? (await this.#olderFile(request.url)) ?? fetch(request)
  }

  /** The page that a browser goes to: as the server has it, else as it is here. */
  async page(request: Request): Promise<Response> {
    const shell = await (await caches.open(this.#name)).match(this.#scope)
    if (!shell) return fetch(request)
    const answer = await Promise.race([
      fetch(request).catch(() => undefined),
      new Promise<undefined>((resolve) => setTimeout(resolve, patience)),
    ])
    return answer && !away.has(answer.status) ? answer : shell
  }

  async #olderFile(address: string): Promise<Response | undefined> {
    for (const name of await caches.keys()) {
      if (!name.startsWith(this.#prefix)) continue
      const found = await (await caches.open(name)).match(address)
      if (found) return found
    }
    return undefined
  }

  async #fetchFile(cache: Cache, { url, revision }: PageFile): Promise<void> {
    const address = new URL(url, this.#scope).href
    // A name with a hash never means other bytes.
    const known = revision === null ? await this.#olderFile(address) : undefined
    const answer = known ?? (await fetch(address, { cache: 'no-cache' }))
    if (!answer.ok) throw new Error(`${address} was answered ${answer.status}`)
    await cache.put(address, answer)
  }

  /** The front page, if it is Nightjar’s and of this version: a proxy may answer with a page to sign in. */
  async #fetchShell(): Promise<Response> {
    const answer = await fetch(this.#scope, { cache: 'no-cache', headers: { accept: 'text/html' } })
    const html = await answer.text()
    const scripts = [...html.matchAll(/\s(?:href|src)="([^"]*\/assets\/[^"]+)"/g)].map(
      ([, address = '']) => new URL(address, this.#scope).href,
    )
    if (!answer.ok || scripts.length === 0 || !scripts.every((each) => this.has(each)))
      throw new Error('the front page is not of this version')
    // A redirected answer may not be given to a navigation; a copy may.
    return new Response(html, { headers: answer.headers })
  }
}

/** A short name of a list of files (FNV-1a, 32 bits, twice): equal lists are the same version. */
function versionOf(files: readonly PageFile[]): string {
  const text = files.map(({ url, revision }) => `${url} ${revision ?? ''}`).join('\n')
  return [0x811c9dc5, 0x1234567]
    .map((seed) => {
      let hash = seed
      for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
      return (hash >>> 0).toString(36)
    })
    .join('')
}
