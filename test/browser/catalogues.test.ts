import { expect } from 'vitest'
import { atomBook, atomFeed, OpdsServer } from '../program/opds-server.ts'
import { accessibilityFaults } from './accessibility-check.ts'
import { epub } from './books.ts'
import { test } from './browser.ts'
import { smallTargets } from './touch-targets.ts'

test.override('speakers', 1)

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }

test('a catalogue is added with its password, gone through and searched, and its books are fetched by keyboard', async ({
  device,
  nightjar,
}) => {
  await using server = await OpdsServer.start()
  server.login = { user: 'anna', password: 'sesame' }
  server.answers.set(
    '/opds',
    atomFeed(
      'Books of Anna',
      `<link rel="search" type="application/atom+xml" href="/find?q={searchTerms}"/>
      <entry><title>New books</title><link rel="subsection" href="/new" type="application/atom+xml"/></entry>`,
    ),
  )
  server.answers.set(
    '/new',
    atomFeed(
      'New books',
      `<link rel="next" href="/new?page=2" type="application/atom+xml"/>${atomBook('Salt', '/salt.epub')}${atomBook('Sung', '/sung.mp3', 'audio/mpeg')}`,
    ),
  )
  server.answers.set('/new?page=2', atomFeed('New books', atomBook('Broken', '/broken.epub')))
  server.answers.set('/find', atomFeed('Found', atomBook('Salt', '/salt.epub')))
  server.answers.set('/salt.epub', { type: 'application/epub+zip', body: await epub('Salt') })

  const page = await device('/settings', { expected: /502/ })
  const section = page.getByRole('region', { name: 'Catalogues' })
  await section.getByRole('button', { name: 'Add a catalogue' }).click()
  await section.getByLabel('Address of the catalogue').fill(server.url('/opds'))
  await section.getByRole('button', { name: 'Add it' }).click()
  await section.getByText(/wants a name and a password/).waitFor()
  await section.getByLabel('Name, if it wants one').fill('anna')
  await section.getByLabel(/^Password/).fill('sesame')
  expect(await accessibilityFaults(page)).toEqual([])
  await section.getByRole('button', { name: 'Add it' }).click()
  await section.getByText('As anna, with a password that is not shown.').waitFor()
  await section.getByRole('button', { name: /^Edit/ }).click()
  expect(await section.getByLabel(/^Password/).inputValue()).toBe('')
  await section.getByRole('button', { name: 'Leave it' }).click()

  await section.getByRole('link', { name: 'Books of Anna' }).press('Enter')
  await page.getByRole('link', { name: 'New books' }).press('Enter')
  await page.getByRole('heading', { level: 1, name: 'New books' }).waitFor()
  await page.getByText('Not in a format that Nightjar reads.').waitFor()
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1')
  expect(await accessibilityFaults(page)).toEqual([])
  await page.getByRole('link', { name: 'Next page' }).press('Enter')
  await page.getByRole('checkbox', { name: /^Broken/ }).press('Space')
  await page.getByRole('button', { name: 'Fetch 1 book' }).press('Enter')
  const fetched = page.getByRole('region', { name: 'Fetched books' })
  await fetched.getByText(/answers with the status 404/).waitFor()
  await fetched.getByRole('button', { name: 'Try again Broken' }).waitFor()
  expect(await accessibilityFaults(page)).toEqual([])

  await page.getByRole('link', { name: 'Books of Anna' }).click()
  await page.getByRole('searchbox', { name: 'Search the catalogue' }).fill('salt')
  await page.getByRole('button', { name: 'Search' }).click()
  await page.getByRole('heading', { level: 1, name: 'Found for “salt”' }).waitFor()
  await page.getByRole('checkbox', { name: /^Salt/ }).check()
  await page.getByRole('button', { name: 'Fetch 1 book' }).click()
  await fetched.getByText('Now on the shelf.').waitFor()
  await fetched.getByRole('button', { name: 'Forget it Broken' }).click()
  await fetched.getByText(/status 404/).waitFor({ state: 'detached' })
  const { novels } = await nightjar.json<{ novels: { title: string }[] }>('/api/novels')
  expect(novels.map(({ title }) => title)).toEqual(['Salt'])

  const other = await device(new URL(page.url()).pathname, phone)
  await other.getByRole('link', { name: 'New books' }).waitFor()
  expect(await accessibilityFaults(other)).toEqual([])
  expect(await smallTargets(other)).toEqual([])
  await page.goto(`${nightjar.address}/settings`)
  await section.getByRole('button', { name: /^Remove/ }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove the catalogue' }).click()
  await page.getByText('Books of Anna is removed.').waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await section.getByText('As anna, with a password that is not shown.').waitFor()
})
