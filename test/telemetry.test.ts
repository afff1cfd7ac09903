import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { temporaryFolder } from './program/temporary-folder.ts'

/** What a process that has spoken with Heart leaves in a home folder that was empty. */
async function leftAtHome(environment: Readonly<Record<string, string>> = {}): Promise<string[]> {
  await using home = await temporaryFolder()
  const { PATH } = process.env
  const program = fileURLToPath(new URL('./program/speak-once-process.ts', import.meta.url))
  await promisify(execFile)(process.execPath, [program], {
    env: { PATH, HOME: home.path, USERPROFILE: home.path, TMPDIR: home.path, ...environment },
  })
  return readdir(home.path, { recursive: true })
}

test('a process that speaks with Heart leaves no device id behind, whatever its environment says', async () => {
  expect(await leftAtHome()).toEqual([])
  expect(await leftAtHome({ ORT_DISABLE_TELEMETRY: '0' })).toEqual([])
})
