import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

// Reads `/proc` of Linux; throws on other systems.

/** Clock ticks per second in `/proc/PID/stat`: 100 on every architecture that Node runs on. */
const ticksPerSecond = 100

/** CPU seconds, user and system, of these processes since their start; ended ones count 0. */
export function cpuSeconds(pids: readonly number[]): number {
  let ticks = 0
  for (const pid of pids) {
    const fields = statOf(pid)
    ticks += Number(fields?.[11] ?? 0) + Number(fields?.[12] ?? 0)
  }
  return ticks / ticksPerSecond
}

/** CPU seconds of a process with all its descendants, and of those of its children that have ended. */
export function cpuSecondsOfTree(pid: number): number {
  const fields = statOf(pid)
  const ended = Number(fields?.[13] ?? 0) + Number(fields?.[14] ?? 0)
  const children = childrenOf(pid).map(cpuSecondsOfTree)
  return cpuSeconds([pid]) + ended / ticksPerSecond + children.reduce((total, one) => total + one, 0)
}

export function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && Number(statOf(pid)?.[1]) === parent)
}

/** Resident memory in MB (10⁶ bytes): current, and peak since the process began or since `forgetPeak`. */
export function residentMb(pid: number): { readonly now: number; readonly peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const kib = (name: string) => Number(new RegExp(String.raw`${name}:\s+(\d+) kB`).exec(status)?.[1] ?? 0)
  return { now: (kib('VmRSS') * 1024) / 1e6, peak: (kib('VmHWM') * 1024) / 1e6 }
}

/** Resets the peak (proc(5), clear_refs). */
export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
}

/** The fields after the name, which may contain spaces and brackets: state, parent, … (proc_pid_stat(5)). */
function statOf(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}
