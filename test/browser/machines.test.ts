import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { longStory } from '../fixtures/long-story.ts'
import { Command } from '../program/cli-process.ts'
import { MachineProcess } from '../program/machine-process.ts'
import { test } from './browser.ts'
import { accessibilityFaults } from './accessibility-check.ts'
import { focusIsOn, tabTo } from './keyboard.ts'
import { smallTargets } from './touch-targets.ts'

test.override('speakers', 1)

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }

const lent = (page: Page) => page.getByRole('region', { name: 'Lent to you' })
const attic = (page: Page) => lent(page).getByRole('listitem').filter({ hasText: 'attic' })

/** `nightjar speak`, lent to the server under the name attic. */
async function lend(server: string, folder: string): Promise<MachineProcess> {
  const token = (await Command.run(['token', 'create', 'attic'], folder)).out.trim()
  return new MachineProcess({ server, token, name: 'attic', folder, speakers: 2, engines: 'real' })
}

test('the page says who speaks what and how fast, and how another machine is lent; it is steered by the keyboard', async ({
  device,
  nightjar,
  folder,
}) => {
  const page = await device()
  await page.getByRole('navigation').getByRole('link', { name: 'Machines' }).click()
  await page.getByRole('heading', { level: 1, name: 'Machines' }).waitFor()
  await page.getByText('Nothing is being spoken just now').waitFor()
  const server = page.getByRole('region', { name: 'The server' })
  await server.getByText('Waiting for something to speak').waitFor()
  await server.getByText('0 of 1 speaker at work').waitFor()
  // Two lines to be taken along, with the address of this page.
  const joining = page.getByRole('region', { name: 'Lend another machine' })
  const line = (label: RegExp) => joining.getByRole('textbox', { name: label }).inputValue()
  expect(await line(/^On the server/)).toBe('npx nightjar token create NAME')
  expect(await line(/^On the other machine/)).toBe(
    `npx nightjar speak --server ${nightjar.address.replace(/\/$/, '')} --token T`,
  )

  await using machine = await lend(nightjar.address, folder)
  await machine.joined()
  await attic(page).getByText('0 of 2 speakers at work').waitFor()
  const { novel } = await nightjar.add(longStory(3, 400), 'lent.txt')
  const id = await nightjar.generate(novel.id)
  await attic(page).getByText('Speaking', { exact: true }).waitFor()
  await attic(page)
    .getByRole('link', { name: /^lent, chapter \d$/ })
    .first()
    .waitFor()
  await attic(page)
    .getByText(/^[\d.,]+ × real time$/)
    .waitFor()
  await page.getByText(/^Together they speak at [\d.,]+ × real time/).waitFor()
  await server.getByText('Speaking', { exact: true }).waitFor()
  for (const options of [phone, { viewport: { width: 1280, height: 800 } }]) {
    const other = await device('/machines', options)
    await attic(other).getByText('Speaking', { exact: true }).waitFor()
    expect(await accessibilityFaults(other)).toEqual([])
    const width = await other.evaluate(() => document.documentElement.scrollWidth)
    expect(width).toBeLessThanOrEqual(options.viewport.width)
    if (options === phone) expect(await smallTargets(other)).toEqual([])
  }

  // It rests, and another page sees it.
  const onlooker = await device('/machines')
  await tabTo(page, 'Let it rest: attic')
  await page.keyboard.press('Enter')
  await attic(page)
    .getByText(/^(At rest until you wake it|Finishes what it speaks, then rests)$/)
    .waitFor()
  await focusIsOn(page, 'Wake it: attic')
  await attic(onlooker).getByText('At rest until you wake it').waitFor()
  await page.keyboard.press('Enter')
  await focusIsOn(page, 'Let it rest: attic')
  await attic(onlooker).getByRole('button', { name: 'Let it rest: attic' }).waitFor()

  // A second thought; then it is forgotten, and since it lives it joins again.
  await tabTo(page, 'Forget attic')
  await page.keyboard.press('Enter')
  await page.getByRole('alertdialog', { name: 'Forget attic?' }).waitFor()
  expect(await accessibilityFaults(page)).toEqual([])
  await page.keyboard.press('Escape')
  await focusIsOn(page, 'Forget attic')
  machine.signal('SIGSTOP')
  await page.keyboard.press('Enter')
  await tabTo(page, 'Forget the machine')
  await page.keyboard.press('Enter')
  await lent(page).waitFor({ state: 'detached' })
  machine.signal('SIGCONT')
  await attic(page).waitFor()
  machine.signal('SIGTERM')
  expect(await machine.ended()).toBe(0)
  await lent(page).waitFor({ state: 'detached' })
  await nightjar.post(`/api/worker/progress/${id}/cancel`, {})
})
