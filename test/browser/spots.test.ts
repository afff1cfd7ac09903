import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { accessibilityFaults } from './accessibility-check.ts'
import { eventually, test } from './browser.ts'

test.override('speakers', 1)
// With the engine of the tests, which speaks too fast where its text says so.
test.override('program', [fileURLToPath(new URL('../program/serve-with-faulty-engine.ts', import.meta.url))])

const story = new TextEncoder().encode(
  [
    'Chapter 1',
    'A first sentence that is quite all right.',
    'This sentence rushes badly past whoever listens, however often it is spoken.',
    'This sentence rushes thrice past whoever listens, until somebody asks for it.',
    'And a last one.',
  ].join('\n\n'),
)

test('spots are heard, spoken again and found to be fine, by keyboard too', async ({ device, nightjar }) => {
  const { novel } = await nightjar.add(story, 'story.txt')
  await nightjar.finished(await nightjar.generate(novel.id, undefined, { voice: 'odd:hum' }))
  const page = await device(`/novels/${novel.id}`)
  await page.getByRole('link', { name: 'Check 2 spots' }).click()
  await page.getByRole('heading', { level: 1, name: 'Check these spots' }).waitFor()
  await page.getByText('2 are to be checked').waitFor()
  expect(await page.locator('.spot-reasons').first().textContent()).toMatch(/^(too short|something may be)/)
  expect(await accessibilityFaults(page)).toEqual([])
  const spots = page.locator('.spot')

  await spots
    .first()
    .getByRole('button', { name: /^Hear it/ })
    .click()
  await spots
    .first()
    .getByRole('button', { name: /^(Stop|Hear it)/ })
    .waitFor()

  // By keyboard alone.
  await spots
    .first()
    .getByRole('button', { name: /^Fine as it is/ })
    .focus()
  await page.keyboard.press('Enter')
  await page.getByText('1 is to be checked').waitFor()
  await page.keyboard.press('Enter')
  await page.getByText('2 are to be checked').waitFor()
  await page.keyboard.press('Enter')
  await page.getByText('1 is to be checked').waitFor()

  await spots
    .nth(1)
    .getByRole('button', { name: /^Speak it again/ })
    .click()
  await page.getByText('The new take sounds right.').waitFor()
  await page.getByText('All are checked.').waitFor()
  expect(await accessibilityFaults(page)).toEqual([])
  // The take before, and the new one again.
  const before = spots.nth(1).getByRole('button', { name: /^The take before/ })
  await before.click()
  await page.getByText('1 is to be checked').waitFor()
  await before.click()
  await page.getByText('All are checked.').waitFor()

  await page.reload()
  await page.getByText('All are checked.').waitFor()

  // A voice for one of them alone, of which there is one here: it stands on the page of the cast, where it is taken back.
  await spots
    .nth(1)
    .getByLabel(/^Another voice for/)
    .selectOption({ label: 'Hum' })
  await spots.nth(1).getByRole('button', { name: 'Have this voice speak it' }).click()
  await page.getByText('The sentence is spoken by it.').waitFor()
  await page.goto(`${new URL(page.url()).origin}/novels/${novel.id}/cast`)
  await page.getByRole('heading', { name: 'Sentences with a voice of their own' }).waitFor()
  expect(await accessibilityFaults(page)).toEqual([])
  await page
    .getByLabel(/^Voice of “This sentence rushes thrice/)
    .selectOption({ label: 'as the rest of the book' })
  await page.getByText('Sentences with a voice of their own').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Have the book spoken so' }).click()
  await page.getByText('The book is spoken so.').waitFor()
  await page.goBack()
  await spots
    .first()
    .getByRole('button', { name: /^Read it in the book/ })
    .click()
  await eventually(async () => expect(page.url()).toContain(`/novels/${novel.id}/chapters/1`))
})
