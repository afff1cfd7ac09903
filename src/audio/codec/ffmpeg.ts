import { AV_CHANNEL_ORDER_NATIVE, AV_LOG_FATAL, AV_SAMPLE_FMT_FLTP } from 'node-av/constants'
import { type ChannelLayout, FFmpegError, Log, SoftwareResampleContext } from 'node-av/lib'

/** FFmpeg writes to standard error, including statistics when an encoder closes; its return codes are enough. */
Log.setLevel(AV_LOG_FATAL)

/** One channel, front centre. */
export const mono: ChannelLayout = { nbChannels: 1, order: AV_CHANNEL_ORDER_NATIVE, mask: 4n }

/** Returns FFmpeg's result, or throws an `Error` if it is a failure. */
export function check(result: number, what: string): number {
  if (result < 0) throw new Error(`FFmpeg could not ${what}`, { cause: new FFmpegError(result) })
  return result
}

/** The bytes of samples, not copied. */
export function bytesOf(samples: Float32Array | Int16Array): Buffer {
  return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)
}

/** Resamples mono samples to another rate in Hz with FFmpeg's swresample; the result has the same duration. */
export function resample(samples: Float32Array, from: number, to: number): Float32Array {
  if (from === to) return samples
  const wanted = Math.round((samples.length * to) / from)
  using context = new SoftwareResampleContext()
  check(
    context.allocSetOpts2(mono, AV_SAMPLE_FMT_FLTP, to, mono, AV_SAMPLE_FMT_FLTP, from),
    `resample from ${from} Hz`,
  )
  check(context.init(), `resample from ${from} Hz`)
  const output = new Float32Array(context.getOutSamples(samples.length))
  const first = check(
    context.convertSync([bytesOf(output)], output.length, [bytesOf(samples)], samples.length),
    'resample',
  )
  const rest = output.subarray(first)
  const flushed =
    rest.length > 0 ? check(context.convertSync([bytesOf(rest)], rest.length, null, 0), 'resample') : 0
  const made = output.subarray(0, Math.min(first + flushed, wanted))
  if (made.length === wanted) return made
  const padded = new Float32Array(wanted)
  padded.set(made)
  return padded
}
