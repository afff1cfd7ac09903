import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { longStory } from '../fixtures/long-story.ts'
import { oddSpeechServer, sendsJson } from '../program/fake-speech-server.ts'
import { temporaryFolder } from '../program/temporary-folder.ts'
import { waitUntil } from '../program/wait-until.ts'
import { answers, WebhookReceiver } from '../program/webhook-receiver.ts'
import { accessibilityFaults } from './accessibility-check.ts'
import { test } from './browser.ts'
import { smallTargets } from './touch-targets.ts'

const books = await temporaryFolder()
test.override('settings', { NIGHTJAR_INBOX: books.path, NIGHTJAR_INBOX_EVERY: '0.1' })
test.override('speakers', 1)
test.afterAll(() => books[Symbol.asyncDispose]())

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }

test('a webhook is added with its secret shown once, tried, logged, sent again, switched off and removed', async ({
  device,
  nightjar,
}) => {
  await using receiver = await WebhookReceiver.start()
  const page = await device()
  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor()
  const section = page.getByRole('region', { name: 'Webhooks' })
  await section.getByRole('button', { name: 'Add a webhook' }).click()
  await section.getByLabel('Address of the other program').fill(receiver.url())
  await section.getByRole('checkbox', { name: 'A chapter is ready' }).uncheck()
  expect(await accessibilityFaults(page)).toEqual([])
  await section.getByRole('button', { name: 'Add it' }).click()
  const secret = section.getByRole('textbox', { name: /^Secret/ })
  expect(await secret.inputValue()).toMatch(/^whsec_/)
  await section.getByRole('button', { name: 'I have it' }).click()
  await secret.waitFor({ state: 'detached' })
  const { webhooks } = await nightjar.json<{ webhooks: object[] }>('/api/webhooks')
  expect(webhooks).toMatchObject([{ events: ['generation.completed', 'generation.failed'] }])

  receiver.answers.push(answers.status(500))
  await section.getByRole('button', { name: /^Send a trial event/ }).click()
  const line = section.getByRole('listitem').filter({ hasText: 'A trial event' }).last()
  await line.getByText(/^.*It answered with status 500\. Tried again at/).waitFor()
  await section.getByRole('button', { name: /^Send a trial event/ }).click()
  await section.getByText(/Delivered in \d+ ms/).waitFor()
  await section.getByRole('button', { name: 'Send again' }).first().click()
  // The first may have been tried again meanwhile.
  await waitUntil(() => {
    const ids = receiver.received.map(({ event }) => event.id)
    const [, second] = new Set(ids)
    return ids.filter((id) => id === second).length === 2
  })
  expect(await accessibilityFaults(page)).toEqual([])

  // React draws the box as it was until the request is under way, which `uncheck` takes for a refusal.
  await section.getByRole('checkbox', { name: /^Switched on/, checked: true }).click()
  await section.getByRole('checkbox', { name: /^Switched on/, checked: false }).waitFor()
  await waitUntil(
    async () =>
      (await nightjar.json<{ webhooks: { active: boolean }[] }>('/api/webhooks')).webhooks[0]?.active ===
      false,
  )
  await section.getByRole('button', { name: /^Remove/ }).click()
  const question = page.getByRole('alertdialog', { name: 'Remove the webhook?' })
  expect(await accessibilityFaults(page)).toEqual([])
  await question.getByRole('button', { name: 'Remove the webhook' }).click()
  // Brought back with its log by one press, and removed again.
  await page.getByText('The webhook is removed.').waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await section.getByRole('button', { name: /^Remove/ }).click()
  await question.getByRole('button', { name: 'Remove the webhook' }).click()
  await section.getByRole('button', { name: /^Send a trial event/ }).waitFor({ state: 'detached' })
})

test('a deleted novel is taken back by one press, or out of the trash, on a phone too', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(longStory(2, 3), 'Taken Back.txt')
  const page = await device()
  const link = page.getByRole('link', { name: novel.title }).first()
  const remove = async (): Promise<void> => {
    await page.getByRole('button', { name: `Delete ${novel.title}` }).click()
    await page.getByRole('button', { name: 'Delete the novel' }).click()
    await link.waitFor({ state: 'detached' })
  }
  await remove()
  await page.getByText(`“${novel.title}” is in the trash.`).waitFor()
  await page.locator('.undo').hover()
  expect(await accessibilityFaults(page)).toEqual([])
  await page.getByRole('button', { name: 'Undo' }).click()
  await link.waitFor()

  await remove()
  const other = await device('/settings', phone)
  const trash = other.getByRole('region', { name: 'Trash' })
  await trash.getByRole('heading', { name: novel.title }).waitFor()
  expect(await accessibilityFaults(other)).toEqual([])
  expect(await smallTargets(other)).toEqual([])
  await trash.getByRole('button', { name: `Restore ${novel.title}` }).click()
  await trash.getByText(/^It is empty/).waitFor()
  expect((await nightjar.fetch(`/api/novels/${novel.id}`)).status).toBe(200)
  expect((await nightjar.fetch(`/api/novels/${novel.id}`, { method: 'DELETE' })).status).toBe(200)
  await other.reload()
  await trash.getByRole('button', { name: `Delete now ${novel.title}` }).click()
  await other.getByRole('button', { name: 'Delete for good' }).click()
  await trash.getByText(/^It is empty/).waitFor()
})

test('the browser is asked for notifications at the press, and what is ready is told while nobody looks', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(longStory(1, 4), 'Told.txt')
  const page = await device('/settings', { permissions: ['notifications'] })
  // Without a desktop there is nothing to see of a notification: it is written down.
  await page.evaluate(() => {
    const told: string[] = []
    const heard = class extends EventTarget {
      static permission = 'default'
      static requestPermission(): Promise<string> {
        heard.permission = 'granted'
        return Promise.resolve('granted')
      }
      constructor(title: string, { body }: { body: string }) {
        super()
        told.push(`${title}: ${body}`)
      }
    }
    Object.assign(globalThis, { Notification: heard, told })
    Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' })
  })
  const toggle = page.getByRole('checkbox', { name: 'Notifications of this browser' })
  await toggle.check()
  const settings = () =>
    nightjar.json<{ settings: { notify?: { browser?: boolean } } }>('/api/listener/settings')
  await waitUntil(async () => (await settings()).settings.notify?.browser === true)
  const progressId = await nightjar.generate(novel.id, undefined, { voice: 'espeak:en-us' })
  await nightjar.finished(progressId)
  const told = () => page.evaluate(() => (globalThis as unknown as { told: string[] }).told)
  await waitUntil(async () => (await told()).length > 0)
  expect(await told()).toEqual([`${novel.title}: What you asked for is spoken.`])
})

test('a language model is named with its key, which is never shown again, tried, and switched on', async ({
  device,
  nightjar,
}) => {
  const reply = { choices: [{ message: { role: 'assistant', content: 'Anna' } }] }
  await using model = await oddSpeechServer(sendsJson(200, reply))
  const page = await device('/settings')
  const section = page.getByRole('region', { name: 'Language model' })
  const asked = section.getByRole('checkbox', { name: 'It may be asked about books' })
  expect(await asked.isChecked()).toBe(false)
  await section.getByLabel('Address of the chat server').fill(model.address)
  await section.getByLabel('Name of the model').fill('tiny')
  await section.getByLabel(/^Key, if it wants one/).fill('sk-secret')
  expect(await accessibilityFaults(page)).toEqual([])
  await section.getByRole('button', { name: 'Save' }).press('Enter')
  await section.getByRole('button', { name: 'Forget its key' }).waitFor()
  expect(await section.getByLabel(/^Key, if it wants one/).inputValue()).toBe('')
  await section.getByRole('button', { name: 'Try it' }).press('Enter')
  await section.getByText(/^It answered in \d+ ms: “Anna”$/).waitFor()
  expect(model.heard[0]?.headers.authorization).toBe('Bearer sk-secret')
  expect(await accessibilityFaults(page)).toEqual([])
  await asked.press('Space')
  await waitUntil(async () => (await nightjar.json<{ chat: { on: boolean } }>('/api/chat-model')).chat.on)
  await page.reload()
  expect(await page.content()).not.toContain('sk-secret')
  await asked.and(page.getByRole('checkbox', { checked: true })).waitFor()
})

test('a file of the watched folder that cannot be read is told with the reason, and read again when it is pressed', async ({
  device,
}) => {
  const page = await device('/settings')
  const section = page.getByRole('region', { name: 'Watched folder' })
  await section.getByText(`What is put into ${books.path} is imported by itself.`, { exact: false }).waitFor()
  await writeFile(join(books.path, 'cover.epub'), 'GIF89a')
  const file = section.getByRole('listitem').filter({ hasText: 'cover.epub' })
  await page.reload()
  await file.getByText('It cannot be read, and is left alone.').waitFor()
  await file.getByText('it is an image', { exact: false }).waitFor()
  expect(await accessibilityFaults(page)).toEqual([])
  const asked = page.waitForResponse((each) => each.url().endsWith('/api/inbox/retry') && each.ok())
  await file.getByRole('button', { name: 'Read it again cover.epub' }).press('Enter')
  await asked
  await file.getByText('it is an image', { exact: false }).waitFor()
  await writeFile(join(books.path, 'aside.part'), longStory(1, 3))
  await rename(join(books.path, 'aside.part'), join(books.path, 'story.txt'))
  await page.reload()
  await section.getByRole('link', { name: 'story' }).click()
  await page.getByRole('heading', { level: 1, name: 'story' }).waitFor()
})
