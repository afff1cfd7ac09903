import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { longStory } from '../fixtures/long-story.ts'
import type { Api } from '../program/api-client.ts'
import { Command } from '../program/cli-process.ts'
import { PostgresCluster, postgresPrograms } from '../program/postgres-cluster.ts'
import { S3Server, skipWithoutS3 } from '../program/s3-server.ts'
import { ServerProcess } from '../program/server-process.ts'
import { maySkip } from '../program/skip-policy.ts'
import { temporaryFolder } from '../program/temporary-folder.ts'

const skipped = skipWithoutS3 || maySkip(postgresPrograms() !== undefined)
const program = [fileURLToPath(new URL('../program/serve-with-faulty-engine.ts', import.meta.url))]
const sound = { voice: 'odd:hum' }

async function audioOf(api: Api, novelId: string, chapters: readonly number[]): Promise<Buffer[]> {
  const bytes: Buffer[] = []
  for (const file of [...chapters.map((number) => `chapters/${number}/audio.m4a`), 'book.m4b']) {
    const response = await api.fetch(`/api/novels/${novelId}/${file}?voice=odd:hum`)
    expect(response.status, file).toBe(200)
    bytes.push(Buffer.from(await response.bytes()))
  }
  return bytes
}

test.skipIf(skipped)(
  'a studio moves to Postgres and a bucket, killed on the way, works there, and comes back',
  async () => {
    using cluster = new PostgresCluster({ durable: true })
    await using store = await S3Server.start()
    await using home = await temporaryFolder()
    await using there = await temporaryFolder()
    await using back = await temporaryFolder()
    const { NIGHTJAR_OBJECTS: bucket = '', ...keys } = store.settings('moved')
    const many = { NIGHTJAR_DATABASE: cluster.url(), NIGHTJAR_OBJECTS: bucket, ...keys }

    await using first = await ServerProcess.start({ data: home.path, program })
    const { novel } = await first.add(longStory(3, 60), 'story.txt')
    await first.finished(await first.generate(novel.id, [1, 2], sound))
    const before = await audioOf(first, novel.id, [1, 2])
    expect(await first.stop()).toBe(0)

    const args = ['migrate', '--to', cluster.url(), '--objects', bucket]
    const killed = new Command(args, home.path, undefined, keys)
    while (!killed.err.includes('clips')) await wait(5)
    await killed.kill()
    expect(await new Command(args, home.path, undefined, keys).ended).toMatchObject({ code: 0 })

    await using second = await ServerProcess.start({ data: there.path, program, settings: many })
    expect(await audioOf(second, novel.id, [1, 2])).toEqual(before)
    const progressId = await second.generate(novel.id, undefined, sound)
    expect(await second.finished(progressId)).toMatchObject({ status: 'completed', percent: 100 })
    const whole = await audioOf(second, novel.id, [1, 2, 3])
    expect(await second.stop()).toBe(0)

    const homewards = ['migrate', '--from', cluster.url(), '--objects', bucket, '--data', back.path]
    expect(await new Command(homewards, back.path, undefined, keys).ended).toMatchObject({ code: 0 })
    await using last = await ServerProcess.start({ data: back.path, program })
    expect(await audioOf(last, novel.id, [1, 2, 3])).toEqual(whole)
    expect(await last.progress(progressId)).toMatchObject({ status: 'completed', percent: 100 })
  },
)
