import { expect, test } from 'vitest'
import { longStory } from '../fixtures/long-story.ts'
import { Api } from '../program/api-client.ts'
import { EventStream } from '../program/event-stream.ts'
import { freePort } from '../program/free-port.ts'
import { hasNginx, startNginx } from '../program/nginx.ts'
import { maySkip } from '../program/skip-policy.ts'
import { startApplication } from '../program/in-process-application.ts'

/** Common proxy configurations; `plain` is only the `proxy_pass` line of every guide. */
const ways = {
  plain: {
    settings: { NIGHTJAR_HOSTS: 'localhost' },
    path: '',
    location: (to: string) => `location / { proxy_pass ${to}; }`,
  },
  told: {
    settings: { NIGHTJAR_BEHIND_PROXY: 'yes' },
    path: '',
    location: (to: string) =>
      `location / { proxy_pass ${to}; proxy_set_header X-Forwarded-Host $http_host; proxy_set_header X-Forwarded-Proto $scheme; }`,
  },
  'below a path that it takes away': {
    settings: { NIGHTJAR_BEHIND_PROXY: 'yes' },
    path: '/nightjar',
    location: (to: string) =>
      `location /nightjar/ { proxy_pass ${to}/; proxy_set_header X-Forwarded-Host $http_host; proxy_set_header X-Forwarded-Prefix /nightjar; }`,
  },
  'below a path that it passes on': {
    settings: { NIGHTJAR_BEHIND_PROXY: 'yes', NIGHTJAR_BASE: '/nightjar' },
    path: '/nightjar',
    location: (to: string) =>
      `location /nightjar { proxy_pass ${to}; proxy_set_header X-Forwarded-Host $http_host; }`,
  },
} as const

test.skipIf(maySkip(hasNginx())).for(Object.entries(ways))(
  'nginx, %s: a book goes in, is asked for by a page, told of, played by ranges (needs nginx)',
  async ([, { settings, path, location }]) => {
    const port = await freePort()
    // A page at a non-default port has to be listed with its port.
    const named = 'NIGHTJAR_HOSTS' in settings ? { NIGHTJAR_HOSTS: `localhost:${port}` } : {}
    await using here = await startApplication({ settings: { ...settings, ...named } })
    await using nginx = await startNginx(
      port,
      `server { listen 127.0.0.1:${port}; ${location(here.api.address)} }`,
    )
    const api = new Api(nginx.address)
    const page = { origin: nginx.address, 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }
    const form = new FormData()
    form.append('file', new Blob([longStory(2, 3)]), 'story.txt')
    const added = await api.fetch(`${path}/api/novels`, { method: 'POST', body: form, headers: page })
    expect(added.status).toBe(201)
    const { novel } = (await added.json()) as { novel: { id: string } }
    await using events = await EventStream.open(api, undefined, `${path}/api/worker/events`)
    const asked = await api.fetch(`${path}/api/worker/generate/all`, {
      method: 'POST',
      body: JSON.stringify({ novelId: novel.id }),
      headers: { ...page, 'content-type': 'application/json' },
    })
    expect(asked.status).toBe(202)
    expect(asked.headers.get('location')).toMatch(new RegExp(`^${path}/api/worker/progress/`))
    await events.until(
      ({ kind, data }) => kind === 'generation' && 'status' in data && data.status === 'completed',
    )
    const part = await api.fetch(`${path}/api/novels/${novel.id}/chapters/1/audio.m4a`, {
      headers: { range: 'bytes=100-199' },
    })
    expect([part.status, (await part.arrayBuffer()).byteLength]).toEqual([206, 100])
    const { feed } = (await (
      await api.fetch(`${path}/api/novels/${novel.id}/feed`, { method: 'POST', headers: page })
    ).json()) as { feed: { address: string } }
    if ('NIGHTJAR_BEHIND_PROXY' in settings) {
      expect(feed.address).toContain(`${nginx.address}${path}/feeds/`)
      expect((await fetch(feed.address)).status).toBe(200)
    }
    const foreign = { ...page, origin: 'http://evil.example', 'sec-fetch-site': 'cross-site' }
    const refused = await api.fetch(`${path}/api/novels/${novel.id}?forever=true`, {
      method: 'DELETE',
      headers: foreign,
    })
    expect(refused.status).toBe(403)
    const gone = await api.fetch(`${path}/api/novels/${novel.id}?forever=true`, {
      method: 'DELETE',
      headers: page,
    })
    expect(gone.status).toBe(200)
  },
)
