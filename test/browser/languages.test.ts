import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { accessibilityFaults } from './accessibility-check.ts'
import { eventually, test } from './browser.ts'
import { englishOn } from './page-words.ts'

const story = `Dế Mèn phiêu lưu ký\n\n${['Một', 'Hai', 'Ba'].map((name, at) => `Chương ${at + 1}: ${name}\n\nTôi sống độc lập từ thuở bé. Ấy là tục lệ lâu đời trong họ nhà dế chúng tôi.\n\n`).join('')}`

test('a language that cannot be fetched leaves the page as it is, and says so', async ({ device }) => {
  const page = await device('/', { locale: 'en', expected: /ERR_FAILED|Failed to load/ })
  await page.getByRole('link', { name: 'Voices' }).waitFor()
  await page.route(/\/assets\/(?:first|rooms)-/, (route) => route.abort())
  await page.getByRole('combobox', { name: 'Language of the page' }).selectOption('Tiếng Việt')
  await page.getByText('This language could not be fetched').waitFor()
  expect(await page.locator('html').getAttribute('lang')).toBe('en')
})

test('the page is in the language of the browser, and in the one chosen by hand from then on', async ({
  device,
}) => {
  const page = await device('/', { locale: 'vi-VN' })
  const html = page.locator('html')
  await page.getByRole('link', { name: 'Giọng đọc' }).waitFor()
  expect(await html.getAttribute('lang')).toBe('vi')

  const chooser = page.getByRole('combobox', { name: 'Ngôn ngữ của trang' })
  await chooser.selectOption('English')
  await page.getByRole('link', { name: 'Voices' }).waitFor()
  await eventually(async () => expect(await html.getAttribute('lang')).toBe('en'))
  await page.reload()
  await page.getByRole('link', { name: 'Voices' }).waitFor()
  expect(await html.getAttribute('lang')).toBe('en')

  // Another device of the same listener asks the server.
  const other = await device('/', { locale: 'vi-VN' })
  await other.getByRole('link', { name: 'Voices' }).waitFor()
  await other.getByRole('combobox', { name: 'Language of the page' }).selectOption('Tiếng Việt')
  await other.getByRole('link', { name: 'Kệ sách', exact: true }).waitFor()
  await page.reload()
  await page.getByRole('link', { name: 'Giọng đọc' }).waitFor()
})

test('in Vietnamese no page says anything in English, to the eye or to a screen reader', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(new TextEncoder().encode(story), 'Dế Mèn.txt')
  const finished = await nightjar.generate(novel.id, [1])
  await nightjar.finished(finished)
  const { novel: long } = await nightjar.add(new TextEncoder().encode(story.repeat(40)), 'Dài.txt')
  const paused = await nightjar.generate(long.id)
  await nightjar.post(`/api/worker/progress/${paused}/pause`, {})
  const page = await device('/', { locale: 'vi', expected: /status of 404/ })
  const faults = async (where: string): Promise<void> => {
    expect.soft(await englishOn(page, 'vi'), where).toEqual([])
  }
  for (const path of [
    '/',
    `/novels/${novel.id}`,
    `/novels/${novel.id}/chapters/1`,
    `/novels/${long.id}/chapters/2`,
    `/generations/${finished}`,
    `/generations/${paused}`,
    '/queue',
    '/voices',
    '/machines',
    '/settings',
    '/bookmarks',
    '/listening',
    `/novels/${novel.id}/review`,
    `/novels/${novel.id}/coverage`,
    '/nowhere',
    '/novels/01890a5d-ac96-774b-bcce-b302099a8057',
  ]) {
    await page.goto(new URL(path, page.url()).href)
    await page.locator('main h1').first().waitFor()
    await page.waitForLoadState('networkidle')
    await faults(path)
    expect(await accessibilityFaults(page, 'html-has-lang', 'html-lang-valid', 'valid-lang'), path).toEqual(
      [],
    )
  }
  await dialogs(page, novel.id, faults)
})

/** The dialogs of a novel’s page and of the voices. */
async function dialogs(page: Page, novelId: string, faults: (where: string) => Promise<void>): Promise<void> {
  const presses = [
    [`/novels/${novelId}`, /^Mang theo/],
    [`/novels/${novelId}`, /^Chọn giọng đọc/],
    ['/', /^Xóa Dế Mèn/],
    ['/voices#servers', /^Thêm máy chủ/],
  ] as const
  for (const [path, name] of presses) {
    await page.goto(new URL(path, page.url()).href)
    await page.getByRole('button', { name }).first().click()
    await page.getByRole('dialog').or(page.getByRole('alertdialog')).first().waitFor()
    await page.waitForLoadState('networkidle')
    await faults(`${path} ${name}`)
    await page.keyboard.press('Escape')
  }
}
