import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { longStory } from '../fixtures/long-story.ts'
import { accessibilityFaults } from './accessibility-check.ts'
import { eventually, test } from './browser.ts'

test.override('speakers', 1)

const look = (page: Page) =>
  page.evaluate(() => {
    const text = document.querySelector('.book-text')!
    const { fontSize, textAlign, fontFamily } = getComputedStyle(text)
    const { backgroundColor } = getComputedStyle(document.documentElement)
    return { fontSize, textAlign, sans: fontFamily.includes('system-ui'), paper: backgroundColor }
  })

test('the text is set as the listener likes it, at once, and so on the next device', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(longStory(1, 20), 'set.txt')
  const page = await device(`/novels/${novel.id}/chapters/1`)
  const aa = page.getByRole('button', { name: 'How the text is set' })
  await aa.click()
  await page.getByText('Sans', { exact: true }).click()
  await page.getByText('Sepia').click()
  await page.getByText('Justified, with hyphens').click()
  const size = page.getByRole('slider', { name: 'Size of the letters' })
  await size.focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  const chosen = { fontSize: '21px', textAlign: 'justify', sans: true, paper: 'rgb(240, 226, 198)' }
  await eventually(async () => expect(await look(page)).toEqual(chosen))
  expect(await accessibilityFaults(page)).toEqual([])
  await page.keyboard.press('Escape')
  expect(await accessibilityFaults(page)).toEqual([])

  const other = await device(`/novels/${novel.id}/chapters/1`)
  await other.locator('.book-text').waitFor()
  await eventually(async () => expect(await look(other)).toEqual(chosen))

  await aa.click()
  await page.getByText('Dark', { exact: true }).click()
  await eventually(async () => expect((await look(page)).paper).toBe('rgb(17, 21, 31)'))
  expect(await accessibilityFaults(page)).toEqual([])
  await page.getByRole('button', { name: 'As it was at first' }).click()
  await eventually(async () =>
    expect(await look(page)).toMatchObject({ fontSize: '19px', paper: 'rgb(246, 241, 231)' }),
  )
})

test('a setting that is changed before the first answer is there reaches the server', async ({
  device,
  nightjar,
}) => {
  const page = await device()
  // As on a slow line.
  const { promise: arrives, resolve: arrive } = Promise.withResolvers<void>()
  let asked = 0
  await page.route('**/api/listener/settings', async (route) => {
    if (route.request().method() === 'GET' && asked++ === 0) await arrives
    await route.continue()
  })
  await page.clock.install()
  await page.reload()
  await page.getByRole('combobox', { name: 'Language of the page' }).selectOption('Tiếng Việt')
  await page.getByRole('link', { name: 'Kệ sách', exact: true }).waitFor()
  await page.clock.fastForward(1000)
  arrive()
  await eventually(async () => {
    const { settings } = await nightjar.json<{ settings: object }>('/api/listener/settings')
    expect(settings).toMatchObject({ locale: 'vi' })
  })
})

test('a chapter of 2,000 sentences is there whole for a screen reader, far below what is in view too', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(longStory(1, 2000), 'long.txt')
  const page = await device(`/novels/${novel.id}/chapters/1`)
  await page.locator('[data-segment="1999"]').waitFor({ state: 'attached' })
  const session = await page.context().newCDPSession(page)
  await eventually(async () => {
    const { nodes } = await session.send('Accessibility.getFullAXTree')
    const spoken = nodes.filter(({ ignored, role }) => !ignored && role?.value === 'StaticText')
    expect(spoken.filter(({ name }) => /^On day \d+,/.test(name?.value))).toHaveLength(2000)
  })
})
