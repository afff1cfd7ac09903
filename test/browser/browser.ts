import { existsSync } from 'node:fs'
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { expect, test as bare, vi } from 'vitest'
import { ServerProcess } from '../program/server-process.ts'
import { temporaryFolder } from '../program/temporary-folder.ts'
import { launchChromium } from './chromium.ts'
import { captureAudioElement } from './audio-playback.ts'

export interface DeviceOptions extends BrowserContextOptions {
  /** What the browser may complain of, since the test brings it about. */
  readonly expected?: RegExp
  /** Lets the page have its service worker, and open without a server. What the worker fetches no test can catch. */
  readonly installable?: boolean
}

/**
 * Tests with a `nightjar`, the real program on a folder of its own, one for the tests of a file, and any number of
 * devices: browsers that know nothing of each other. A test fails when a page logged an error, broke the content
 * security policy or asked another host for anything.
 */
export const test = bare
  .extend('speakers', { scope: 'file' }, 2)
  /** What runs as the program, if not `nightjar serve`. */
  .extend('program', { scope: 'file' }, [] as readonly string[])
  /** Further settings of the program. */
  .extend('settings', { scope: 'file' }, {} as Readonly<Record<string, string>>)
  // Vitest reads from the pattern what a fixture needs.
  // oxlint-disable-next-line no-empty-pattern
  .extend('browser', { scope: 'file' }, async ({}, { onCleanup }) => {
    const browser = await launchChromium()
    onCleanup(async () => browser?.close())
    return browser
  })
  // oxlint-disable-next-line no-empty-pattern
  .extend('folder', { scope: 'file' }, async ({}, { onCleanup }) => {
    const folder = await temporaryFolder()
    onCleanup(() => folder[Symbol.asyncDispose]())
    return folder.path
  })
  .extend(
    'nightjar',
    { scope: 'file' },
    async ({ browser, folder, program, settings, speakers }, { onCleanup }) => {
      if (!existsSync(new URL('../../dist/web/index.html', import.meta.url)))
        throw new Error('There is no page in dist/web. Build it first: npm run build')
      // Without a browser every test is skipped.
      if (!browser) return undefined as never
      const nightjar = await ServerProcess.start({
        data: folder,
        speakers,
        settings,
        ...(program.length > 0 && { program }),
      })
      onCleanup(() => nightjar[Symbol.asyncDispose]())
      return nightjar
    },
  )
  .extend('device', async ({ browser, nightjar, skip }, { onCleanup }) => {
    if (!browser) return skip('needs an installed Chrome, Chromium or Edge on this system')
    const complaints: string[] = []
    const contexts: BrowserContext[] = []
    onCleanup(async () => {
      for (const context of contexts) await context.close()
      expect(complaints.join('\n')).toBe('')
    })
    /** A page on a device of its own, at a path of the program or at an address of another. */
    return async (
      path = '/',
      { expected, installable = false, ...options }: DeviceOptions = {},
    ): Promise<Page> => {
      const address = new URL(path, nightjar.address)
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
      contexts.push(context)
      context.setDefaultTimeout(120_000)
      watch(context, address.host, (words) => {
        if (!expected?.test(words)) complaints.push(words)
      })
      await context.addInitScript(captureAudioElement)
      if (!installable) await context.addInitScript(hideServiceWorkers)
      const page = await context.newPage()
      // So the browser knows from the start that a file may be chosen; asked for as late as at the press, it may not.
      page.on('filechooser', () => undefined)
      await page.goto(address.href)
      return page
    }
  })

/** Waits until what is expected has come true. */
export function eventually(expected: () => Promise<void>): Promise<void> {
  return vi.waitFor(expected, { timeout: 120_000, interval: 50 })
}

/** As in a browser that has none. */
function hideServiceWorkers(): void {
  Object.defineProperty(Navigator.prototype, 'serviceWorker', { value: undefined })
}

/** Chromium tells of a broken content security policy as of any other error. */
function watch(context: BrowserContext, host: string, complain: (words: string) => void): void {
  context.on('weberror', (error) => complain(String(error.error())))
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      complain(`${message.text()} ${message.location().url}`)
  })
  context.on('request', (request) => {
    const url = new URL(request.url())
    if (url.protocol.startsWith('http') && url.host !== host) complain(`asked ${url.href}`)
  })
}
