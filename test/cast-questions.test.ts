import { pino } from 'pino'
import { expect, test } from 'vitest'
import type { CastLine, CastView } from '../src/http/contract/cast-contract.ts'
import { CastQuestions } from '../src/jobs/cast/cast-questions.ts'
import { answer } from './program/api-client.ts'
import {
  type Answer,
  oddSpeechServer,
  type OddSpeechServer,
  sends,
  sendsJson,
} from './program/fake-speech-server.ts'
import { startApplication } from './program/in-process-application.ts'
import { waitUntil } from './program/wait-until.ts'

// A language model is asked who speaks the lines that a book leaves open: a chat server on this machine, honest or not.

const story = new TextEncoder().encode(`Chapter 1

“Who is there?” asked Mrs. Hurst. Old Tom slept by the fire.

“Only Ben, and the rain,” said Ben. “Let us come in.”

They looked at the fire, and the fire looked back at all of them.

“It is a cold night to be out in.”

Nobody answered him, and the clock went on.

“A very cold night.”

Chapter 2

The rain had stopped, and the road lay white before Mrs. Hurst, Ben and Old Tom.

“We are going home.”
`)

const key = 'sk-very-secret'

const said = (content: string) => ({ choices: [{ message: { role: 'assistant', content } }] })
const chats = (content: string): Answer => sendsJson(200, { ...said(content), usage: { total_tokens: 900 } })

/** Names Old Tom for the first numbered line, somebody who is not there for the second. */
const answers = chats('{"1":"Old Tom","2":"Napoleon","3":"Ben","text":"“It is a warm night.”"}')

const passageOf = ({ body }: OddSpeechServer['heard'][number]): string =>
  (body?.['messages'] as { content: string }[] | undefined)?.[1]?.content ?? ''

async function start(reply: Answer, settings: Readonly<Record<string, string>> | undefined) {
  const stack = new AsyncDisposableStack()
  const model = stack.use(await oddSpeechServer(reply))
  const here = stack.use(
    await startApplication({
      work: false,
      settings: settings
        ? { NIGHTJAR_CHAT: model.address, NIGHTJAR_CHAT_MODEL: 'tiny', NIGHTJAR_CHAT_KEY: key, ...settings }
        : {},
    }),
  )
  const { novel } = await here.api.add(story, 'story.txt')
  const path = `/api/novels/${novel.id}/cast`
  const view = async () => (await here.api.json<{ cast: CastView }>(path)).cast
  const found = async () => {
    await answer(here.api.post(`${path}/analysis`, {}))
    await waitUntil(async () => (await view()).state === 'ready')
  }
  const lines = async (chapter: number) =>
    (await here.api.json<{ lines: CastLine[] }>(`${path}/chapters/${chapter}`)).lines
  const asked = async () => {
    await answer(here.api.post(`${path}/questions`, {}))
    await waitUntil(async () => (await view()).questions?.state !== 'wanted')
    return view()
  }
  await found()
  return {
    ...here,
    model,
    novelId: novel.id,
    path,
    view,
    found,
    lines,
    asked,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

test('its answers are proposals for open lines alone, of names that the text has, and are not asked for twice', async () => {
  await using here = await start(answers, {})
  const before = await here.view()
  expect(before).toMatchObject({ open: 4, questions: { state: 'none', requests: 0, maxRequests: 500 } })
  const known = (await here.lines(1)).filter(({ basis }) => basis !== undefined)
  const after = await here.asked()
  expect(after.questions).toMatchObject({ state: 'done', asked: 2, total: 2, requests: 2 })
  expect(after.questions!.tokens).toBeGreaterThanOrEqual(1800)
  expect(after.version).toBeGreaterThan(before.version)
  // Old Tom has two lines by now and is a character; who is not in the text is nobody.
  expect(after.characters.map(({ name, lines }) => [name, lines])).toEqual([
    ['Ben', 2],
    ['Old Tom', 2],
  ])
  expect(after).toMatchObject({ open: 2, applied: false })
  const first = await here.lines(1)
  expect(first.filter(({ basis }) => basis !== undefined && basis !== 'model')).toEqual(known)
  expect(first.filter(({ basis }) => basis === 'model')).toHaveLength(1)
  for (const heard of here.model.heard) {
    expect(heard).toMatchObject({ method: 'POST', path: '/v1/chat/completions', body: { model: 'tiny' } })
    expect(heard.headers.authorization).toBe(`Bearer ${key}`)
  }
  expect(passageOf(here.model.heard[0]!)).toContain('[1] “It is a cold night to be out in.”')
  expect(JSON.stringify(await here.api.json(here.path))).not.toContain(key)

  // Read through again the proposals are gone; the same questions cost nothing.
  await here.found()
  expect((await here.lines(1)).some(({ basis }) => basis === 'model')).toBe(false)
  const again = await here.asked()
  expect(again.questions).toMatchObject({ state: 'done', requests: 2 })
  expect(here.model.heard).toHaveLength(2)
  expect((await here.lines(1)).filter(({ basis }) => basis === 'model')).toHaveLength(1)
})

const hangs: Answer = () => undefined
const breaksOff: Answer = (response) => {
  response.writeHead(200, { 'content-length': '1000' })
  response.write('{"choices":')
  setImmediate(() => response.destroy())
}

test('without a setting nothing is asked; a server that fails, hangs or lies changes nothing, and a book costs what it may', async () => {
  await using here = await start(hangs, undefined)
  expect(await here.view()).not.toHaveProperty('questions')
  expect((await here.api.post(`${here.path}/questions`, {})).status).toBe(422)
  expect(here.model.heard).toEqual([])

  const { db, jobs, eventBus, castQuestions } = here.application
  // Without a model it would take a job of those below, where jobs are on a database.
  await castQuestions.stop()
  const run = () =>
    db
      .selectFrom('castQuestionRuns')
      .select(['state', 'message'])
      .where('novelId', '=', here.novelId)
      .executeTakeFirstOrThrow()
  // What is sent counts as some 250 tokens, which an answer that tells none is taken to cost.
  const cases: readonly [
    what: string,
    replies: Answer[],
    state: string,
    requests: number,
    proposals: number,
    limits?: { maxRequests?: number; maxTokens?: number },
  ][] = [
    ['hangs', [hangs], 'failed', 5, 0],
    ['refuses the key', [sendsJson(401, { error: `bad key ${key}` })], 'failed', 1, 0],
    ['sends a page', [sends(Buffer.from('<html>'))], 'failed', 5, 0],
    ['sends too much', [chats('x'.repeat(1_200_000))], 'failed', 1, 0],
    ['answers nonsense', [chats('I am sure that it is {Ben}')], 'done', 2, 0],
    ['costs too many requests', [answers], 'spent', 1, 1, { maxRequests: 1 }],
    ['costs too many tokens', [answers], 'spent', 1, 1, { maxTokens: 1000 }],
    ['tells no tokens', [sendsJson(200, said('{"1":"Old Tom"}'))], 'spent', 1, 1, { maxTokens: 400 }],
    ['would cost too many tokens at once', [answers], 'spent', 0, 0, { maxTokens: 100 }],
    ['is overloaded at first', [sendsJson(503, {}), sendsJson(429, {}), answers], 'done', 4, 2],
    ['breaks off at first', [breaksOff, answers], 'done', 3, 2],
  ]
  for (const [what, replies, state, requests, proposals, limits] of cases) {
    await db.deleteFrom('castQuestions').execute()
    await here.found()
    here.model.answer(...replies)
    let logged = ''
    const log = pino({ level: 'debug' }, { write: (line: string) => (logged += line) })
    const most = { maxRequests: 50, maxTokens: 1_000_000, ...limits }
    const model = { address: here.model.address, model: 'tiny', key, ...most }
    // One that answers may take its time on a machine that stands still; one that hangs is given up soon.
    const timeoutMs = replies[0] === hangs ? 50 : 30_000
    const questions = new CastQuestions({ db, jobs, eventBus, log }, model, { timeoutMs, backoffMs: 1 })
    try {
      await questions.request(here.novelId)
      await waitUntil(async () => (await run()).state !== 'wanted')
      expect([what, (await run()).state]).toEqual([what, state])
    } finally {
      await questions.stop()
    }
    expect(`${logged} ${(await run()).message}`).not.toContain(key)
    const rows = await db.selectFrom('castQuestions').select('requests').execute()
    expect([what, rows.reduce((sum, row) => sum + row.requests, 0)]).toEqual([what, requests])
    const all = [...(await here.lines(1)), ...(await here.lines(2))]
    expect([what, all.filter(({ basis }) => basis === 'model').length]).toEqual([what, proposals])
  }
  const { chapter } = await here.api.json<{ chapter: { blocks: { text: string }[] } }>(
    `/api/novels/${here.novelId}/chapters/1`,
  )
  expect(chapter.blocks.at(-1)!.text).toBe('“A very cold night.”')
})

test('the model is set on the page: off at first, its key never told and its address’s alone, switched on and off without a restart', async () => {
  await using here = await start(answers, undefined)
  const { api, model } = here
  const settings = async () => (await api.json<{ chat: object }>('/api/chat-model')).chat
  const change = async (body: object): Promise<{ status: number; text: string }> => {
    const response = await api.fetch('/api/chat-model', {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return { status: response.status, text: await response.text() }
  }
  expect(await settings()).toEqual({
    on: false,
    setBy: 'nobody',
    address: '',
    model: '',
    hasKey: false,
    maxRequests: 500,
    maxTokens: 2_000_000,
  })
  expect((await api.post(`${here.path}/questions`, {})).status).toBe(422)
  // Without an address it is not switched on, nor tried.
  expect((await change({ on: true })).status).toBe(422)
  expect((await api.post('/api/chat-model/test', {})).status).toBe(422)
  const set = await change({ address: `${model.address}/`, model: 'tiny', key, maxRequests: 7 })
  expect(set.status).toBe(200)
  expect(set.text).not.toContain(key)
  expect(JSON.parse(set.text)).toMatchObject({
    chat: { on: false, setBy: 'page', address: model.address, hasKey: true, maxRequests: 7 },
  })
  // Tried, it is sent nothing of the book; and still it may not be asked about one.
  expect(await answer(api.post('/api/chat-model/test', {}))).toMatchObject({ answer: expect.any(String) })
  expect(model.heard.at(-1)).toMatchObject({
    headers: { authorization: `Bearer ${key}` },
    body: { model: 'tiny' },
  })
  expect((await here.view()).questions).toBeUndefined()
  expect((await change({ on: true })).status).toBe(200)
  expect((await here.asked()).questions).toMatchObject({ state: 'done', maxRequests: 7 })
  // Another address takes no key along, and what refuses it is told.
  await using other = await oddSpeechServer(sendsJson(401, { error: 'no' }))
  expect(JSON.parse((await change({ address: other.address })).text)).toMatchObject({
    chat: { hasKey: false },
  })
  const tried = await api.post('/api/chat-model/test', {})
  expect([tried.status, await tried.json()]).toMatchObject([
    502,
    { code: 'chat.silent', detailSaid: { code: 'chat.key' } },
  ])
  expect(other.heard.at(-1)?.headers.authorization).toBeUndefined()
  expect(JSON.parse((await change({ address: model.address })).text)).toMatchObject({
    chat: { hasKey: false },
  })
  expect((await change({ on: false })).status).toBe(200)
  expect((await here.view()).questions).toBeUndefined()
  expect((await change({ address: 'ftp://a/' })).status).toBe(422)
})

test('what stands in the environment holds until somebody sets something on the page', async () => {
  await using here = await start(answers, {})
  const { api, model } = here
  const { chat } = await api.json<{ chat: object }>('/api/chat-model')
  expect(chat).toMatchObject({ on: true, setBy: 'environment', address: model.address, hasKey: true })
  const off = await api.fetch('/api/chat-model', {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: '{"on":false}',
  })
  // The key goes along, as the address is the same.
  expect(await off.json()).toMatchObject({
    chat: { on: false, setBy: 'page', address: model.address, hasKey: true },
  })
  expect((await here.view()).questions).toBeUndefined()
})
