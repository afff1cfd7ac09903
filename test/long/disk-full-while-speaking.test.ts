import { mkdirSync } from 'node:fs'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { speakNovel } from '../damage/damage-run.ts'
import { longStory } from '../fixtures/long-story.ts'
import { ServerProcess } from '../program/server-process.ts'
import { needsMount, smallDisk } from '../program/limited-disk.ts'

const program = fileURLToPath(new URL('../program/serve-with-faulty-engine.ts', import.meta.url))
const full = 'The disk is full. The work is paused and goes on by itself when there is room again.'

test.for(['stopped', 'killed'] as const)(
  'with not one byte free a server that was %s starts, answers and plays, and works when there is room',
  async (how, { skip }) => {
    using disk = smallDisk(120)
    skip(!disk, needsMount)
    if (!disk) return
    const data = join(disk.path, 'data')
    mkdirSync(data)
    const spoken = await speakNovel(data)
    const start = () => ServerProcess.start({ data, speakers: 1, program: [program] })
    let begun: string | undefined
    if (how === 'killed') {
      await using server = await start()
      const { novel } = await server.add(longStory(3, 40), 'last.txt')
      begun = await server.generate(novel.id, undefined, { voice: 'odd:hum' })
      await server.until(begun, ({ segmentsDone }) => segmentsDone > 3)
      await server.kill()
      // As a crash leaves it.
      await writeFile(join(data, 'covers', 'left'), 'x')
    }
    disk.fill()

    await using server = await start()
    for (const [at, bytes] of spoken.chapters.entries()) {
      const path = `/api/novels/${spoken.novelId}/chapters/${at + 1}/audio.m4a?voice=odd:hum`
      const heard = await server.fetch(path)
      expect(heard.status).toBe(200)
      expect(bytes.equals(await heard.bytes())).toBe(true)
    }
    const health = await server.fetch('/api/health')
    expect(health.status).toBe(503)
    expect(await health.json()).toMatchObject({
      code: 'storage.full',
      error: full,
      disk: { full: true },
      problems: [{ code: 'storage.full' }],
    })
    const position = { chapterNumber: 1, segment: 0, seconds: 1 }
    for (const refused of [
      await server.upload(longStory(2, 9), 'more.txt'),
      await server.fetch(`/api/novels/${spoken.novelId}/position`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(position),
      }),
    ]) {
      const answer = (await refused.json()) as object
      // What is small may find room in a log that is there already.
      if (refused.status === 200) continue
      expect([refused.status, answer]).toEqual([
        507,
        expect.objectContaining({ code: 'storage.full', error: full }),
      ])
    }
    disk.makeRoom()
    const { novel } = await server.add(longStory(2, 9), 'more.txt')
    const progressId = await server.generate(novel.id, undefined, { voice: 'odd:hum' })
    expect((await server.finished(progressId)).status).toBe('completed')
    if (begun !== undefined) expect((await server.finished(begun)).status).toBe('completed')
    expect(await server.stop()).toBe(0)
    expect(await readdir(join(data, 'incoming'))).toEqual([])
  },
)
