import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Debian's package `epubcheck`, or whatever the variable names: tests that need it say so where they are skipped. */
const command = process.env['EPUBCHECK'] ?? 'epubcheck'

export const hasEpubcheck = spawnSync(command, ['--version']).status === 0

interface Message {
  readonly ID: string
  readonly severity: string
  readonly message: string
  readonly locations: readonly { readonly path: string; readonly line: number }[]
}

/** Faults and warnings that W3C's validator finds in an EPUB, in a line each. */
export function epubcheck(path: string): string[] {
  const report = join(dirname(path), 'epubcheck.json')
  try {
    execFileSync(command, [path, '--json', report], { stdio: 'ignore' })
  } catch (error) {
    if (!(error instanceof Error && 'status' in error && error.status === 1)) throw error
  }
  const { messages } = JSON.parse(readFileSync(report, 'utf8')) as { messages: readonly Message[] }
  return messages
    .filter(({ severity }) => ['FATAL', 'ERROR', 'WARNING'].includes(severity))
    .map(({ ID, severity, message, locations }) => {
      const [first] = locations
      return `${severity} ${ID}: ${message} (${first?.path}:${first?.line})`
    })
}
