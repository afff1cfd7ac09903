import { execFile, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

/** What the variable names, a command of that name, or the jar where Debian's package puts it. */
const commands = [
  [process.env['EPUBCHECK'] ?? 'epubcheck'],
  ['java', '-jar', '/usr/share/java/epubcheck.jar'],
] as const

const [program, ...before] =
  commands.find(([name, ...rest]) =>
    String(spawnSync(name, [...rest, '--version']).stdout).startsWith('EPUBCheck'),
  ) ?? []

/** Tests that need it say so where they are skipped. */
export const hasEpubcheck = program !== undefined

/** It runs for a few seconds: compiling for a long run would take longer than all the rest. */
const env = { ...process.env, JAVA_TOOL_OPTIONS: '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC' }

interface Message {
  readonly ID: string
  readonly severity: string
  readonly message: string
  readonly locations: readonly { readonly path: string; readonly line: number }[]
}

/** Faults and warnings that W3C's validator finds in an EPUB, in a line each. */
export async function epubcheck(path: string): Promise<string[]> {
  const report = join(dirname(path), 'epubcheck.json')
  if (program === undefined) throw new Error('there is no epubcheck on this machine')
  try {
    await promisify(execFile)(program, [...before, path, '--json', report], { maxBuffer: Infinity, env })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 1)) throw error
  }
  const { messages } = JSON.parse(readFileSync(report, 'utf8')) as { messages: readonly Message[] }
  return messages
    .filter(({ severity }) => ['FATAL', 'ERROR', 'WARNING'].includes(severity))
    .map(({ ID, severity, message, locations }) => {
      const [first] = locations
      return `${severity} ${ID}: ${message} (${first?.path}:${first?.line})`
    })
}
