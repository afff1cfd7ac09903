import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { longStory } from '../fixtures/long-story.ts'
import { freePort } from '../program/free-port.ts'
import { ServerProcess } from '../program/server-process.ts'
import { temporaryFolder } from '../program/temporary-folder.ts'
import { accessibilityFaults } from '../browser/accessibility-check.ts'
import { clockOf, expectPlayback } from '../browser/audio-playback.ts'
import { epub } from '../browser/books.ts'
import { eventually, test } from '../browser/browser.ts'
import { smallTargets } from '../browser/touch-targets.ts'

/** The browser says so of every request that finds no server. */
const expected = /net::ERR_|Failed to load resource/

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }

async function whenInstalled(page: Page): Promise<void> {
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated')
}

test('a kept chapter is read, heard and marked without a server, and all of it arrives when it is back', async ({
  device,
}) => {
  await using folder = await temporaryFolder()
  const port = String(await freePort())
  await using first = await ServerProcess.start({ data: folder.path, speakers: 1, settings: { PORT: port } })
  const { novel } = await first.add(await epub('The Ferry'), 'ferry.epub')
  await first.finished(await first.generate(novel.id))
  const at = (path: string): string => new URL(path, first.address).href
  const page = await device(at(`/novels/${novel.id}`), { installable: true, expected })
  const context = page.context()
  await whenInstalled(page)
  for (const number of [1, 3]) await page.getByRole('checkbox', { name: `Select chapter ${number}` }).check()
  await page.getByRole('button', { name: 'Keep on this device' }).click()
  await page.getByRole('link', { name: '2 chapters on this device' }).click()
  await page.getByRole('heading', { level: 1, name: 'On this device' }).waitFor()
  for (const title of ['Lamp', 'Letter'])
    await page
      .getByRole('listitem')
      .filter({ hasText: title })
      .getByText(/\d (?:kB|MB)/)
      .waitFor()
  expect(await accessibilityFaults(page)).toEqual([])

  await first.stop()
  await context.setOffline(true)
  await page.goto(at('/'))
  await page.getByRole('link', { name: 'The Ferry' }).first().click()
  await page.getByRole('link', { name: 'The River' }).click()
  await page.getByText('This chapter is not kept on this device').waitFor()
  expect(await accessibilityFaults(page)).toEqual([])
  await page.goto(at('/queue'))
  await page.getByText('This page is not kept on this device').waitFor()
  expect(await accessibilityFaults(page)).toEqual([])
  await page.goto(at(`/novels/${novel.id}`))
  await page.getByRole('button', { name: 'Search in the book' }).click()
  await page.getByRole('combobox', { name: 'Words in the book' }).fill('lit it')
  await page.getByRole('option', { name: /Nobody saw who had lit it/ }).waitFor()
  await page.getByText('only the 2 chapters that are kept on this device were searched').waitFor()
  expect(await accessibilityFaults(page)).toEqual([])
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: 'The Lamp' }).click()
  await page.getByText('The lamp was lit when they came down to the river').waitFor()
  await page.locator('.chapter-tools').getByRole('button', { name: 'Listen' }).click()
  await expectPlayback(page, 0.5)
  // A jump, and with it a range of the kept file.
  await page.getByRole('slider', { name: 'Place in the chapter' }).press('Home')
  await page.keyboard.press('ArrowRight')
  await eventually(async () => expect(await clockOf(page)).toBeGreaterThan(2))
  await expectPlayback(page, 3)
  await page.locator('[data-segment="2"]').first().focus()
  await page.keyboard.press('b')
  await page.getByText('The sentence is marked.').waitFor()
  await page
    .locator('.chapter-tools')
    .getByText(/% heard/)
    .waitFor()
  // What follows is not kept: the voice goes on with what is, and the page with it.
  await page.locator('[data-segment="5"]').first().press('Enter')
  await page.getByText('Left out, since it is not kept on this device: chapter 2.').waitFor()
  await page.getByRole('heading', { name: 'The Letter' }).first().waitFor()
  await page.goto(at(`/novels/${novel.id}`))
  await page
    .getByText(/% heard/)
    .first()
    .waitFor()
  await page.goto(at('/'))
  await page.getByRole('heading', { name: 'Continue listening' }).waitFor()
  await page.goto(at('/bookmarks'))
  await page.getByText('Nobody saw who had lit it').waitFor()
  // The listener goes away.
  await page.close()

  await using back = await ServerProcess.start({ data: folder.path, speakers: 1, settings: { PORT: port } })
  await context.setOffline(false)
  const later = await context.newPage()
  await later.goto(at('/voices'))
  await eventually(async () => {
    const { bookmarks } = await back.json(`/api/novels/${novel.id}/bookmarks`)
    expect(bookmarks).toMatchObject([{ chapterNumber: 1, segment: 2 }])
    const { position } = await back.json(`/api/novels/${novel.id}/position`)
    expect(position).toMatchObject({ chapterNumber: 3 })
    const { heard } = await back.json<{ heard: { chapterNumber: number }[] }>(`/api/novels/${novel.id}/heard`)
    expect(heard[0]).toMatchObject({ chapterNumber: 1 })
    const { novels } = await back.json('/api/listener/hours')
    expect(novels).toHaveLength(1)
  })
})

test('the next chapters are kept as they are spoken, those behind the listener let go, and a book that is gone is said to be', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(longStory(5, 3), 'ahead.txt')
  await nightjar.finished(await nightjar.generate(novel.id, [1, 2]))
  const page = await device(`/novels/${novel.id}`, { installable: true, expected, ...phone })
  await whenInstalled(page)
  await page.getByRole('spinbutton', { name: 'How many' }).fill('2')
  await page.getByRole('checkbox', { name: 'Keep the next chapters on this device, always' }).check()
  await page.getByRole('link', { name: '2 chapters on this device' }).click()
  const line = (number: number) => page.getByRole('listitem').filter({ hasText: `Chapter ${number}` })
  const size = /\d (?:kB|MB)/
  await line(2).getByText(size).waitFor()
  expect(await line(3).count()).toBe(0)
  // Another device listened on.
  await nightjar.json(`/api/novels/${novel.id}/position`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ chapterNumber: 2, segment: 1, seconds: 1 }),
  })
  await page.reload()
  await line(3).getByText('when it is spoken').waitFor()
  await line(4).getByText('when it is spoken').waitFor()
  await line(1).waitFor({ state: 'detached' })
  await nightjar.finished(await nightjar.generate(novel.id, [3]))
  await line(3).getByText(size).waitFor()
  expect(await accessibilityFaults(page)).toEqual([])
  expect(await smallTargets(page)).toEqual([])
  await nightjar.fetch(`/api/novels/${novel.id}?forever=true`, { method: 'DELETE' })
  await page.reload()
  await page.getByText('This book is not on the server any more.').waitFor()
  await page.getByRole('button', { name: 'Remove all of it' }).click()
  await page.getByText('Nothing is kept here yet.').waitFor()
})

test('while the server is away nothing on a page moves, however often it is looked for, and voices keep their names', async ({
  device,
}) => {
  await using folder = await temporaryFolder()
  await using nightjar = await ServerProcess.start({ data: folder.path, speakers: 1 })
  const { novel } = await nightjar.add(await epub('The Still Water'), 'still.epub')
  await nightjar.finished(await nightjar.generate(novel.id))
  const at = (path: string): string => new URL(path, nightjar.address).href
  const page = await device(at(`/novels/${novel.id}`), { installable: true, expected })
  await whenInstalled(page)
  const voice = page.getByRole('button', { name: 'Choose a voice. Now read by Heart' })
  await voice.waitFor()
  await page.getByRole('checkbox', { name: 'Select chapter 1' }).check()
  await page.getByRole('button', { name: 'Keep on this device' }).click()
  await page.getByRole('link', { name: '1 chapter on this device' }).waitFor()
  await nightjar.kill()
  await page.clock.install()
  for (const path of ['/', `/novels/${novel.id}`, `/novels/${novel.id}/chapters/1`, '/queue', '/voices']) {
    await page.goto(at(path))
    await page.getByText('Nightjar does not answer. Nothing is lost').waitFor()
    await page.locator('main h1').first().waitFor()
    if (path.endsWith(novel.id)) await voice.waitFor()
    const changes = await page.evaluateHandle(() => {
      const seen: string[] = []
      new MutationObserver((records) => {
        for (const { type, target, attributeName, oldValue } of records) {
          const now = attributeName === null ? undefined : (target as Element).getAttribute(attributeName)
          // React empties the name of a box and takes it away again; what is set to what it was is not drawn anew.
          if (now !== undefined && (now ?? '') === (oldValue ?? '')) continue
          const { nodeName, textContent } = target
          seen.push(`${type} ${nodeName} ${attributeName}: ${oldValue} → ${now ?? textContent?.slice(0, 80)}`)
        }
      }).observe(document.body, {
        subtree: true,
        childList: true,
        characterData: true,
        attributes: true,
        attributeOldValue: true,
      })
      return seen
    })
    for (let look = 0; look < 3; look++) {
      const failed = page.waitForEvent('requestfailed', (asked) => asked.url().endsWith('/api/worker/queue'))
      await page.clock.fastForward(5000)
      await failed
    }
    await page.evaluate(() => new Promise(requestAnimationFrame))
    expect(await changes.jsonValue(), path).toEqual([])
    expect(await page.getByText('Nightjar does not answer').count(), path).toBe(1)
  }
})
