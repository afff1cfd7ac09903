import { AV_CHANNEL_ORDER_NATIVE, AV_LOG_ERROR } from 'node-av/constants'
import { FFmpegError, Log, type ChannelLayout } from 'node-av/lib'

/** FFmpeg tells its statistics on standard error each time that an encoder is closed; errors only. */
Log.setLevel(AV_LOG_ERROR)

/** One channel, front centre. */
export const mono: ChannelLayout = { nbChannels: 1, order: AV_CHANNEL_ORDER_NATIVE, mask: 4n }

/** Returns what FFmpeg returned, or throws an `Error` with what went wrong where. */
export function check(result: number, what: string): number {
  if (result < 0) throw new Error(`FFmpeg could not ${what}`, { cause: new FFmpegError(result) })
  return result
}

/** The bytes of samples, not copied. */
export function bytesOf(samples: Float32Array): Buffer {
  return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)
}
