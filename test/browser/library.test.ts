import { expect } from 'vitest'
import { epub, onDisk } from './books.ts'
import { test } from './browser.ts'
import { dropFiles } from './drop-files.ts'

test('an empty shelf says what to do', async ({ device }) => {
  const page = await device()
  await page.getByRole('heading', { name: 'Bring a book' }).waitFor()
  await page.getByText('or drop it anywhere on this page.').waitFor()
  expect(await page.getByRole('button', { name: 'Add a book' }).count()).toBe(1)
  await page.getByRole('link', { name: 'Queue' }).click()
  await page.getByRole('heading', { name: 'Nothing to do' }).waitFor()
})

test('a dropped book stands on the shelf with its cover, title and author, and opens to its chapters', async ({
  device,
  folder,
}) => {
  const page = await device()
  await page.getByRole('heading', { name: 'Bring a book' }).waitFor()
  await dropFiles(page, await onDisk(folder, 'garden.epub', await epub('The Drowned Garden')))

  const card = page.locator('.novel-card', { hasText: 'The Drowned Garden' })
  await card.getByText('Anna Bell').waitFor()
  await card.getByText('3 chapters').waitFor()
  await page.waitForFunction(
    () => (document.querySelector<HTMLImageElement>('.novel-card img')?.naturalWidth ?? 0) > 0,
  )

  await card.getByRole('link').click()
  await page.getByRole('heading', { level: 1, name: 'The Drowned Garden' }).waitFor()
  expect(await page.locator('.chapter-row .chapter-title').allTextContents()).toEqual([
    'The Lamp',
    'The River',
    'The Letter',
  ])
})

test('a text is pasted, stands on the shelf under its title, and opens', async ({ device }) => {
  const page = await device()
  await page.getByRole('button', { name: 'Paste a text' }).click()
  const dialog = page.getByRole('dialog', { name: 'A text of your own' })
  await dialog.getByLabel('Title').fill('A letter')
  await dialog
    .getByLabel('Text', { exact: true })
    .fill('Chapter 1\n\nThe lamp was lit.\n\nChapter 2\n\nIt went out.')
  await dialog.getByRole('button', { name: 'Put it on the shelf' }).click()
  await page.getByRole('heading', { level: 1, name: 'A letter' }).waitFor()
  expect(await page.locator('.chapter-row .chapter-title').allTextContents()).toEqual([
    'Chapter 1',
    'Chapter 2',
  ])
})

test('what was dropped twice is one book, and the page says so', async ({ device, folder, nightjar }) => {
  const bytes = await epub('Twice')
  await nightjar.add(bytes, 'twice.epub')
  const page = await device()
  await page.locator('.novel-card', { hasText: 'Twice' }).waitFor()
  await dropFiles(page, await onDisk(folder, 'twice.epub', bytes))
  await page.getByText('It was on your shelf already.').waitFor()
  expect(await page.locator('.novel-card', { hasText: 'Twice' }).count()).toBe(1)
})

test('files are chosen as well as dropped, and a wrong one among them says in plain words what is wrong with it', async ({
  device,
  folder,
}) => {
  const page = await device('/', { expected: /status of 4(?:15|22)/ })
  for (const file of [
    await onDisk(folder, 'chosen.epub', await epub('Chosen by Hand')),
    await onDisk(folder, 'invoice.djvu', 'AT&TFORM'),
    await onDisk(folder, 'nothing.txt', ''),
  ]) {
    const choosing = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Add a book' }).click()
    await (await choosing).setFiles(file)
  }
  await page.locator('.novel-card', { hasText: 'Chosen by Hand' }).waitFor()
  const scan = page.locator('.upload', { hasText: 'invoice.djvu' }).getByRole('alert')
  await scan.waitFor()
  expect(await scan.textContent()).toMatch(
    /invoice\.djvu cannot be read as a book: .*EPUB, .* and plain text/,
  )
  await page.getByText('nothing.txt is empty. Choose the file again').waitFor()
  await page.getByRole('button', { name: 'Put away the note about invoice.djvu' }).click()
  await scan.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Put away all notes' }).click()
  await page.getByText('nothing.txt').waitFor({ state: 'detached' })
})

test('a book can be dropped on any page, and the shelf shows it arriving', async ({ device, folder }) => {
  const page = await device('/queue')
  await page.getByRole('heading', { level: 1 }).waitFor()
  await dropFiles(page, await onDisk(folder, 'anywhere.epub', await epub('Dropped Anywhere')))
  await page.getByRole('heading', { name: 'Your shelf' }).waitFor()
  await page.getByText('How it was read').click()
  await page.locator('.novel-card', { hasText: 'Dropped Anywhere' }).waitFor()
})

test('a book that does not reach the server is offered once more', async ({ device, folder }) => {
  const page = await device('/', { expected: /ERR_FAILED/ })
  await page.getByRole('button', { name: 'Add a book' }).waitFor()
  let away = true
  await page.route('**/api/novels', (route) => (away ? route.abort() : route.fallback()))
  await dropFiles(page, await onDisk(folder, 'late.epub', await epub('Late but There')))
  await page.getByText('Nightjar does not answer just now. Nothing is lost').waitFor()
  away = false
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.locator('.novel-card', { hasText: 'Late but There' }).waitFor()
})

test('a novel is deleted when that is confirmed; Escape and second thoughts keep it', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(await epub('To Be Forgotten'), 'forgotten.epub')
  const page = await device()
  const card = page.locator('.novel-card', { hasText: 'To Be Forgotten' })
  const ask = page.getByRole('button', { name: 'Delete To Be Forgotten' })
  const question = page.getByRole('alertdialog', { name: 'Delete “To Be Forgotten”?' })
  for (const keep of [
    () => page.keyboard.press('Escape'),
    () => question.getByRole('button', { name: 'Keep it' }).click(),
  ]) {
    await card.hover()
    await ask.click()
    await question.waitFor()
    await keep()
    await question.waitFor({ state: 'detached' })
    expect((await nightjar.fetch(`/api/novels/${novel.id}`)).status).toBe(200)
  }
  await card.hover()
  await ask.click()
  await question.getByRole('button', { name: 'Delete the novel' }).click()
  await card.waitFor({ state: 'detached' })
  expect((await nightjar.fetch(`/api/novels/${novel.id}`)).status).toBe(404)
})

test('a shelf of books that are heard in part asks for none of them by itself', async ({
  device,
  nightjar,
}) => {
  const ids: string[] = []
  for (const title of ['Begun One', 'Begun Two', 'Begun Three']) {
    const { novel } = await nightjar.add(await epub(title), `${title}.epub`)
    ids.push(novel.id)
    const response = await nightjar.fetch(`/api/novels/${novel.id}/heard`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ chapterNumber: 2, from: 0, to: 0 }),
    })
    expect(response.ok).toBe(true)
  }
  const page = await device('/settings')
  const asked: string[] = []
  page.on('request', (request) => asked.push(new URL(request.url()).pathname))
  await page.getByRole('link', { name: 'Shelf' }).click()
  for (const title of ['Begun One', 'Begun Two', 'Begun Three'])
    await page.locator('.novel-card', { hasText: title }).locator('.ribbon .heard[d^=M]').waitFor()
  expect(asked).toContain('/api/novels')
  expect(asked.filter((path) => ids.some((id) => path === `/api/novels/${id}`))).toEqual([])
})

test('the shelf is searched by title and author', async ({ device, nightjar }) => {
  await nightjar.add(await epub('A Winter Ferry'), 'ferry.epub')
  await nightjar.add(await epub('Nine Lanterns'), 'lanterns.epub')
  const page = await device()
  await page.locator('.novel-card', { hasText: 'Nine Lanterns' }).waitFor()
  await page.getByRole('searchbox', { name: 'Search your shelf' }).fill('ferry')
  await page.locator('.novel-card', { hasText: 'Nine Lanterns' }).waitFor({ state: 'detached' })
  expect(await page.locator('.novel-card').count()).toBe(1)
  await page.getByRole('searchbox').fill('nothing of the kind')
  await page.getByText('No book on your shelf has “nothing of the kind” in its title or author.').waitFor()
})

test('what goes away does not leave the focus in a search field, where a phone would bring up its keyboard', async ({
  device,
  nightjar,
}) => {
  await nightjar.add(await epub('Alone in the Search'), 'alone.epub')
  const page = await device()
  await page.getByRole('searchbox', { name: 'Search your shelf' }).fill('Alone in the Search')
  const card = page.locator('.novel-card', { hasText: 'Alone in the Search' })
  await card.waitFor()
  await page.waitForFunction(() => document.querySelectorAll('.novel-card').length === 1)
  await card.hover()
  await page.getByRole('button', { name: 'Delete Alone in the Search' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete the novel' }).click()
  await page.getByText('No book on your shelf has').waitFor()
  await page.waitForFunction(() => ![null, document.body].includes(document.activeElement as HTMLElement))
  expect(await page.evaluate(() => document.activeElement?.getAttribute('type'))).not.toBe('search')
})

test('an address that leads nowhere says so and shows the way back', async ({ device }) => {
  const nobody = '019a0000-0000-7000-8000-000000000000'
  const page = await device('/nowhere', { expected: /status of 40[04]/ })
  await page.getByRole('heading', { name: 'There is no such page' }).waitFor()
  const ways: [path: string, words: string][] = [
    [`/novels/${nobody}`, 'There is no such book'],
    [`/novels/${nobody}/chapters/1`, 'There is no such chapter'],
    ['/novels/nonsense', 'There is no such book'],
    [`/generations/${nobody}`, 'Nothing is known of this work'],
  ]
  for (const [path, words] of ways) {
    await page.goto(new URL(path, page.url()).href)
    await page.getByRole('heading', { level: 1, name: words }).waitFor()
    expect(await page.getByRole('main').getByRole('link', { name: 'shelf' }).count()).toBe(1)
  }
  await page.getByRole('main').getByRole('link', { name: 'shelf' }).click()
  await page.getByRole('heading', { name: 'Your shelf' }).waitFor()
})
