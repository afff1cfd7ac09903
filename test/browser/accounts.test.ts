import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { ServerProcess } from '../program/server-process.ts'
import { accessibilityFaults } from './accessibility-check.ts'
import { test } from './browser.ts'

test.override('settings', { NIGHTJAR_AUTH: 'accounts' })
test.override('speakers', 0)

/** A browser says that it was told no; that is what these tests are about. */
const expected = /status of (40[139]|422)/

/** The code of the first admin, as whoever runs the server reads it. */
async function setupCode(nightjar: ServerProcess): Promise<string> {
  await nightjar.fetch('/api/accounts/session')
  const code = nightjar.log.match(/with the code ([\w-]+)/)?.[1]
  if (code === undefined) throw new Error(`no code in the log: ${nightjar.log}`)
  return code
}

async function fill(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [label, value] of Object.entries(fields))
    await page
      .getByRole('textbox', { name: label, exact: true })
      .or(page.getByLabel(label, { exact: true }))
      .fill(value)
}

async function signIn(page: Page, name: string, password: string): Promise<void> {
  await page.getByRole('heading', { name: 'Sign in', level: 1 }).waitFor()
  await fill(page, { Name: name, Password: password })
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

test('the first admin comes in with the code of the log, invites a listener, and each has a place of their own', async ({
  device,
  nightjar,
}) => {
  const page = await device('/', { expected })
  await page.getByRole('heading', { name: 'Welcome to Nightjar' }).waitFor()
  expect(await accessibilityFaults(page)).toEqual([])
  await fill(page, { Code: 'WRONG', Name: 'Ada', 'New password': 'correct horse battery' })
  await page.getByRole('button', { name: 'Make the account' }).click()
  await page.getByRole('alert').getByText('This is not the code', { exact: false }).waitFor()
  // What was typed is still there.
  await fill(page, { Code: await setupCode(nightjar) })
  await page.getByRole('button', { name: 'Make the account' }).click()
  await page.getByRole('link', { name: 'Your account: Ada' }).waitFor()

  await page.getByRole('link', { name: 'People' }).click()
  await page.getByRole('heading', { name: 'Who may come in' }).waitFor()
  expect(await accessibilityFaults(page)).toEqual([])
  await page.getByRole('button', { name: 'Make a link' }).click()
  const link = await page.getByLabel('Invitation', { exact: true }).inputValue()
  expect(new URL(link).pathname).toBe('/join')

  const other = await device(new URL(link).pathname + new URL(link).hash, { expected })
  await other.getByRole('heading', { name: 'You are invited' }).waitFor()
  expect(await accessibilityFaults(other)).toEqual([])
  await fill(other, { Name: 'Grace', 'New password': 'a small step for a cobol' })
  await other.getByRole('button', { name: 'Come in' }).click()
  await other.getByRole('link', { name: 'Your account: Grace' }).waitFor()
  expect(await other.getByRole('link', { name: 'People' }).count()).toBe(0)
  // The link was for one.
  const third = await device(new URL(link).pathname + new URL(link).hash, { expected: /status of 4(01|10)/ })
  await third.getByText('This link is good no more', { exact: false }).waitFor()

  // What a listener adds they alone see, and change.
  await other.getByRole('button', { name: 'Paste a text' }).click()
  const pasted = other.getByRole('dialog', { name: 'A text of your own' })
  await pasted.getByText('You alone see what you add').waitFor()
  expect(await accessibilityFaults(other)).toEqual([])
  await fill(other, { 'Title (optional)': 'A compass', Text: 'Chapter 1\n\nIt pointed north all day long.' })
  await pasted.getByRole('button', { name: 'Put it on the shelf' }).click()
  await other.getByRole('button', { name: 'Correct title and author' }).waitFor()
  await other.getByRole('link', { name: 'Review the chapters' }).waitFor()
  await other.getByRole('button', { name: 'Speak the whole book' }).waitFor()
  expect(await other.getByRole('checkbox', { name: 'Keep this book to myself' }).count()).toBe(0)
  await page.getByRole('link', { name: 'Shelf' }).click()
  await page.getByRole('heading', { name: 'Bring a book' }).waitFor()
  await offersNothingThatIsRefused(page, other)
  // The house may not want it.
  await page.getByRole('link', { name: 'People' }).click()
  const ruled = (checked: boolean) =>
    page.getByRole('checkbox', { name: 'Listeners may add books, which they alone see', checked })
  await ruled(true).click()
  await page.getByText('PATCH /api/house', { exact: false }).waitFor()
  await other.goto(new URL('/', other.url()).href)
  await other.getByText('A compass').first().waitFor()
  await other.getByRole('button', { name: 'Paste a text' }).waitFor({ state: 'detached' })
  await ruled(false).click()
  await ruled(true).waitFor()

  await page.reload()
  await page.getByRole('heading', { name: 'Grace' }).waitFor()
  await page.getByRole('combobox', { name: 'What Grace may do' }).selectOption('editor')
  await page.getByText(/changed what somebody may do/).waitFor()
})

/** Adds a book to the house, and goes through its rooms as a listener. */
async function offersNothingThatIsRefused(admin: Page, listener: Page): Promise<void> {
  await admin.getByRole('button', { name: 'Paste a text' }).click()
  await fill(admin, { 'Title (optional)': 'A lantern', Text: 'Chapter 1\n\nIt was lit all night long.' })
  await admin.getByRole('button', { name: 'Put it on the shelf' }).click()
  await admin.getByRole('button', { name: 'Correct title and author' }).waitFor()
  const { pathname: path } = new URL(admin.url())
  const refused: string[] = []
  listener.on('response', (answer) => {
    if (answer.status() === 403) refused.push(`${answer.request().method()} ${answer.url()}`)
  })
  const goTo = (to: string): Promise<void> =>
    listener.evaluate((address) => history.pushState(null, '', address), to)
  const book = listener.getByRole('heading', { name: 'A lantern', level: 1, exact: true })
  const offers = listener
    .getByRole('button', { name: /^(Correct|Choose a voice|Speak|Leave out|Take into|Listen|Play)/ })
    .or(listener.getByRole('link', { name: /^(Review|The cast|Names and words)/ }))
    .or(listener.getByText('Only what comes next'))
  await goTo(path)
  await book.waitFor()
  expect(await offers.count()).toBe(0)
  expect(await accessibilityFaults(listener)).toEqual([])
  const version = 'versions/01990000-0000-7000-8000-000000000000'
  for (const room of ['review', 'headings', 'coverage', 'spots', 'cast', 'cast/1', 'words', version]) {
    await goTo(`${path}/${room}`)
    await listener.getByRole('heading', { name: 'This book is not yours to change' }).waitFor()
    await goTo(path)
    await book.waitFor()
  }
  await goTo(`${path}/chapters/1`)
  await listener.getByText('It was lit all night long').waitFor()
  expect(await offers.count()).toBe(0)
  expect(refused).toEqual([])
}

test('who is shut out is asked to sign in on the page that is open, and comes back where they were', async ({
  device,
}) => {
  const page = await device('/listening', { expected })
  await signIn(page, 'Grace', 'not it')
  await page.getByRole('alert').getByText('The name or the password is not right').waitFor()
  await signIn(page, 'grace', 'a small step for a cobol')
  await page.getByRole('link', { name: 'Your account: Grace' }).waitFor()
  expect(new URL(page.url()).pathname).toBe('/listening')

  const admin = await device('/account', { expected })
  await signIn(admin, 'Ada', 'correct horse battery')
  await admin.getByRole('heading', { name: 'Your account' }).waitFor()
  expect(await accessibilityFaults(admin)).toEqual([])
  await admin.getByRole('link', { name: 'People' }).click()
  await admin.getByRole('button', { name: 'Shut out Grace' }).click()
  await admin.getByText(/^Shut out ·/).waitFor()
  await page.getByRole('heading', { name: 'Sign in', level: 1 }).waitFor()
  await signIn(page, 'Grace', 'a small step for a cobol')
  await page.getByRole('alert').getByText('The name or the password is not right').waitFor()
  await admin.getByRole('button', { name: 'Let in again Grace' }).click()
  await admin.getByRole('button', { name: 'Shut out Grace' }).waitFor()
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('link', { name: 'Your account: Grace' }).waitFor()
})

test('a token is made, shown once, lets a program in, and is revoked; signing out leaves nothing behind', async ({
  device,
  nightjar,
}) => {
  const page = await device('/account', { expected })
  await signIn(page, 'Ada', 'correct horse battery')
  await page.getByRole('button', { name: 'Make a token' }).click()
  await fill(page, { 'What it is for': 'The reader' })
  await page.getByRole('button', { name: 'Make it', exact: true }).click()
  const token = await page.getByLabel('The token', { exact: true }).inputValue()
  const ask = (): Promise<Response> =>
    nightjar.fetch('/opds', { headers: { authorization: `Basic ${btoa(`any:${token}`)}` } })
  expect((await ask()).status).toBe(200)
  await page.getByRole('button', { name: 'I have it' }).click()
  await page.getByRole('button', { name: 'Revoke The reader' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke it' }).click()
  await page.getByRole('heading', { name: 'The reader', exact: true }).waitFor({ state: 'detached' })
  expect((await ask()).status).toBe(401)

  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in', level: 1 }).waitFor()
  const left = await page.evaluate(() =>
    Object.keys(localStorage).filter((name) => /settings|places/.test(name)),
  )
  expect(left).toEqual([])
})

test('a book that somebody keeps to themselves is on their shelf alone', async ({ device }) => {
  const grace = await device('/', { expected })
  await signIn(grace, 'Grace', 'a small step for a cobol')
  await grace.getByRole('link', { name: 'Your account: Grace' }).waitFor()
  await grace.getByRole('button', { name: 'Paste a text' }).click()
  await fill(grace, {
    'Title (optional)': 'The Diary',
    Text: 'Chapter 1\n\nIt was raining all day long, and nobody came to the house.',
  })
  await grace.getByRole('checkbox', { name: 'Keep it to myself' }).check()
  await grace.getByRole('button', { name: 'Put it on the shelf' }).click()
  const own = grace.getByRole('checkbox', { name: 'Keep this book to myself' })
  await grace.getByText('Nobody else here sees it', { exact: false }).waitFor()
  expect(await own.isChecked()).toBe(true)
  const id = new URL(grace.url()).pathname.split('/').at(-1)
  expect(await accessibilityFaults(grace)).toEqual([])

  const admin = await device(`/novels/${id}`, { expected: /status of 40[134]/ })
  await signIn(admin, 'Ada', 'correct horse battery')
  await admin.getByText('There is no novel with the id', { exact: false }).waitFor()
  await admin.getByRole('link', { name: 'People' }).click()
  await admin.getByText('keeps 2 books to themselves', { exact: false }).waitFor()
  await own.click()
  await grace.getByText('Everybody here sees it').waitFor()
  // The books of an import all at once.
  await grace.goto(new URL('/', grace.url()).href)
  await grace.getByRole('checkbox', { name: 'Keep files that I add to myself' }).check()
  let choosing = grace.waitForEvent('filechooser')
  await grace.getByRole('button', { name: 'Add a book' }).click()
  const files = ['First', 'Second'].map((title) => ({
    name: `${title}.txt`,
    mimeType: 'text/plain',
    buffer: Buffer.from(`The ${title}\n\n\nChapter 1\n\nThe ${title} was read by one alone.\n`),
  }))
  await (await choosing).setFiles(files)
  const all = grace.getByRole('article', { name: /^2 files/ })
  await all.getByText('2 new books').waitFor()
  const ofImport = (checked: boolean) =>
    all.getByRole('checkbox', { name: 'Keep the new books of this import to myself', checked })
  await ofImport(true).click()
  await ofImport(false).click()
  await ofImport(true).waitFor()
  choosing = grace.waitForEvent('filechooser')
  await grace.getByRole('button', { name: 'Add a book' }).click()
  const [one] = files
  await (
    await choosing
  ).setFiles([
    { ...one!, name: 'Third.txt', buffer: Buffer.from('The Third\n\n\nChapter 1\n\nNobody else read it.\n') },
  ])
  await grace.getByRole('checkbox', { name: 'Keep this book to myself', checked: true }).waitFor()
  expect(await accessibilityFaults(grace)).toEqual([])
  await admin.goto(new URL(`/novels/${id}`, admin.url()).href)
  await admin.getByRole('heading', { name: 'The Diary' }).waitFor()
  await admin.getByRole('link', { name: 'People' }).click()
  await admin.getByText('keeps 4 books to themselves', { exact: false }).waitFor()
})
