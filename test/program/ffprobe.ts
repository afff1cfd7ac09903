import { spawn, spawnSync } from 'node:child_process'
import { text } from 'node:stream/consumers'

/** Whether this machine has no FFmpeg of its own. */
export const ffprobeMissing = spawnSync('ffprobe', ['-version']).error !== undefined

/** What ffprobe tells of a file as JSON. */
export interface Probed {
  readonly format: { readonly duration: string; readonly tags: Readonly<Record<string, string>> }
  readonly streams: readonly { readonly codec_name: string; readonly duration_ts: number }[]
  readonly chapters: readonly {
    readonly start: number
    readonly end: number
    /** Seconds. */
    readonly start_time: string
    readonly end_time: string
    readonly tags: { readonly title: string }
  }[]
}

export async function said(
  program: 'ffprobe' | 'ffmpeg',
  args: readonly string[],
): Promise<{ out: string; err: string }> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { out, err }
}
