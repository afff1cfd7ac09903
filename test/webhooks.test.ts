import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import type { DeliveryView, WebhookView } from '../src/http/contract/webhook-contract.ts'
import type { Api } from './program/api-client.ts'
import { startApplication } from './program/in-process-application.ts'
import { waitUntil } from './program/wait-until.ts'
import { answers, type ReceivedEvent, WebhookReceiver } from './program/webhook-receiver.ts'

const sound = { voice: 'odd:hum' }
const book = (word: string, chapters = 2) =>
  new TextEncoder().encode(
    Array.from(
      { length: chapters },
      (_, at) => `Chapter ${at + 1}\n\nThe ${word} of chapter ${at + 1}.`,
    ).join('\n\n'),
  )

interface Added {
  readonly webhook: WebhookView
  readonly secret: string
}

async function add(api: Api, url: string, more: object = {}): Promise<Added> {
  const response = await api.post('/api/webhooks', { url, ...more })
  expect(response.status).toBe(201)
  return (await response.json()) as Added
}

async function log(api: Api, { webhook }: Added): Promise<DeliveryView[]> {
  const path = `/api/webhooks/${webhook.id}/deliveries`
  return (await api.json<{ deliveries: DeliveryView[] }>(path)).deliveries
}

/** By the library of the specification's authors. */
function verify({ body, headers }: ReceivedEvent, secret: string): void {
  const given = headers as Record<string, string>
  expect(new Webhook(secret).verify(body, given)).toEqual(JSON.parse(body))
  expect(() => new Webhook(secret).verify(`${body} `, given)).toThrow('signature')
}

const slow = 'It did not answer within 0.4 seconds.'
const quick = { webhooks: { delayMs: () => 50, timeoutMs: 400 } }
/** Whom a busy machine answers too late is told again, so where events are counted there is time. */
const patient = { webhooks: { delayMs: () => 50 } }

test('what is ready is told once, signed, with links; the secret is shown once', async () => {
  await using here = await startApplication(patient)
  await using receiver = await WebhookReceiver.start()
  const { api } = here
  // What was ready before is not told of.
  const { novel: before } = await api.add(book('rain'), 'rain.txt')
  await api.finished(await api.generate(before.id, undefined, sound))
  const added = await add(api, receiver.url('/hook?token=1').replace('//', '//anna:pass%20word@'))
  expect(added.webhook).toMatchObject({
    url: receiver.url('/hook?token=1'),
    hasCredentials: true,
    active: true,
  })

  const { novel } = await api.add(book('snow'), 'snow.txt')
  const progressId = await api.generate(novel.id, undefined, sound)
  await api.finished(progressId)
  const events = (await receiver.until(3)).map(({ event }) => event)
  const chapters = events.filter(({ type }) => type === 'chapter.ready')
  expect(new Set(chapters.map(({ data }) => data['chapter'].number))).toEqual(new Set([1, 2]))
  expect(chapters).toHaveLength(2)
  const links = {
    page: `${api.address}/novels/${novel.id}/chapters/1`,
    progress: `${api.address}/api/worker/progress/${progressId}`,
  }
  expect(chapters.find(({ data }) => data['chapter'].number === 1)?.data).toMatchObject({
    novel: { id: novel.id, title: novel.title },
    chapter: { title: 'Chapter 1', segments: 2 },
    progressId,
    links,
  })
  const { data } = events.find(({ type }) => type === 'generation.completed')!
  expect(data).toMatchObject({ progressId, chapters: 2, segments: { total: 4, spoken: 4, setAside: 0 } })
  expect((await fetch(chapters[0]!.data['links'].audio)).status).toBe(200)
  for (const received of receiver.received) {
    verify(received, added.secret)
    expect(received.headers['webhook-id']).toBe(received.event.id)
    expect(received.headers.authorization).toBe(`Basic ${btoa('anna:pass word')}`)
  }
  await waitUntil(async () => (await log(api, added)).every(({ status }) => status === 'delivered'))
  const listed = await (await api.fetch('/api/webhooks')).text()
  for (const secret of [added.secret, 'pass', 'anna']) expect(listed).not.toContain(secret)

  // Asked again, lost and spoken again: they were told of it.
  await api.generate(novel.id, undefined, sound)
  const { application } = here
  const [clip] = await application.db
    .selectFrom('segments')
    .innerJoin('chapters', 'chapters.id', 'segments.chapterId')
    .innerJoin('clips.clips as clip', 'clip.words', 'segments.words')
    .where('novelId', '=', novel.id)
    .select(['clip.recipe', 'clip.words'])
    .execute()
  const key = {
    recipe: Buffer.from(clip!.recipe).toString('hex'),
    words: Buffer.from(clip!.words).toString('hex'),
  }
  await application.counts.discardClip(key)
  const generations = application.db.updateTable('generations').set({ completedAt: null })
  await generations.where('id', '=', progressId).execute()
  await application.dispatcher.refresh()
  await waitUntil(async () => (await application.clips.get(key)) !== undefined)
  await api.finished(progressId)
  await (await api.post(`/api/webhooks/${added.webhook.id}/test`, {})).json()
  await waitUntil(() => receiver.received.at(-1)?.event.type === 'webhook.test')
  expect(receiver.received).toHaveLength(4)
})

test('a server that fails, hangs, forgets, redirects or talks without end is tried again, and holds no other up', async () => {
  await using here = await startApplication(quick)
  await using bad = await WebhookReceiver.start()
  await using good = await WebhookReceiver.start()
  const { api } = here
  const only = { events: ['generation.failed'] }
  const failing = await add(api, bad.url(), only)
  await add(api, good.url(), only)
  const errors = new Set<string | null>()
  /** Until that is seen: the next attempt writes over it. */
  const hangs: (typeof bad.answers)[number] = (...exchange) => {
    if (errors.has(slow)) answers.forgets(...exchange)
    else bad.answers.unshift(hangs)
  }
  bad.answers.push(
    answers.status(500),
    hangs,
    answers.status(302, { location: good.url('/elsewhere') }),
    answers.endless,
  )
  const { novel } = await api.add(book('voice that refuses', 1), 'hail.txt')
  const progressId = await api.generate(novel.id, undefined, sound)
  expect(await api.finished(progressId)).toMatchObject({ status: 'failed' })
  await waitUntil(async () => {
    const [delivery] = await log(api, failing)
    errors.add(delivery?.error ?? null)
    return delivery?.status === 'delivered'
  })
  expect(await log(api, failing)).toMatchObject([
    { attempts: bad.received.length, responseStatus: 200, error: null },
  ])
  expect(bad.received.length).toBeGreaterThanOrEqual(5)
  expect(errors).toContain(slow)
  expect(new Set(bad.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
  for (const received of bad.received) verify(received, failing.secret)
  expect(new Set(good.received.map(({ event }) => event.type))).toEqual(new Set(['generation.failed']))
  expect(new Set(good.received.map(({ event }) => event.id)).size).toBe(1)
  expect(good.received[0]!.event.data).toMatchObject({
    progressId,
    segments: { total: 2, spoken: 1, setAside: 1 },
  })
  expect(good.received[0]!.at).toBeLessThanOrEqual(bad.received.at(-1)!.at)
  expect(good.received[0]!.path).toBe('/hook')

  // A retry that fails again is told again; what is completed anew while the sentence is set aside as before is not.
  const { db, dispatcher } = here.application
  const completeAnew = async () => {
    await db.updateTable('generations').set({ completedAt: null }).where('id', '=', progressId).execute()
    await dispatcher.refresh()
    await waitUntil(async () => {
      const query = db.selectFrom('generations').select('completedAt').where('id', '=', progressId)
      return (await query.executeTakeFirstOrThrow()).completedAt !== null
    })
  }
  await completeAnew()
  expect(await log(api, failing)).toHaveLength(1)
  const { nextAt } = await db.selectFrom('failures').select('nextAt').executeTakeFirstOrThrow()
  expect(Math.abs(Date.now() - nextAt)).toBeLessThan(600_000)
  // As three more attempts would.
  await db
    .updateTable('failures')
    .set({ nextAt: nextAt + 1 })
    .execute()
  await completeAnew()
  await waitUntil(() => new Set(good.received.map(({ event }) => event.id)).size === 2)
  expect(new Set(good.received.map(({ event }) => event.type))).toEqual(new Set(['generation.failed']))
})

test('Retry-After is honoured, 410 switches off, and an event can be sent again', async () => {
  await using here = await startApplication(patient)
  await using receiver = await WebhookReceiver.start()
  const { api } = here
  const added = await add(api, receiver.url(), { events: ['generation.completed'] })
  const post = (path: string) => api.post(`/api/webhooks/${added.webhook.id}/${path}`, {})
  receiver.answers.push(answers.status(429, { 'retry-after': '1' }))
  await post('test')
  const [first, second] = await receiver.until(2)
  expect(second!.at - first!.at).toBeGreaterThanOrEqual(900)
  expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id'])

  receiver.answers.push(answers.status(410))
  const { delivery } = (await (await post('test')).json()) as { delivery: DeliveryView }
  const list = async () => (await api.json<{ webhooks: WebhookView[] }>('/api/webhooks')).webhooks
  await waitUntil(async () => !(await list())[0]!.active)
  expect((await list())[0]!.switchedOff).toMatch(/410/)
  const { novel } = await api.add(book('fog'), 'fog.txt')
  await api.finished(await api.generate(novel.id, undefined, sound))
  expect(receiver.received).toHaveLength(3)

  const patch = (body: object) =>
    api.fetch(`/api/webhooks/${added.webhook.id}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  expect(await (await patch({ active: true })).json()).toMatchObject({
    webhook: { active: true, switchedOff: null },
  })
  expect((await post(`deliveries/${delivery.id}/send`)).status).toBe(202)
  const { headers } = (await receiver.until(4))[3]!
  expect(headers['webhook-id']).toBe(delivery.eventId)
  await waitUntil(async () => (await log(api, added))[0]!.status === 'delivered')
  expect((await post(`deliveries/${novel.id}/send`)).status).toBe(404)

  const renewed = (await (await post('secret')).json()) as Added
  await post('test')
  verify((await receiver.until(5))[4]!, renewed.secret)
  for (const url of ['ftp://home/x', 'nowhere', 'javascript:alert(1)'])
    expect((await patch({ url })).status).toBe(400)
  expect((await api.fetch(`/api/webhooks/${added.webhook.id}`, { method: 'DELETE' })).status).toBe(200)
  expect(await list()).toEqual([])
  expect((await post('test')).status).toBe(404)
})
