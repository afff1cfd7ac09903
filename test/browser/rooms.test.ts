import { expect } from 'vitest'
import { eventually, test } from './browser.ts'

test('rooms are fetched ahead, so that they are entered when the server is away', async ({ device }) => {
  const page = await device('/', { expected: /net::ERR_/ })
  await eventually(async () => {
    const fetched = await page.evaluate(() =>
      performance.getEntriesByType('resource').map(({ name }) => name),
    )
    expect(fetched.some((name) => /\/machines-page-[^/]+\.js$/.test(name))).toBe(true)
  })
  await page.context().setOffline(true)
  await page.getByRole('link', { name: 'Machines' }).click()
  await page.getByText('This page is not kept on this device.').waitFor()
  expect(await page.getByText('This page could not be fetched').count()).toBe(0)
  // That the server is away is said once, for all of the page.
  await page.getByText('Nightjar does not answer. Nothing is lost').waitFor()
  expect(await page.getByText('Nightjar does not answer').count()).toBe(1)
})

test('a room that could not be fetched says so, and is entered at the next try', async ({ device }) => {
  const page = await device('/', { expected: /net::ERR_|ERR_FAILED|Failed to/ })
  let away = true
  await page.route(/\/voices-page-[^/]+\.js$/, (route) => (away ? route.abort() : route.continue()))
  await page.reload()
  await page.getByRole('link', { name: 'Voices' }).click()
  const trouble = page.getByRole('alert').filter({ hasText: 'This page could not be fetched' })
  await trouble.waitFor()
  away = false
  await trouble.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('heading', { level: 1, name: 'Voices' }).waitFor()
})

test('the page that documents the API is drawn within the policy that all pages have', async ({ device }) => {
  const page = await device('/api/docs/')
  await page.getByRole('heading', { name: /^Nightjar/ }).waitFor()
  await page.getByText('/api/novels/{id}', { exact: true }).first().waitFor()
})
