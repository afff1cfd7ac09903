import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { longStory } from '../fixtures/long-story.ts'
import { openTestStorage } from '../program/open-storage.ts'
import { ServerProcess } from '../program/server-process.ts'
import { temporaryFolder } from '../program/temporary-folder.ts'
import { answers, WebhookReceiver } from '../program/webhook-receiver.ts'

const program = fileURLToPath(new URL('../program/serve-with-faulty-engine.ts', import.meta.url))
const sound = { voice: 'odd:hum' }

test('killed between what it told of and the answer, or before it wrote that down, it tells it again by the same id', async () => {
  await using folder = await temporaryFolder()
  await using receiver = await WebhookReceiver.start()
  const start = () => ServerProcess.start({ data: folder.path, program: [program] })
  await using first = await start()
  expect((await first.post('/api/webhooks', { url: receiver.url() })).status).toBe(201)
  const { novel } = await first.add(longStory(2, 2), 'frost.txt')
  receiver.answers.push(answers.hangs, answers.hangs, answers.hangs)
  const progressId = await first.generate(novel.id, undefined, sound)
  await first.finished(progressId)
  const told = (await receiver.until(2)).map(({ event }) => event.id)
  await first.kill()

  receiver.answers.length = 0
  await using second = await start()
  const ids = async (from: number) =>
    new Set((await receiver.until(from + 3)).slice(from).map(({ event }) => event.id))
  const all = await ids(2)
  expect(all.size).toBe(3)
  for (const id of told) expect(all).toContain(id)
  await second.stop()

  // As a kill leaves it between the last clip of a chapter and its event.
  const db = await openTestStorage(folder.path)
  await db.deleteFrom('webhookDeliveries').execute()
  await db.deleteFrom('readyChapters').execute()
  await db.updateTable('generations').set({ completedAt: null }).execute()
  await db.destroy()
  await using third = await start()
  expect(await ids(5)).toEqual(all)
  expect(receiver.received).toHaveLength(8)
  expect(await third.stop()).toBe(0)
})
