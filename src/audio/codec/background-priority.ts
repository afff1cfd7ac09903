import { readFile, writeFile } from 'node:fs/promises'
import { setPriority } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'

/**
 * Options of `fork` for a process that calls `yieldToOthers`. A session of its own, because Linux, where it groups
 * processes by session (autogroup), weighs niceness only among those of one session: a database, of which each
 * connection is one, waited for a whole time slice of a speech worker each time that it was asked.
 */
export const ownSession = { detached: process.platform === 'linux' } as const

/**
 * Of a session, by its process's niceness: enough to be interrupted, and still a third of the time of another session's
 * process where the machine is full of those.
 */
const sessionNiceness = (niceness: number): number => Math.ceil(niceness / 2)

/** The kernel lets everybody together change one session in a tenth of a second. */
const tries = 50
const betweenTriesMs = 100

/** Gives this process a lower priority than all that are not in the background, whatever session they belong to. */
export function yieldToOthers(niceness: number): void {
  setPriority(niceness)
  if (ownSession.detached) void yieldSession(niceness).catch(() => undefined)
}

/** Best effort: where there are no such groups niceness is enough. See sched(7). */
async function yieldSession(niceness: number): Promise<void> {
  if ((await sessionId()) !== process.pid) return
  for (let attempt = 1; attempt <= tries; attempt++) {
    try {
      return await writeFile('/proc/self/autogroup', String(sessionNiceness(niceness)))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      await wait(betweenTriesMs * (0.5 + Math.random()), undefined, { ref: false })
    }
  }
}

/** Of this process; see proc_pid_stat(5). */
async function sessionId(): Promise<number> {
  const status = await readFile('/proc/self/stat', 'utf8')
  const [, , , session] = status.slice(status.lastIndexOf(')') + 2).split(' ')
  return Number(session)
}
