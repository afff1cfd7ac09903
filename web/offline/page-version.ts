import { base } from '../base.ts'

/** Milliseconds after which a page that is looked at again asks for a new version. */
const lookEvery = 10 * 60_000

/**
 * The service worker of the page: it opens the page without a server, and tells when the server has another version of
 * it. An old page goes on with its own scripts until it is loaded again, which brings the server's. The worker of a new
 * version begins when the last page of the old one is closed: one that is told not to wait holds up every page that is
 * opened until the old one has been idle for half a minute (Chromium 153, two tabs).
 */
class PageVersion {
  readonly #watchers = new Set<() => void>()
  #registration: ServiceWorkerRegistration | undefined
  #looked = Date.now()
  /** Whether this page is older than the worker. */
  outdated = false

  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher)
    return () => this.#watchers.delete(watcher)
  }

  /** Does nothing where there are no service workers: they need https, or this machine itself. */
  async begin(): Promise<void> {
    const { serviceWorker } = navigator
    if (!serviceWorker) return
    serviceWorker.addEventListener('controllerchange', () => void this.#compare(serviceWorker.controller))
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible' && Date.now() - this.#looked > lookEvery) this.look()
    })
    const registration = await serviceWorker
      .register(`${base}/service-worker.js`, { updateViaCache: 'none' })
      .catch(() => undefined)
    if (!registration) return
    this.#registration = registration
    void this.#compare(registration.waiting)
    registration.addEventListener('updatefound', () => {
      const { installing } = registration
      installing?.addEventListener('statechange', () => {
        if (installing.state === 'installed') void this.#compare(registration.waiting)
      })
    })
  }

  /** Asks the server for a new version. */
  look(): void {
    this.#looked = Date.now()
    this.#registration?.update().catch(() => undefined)
  }

  /** A worker of another version makes this page an old one. */
  async #compare(worker: ServiceWorker | null): Promise<void> {
    if (!worker || (await isOfThisPage(worker))) return
    this.outdated = true
    for (const watcher of this.#watchers) watcher()
  }
}

export const pageVersion = new PageVersion()

/** Also `true` where it cannot be told. */
function isOfThisPage(worker: ServiceWorker): Promise<boolean> {
  const script = document.querySelector<HTMLScriptElement>('script[type="module"][src]')?.src
  if (script === undefined) return Promise.resolve(true)
  const { port1, port2 } = new MessageChannel()
  const answer = new Promise<boolean>((resolve) => {
    port1.addEventListener('message', ({ data }) => resolve(data === true))
    port1.start()
  })
  worker.postMessage(script, [port2])
  return answer
}
