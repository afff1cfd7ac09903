import { expect, test } from 'vitest'
import type { CastView } from '../../src/http/contract/cast-contract.ts'
import { answer } from '../program/api-client.ts'
import { oddSpeechServer, type OddSpeechServer, sendsJson } from '../program/fake-speech-server.ts'
import { ServerProcess } from '../program/server-process.ts'
import { temporaryFolder } from '../program/temporary-folder.ts'
import { waitUntil } from '../program/wait-until.ts'

const chapters = 12
const story = new TextEncoder().encode(
  Array.from(
    { length: chapters },
    (_, at) =>
      `Chapter ${at + 1}\n\n“Who is there?” asked Anna.\n\n“Only Ben,” said Ben.\n\nIt rained.\n\n“This is line ${at} of the night.”\n`,
  ).join('\n'),
)

const passageOf = ({ body }: OddSpeechServer['heard'][number]): string =>
  (body?.['messages'] as { content: string }[] | undefined)?.[1]?.content ?? ''

test('a server that is killed while a language model is asked goes on where it was, and asks nothing answered again', async () => {
  await using folder = await temporaryFolder()
  await using model = await oddSpeechServer(
    sendsJson(200, { choices: [{ message: { content: '{"1":"Anna"}' } }] }),
  )
  const settings = {
    NIGHTJAR_CHAT: model.address,
    NIGHTJAR_CHAT_MODEL: 'tiny',
    NIGHTJAR_CHAT_KEY: 'sk-very-secret',
  }
  const options = { data: folder.path, speakers: 1, settings }
  let path = ''
  const view = async (server: ServerProcess) => (await server.json<{ cast: CastView }>(path)).cast
  {
    await using server = await ServerProcess.start(options)
    const { novel } = await server.add(story, 'story.txt')
    path = `/api/novels/${novel.id}/cast`
    await answer(server.post(`${path}/analysis`, {}))
    await waitUntil(async () => (await view(server)).state === 'ready')
    expect((await view(server)).open).toBe(chapters)
    await answer(server.post(`${path}/questions`, {}))
    await waitUntil(() => Promise.resolve(model.heard.length >= 4))
    await server.kill()
    expect(server.log).not.toContain('sk-very-secret')
  }
  await using server = await ServerProcess.start(options)
  await waitUntil(async () => (await view(server)).questions?.state === 'done')
  const cast = await view(server)
  expect(cast).toMatchObject({ open: 0, questions: { state: 'done' } })
  // Each question was asked; only the one in the killed server's hands may have been asked twice.
  const asked = Map.groupBy(model.heard.map(passageOf), (passage) => passage)
  expect(asked.size).toBe(chapters)
  expect(model.heard.length).toBeLessThanOrEqual(chapters + 1)
  expect(cast.questions!.requests).toBeGreaterThanOrEqual(model.heard.length)
  expect(server.log).not.toContain('sk-very-secret')
})
