import { expect } from 'vitest'
import { eventually, test } from './browser.ts'

test('a language that cannot be fetched leaves the page as it is, and says so', async ({ device }) => {
  const page = await device('/', { locale: 'en', expected: /ERR_FAILED|Failed to load/ })
  await page
    .getByRole('combobox', { name: /Ngôn ngữ của trang|Language of the page/ })
    .selectOption('English')
  await page.getByRole('link', { name: 'Voices' }).waitFor()
  await page.route(/\/assets\/vi-/, (route) => route.abort())
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
