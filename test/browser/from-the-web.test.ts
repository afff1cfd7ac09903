import { expect } from 'vitest'
import { page as answer, pageServer } from '../program/page-server.ts'
import { waitUntil } from '../program/wait-until.ts'
import { test } from './browser.ts'

const prose =
  'It was a long way to the sea, and nobody who had gone there had come back to tell of what they saw.'
let gone = 0
const web = await pageServer({
  '/story': answer(`<!doctype html><title>The Harbour</title><h1>The Harbour</h1><p>${prose}</p>`),
  '/silent': (response) => void response.on('close', () => gone++),
})
test.override('settings', { NIGHTJAR_FETCH_HOSTS: web.host })
test.afterAll(() => web[Symbol.asyncDispose]())

test('a page is added by its address; one that does not come can be stopped, and what is refused says why', async ({
  device,
}) => {
  const page = await device('/', { expected: /status of 403/ })
  await page.getByRole('button', { name: 'From the web' }).click()
  const dialog = page.getByRole('dialog', { name: 'A page of the web' })
  const add = async (address: string): Promise<void> => {
    await dialog.getByLabel('Address').fill(address)
    await dialog.getByRole('button', { name: 'Put it on the shelf' }).click()
  }
  await add('http://10.0.0.1/story')
  await dialog.getByText('10.0.0.1 is in a private network').waitFor()
  await add(web.at('/silent'))
  await dialog.getByText('Fetching and reading it…').waitFor()
  await waitUntil(() => web.asked.includes('/silent'))
  await dialog.getByRole('button', { name: 'Stop' }).click()
  await dialog.getByText('Stopped.').waitFor()
  await waitUntil(() => gone === 1)
  await add(web.at('/story'))
  await page.getByRole('heading', { level: 1, name: 'The Harbour' }).waitFor()
  expect(web.asked).toEqual(['/silent', '/story'])
})
