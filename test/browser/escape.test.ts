import { expect } from 'vitest'
import { longStory } from '../fixtures/long-story.ts'
import { expectPlayback } from './audio-playback.ts'
import { test } from './browser.ts'
import { focusIsOn } from './keyboard.ts'

test.override('speakers', 1)

test('two presses of Escape close two dialogs, also before the focus is back, and it is where it was before them', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(longStory(1, 8), 'twice.txt')
  const voice = 'espeak:en-us'
  await nightjar.fetch(`/api/novels/${novel.id}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ voice }),
  })
  await nightjar.finished(await nightjar.generate(novel.id, [1], { voice }))
  const page = await device(`/novels/${novel.id}/chapters/1`)
  await page.getByRole('button', { name: 'Listen' }).click()
  await expectPlayback(page, 0.2)
  for (const inner of ['keys', 'menu']) {
    await page.getByRole('button', { name: 'Open the full player' }).press('Enter')
    await page.getByRole('dialog', { name: 'twice' }).waitFor()
    if (inner === 'keys') {
      await page.keyboard.press('?')
      await page.getByRole('dialog', { name: 'Keys while listening' }).waitFor()
    } else {
      await page.getByRole('button', { name: /^Sleep timer/ }).press('Enter')
      await page.getByRole('menu').waitFor()
    }
    const opened =
      inner === 'keys' ? page.getByRole('dialog', { name: 'Keys while listening' }) : page.getByRole('menu')
    // The focus comes into it a frame after it has opened.
    await opened.and(page.locator(':focus-within')).waitFor()
    await page.keyboard.press('Escape')
    await opened.waitFor({ state: 'detached' })
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await focusIsOn(page, /^Open the full player$/)
  }
  expect(await page.getByRole('dialog').count()).toBe(0)

  // Before the focus has come into it: a screen reader's press leaves it for a while where it was.
  const opens = page.getByRole('button', { name: 'Open the full player', includeHidden: true })
  await opens.press('Enter')
  await page.locator('.player-sheet').and(page.locator(':focus-within')).waitFor()
  await opens.dispatchEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true })
  await page.locator('.player-sheet').waitFor({ state: 'detached' })

  // Two presses come at once; then before the menu, which fades out, is gone: there it never is.
  const keys = await page.context().newCDPSession(page)
  const escape = { key: 'Escape', code: 'Escape', windowsVirtualKeyCode: 27 }
  const presses = ['rawKeyDown', 'keyUp', 'rawKeyDown', 'keyUp'] as const
  for (const fades of [false, true]) {
    await page.getByRole('button', { name: 'Open the full player' }).press('Enter')
    await page.getByRole('button', { name: /^Sleep timer/ }).press('Enter')
    await page.getByRole('menu').and(page.locator(':focus-within')).waitFor()
    if (fades) await page.evaluate(keepWhatLeaves)
    await Promise.all(presses.map((type) => keys.send('Input.dispatchKeyEvent', { type, ...escape })))
    await page.locator('.player-sheet').waitFor({ state: 'detached' })
    if (!fades) await focusIsOn(page, /^Open the full player$/)
  }
})

test('Escape leaves the form of a title, from each of its fields, to where it was opened; not what an input method composes', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(longStory(1, 3), 'titled.txt')
  const page = await device(`/novels/${novel.id}`)
  for (const field of ['Title', 'Author']) {
    await page.getByRole('button', { name: 'Correct title and author' }).press('Enter')
    const input = page.getByRole('textbox', { name: field, exact: true })
    await input.focus()
    await input.evaluate((each) =>
      each.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', isComposing: true, bubbles: true })),
    )
    await input.press('x')
    expect(await input.inputValue()).toContain('x')
    await input.press('Escape')
    await focusIsOn(page, /^Correct title and author$/)
  }
})

/** Runs in the page: what closes is on its way out for ever. */
function keepWhatLeaves(): void {
  const lasting = new CSSStyleSheet()
  lasting.replaceSync('@keyframes fade { to { opacity: 0 } } [data-exiting] { animation: fade 9999s }')
  document.adoptedStyleSheets = [lasting]
}
