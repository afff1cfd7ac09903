import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { accessibilityFaults } from './accessibility-check.ts'
import { eventually, test } from './browser.ts'
import { smallTargets } from './touch-targets.ts'

test.override('speakers', 1)

const story = new TextEncoder().encode(`Chapter 1

“Who is there?” asked Mrs. Hurst at the door.

“Only Ben, and the rain,” said Ben. “Let us come in.”

“Then come in,” said Mrs. Hurst, and she opened the door.

They looked at the fire, and the fire looked back at all of them.

“It is a cold night to be out in.”

Chapter 2

“We are going home,” said Ben at last to the clock on the wall.
`)

const names = (page: Page) => page.locator('.cast-row h2').allTextContents()
const speakers = (page: Page) => page.locator('.cast-lines li b').allTextContents()

test('a book gets a cast: found, given voices, corrected by keyboard, spoken so, and undone', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(story, 'story.txt')
  await nightjar.finished(await nightjar.generate(novel.id, undefined, { voice: 'espeak:en-us' }))
  const page = await device(`/novels/${novel.id}`)
  await page.getByRole('link', { name: 'The cast' }).click()
  await page.getByRole('button', { name: 'Find who speaks' }).click()
  await eventually(async () => expect(await names(page)).toEqual(['Ben', 'Mrs. Hurst']))
  await page.getByText('Of 1 line the text does not tell who speaks it.').waitFor()
  expect(await accessibilityFaults(page)).toEqual([])

  await page.getByRole('combobox', { name: 'Voice of Mrs. Hurst' }).selectOption('espeak:en-gb')
  await page.getByText(/^Re-makes \d+ sentences? in 1 chapter/).waitFor()

  // The open line is Ben's: End chooses it, and its key gives it away.
  await page.getByRole('link', { name: 'Line by line' }).click()
  await page.getByRole('heading', { level: 1, name: 'Chapter 1' }).waitFor()
  await eventually(async () =>
    expect(await speakers(page)).toEqual(['Mrs. Hurst', 'Ben', 'Ben', 'Mrs. Hurst', 'open']),
  )
  expect(await accessibilityFaults(page)).toEqual([])
  const list = page.getByRole('listbox', { name: '5 lines' })
  await list.focus()
  await page.keyboard.press('End')
  await page.keyboard.press('1')
  await eventually(async () => expect((await speakers(page)).at(-1)).toBe('Ben'))
  // Two in a row, and as they were again.
  await page.keyboard.press('Shift+ArrowUp')
  await page.keyboard.press('0')
  await eventually(async () =>
    expect((await speakers(page)).slice(3)).toEqual(['the narrator', 'the narrator']),
  )
  await page.keyboard.press('Delete')
  await eventually(async () => expect((await speakers(page)).slice(3)).toEqual(['Mrs. Hurst', 'open']))

  await page.getByRole('link', { name: 'The cast' }).click()
  await page.getByRole('button', { name: 'Have the book spoken so' }).click()
  await page.getByText('The book is spoken so.').waitFor()
  const { chapter } = await nightjar.json<{ chapter: { segments: { spoken: string }[] } }>(
    `/api/novels/${novel.id}/chapters/1`,
  )
  expect(chapter.segments.map(({ spoken }) => spoken)).toContain('“Who is there?”')

  // Back to before she had a voice: a version after another.
  for (let at = 0; at < 4; at++) {
    const undone = page.waitForResponse((answer) => answer.url().endsWith('/cast/undo') && answer.ok())
    await page.getByRole('button', { name: 'Undo' }).click()
    await undone
    await page.getByText('One moment…').waitFor({ state: 'detached' })
  }
  await eventually(async () =>
    expect(await page.getByRole('combobox', { name: 'Voice of Mrs. Hurst' }).inputValue()).toBe(''),
  )
  await page.getByRole('combobox', { name: 'Mrs. Hurst is the same as' }).selectOption('Ben')
  await eventually(async () => expect(await names(page)).toEqual(['Ben']))
})

test('a character gets another name, gender and age by keyboard alone, and is joined to the one that it may be', async ({
  device,
  nightjar,
}) => {
  const twice = new TextEncoder().encode(
    `${new TextDecoder().decode(story)}\n“Sit down,” said Hurst.\n\n“Sit,” said Hurst again.\n`,
  )
  const { novel } = await nightjar.add(twice, 'story.txt')
  const page = await device(`/novels/${novel.id}/cast`)
  await page.getByRole('button', { name: 'Find who speaks' }).click()
  await eventually(async () => expect(await names(page)).toEqual(['Ben', 'Hurst', 'Mrs. Hurst']))

  await page.getByRole('button', { name: 'Rename Ben' }).focus()
  await page.keyboard.press('Enter')
  const field = page.getByRole('textbox', { name: 'Name' })
  await eventually(async () =>
    expect(await field.evaluate((one) => one === document.activeElement)).toBe(true),
  )
  await page.keyboard.type('nobody')
  await page.keyboard.press('Escape')
  await eventually(async () => expect(await names(page)).toContain('Ben'))
  await page.getByRole('button', { name: 'Rename Ben' }).focus()
  await page.keyboard.press('Enter')
  await field.waitFor()
  expect(await accessibilityFaults(page)).toEqual([])
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type('Benjamin')
  await page.keyboard.press('Enter')
  await eventually(async () => expect(await names(page)).toEqual(['Benjamin', 'Hurst', 'Mrs. Hurst']))

  expect(await page.getByRole('combobox', { name: 'Gender of Mrs. Hurst' }).inputValue()).toBe('female')
  const cast = async () =>
    (await nightjar.json<{ cast: { characters: Record<string, unknown>[] } }>(`/api/novels/${novel.id}/cast`))
      .cast.characters
  await page.getByRole('combobox', { name: 'Gender of Benjamin' }).selectOption('male')
  // Before the first change is answered.
  await page.getByRole('combobox', { name: 'Age of Benjamin' }).selectOption('old')
  await eventually(async () =>
    expect((await cast())[0]).toMatchObject({ name: 'Benjamin', names: ['ben'], gender: 'male', age: 'old' }),
  )

  await page.getByRole('button', { name: 'The same as Hurst' }).click()
  await eventually(async () => expect(await names(page)).toEqual(['Hurst', 'Benjamin']))
  expect((await cast())[0]).toMatchObject({ names: ['hurst', 'mrs. hurst'], gender: 'female' })

  // A version after another, to where the name was the text's.
  for (const expected of [3, 3, 3, 3]) {
    const undone = page.waitForResponse((answer) => answer.url().endsWith('/cast/undo') && answer.ok())
    await page.getByRole('button', { name: 'Undo' }).click()
    await undone
    await eventually(async () => expect(await names(page)).toHaveLength(expected))
    await page.getByText('One moment…').waitFor({ state: 'detached' })
  }
  await eventually(async () => expect(await names(page)).toEqual(['Ben', 'Hurst', 'Mrs. Hurst']))
})

test('the cast fits a phone', async ({ device, nightjar }) => {
  const { novel } = await nightjar.add(story, 'story.txt')
  const page = await device(`/novels/${novel.id}/cast`, {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
  })
  await page.locator('.cast-row').first().waitFor()
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  expect(await smallTargets(page)).toEqual([])
  if (process.env['SHOTS'])
    await page.screenshot({ path: `${process.env['SHOTS']}/cast-390.png`, fullPage: true })
  await page.goto(new URL(`/novels/${novel.id}/cast/1`, page.url()).href)
  await page.locator('.cast-lines li').first().waitFor()
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  expect(await smallTargets(page)).toEqual([])
  if (process.env['SHOTS'])
    await page.screenshot({ path: `${process.env['SHOTS']}/lines-390.png`, fullPage: true })
})
