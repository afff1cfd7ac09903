import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { settings, speakSettings } from '../src/config.ts'
import { temporaryFolder } from './program/temporary-folder.ts'

// compose.yaml and the unit for systemd say what the program understands.

const root = fileURLToPath(new URL('..', import.meta.url))
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8')

interface Service {
  readonly profiles: readonly string[]
  readonly image: string
  readonly build?: { readonly dockerfile: string }
  readonly read_only?: boolean
  readonly cap_drop?: readonly string[]
  readonly ports?: readonly string[]
  readonly volumes?: readonly string[]
  readonly command?: readonly string[]
  readonly depends_on?: Readonly<Record<string, object>>
  readonly environment?: Readonly<Record<string, string>>
}
const { services, volumes } = parse(textOf('compose.yaml'), { merge: true }) as {
  services: Readonly<Record<string, Service>>
  volumes: object
}
const own = Object.entries(services).filter(([, { image }]) => image === 'nightjar')
const inProfile = (profile: string) =>
  Object.keys(services).filter((name) => services[name]?.profiles.includes(profile))

test('the profiles of compose.yaml are one machine, a graphics card, and many', () => {
  expect(inProfile('one')).toEqual(['nightjar'])
  expect(inProfile('gpu')).toEqual(['nightjar', 'kokoro'])
  expect(inProfile('many')).toEqual(['server', 'proxy', 'speaker', 'objects', 'bucket', 'postgres'])
  for (const [name, { profiles, depends_on: needs = {}, volumes: used = [] }] of Object.entries(services)) {
    for (const other of Object.keys(needs)) expect(services[other]?.profiles, name).toEqual(profiles)
    for (const volume of used) {
      // A folder of the machine by a setting, or else a volume.
      const [from = ''] = volume.replace(/^\$\{\w+:-(\w+)\}/, '$1').split(':')
      if (from.startsWith('./')) expect(existsSync(join(root, from)), name).toBe(true)
      // A volume of each container for itself has no name.
      else if (!from.startsWith('/')) expect(Object.keys(volumes), name).toContain(from)
    }
  }
})

test('every container of Nightjar is read-only, without rights, and listens on this machine alone by default', () => {
  expect(own.length).toBe(3)
  for (const [name, service] of own) {
    expect(service, name).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      build: { dockerfile: 'Containerfile' },
    })
    for (const port of service.ports ?? []) expect(port, name).toMatch(/^\$\{\w+:-127\.0\.0\.1:4747\}:4747$/)
  }
})

test('the settings of compose.yaml are settings, with values that are accepted', () => {
  for (const [name, { environment = {}, command = ['serve'] }] of own) {
    const schema = command[0] === 'speak' ? speakSettings : settings
    const given = Object.entries(environment).map(([setting, value]) => {
      expect(Object.keys(schema.shape), name).toContain(setting)
      // As Compose replaces what is not set; whoever starts a speaker sets the token.
      return [
        setting,
        value.replaceAll(/\$\{(\w+):-([^}]*)\}/g, (_, of, standard) =>
          of === 'NIGHTJAR_TOKEN' ? 'nj_1' : standard,
        ),
      ]
    })
    expect(schema.safeParse(Object.fromEntries(given)).error, name).toBeUndefined()
  }
})

test('the probe of the image ends with 1 where nobody answers', () => {
  const { status } = spawnSync(process.execPath, [join(root, 'deploy/probe.js')], { env: { PORT: '1' } })
  expect(status).toBe(1)
})

const analyze = spawnSync('systemd-analyze', ['--version'])
test.skipIf(analyze.error !== undefined)(
  'systemd finds no fault with the unit, and confines it well (needs systemd-analyze)',
  async () => {
    await using folder = await temporaryFolder()
    const unit = join(folder.path, 'nightjar.service')
    // Where the program will be, this machine has something else.
    writeFileSync(unit, textOf('deploy/nightjar.service').replaceAll(/(?<=ExecStart=)\S+/g, process.execPath))
    const verified = spawnSync('systemd-analyze', ['verify', unit], { encoding: 'utf8' })
    expect([verified.status, verified.stderr]).toEqual([0, ''])
    const security = execFileSync('systemd-analyze', ['security', '--offline=true', unit], {
      encoding: 'utf8',
    })
    const [, exposure] = /Overall exposure level for nightjar\.service: ([\d.]+)/.exec(security) ?? []
    expect(Number(exposure)).toBeLessThanOrEqual(2)
  },
)
