import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Novel } from '../../src/http/contract/novel-contract.ts'
import { longStory } from '../fixtures/long-story.ts'
import { accessibilityFaults } from '../browser/accessibility-check.ts'
import { clockOf, expectPlayback } from '../browser/audio-playback.ts'
import { eventually, test } from '../browser/browser.ts'
import { focusIsOn } from '../browser/keyboard.ts'
import { smallTargets } from '../browser/touch-targets.ts'

test.override('speakers', 1)

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const sheet = (page: Page) => page.locator('.player-sheet')
const open = (page: Page) => page.getByRole('button', { name: 'Open the full player' })

/** A story in the quick voice, with these of its chapters spoken. */
const story = test.extend('story', async ({ nightjar }) =>
  async (name: string, [chapters, sentences]: readonly [number, number], spoken: readonly number[]) => {
    const { novel } = await nightjar.add(longStory(chapters, sentences), `${name}.txt`)
    await nightjar.fetch(`/api/novels/${novel.id}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ voice: 'espeak:en-us' }),
    })
    if (spoken.length > 0)
      await nightjar.finished(await nightjar.generate(novel.id, [...spoken], { voice: 'espeak:en-us' }))
    return novel
  })

/** In each of the colours it has no fault that a screen reader or a pale print meets, and is no wider than the screen. */
async function hasNoFault(page: Page, name: string): Promise<void> {
  const { width } = page.viewportSize()!
  for (const theme of ['light', 'dark', 'sepia']) {
    await page.evaluate((chosen) => (document.documentElement.dataset.theme = chosen), theme)
    const where = `${name}, ${width} px, ${theme}`
    // Nothing but the colours is different.
    const rules = theme === 'light' ? [] : ['color-contrast']
    expect(await accessibilityFaults(page, ...rules), where).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth), where).toBeLessThanOrEqual(width)
  }
  await page.evaluate(() => delete document.documentElement.dataset.theme)
}

story.concurrent(
  'the novel, a chapter and the sheet have no fault on any screen in any colours; the sheet opens, keeps the focus, and closes by key, button and hand',
  async ({ device, story: make }) => {
    const novel = await make('sheet', [300, 20], [120])
    for (const options of [
      phone,
      { viewport: { width: 820, height: 1180 } },
      { viewport: { width: 1440, height: 900 } },
    ]) {
      // What grows is pale at first.
      const page = await device(`/novels/${novel.id}`, { ...options, reducedMotion: 'reduce' })
      await page.locator('.chapter-row').first().waitFor()
      await hasNoFault(page, 'the novel')
      await page.goto(new URL(`/novels/${novel.id}/chapters/120`, page.url()).href)
      await page
        .getByRole('button', { name: 'Listen' })
        .or(page.getByRole('button', { name: 'Go on' }))
        .click()
      await expectPlayback(page, 0.2)
      await hasNoFault(page, 'the chapter')
      if (options.viewport.width === 820) {
        // The narrowest screen on which the dock is one row: the time is on one line.
        await page.setViewportSize({ width: 768, height: 1180 })
        expect((await page.locator('.dock-time').boundingBox())!.height).toBeLessThan(30)
        await page.setViewportSize(options.viewport)
      }
      await open(page).click()
      await page.getByRole('dialog', { name: 'sheet' }).waitFor()
      await hasNoFault(page, 'the full player')
      await page.keyboard.press('Shift+Tab')
      await page.keyboard.press('Shift+Tab')
      expect(await page.evaluate(() => document.activeElement?.closest('.player-sheet') !== null)).toBe(true)

      const list = sheet(page).getByRole('region', { name: 'Chapters' })
      if (options === phone) {
        expect(await smallTargets(page)).toEqual([])
        await sheet(page).getByRole('button', { name: 'Chapters' }).click()
      }
      // Of three hundred chapters the one that is heard is in sight, and few others are in the page.
      const current = list.locator('[aria-current]')
      await current.waitFor()
      await eventually(async () => {
        const [row, room] = await Promise.all([current.boundingBox(), list.boundingBox()])
        expect(row!.y).toBeGreaterThan(room!.y)
        expect(row!.y + row!.height).toBeLessThan(room!.y + room!.height)
      })
      expect(await list.getByRole('button').count()).toBeLessThan(40)

      await page.keyboard.press('Escape')
      await sheet(page).waitFor({ state: 'detached' })
      await focusIsOn(page, 'Open the full player')
    }
  },
)

story.concurrent(
  'a sheet that is drawn down a little comes back, and one that is drawn far is closed',
  async ({ device, story: make }) => {
    const novel = await make('drawn', [1, 20], [1])
    const page = await device(`/novels/${novel.id}/chapters/1`, phone)
    await page.getByRole('button', { name: 'Listen' }).click()
    await open(page).click()
    const head = page.locator('.sheet-head')
    await head.waitFor()
    await eventually(async () => expect((await head.boundingBox())?.y).toBe(0))
    const draw = async (by: number) => {
      await page.mouse.move(195, 20)
      await page.mouse.down()
      for (let step = 1; step <= 10; step++) {
        await page.mouse.move(195, 20 + (by * step) / 10)
        await page.waitForTimeout(20)
      }
      await page.mouse.up()
    }
    await draw(60)
    await eventually(async () => expect((await head.boundingBox())?.y).toBe(0))
    await draw(300)
    await sheet(page).waitFor({ state: 'detached' })
  },
)

story.concurrent(
  'speed, steps and silences are set in the full player, and hold for this novel on another device',
  async ({ device, nightjar, story: make }) => {
    const novel = await make('settings', [1, 60], [1])
    const page = await device(`/novels/${novel.id}/chapters/1`)
    await page.getByRole('button', { name: 'Listen' }).click()
    await expectPlayback(page, 0.2)
    await open(page).click()
    await page.getByRole('slider', { name: 'Speed' }).focus()
    for (let step = 0; step < 5; step++) await page.keyboard.press('ArrowRight')
    const rateOf = (of: Page) =>
      of.evaluate(() => [globalThis.sound?.playbackRate, globalThis.sound?.preservesPitch])
    await eventually(async () => expect(await rateOf(page)).toEqual([1.25, true]))
    await page.getByRole('combobox', { name: 'A step back or on' }).selectOption('30 s')
    const before = await clockOf(page)
    await sheet(page).getByRole('button', { name: 'On 30 seconds' }).click()
    await eventually(async () => expect(await clockOf(page)).toBeGreaterThan(before + 29))

    // With silences shortened the chapter is a third shorter, it goes on where it was, and its sound is whole.
    const [{ length, segment }] = [await heard(page)]
    await page.getByText('Shorten silences').click()
    await expectPlayback(page, 1)
    const now = await heard(page)
    expect(now.length).toBeLessThan(length - 60 * 0.3)
    expect(now.segment - segment).toBeLessThanOrEqual(2)
    expect(now.segment).toBeGreaterThanOrEqual(segment)
    expect(now.ranges).toBe(1)

    await eventually(async () => {
      const { settings } = await nightjar.json<{ settings: object }>(`/api/novels/${novel.id}/settings`)
      expect(settings).toMatchObject({ player: { rate: 1.25, stepSeconds: 30, shortenSilences: true } })
    })
    const other = await device(`/novels/${novel.id}/chapters/1`)
    await other.getByRole('button', { name: 'Go on' }).click()
    await expectPlayback(other, 0.2)
    await eventually(async () => expect(await rateOf(other)).toEqual([1.25, true]))
    await other.getByRole('button', { name: 'Back 30 seconds' }).waitFor()
  },
)

/** The seek bar's sentence, the length of the sound, and of how many pieces what is in the buffer is. */
async function heard(page: Page) {
  const sentence = await page.locator('.player-sheet .seek input').getAttribute('aria-valuetext')
  const { length, ranges } = await page.evaluate(() => {
    const [, whole = ''] = document.querySelector('.dock-time')!.textContent.split('/')
    const [minutes, seconds] = whole.trim().split(':').map(Number)
    return { length: minutes! * 60 + seconds!, ranges: globalThis.sound!.buffered.length }
  })
  return { segment: Number(/sentence (\d+)/.exec(sentence ?? '')?.[1]), length, ranges }
}

story.concurrent(
  'the sleep timer fades, falls silent, and a key goes on where it began to fade',
  async ({ device, story: make }) => {
    const novel = await make('asleep', [2, 60], [1, 2])
    const page = await device(`/novels/${novel.id}/chapters/1`)
    await page.clock.install()
    await page.getByRole('button', { name: 'Listen' }).click()
    await expectPlayback(page, 0.2)
    await open(page).click()
    await page.getByRole('button', { name: 'Sleep timer' }).click()
    await page.getByRole('menu').waitFor()
    expect(await accessibilityFaults(page)).toEqual([])
    await page.getByRole('menuitemradio', { name: '5 minutes', exact: true }).click()
    await page.getByRole('button', { name: /^Sleep timer: [45]:/ }).waitFor()
    // Any number of minutes, typed.
    await page.getByRole('button', { name: /^Sleep timer/ }).click()
    await page.getByRole('menuitemradio', { name: 'Other minutes…' }).click()
    await page.getByRole('spinbutton', { name: 'Minutes' }).fill('7')
    expect(await accessibilityFaults(page)).toEqual([])
    await page.getByRole('button', { name: 'Start' }).click()
    await page.getByRole('button', { name: /^Sleep timer: [67]:/ }).waitFor()
    await page.getByRole('button', { name: /^Sleep timer/ }).click()
    await page.getByRole('menuitemradio', { name: '5 minutes', exact: true }).click()
    await page.getByRole('button', { name: /^Sleep timer: [45]:/ }).waitFor()
    const timer = await page.getByRole('button', { name: /^Sleep timer: / }).textContent()
    await page.keyboard.press('Escape')
    // The clock of the page runs ahead; that of the sound does not.
    const [, minutes, seconds] = /(\d+):(\d+)/.exec(timer ?? '') ?? []
    await page.clock.fastForward((Number(minutes) * 60 + Number(seconds) - 7) * 1000)
    await eventually(async () =>
      expect(await page.evaluate(() => globalThis.sound!.volume)).toBeLessThan(0.9),
    )
    await page.clock.fastForward('00:10')
    await page.getByText('Asleep? Any key, or a shake, goes on.').waitFor()
    expect(await page.evaluate(() => globalThis.sound!.paused)).toBe(true)
    // A key that pauses at any other time.
    await page.keyboard.press('k')
    await expectPlayback(page, 0.2)
    expect(await page.evaluate(() => globalThis.sound!.volume)).toBe(1)
    await page.getByText('Asleep?').waitFor({ state: 'detached' })

    // At the end of the chapter it sleeps too, though the next one is loaded; a shake goes on.
    await open(page).click()
    await page.getByRole('button', { name: /^Sleep timer/ }).click()
    await page.getByRole('menuitemradio', { name: 'At the end of the chapter' }).click()
    await page.locator('.player-sheet .seek input').press('End')
    await page.locator('.player-sheet').getByText('Asleep?').waitFor()
    await page.evaluate(() => {
      for (const at of [0, 300])
        setTimeout(() => {
          const acceleration = { x: 25, y: 0, z: 0 }
          dispatchEvent(new DeviceMotionEvent('devicemotion', { acceleration }))
        }, at)
    })
    await page.clock.runFor(400)
    await page.locator('.dock-words', { hasText: 'Asleep?' }).waitFor({ state: 'detached' })
    await expectPlayback(page, 0.2)
  },
)

story.concurrent(
  'the keyboard does everything, says what it does, and keeps to space and arrows for who wants that',
  async ({ device, story: make }) => {
    const novel = await make('keys', [3, 20], [1, 2, 3])
    const page = await device(`/novels/${novel.id}/chapters/1`)
    await page.getByRole('button', { name: 'Listen' }).click()
    await expectPlayback(page, 0.2)
    const press = (key: string) => page.keyboard.press(key)
    const state = () =>
      page.evaluate(() => {
        const { paused, playbackRate, volume } = globalThis.sound!
        const chapter = document.querySelector('.dock-chapter')?.textContent
        return { paused, playbackRate, volume: Number(volume.toFixed(1)), chapter }
      })
    const becomes = (expected: object) =>
      eventually(async () => expect(await state()).toMatchObject(expected))
    await page.evaluate(() => (document.activeElement as HTMLElement).blur())
    await press('k')
    await becomes({ paused: true })
    await press('Space')
    await becomes({ paused: false })
    await press(']')
    await becomes({ playbackRate: 1.05 })
    await press('-')
    await becomes({ volume: 0.9 })
    await press('m')
    await becomes({ volume: 0 })
    await press('m')
    await becomes({ volume: 0.9 })
    await press('.')
    await page.locator('[data-heard][data-segment="1"], [data-heard][data-segment="2"]').waitFor()
    await press('n')
    await becomes({ chapter: 'Chapter 2' })
    await press('p')
    await becomes({ chapter: 'Chapter 1' })
    await press('f')
    await sheet(page).waitFor()
    await press('?')
    await page.getByRole('dialog', { name: 'Keys while listening' }).waitFor()
    expect(await accessibilityFaults(page)).toEqual([])
    await page.getByRole('checkbox', { name: 'Letters and signs alone do something' }).uncheck()
    await press('Escape')
    await sheet(page).waitFor()
    await press('Escape')
    await sheet(page).waitFor({ state: 'detached' })
    await press('n')
    await press('Space')
    await becomes({ chapter: 'Chapter 1', paused: true })
  },
)

story.concurrent(
  'chapters follow by themselves, each loaded before the last one ends, and a half made one goes on into an unmade one',
  async ({ device, nightjar, story: make }) => {
    const novel = await make('follow', [3, 5], [1])
    const page = await device(`/novels/${novel.id}/chapters/1`)
    // Whether the screen is held on is known to the system alone.
    await page.evaluate(() => {
      navigator.wakeLock.request = async () => {
        document.body.dataset.awake = 'yes'
        const release = async () => void (document.body.dataset.awake = 'no')
        return { release } as WakeLockSentinel
      }
    })
    await page.getByRole('button', { name: 'Listen' }).click()
    await expectPlayback(page, 0.2)
    await page.getByRole('combobox', { name: 'Speed of playing' }).selectOption('3 ×')
    const awake = () => page.evaluate(() => document.body.dataset.awake)
    const session = () =>
      page.evaluate(() => [navigator.mediaSession.metadata?.title, navigator.mediaSession.playbackState])
    expect(await awake()).toBe('yes')
    expect(await session()).toEqual(['Chapter 1', 'playing'])
    const first = await page.evaluateHandle(() => globalThis.sound)
    await page.waitForURL(/chapters\/2$/)
    await page.locator('[data-heard]').first().waitFor()
    expect(await page.evaluate((before) => before !== globalThis.sound, first)).toBe(true)
    await page.waitForURL(/chapters\/3$/)
    expect(await page.evaluate((before) => before === globalThis.sound, first)).toBe(true)
    await expectPlayback(page, 0.5)
    expect(await session()).toEqual(['Chapter 3', 'playing'])
    await page.getByRole('button', { name: 'Pause', exact: true }).first().click()
    await eventually(async () => expect(await awake()).toBe('no'))
    const { novel: now } = await nightjar.json<{ novel: Novel }>(`/api/novels/${novel.id}`)
    expect(now.position?.chapterNumber).toBe(3)
  },
)
