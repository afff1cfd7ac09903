import { existsSync } from 'node:fs'
import { mkdir, symlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page, Route } from 'playwright-core'
import { afterAll, expect } from 'vitest'
import type { Install } from '../../src/http/contract/voice-contract.ts'
import { catalogueVoice, readCatalogue } from '../../src/storage/voices/voice-catalogue-table.ts'
import { type TinyVoice, writeTinyVoice } from '../fixtures/tiny-voice.ts'
import { temporaryFolder } from '../program/temporary-folder.ts'
import { epub, onDisk } from './books.ts'
import { test } from './browser.ts'
import { dropFiles } from './drop-files.ts'
import { expectPlayback } from './audio-playback.ts'

const joe = fileURLToPath(new URL('../../../shared/voices/joe/', import.meta.url))
const joeId = 'piper:en_US-joe-medium'

/** A folder laid out like the public source, which has the voice Joe if this machine has it, and no other. */
const source = await temporaryFolder()
afterAll(() => source[Symbol.asyncDispose]())
if (existsSync(joe)) {
  for (const { path } of catalogueVoice(await readCatalogue(), joeId).files) {
    await mkdir(join(source.path, dirname(path)), { recursive: true })
    await symlink(join(joe, basename(path)), join(source.path, path))
  }
}
test.override('settings', { NIGHTJAR_VOICE_SOURCE: source.path })
test.override('speakers', 1)

const onTheirWay = (page: Page) => page.getByRole('region', { name: 'Voices on their way' })
const here = (page: Page) => page.getByRole('region', { name: 'Here now' })
const more = (page: Page) => page.getByRole('region', { name: 'More voices' })
const files = (page: Page) => page.getByRole('region', { name: 'From your files' })

async function install(page: Page, name: RegExp): Promise<void> {
  await more(page).getByRole('button', { name }).click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Install, / })
    .click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
}

/** The two files of a tiny voice, on the disk. */
async function tiny(folder: string, name: string, voice: TinyVoice = {}): Promise<[string, string]> {
  const { model, config } = await writeTinyVoice(folder, name, voice)
  return [model, config]
}

test.skipIf(!existsSync(joe))(
  'a voice is installed, heard, made the default of its language, and removed (needs the voice Joe)',
  async ({ device, nightjar }) => {
    const { novel } = await nightjar.add(await epub('Read by Joe'), 'joe.epub')
    const [page, other] = [await device('/voices'), await device('/voices')]
    await more(page).getByRole('combobox', { name: 'Language' }).selectOption('en')
    await more(page).getByRole('searchbox').fill('joe')
    await more(page)
      .getByRole('button', { name: /^Install Joe/ })
      .click()
    const question = page.getByRole('dialog', { name: 'Install Joe?' })
    await question.getByText('Licence: CC0').waitFor()
    await question.getByText('# Model card for joe').waitFor()
    await question.getByRole('button', { name: 'Install, 63 MB' }).click()

    // It is on its way on every device, and after a reload.
    for (const each of [page, other])
      await onTheirWay(each)
        .getByRole('img', { name: /63 MB here$/ })
        .waitFor()
    await page.reload()
    await onTheirWay(page).getByText('Being proved: it speaks a text', { exact: false }).first().waitFor()
    for (const each of [page, other]) {
      await onTheirWay(each).getByText('Here, and ready to read', { exact: true }).waitFor()
      await here(each).getByRole('button', { name: 'Remove Joe' }).waitFor()
    }
    await onTheirWay(page).getByRole('button', { name: 'Hear Joe' }).click()
    await expectPlayback(page, 0.5)
    await onTheirWay(page).getByRole('button', { name: 'Put away the note about Joe' }).click()

    await here(page).getByRole('button', { name: 'Make default for English: Joe' }).click()
    const line = here(page).getByRole('listitem').filter({ hasText: 'Joe' })
    await line.getByText('Reads English').waitFor()
    await line.getByText('American English · medium quality · 63 MB · CC0 · installed').waitFor()
    expect(await nightjar.json(`/api/novels/${novel.id}`)).toMatchObject({ novel: { voice: joeId } })

    await nightjar.fetch(`/api/novels/${novel.id}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ voice: joeId }),
    })
    await here(page).getByRole('button', { name: 'Remove Joe' }).click()
    const removing = page.getByRole('alertdialog', { name: 'Remove Joe?' })
    await removing.getByRole('listitem').getByText('Read by Joe').waitFor()
    await removing.getByText('What it has spoken stays').waitFor()
    await removing.getByRole('button', { name: 'Remove the voice' }).click()
    await line.waitFor({ state: 'detached' })
    await here(page).getByText('Reads English').waitFor()
    await more(page).getByRole('combobox', { name: 'Language' }).selectOption('en')
    await more(page).getByRole('searchbox').fill('joe')
    await more(page)
      .getByRole('button', { name: /^Install Joe/ })
      .waitFor()
  },
)

test('a voice that the source does not have says so where it was asked for, until that is put away', async ({
  device,
  nightjar,
}) => {
  const page = await device('/voices?language=vi')
  await install(page, /^Install VAIS-1000/)
  for (const place of [more(page), onTheirWay(page)])
    await place
      .getByRole('alert')
      .getByText(/ does not have .*vais1000.* Put it there/)
      .waitFor()
  // It fails again within milliseconds: that the note is gone meanwhile may not be seen.
  const again = page.waitForResponse((answer) => answer.url().endsWith('/api/voices/install'))
  await more(page).getByRole('button', { name: 'Try again to install VAIS-1000' }).click()
  expect((await again).status()).toBe(202)
  // Put away is what failed then, too, not only what failed before.
  await expect
    .poll(async () => {
      const { installs } = await nightjar.json<{ installs: Install[] }>('/api/voices/installs')
      return installs.filter(({ voiceId }) => voiceId.includes('vais1000')).map(({ status }) => status)
    })
    .toEqual(['failed', 'failed'])
  await page.reload()
  await more(page).getByRole('alert').waitFor()
  await more(page).getByRole('button', { name: 'Put away the note about VAIS-1000' }).click()
  await onTheirWay(page).getByRole('alert').waitFor({ state: 'detached' })
  await page.reload()
  await more(page)
    .getByRole('button', { name: /^Install VAIS-1000/ })
    .waitFor()
  expect(await page.getByRole('alert').count()).toBe(0)
})

test('an answer that is older than what was told meanwhile does not stay', async ({ device }) => {
  const page = await device('/voices?language=cy')
  const released = Promise.withResolvers<void>()
  const answered = Promise.withResolvers<void>()
  // The list as it was before the failure, on a slow line.
  await page.route('**/api/voices/installs', hold)
  let held = 0
  async function hold(route: Route): Promise<void> {
    const { installs } = await (await route.fetch()).json()
    const isAccepted = installs.some(({ voiceId }: Install) => voiceId.includes('gwryw'))
    if (!isAccepted || held++ > 0) return route.continue()
    await released.promise
    const before = installs.map((install: Install) => ({
      ...install,
      status: 'downloading',
      errorMessage: null,
    }))
    // A page that has asked once more meanwhile does not hear it.
    await route.fulfill({ json: { success: true, installs: before } }).catch(() => undefined)
    answered.resolve()
  }
  await install(page, /^Install Gwryw/)
  const failure = onTheirWay(page).getByRole('alert').filter({ hasText: 'cy_GB' })
  await failure.waitFor()
  released.resolve()
  // On a busy machine the list may have been asked for just before the install was accepted, and not again.
  if (held > 0) await answered.promise
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(drawn)))
  await failure.waitFor()
})

test('one’s own voice is chosen as files, proved, heard speaker by speaker, renamed, and reads a novel', async ({
  device,
  folder,
  nightjar,
}) => {
  const { novel } = await nightjar.add(await epub('Read by a Choir'), 'choir.epub')
  const page = await device('/voices')
  const choosing = page.waitForEvent('filechooser')
  await files(page).getByRole('button', { name: 'Choose files' }).click()
  await (await choosing).setFiles(await tiny(folder, 'choir', { speakers: 40 }))
  await files(page).getByText('Here, and ready to read').waitFor()
  await files(page).getByRole('button', { name: 'Hear choir' }).click()
  await expectPlayback(page, 0.3)

  await here(page).getByRole('button', { name: 'Rename choir' }).click()
  const naming = page.getByRole('dialog', { name: 'What shall it be called?' })
  await naming.getByRole('textbox').fill('The Choir')
  await page.keyboard.press('Enter')
  await here(page).getByText('40 speakers of The Choir').click()
  await here(page).getByRole('searchbox', { name: 'Search the speakers of The Choir' }).fill('37')
  await here(page).getByRole('button', { name: 'Hear The Choir, speaker 37' }).click()
  await expectPlayback(page, 0.3)

  await page.goto(new URL(`/novels/${novel.id}`, page.url()).href)
  await page.getByRole('button', { name: /^Choose a voice/ }).click()
  const chooser = page.getByRole('dialog', { name: 'Who reads it?' })
  await chooser.getByText('40 speakers of The Choir').click()
  await chooser.getByRole('searchbox', { name: 'Search the speakers' }).fill('speaker 37')
  await chooser.getByRole('radio', { name: 'speaker 37' }).check()
  await chooser.getByRole('button', { name: 'Let this voice read' }).click()
  await page.getByRole('button', { name: 'Now read by The Choir · speaker 37' }).waitFor()
  expect(await nightjar.json(`/api/novels/${novel.id}`)).toMatchObject({ novel: { voice: 'piper:choir:37' } })
})

test('files that are no voice are refused in a sentence; a voice dropped on any page arrives in its room', async ({
  device,
  folder,
}) => {
  const page = await device('/', { expected: /status of 422/ })
  await page.getByRole('link', { name: 'Voices' }).waitFor()
  await dropFiles(page, ...(await tiny(folder, 'mute', { fault: 'silent' })))
  await page.getByRole('heading', { level: 1, name: 'Voices' }).waitFor()
  const note = (name: string) => files(page).getByRole('listitem').filter({ hasText: name })
  await note('mute')
    .getByRole('alert')
    .getByText(/^mute\.onnx cannot be used as a voice: .*\. Nightjar takes/)
    .waitFor()
  await dropFiles(page, await onDisk(folder, 'lonely.onnx.json', '{}'))
  await note('lonely').getByText('Choose its lonely.onnx together with it.').waitFor()
  await files(page).getByRole('button', { name: 'Put away the note about mute' }).click()
  await note('mute').waitFor({ state: 'detached' })
})

test('plain voices stand folded away behind the natural ones, and the shelf’s languages say what they lack', async ({
  device,
  nightjar,
}) => {
  await nightjar.add(
    new TextEncoder().encode('Dế Mèn\n\nTôi sống độc lập từ thuở bé. Ấy là tục lệ lâu đời.\n'),
    'dế.txt',
  )
  const page = await device('/voices')
  const vietnamese = here(page).getByRole('region', { name: 'Vietnamese' })
  await vietnamese.getByText('Only a plain voice reads Vietnamese so far.').waitFor()
  await vietnamese.getByRole('button', { name: /^See \d+ natural voices$/ }).click()
  expect(await more(page).getByRole('combobox', { name: 'Language' }).inputValue()).toBe('vi')
  expect(await more(page).getByRole('listitem').count()).toBeGreaterThan(1)
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === 'Language')
  expect(await here(page).getByRole('button', { name: 'Hear Zulu' }).count()).toBe(0)
  await here(page).getByText('Plain voices').click()
  await here(page).getByRole('searchbox', { name: 'Search plain voices' }).fill('icelandic')
  await here(page).getByRole('button', { name: 'Hear Icelandic' }).click()
  await expectPlayback(page, 0.3)
})
