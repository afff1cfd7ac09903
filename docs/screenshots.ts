import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import type { CastView } from '../src/http/contract/cast-contract.ts'
import type { Timeline } from '../src/http/contract/novel-contract.ts'
import { captureAudioElement, expectPlayback } from '../test/browser/audio-playback.ts'
import { launchChromium } from '../test/browser/chromium.ts'
import type { AddedNovel } from '../test/program/api-client.ts'
import { OpdsServer } from '../test/program/opds-server.ts'
import { ServerProcess } from '../test/program/server-process.ts'
import { temporaryFolder } from '../test/program/temporary-folder.ts'
import { limitWaits, waitUntil } from '../test/program/wait-until.ts'
import { furnishArrivals, furnishPeople, furnishSpots, type Shot } from './further-shots.ts'

// `npm run screenshots -- BOOK…` starts Nightjar in an empty folder, gives it these books, has the first one spoken in
// part, and takes a picture of each page into docs/screenshots: on a desk by day, on a phone by night.

const out = fileURLToPath(new URL('screenshots/', import.meta.url))

const faultyEngine = fileURLToPath(new URL('../test/program/serve-with-faulty-engine.ts', import.meta.url))

const screens = [
  { suffix: '', colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  {
    suffix: '-phone',
    colorScheme: 'dark',
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  },
] as const

/** Three chapters are spoken, two of them heard in part; the rest is paused on its way. */
async function furnish(nightjar: ServerProcess, books: readonly string[]): Promise<readonly Shot[]> {
  const added = []
  for (const book of books) added.push(await nightjar.add(book))
  const [shown, ...others] = added
  if (!shown) throw new Error('Name at least one book: npm run screenshots -- book.epub')
  const { novel, chapters } = shown
  const at = `/api/novels/${novel.id}`
  const first = longChapter(chapters)
  await nightjar.finished(await nightjar.generate(novel.id, [first, first + 1]))
  const rest = await nightjar.generate(novel.id)
  await nightjar.until(rest, ({ segmentsDone }) => segmentsDone > 120)
  await nightjar.post(`/api/worker/progress/${rest}/pause`, {})
  for (const other of others) {
    const id = await nightjar.generate(other.novel.id, [longChapter(other.chapters)])
    await nightjar.post(`/api/worker/progress/${id}/pause`, {})
  }
  const put = async (path: string, body: unknown) => {
    const headers = { 'content-type': 'application/json' }
    const response = await nightjar.fetch(path, { method: 'PUT', headers, body: JSON.stringify(body) })
    if (!response.ok) throw new Error(`PUT ${path}: ${response.status} ${await response.text()}`)
  }
  for (const [segment, note] of [
    [3, 'Read this one aloud to Mina.'],
    [9, ''],
  ] as const)
    await put(`${at}/bookmarks/${crypto.randomUUID()}`, { chapterNumber: first, segment, note })
  // Listened to on another day, so that there is something to go on with.
  const place = { chapterNumber: first, segment: 12, seconds: await beginOf(nightjar, at, first, 12) }
  await put(`${at}/position`, place)
  await put(`${at}/heard`, { chapterNumber: first, from: 0, to: 11 })
  const { id: second } = (others[0] ?? shown).novel
  await nightjar.post(`/api/novels/${second}/cast/analysis`, {})
  await waitUntil(async () => (await castOf(nightjar, second)).state === 'ready')
  for (let ago = 13; ago >= 0; ago--) {
    const day = new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10)
    const minutes = [42, 18, 0, 65, 31, 12, 80][ago % 7]!
    const spent = { sitting: `day ${ago}`, wallSeconds: minutes * 60, audioSeconds: minutes * 75, day }
    if (minutes > 0) await put(`${at}/listened`, spent)
  }
  return [
    { name: 'shelf', path: '/' },
    { name: 'novel', path: `/novels/${novel.id}` },
    {
      name: 'reading-along',
      path: `/novels/${novel.id}/chapters/${first}`,
      prepare: (page) => play(page, 9),
    },
    {
      name: 'player',
      path: `/novels/${novel.id}/chapters/${first}`,
      prepare: async (page) => {
        await play(page, 2)
        await page.getByRole('button', { name: 'Open the full player' }).click()
        await page.locator('.player-sheet').waitFor()
      },
    },
    { name: 'review', path: `/novels/${novel.id}/review` },
    { name: 'headings', path: `/novels/${second}/headings` },
    { name: 'cast', path: `/novels/${second}/cast` },
    { name: 'cast-lines', path: `/novels/${second}/cast/2` },
    { name: 'words', path: `/novels/${novel.id}/words`, prepare: sayNameOtherwise },
    {
      name: 'say-differently',
      path: `/novels/${novel.id}/chapters/${first}`,
      prepare: async (page) => {
        await page.locator('[data-segment="6"]').focus()
        await page.keyboard.press('w')
        await page.keyboard.press('Enter')
        await page.getByRole('button', { name: 'Say it differently' }).click()
        await page.getByRole('textbox', { name: 'Other words' }).waitFor()
      },
    },
    { name: 'coverage', path: `/novels/${novel.id}/coverage` },
    { name: 'generation', path: `/generations/${rest}` },
    { name: 'queue', path: '/queue' },
    { name: 'voices', path: '/voices' },
    { name: 'machines', path: '/machines' },
    { name: 'bookmarks', path: '/bookmarks' },
    { name: 'listening', path: '/listening' },
    {
      name: 'device',
      path: `/novels/${novel.id}`,
      installable: true,
      prepare: async (page) => {
        await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated')
        for (const number of [first, first + 1]) await page.locator(`[data-number="${number}"] input`).check()
        await page.getByRole('button', { name: 'Keep on this device' }).click()
        await page.getByRole('link', { name: '2 chapters on this device' }).click()
        await page.getByText(/\d MB/).nth(1).waitFor()
      },
    },
    { name: 'settings', path: '/settings' },
  ]
}

/** The first chapter that is more than a title page. */
function longChapter(chapters: AddedNovel['chapters']): number {
  return chapters.find(({ narrated, characters }) => narrated && characters > 3000)?.number ?? 1
}

/** The second at which a segment begins in its chapter. */
async function beginOf(
  nightjar: ServerProcess,
  novel: string,
  chapter: number,
  segment: number,
): Promise<number> {
  const { timeline } = await nightjar.json<{ timeline: Timeline }>(`${novel}/chapters/${chapter}/timeline`)
  return timeline.segments[segment]?.from ?? 0
}

/** Takes up the first of the names to check. */
async function sayNameOtherwise(page: Page): Promise<void> {
  const names = page.locator('.words-names')
  await names.or(page.getByText('There is no name left to check.')).first().waitFor()
  const take = page.getByRole('button', { name: /^Take it/ }).first()
  if (await take.isVisible()) await take.click()
}

async function castOf(nightjar: ServerProcess, novelId: string): Promise<CastView> {
  return (await nightjar.json<{ cast: CastView }>(`/api/novels/${novelId}/cast`)).cast
}

/** Presses play, and lets the voice come this many seconds far. */
async function play(page: Page, seconds: number): Promise<void> {
  await page
    .getByRole('button', { name: 'Listen', exact: true })
    .or(page.getByRole('button', { name: 'Go on', exact: true }))
    .first()
    .click()
  await expectPlayback(page, seconds)
}

/** Runs in the page: whether each picture that is in view is there, and what opens is shown. */
function isDrawn(): boolean {
  const images = [...document.images].every(
    (image) =>
      image.complete || image.getBoundingClientRect().top > innerHeight || image.offsetParent === null,
  )
  // With a keyboard of the screen a dialog waits for that, unseen.
  const dialogs = [...document.querySelectorAll('[role=dialog]')].every((dialog) =>
    dialog.checkVisibility({ opacityProperty: true }),
  )
  return images && dialogs
}

async function main(books: readonly string[]): Promise<void> {
  // Speaking the chapters takes as long as the machine needs.
  limitWaits(3_600_000)
  await using folder = await temporaryFolder()
  await using nightjar = await ServerProcess.start({ data: folder.path })
  await using odd = await temporaryFolder()
  await using faulty = await ServerProcess.start({ data: odd.path, program: [faultyEngine] })
  await using arrivals = await temporaryFolder()
  await using elsewhere = await ServerProcess.start({ data: arrivals.path })
  await using library = await OpdsServer.start()
  await using house = await temporaryFolder()
  const accounts = { NIGHTJAR_AUTH: 'accounts' }
  await using household = await ServerProcess.start({ data: house.path, settings: accounts })
  const browser = await launchChromium()
  if (!browser) throw new Error('There is no Chrome, Chromium or Edge on this system.')
  try {
    await mkdir(out, { recursive: true })
    const shots = [
      ...(await furnish(nightjar, books)),
      await furnishSpots(faulty),
      ...(await furnishArrivals(elsewhere, library)),
      await furnishPeople(household),
    ]
    for (const { suffix, ...screen } of screens) {
      for (const { name, path, server = nightjar.address, installable = false, prepare } of shots) {
        const context = await browser.newContext({
          ...screen,
          locale: 'en-GB',
          // What moves is still.
          reducedMotion: 'reduce',
          serviceWorkers: installable ? 'allow' : 'block',
        })
        context.setDefaultTimeout(300_000)
        await context.addInitScript(captureAudioElement)
        const page = await context.newPage()
        await page.goto(new URL(path, server).href)
        await page.locator('main h1').first().waitFor()
        await page.waitForLoadState('networkidle').catch(() => undefined)
        await prepare?.(page)
        await page.waitForFunction(isDrawn)
        await page.screenshot({ path: `${out}${name}${suffix}.jpg`, type: 'jpeg', quality: 78 })
        console.log(`${name}${suffix}.jpg`)
        await context.close()
      }
    }
  } finally {
    await browser.close()
  }
}

await main(process.argv.slice(2))
