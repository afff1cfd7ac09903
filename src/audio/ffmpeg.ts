import { AV_CHANNEL_ORDER_NATIVE, AV_LOG_FATAL } from 'node-av/constants'
import { FFmpegError, Log, type ChannelLayout } from 'node-av/lib'

/** FFmpeg writes on standard error, statistics at every encoder’s end among it; we have its return codes. */
Log.setLevel(AV_LOG_FATAL)

/** One channel, front centre. */
export const mono: ChannelLayout = { nbChannels: 1, order: AV_CHANNEL_ORDER_NATIVE, mask: 4n }

/** Returns what FFmpeg returned, or throws an `Error` with what went wrong where. */
export function check(result: number, what: string): number {
  if (result < 0) throw new Error(`FFmpeg could not ${what}`, { cause: new FFmpegError(result) })
  return result
}

/** The bytes of samples, not copied. */
export function bytesOf(samples: Float32Array | Int16Array): Buffer {
  return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)
}
