import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test, vi } from 'vitest'
import {
  environmentWith,
  forgetSecrets,
  readSettings,
  readSpeakSettings,
  settings,
  speakSettings,
  workerEnvironment,
} from './config.ts'
import { voiceSource } from './storage/voices/voice-source.ts'

test('a setting that is left out or empty has its default', () => {
  expect(readSettings({ PORT: '' })).toMatchObject({
    PORT: 4747,
    HOST: '127.0.0.1',
    NIGHTJAR_DATA: './data',
    NIGHTJAR_UPLOAD_LIMIT: 500,
  })
})

test.for([
  ['PORT', 'http'],
  ['NIGHTJAR_SPEAKERS', '-1'],
  ['NIGHTJAR_LOG', 'loud'],
  ['NIGHTJAR_PAUSE_SENTENCE', '-1'],
  ['NIGHTJAR_VOICE_SOURCE', 'ftp://mirror.example'],
  ['NIGHTJAR_VOICE_SOURCE', 'https://user:secret@mirror.example'],
  ['NIGHTJAR_VOICE_SOURCE', 'https://mirror.example/?list'],
  ['NIGHTJAR_VOICE_SOURCE', 'https://'],
  ['NIGHTJAR_VOICE_SOURCE', './no-such-folder'],
  ['NIGHTJAR_VOICE_SOURCE', 'README.md'],
  ['NIGHTJAR_VOICE_SOURCE', 'file:///no/such/folder'],
] as const)('an invalid %s is named in the failure', ([name, value]) => {
  expect(() => readSettings({ [name]: value })).toThrow(new RegExp(`A setting is not right: ${name}: `))
})

test('the voice source is an address, or a folder as a path or a file URL', () => {
  const here = process.cwd()
  for (const source of ['http://box.local:8080/voices', 'voices', here, pathToFileURL(here).href]) {
    expect(readSettings({ NIGHTJAR_VOICE_SOURCE: source }).NIGHTJAR_VOICE_SOURCE).toBe(source)
  }
  expect(voiceSource('voices')).toEqual({ kind: 'folder', folder: join(here, 'voices') })
  expect(voiceSource(pathToFileURL(join(here, 'voices')).href)).toEqual(voiceSource('voices'))
})

test('the failure of an invalid voice source gives the reason, and never a password', () => {
  const failureOf = (source: string) => {
    try {
      return readSettings({ NIGHTJAR_VOICE_SOURCE: source }) && ''
    } catch (error) {
      return (error as Error).message
    }
  }
  expect(failureOf('no-such-folder')).toBe(
    `A setting is not right: NIGHTJAR_VOICE_SOURCE: there is no folder ${join(process.cwd(), 'no-such-folder')}; ` +
      'give an existing one, or an address.',
  )
  expect(failureOf('https://user:secret@mirror.example')).not.toContain('secret')
})

test('the README lists every setting with its default and its description', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  for (const [name, setting] of Object.entries(settings.shape)) {
    const standard = name === 'NIGHTJAR_SPEAKERS' ? 'cores' : String(setting.parse(undefined))
    expect(readme).toContain(`| \`${name}\` | ${standard} | ${setting.description} |`)
  }
})

const machine = { NIGHTJAR_SERVER: 'http://box.local:4747', NIGHTJAR_TOKEN: 'nj_1' }

test('a machine that speaks needs a server and a token, and its cache is where caches are', () => {
  expect(readSpeakSettings({ ...machine, XDG_CACHE_HOME: '/var/cache' })).toMatchObject({
    NIGHTJAR_SERVER: ['http://box.local:4747'],
    NIGHTJAR_CACHE: join('/var/cache', 'nightjar'),
    NIGHTJAR_LOG: 'info',
  })
  const several = 'https://a.example/nightjar, http://[::1]:4747'
  expect(readSpeakSettings({ ...machine, NIGHTJAR_SERVER: several }).NIGHTJAR_SERVER).toEqual([
    'https://a.example/nightjar',
    'http://[::1]:4747',
  ])
  for (const wrong of [
    { NIGHTJAR_SERVER: '' },
    { NIGHTJAR_SERVER: ',' },
    { NIGHTJAR_SERVER: 'box.local:4747' },
    { NIGHTJAR_SERVER: 'http://user:secret@box.local' },
    { NIGHTJAR_SERVER: 'http://box.local/?x' },
    { NIGHTJAR_TOKEN: '' },
    { NIGHTJAR_TOKEN: 'two words' },
    { NIGHTJAR_SPEAKERS: '0' },
    { NIGHTJAR_NAME: ' ' },
    { NIGHTJAR_CACHE_LIMIT: '-1' },
  ]) {
    const [name = ''] = Object.keys(wrong)
    expect(() => readSpeakSettings({ ...machine, ...wrong }), JSON.stringify(wrong)).toThrow(
      new RegExp(`A setting is not right: ${name}: `),
    )
  }
})

test('docs/many-machines.md tells every setting of a machine that speaks', () => {
  const told = readFileSync(new URL('../docs/many-machines.md', import.meta.url), 'utf8')
  for (const [name, setting] of Object.entries(speakSettings.shape)) {
    expect(told).toMatch(new RegExp(`^\\| \`${name}\` \\| [^|]* \\| `, 'm'))
    expect(told).toContain(` | ${setting.description} |`)
  }
})

test('no child process inherits a password', () => {
  vi.stubEnv('NIGHTJAR_DATABASE', 'postgres://nightjar:secret@db.local/nightjar')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'the key of the bucket')
  const { NIGHTJAR_DATABASE } = readSettings()
  forgetSecrets()
  expect(NIGHTJAR_DATABASE).toContain('secret')
  for (const environment of [environmentWith({}), workerEnvironment()]) {
    expect(Object.values(environment)).not.toContain(NIGHTJAR_DATABASE)
    expect(Object.values(environment)).not.toContain('the key of the bucket')
  }
  vi.unstubAllEnvs()
})
