import {
  AV_SAMPLE_FMT_FLT,
  AV_SAMPLE_FMT_FLTP,
  AV_SAMPLE_FMT_S16,
  type AVSampleFormat,
} from 'node-av/constants'
import type { AudioFormat } from './audio-formats.ts'

type Options = Readonly<Record<string, string>>

/** FFmpeg settings of a format, for 24 kHz mono samples. */
export interface EncoderSettings {
  readonly encoder: string
  readonly muxer: string
  /** For mono, planar and packed formats have the same bytes. */
  readonly samples: AVSampleFormat
  /** Bits per second; absent where the format has no choice. */
  readonly bitRate?: number
  readonly encoderOptions: Options
  readonly muxerOptions: Options
}

/** Without the Xing frame, which holds the length: it comes first and would have to be written last. */
const plainMp3: Options = { write_xing: '0', write_id3v1: '0' }

export const encoderSettings: Readonly<Record<AudioFormat, EncoderSettings>> = {
  mp3: {
    encoder: 'libmp3lame',
    muxer: 'mp3',
    samples: AV_SAMPLE_FMT_FLTP,
    bitRate: 64_000,
    encoderOptions: {},
    muxerOptions: plainMp3,
  },
  // libopus takes 24 kHz directly; every Opus decoder outputs 48 kHz (RFC 7845, 5.1). Above complexity 6 it classifies
  // every frame as speech or music: 101 times real time on a core instead of 367.
  opus: {
    encoder: 'libopus',
    muxer: 'opus',
    samples: AV_SAMPLE_FMT_FLT,
    bitRate: 40_000,
    encoderOptions: { application: 'audio', frame_duration: '20', compression_level: '5' },
    // The stream's serial number: some tools fail on 0.
    muxerOptions: { serial_offset: '1' },
  },
  flac: {
    encoder: 'flac',
    muxer: 'flac',
    samples: AV_SAMPLE_FMT_S16,
    encoderOptions: {},
    muxerOptions: {},
  },
  // Its size fields are 0xffffffff, which readers treat as "to the end".
  wav: {
    encoder: 'pcm_s16le',
    muxer: 'wav',
    samples: AV_SAMPLE_FMT_S16,
    encoderOptions: {},
    muxerOptions: {},
  },
  pcm: {
    encoder: 'pcm_s16le',
    muxer: 's16le',
    samples: AV_SAMPLE_FMT_S16,
    encoderOptions: {},
    muxerOptions: {},
  },
}
