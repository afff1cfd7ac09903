import { connect } from 'node:net'
import { request } from 'node:http'
import { expect, test } from 'vitest'
import { longStory } from './fixtures/long-story.ts'
import type { Api } from './program/api-client.ts'
import { startApplication } from './program/in-process-application.ts'
import { waitUntil } from './program/wait-until.ts'
import { ServerProcess } from './program/server-process.ts'
import { temporaryFolder } from './program/temporary-folder.ts'
import { startFault } from './program/worker-start-fault.ts'

// What supervisors, load balancers and collectors see: /livez, /readyz, /metrics, and the ids of requests.

/** The values of `/metrics` by name and labels. Fails on a line that Prometheus would not read. */
async function scrape(api: Api): Promise<Map<string, number>> {
  const answer = await api.fetch('/metrics')
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  const values = new Map<string, number>()
  const typed = new Set<string>()
  for (const line of (await answer.text()).trimEnd().split('\n')) {
    const family = /^# TYPE (\w+) (?:counter|gauge)$/.exec(line)?.[1]
    if (family) typed.add(family)
    if (line.startsWith('# ')) continue
    const read = /^(([a-z_]+)(?:\{[a-z]+="(?:[^"\\]|\\.)*"(?:,[a-z]+="[^"]*")*\})?) (-?\d\S*|NaN)$/.exec(line)
    expect(read, line).not.toBeNull()
    expect(typed, line).toContain(read?.[2])
    expect(values.has(read?.[1] ?? ''), line).toBe(false)
    values.set(read?.[1] ?? '', Number(read?.[3]))
  }
  return values
}

test('the metrics count what is spoken, requeued and set aside, and what waits', async () => {
  await using here = await startApplication({ settings: { NIGHTJAR_SPEAKERS: '2' } })
  const { api, application } = here
  const before = await scrape(api)
  expect(before.get('nightjar_segments_spoken_total')).toBe(0)
  expect(before.get('nightjar_queue_oldest_seconds')).toBe(0)
  expect(before.get('nightjar_speech_workers_wanted')).toBe(2)
  let requeued = 0
  application.eventBus.subscribe((event) => {
    if (event.kind === 'segment' && event.segment.state === 'waiting') requeued++
  })
  const { novel } = await api.add(longStory(2, 3), 'story.txt')
  const done = await api.finished(await api.generate(novel.id, undefined, { voice: 'odd:hum' }))
  const text = new TextEncoder().encode('Chapter 1\n\nHere one stumbles.\n\nHere it refuses to speak.')
  const odd = await api.add(text, 'odd.txt')
  const failed = await api.finished(await api.generate(odd.novel.id, undefined, { voice: 'odd:hum' }))
  expect(failed.failedSegments).toHaveLength(1)
  const after = await scrape(api)
  const spoken = done.segmentsDone + failed.segmentsDone
  // The two headings "Chapter 1" are one clip.
  expect(after.get('nightjar_segments_spoken_total')).toBeGreaterThanOrEqual(spoken - 1)
  expect(after.get('nightjar_segments_spoken_total')).toBeLessThanOrEqual(spoken)
  // One stumbles once and one is refused twice; a worker that a busy machine takes for dead gives back more.
  expect(requeued).toBeGreaterThanOrEqual(1 + 2)
  expect(after.get('nightjar_segments_requeued_total')).toBe(requeued)
  expect(after.get('nightjar_segments_set_aside_total')).toBe(1)
  expect(after.get('nightjar_speech_seconds_total')).toBeGreaterThan(1)
  expect(after.get('nightjar_clip_commits_total')).toBeGreaterThan(0)
  expect(after.get('nightjar_clip_commit_seconds_total')).toBeGreaterThan(0)
  expect(after.get('nightjar_generations{state="running"}')).toBe(0)
  expect(after.get('nightjar_queue_segments{state="running"}')).toBe(0)
  const workers = (state: string) =>
    after.get(`nightjar_speech_workers{machine="local",state="${state}"}`) ?? 0
  expect(workers('idle') + workers('busy')).toBe(2)
  expect(after.get('nightjar_event_loop_delay_seconds{quantile="1"}')).toBeGreaterThanOrEqual(0)
  expect(after.get('process_resident_memory_bytes')).toBeGreaterThan(20e6)
  expect(after.get('nightjar_disk_free_bytes')).toBeGreaterThan(0)
})

test('what waits, what is paused and what is being spoken are told apart', async () => {
  await using here = await startApplication()
  const { api, application } = here
  const { novel } = await api.add(longStory(3, 4), 'story.txt')
  const hanging = new TextEncoder().encode('Chapter 1\n\nHere it hangs.\n\nAnd more.')
  const odd = await api.add(hanging, 'hanging.txt')
  const first = await api.generate(odd.novel.id, undefined, { voice: 'odd:hum', priority: 10 })
  await expect.poll(() => application.dispatcher.segmentsInFlight().length).toBeGreaterThan(0)
  await application.jobs.send('transcode', { key: '00' }, { delayMs: 60_000 })
  const paused = await api.generate(novel.id, undefined, { voice: 'odd:hum' })
  await api.post(`/api/worker/progress/${paused}/pause`, {})
  await expect.poll(async () => (await scrape(api)).get('nightjar_leases{voice="odd:hum"}')).toBe(1)
  const values = await scrape(api)
  const { segmentsTotal, segmentsDone } = await api.progress(paused)
  expect(values.get('nightjar_generations{state="running"}')).toBe(1)
  expect(values.get('nightjar_generations{state="paused"}')).toBe(1)
  expect(values.get('nightjar_queue_segments{state="paused"}')).toBe(segmentsTotal - segmentsDone)
  expect(values.get('nightjar_queue_segments{state="running"}')).toBeGreaterThan(0)
  expect(values.get('nightjar_queue_oldest_seconds')).toBeGreaterThan(0)
  expect(values.get('nightjar_jobs{job="transcode",state="waiting"}')).toBe(1)
  expect(values.get('nightjar_jobs{job="transcode",state="active"}')).toBe(0)
  expect(values.get('nightjar_jobs_oldest_seconds{job="transcode"}')).toBeGreaterThan(0)
  await api.post(`/api/worker/progress/${first}/cancel`, {})
})

test('the speakers of other machines are counted by the machine’s name', async () => {
  await using here = await startApplication({ settings: { NIGHTJAR_SPEAKERS: '2' } })
  const { api, application } = here
  const { segmentScheduler } = application
  const { version } = await api.json<{ version: string }>('/api/health')
  const engines = await application.pool.engines
  const machine = { name: 'attic "1"', slots: 3, version, engines, platform: 'linux-x64', cores: 4 }
  const { id } = await segmentScheduler.join(machine)
  await segmentScheduler.join({ ...machine, slots: 1 })
  await segmentScheduler.drain(id)
  // The application is ready when one worker is.
  const idle = 'nightjar_speech_workers{machine="local",state="idle"}'
  await waitUntil(async () => (await scrape(api)).get(idle) === 2)
  const values = await scrape(api)
  const workers = (name: string, state: string) =>
    values.get(`nightjar_speech_workers{machine="${name}",state="${state}"}`)
  expect(workers('attic \\"1\\"', 'draining')).toBe(3)
  expect(workers('attic \\"1\\"', 'idle')).toBe(1)
  expect(workers('local', 'idle')).toBe(2)
  expect(values.get('nightjar_speech_workers_wanted')).toBe(2)
})

test('a server without a worker yet is alive and not ready', async () => {
  await using _ = await startFault('hangs')
  const hanging = new URL('./program/hanging-speech-worker.ts', import.meta.url)
  await using here = await startApplication({ workerModule: hanging, unready: true })
  const { api } = here
  expect((await api.fetch('/livez')).status).toBe(200)
  const starting = await api.fetch('/readyz')
  expect(starting.status).toBe(503)
  expect(await starting.json()).toMatchObject({ success: false, code: 'server.starting' })
  // Figures are there from the first moment.
  expect((await scrape(api)).get('nightjar_speech_workers{machine="local",state="idle"}')).toBe(0)
})

test('without a database a server is alive and not ready', async () => {
  await using here = await startApplication()
  const { api, application } = here
  const ready = await api.fetch('/readyz')
  expect([ready.status, await ready.json()]).toEqual([200, { success: true }])
  const executor = application.db.getExecutor()
  const { executeQuery } = executor
  executor.executeQuery = () =>
    Promise.reject(Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR', errcode: 10 }))
  expect((await api.fetch('/readyz')).status).toBe(503)
  expect((await api.fetch('/livez')).status).toBe(200)
  executor.executeQuery = executeQuery
  expect((await api.fetch('/readyz')).status).toBe(200)
})

test('probes pass the check of the host by address, and without one; a foreign name does not', async () => {
  await using here = await startApplication()
  const { port } = new URL(here.api.address)
  const status = (host: string, path: string) =>
    new Promise((resolve, reject) => {
      const asked = request(new URL(path, here.api.address), { headers: { host } }, (answer) => {
        answer.resume()
        resolve(answer.statusCode)
      })
      asked.on('error', reject)
      asked.end()
    })
  // As the health checks of HAProxy ask by default.
  const bare = (path: string) =>
    new Promise((resolve, reject) => {
      const socket = connect(Number(port), '127.0.0.1', () => socket.write(`GET ${path} HTTP/1.0\r\n\r\n`))
      socket.setEncoding('utf8').once('data', (text: string) => {
        socket.destroy()
        resolve(Number(text.split(' ')[1]))
      })
      socket.on('error', reject)
    })
  for (const path of ['/livez', '/readyz', '/metrics']) {
    expect(await status(`10.1.2.3:${port}`, path), path).toBe(200)
    expect(await bare(path), path).toBe(200)
    expect(await status('rebound.example', path), path).toBe(403)
    expect((await here.api.post(path, {})).status, path).toBe(405)
  }
})

test('a request is answered with its id, which stands in every line that it logs', async () => {
  await using folder = await temporaryFolder()
  await using server = await ServerProcess.start({
    data: folder.path,
    speakers: 1,
    settings: { NIGHTJAR_BEHIND_PROXY: 'yes' },
  })
  const idOf = (answer: Response) => answer.headers.get('x-request-id') ?? ''
  const lines = (id: string) =>
    server.log
      .split('\n')
      .filter((line) => line.includes(id))
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  const answered = async (id: string) => {
    await expect.poll(() => lines(id).length).toBeGreaterThan(0)
    return lines(id).at(-1)
  }
  const own = idOf(await server.fetch('/api/novels'))
  expect(own).toMatch(/^[\da-f-]{36}$/)
  expect(await answered(own)).toMatchObject({
    requestId: own,
    method: 'GET',
    route: '/api/novels',
    status: 200,
    msg: 'answered',
  })
  // The proxy's own id stays; one that could not stand in a log does not.
  const given = await server.fetch('/api/novels', { headers: { 'x-request-id': 'trace-1:7' } })
  expect(idOf(given)).toBe('trace-1:7')
  const odd = await server.fetch('/api/novels', { headers: { 'x-request-id': '{"level":60}' } })
  expect(idOf(odd)).toMatch(/^[\da-f-]{36}$/)
  // So do requests that fail, whichever part refuses them. A feed's secret is not logged.
  const failing = [
    await server.fetch('/api/nowhere'),
    await server.fetch('/feeds/abcdefsecret.xml'),
    await server.fetch('/api/novels/%zz'),
    await server.fetch('/api/novels', { headers: { origin: 'https://elsewhere.example' } }),
    await server.post('/api/worker/generate/all', {}),
  ]
  expect(failing.map(idOf).filter((id) => /^[\da-f-]{36}$/.test(id))).toHaveLength(failing.length)
  await answered(idOf(failing[4] as Response))
  expect(server.log).not.toContain('abcdefsecret')
})
