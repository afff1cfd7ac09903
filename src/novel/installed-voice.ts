import type { Voice } from './voice.ts'

/** The families of networks that can be installed: what a model takes in and gives out. */
export const voiceFamilies = ['piper', 'hibari'] as const
export type VoiceFamily = (typeof voiceFamilies)[number]

/** A voice that was brought, proved and kept. Its files lie in a folder of its own. */
export interface InstalledVoice {
  /** `piper:en_US-joe-medium`; its second speaker is `piper:en_US-joe-medium:1`. */
  readonly id: string
  readonly family: VoiceFamily
  readonly name: string
  /** BCP 47. */
  readonly language: string
  readonly gender?: 'female' | 'male'
  /** As its makers call it: `x_low`, `low`, `medium`, `high`. */
  readonly quality?: string
  /** Names of its speakers, by their numbers; empty when there is only one. */
  readonly speakers: readonly string[]
  readonly licence?: string
  readonly source: 'public' | 'file'
  /** The folder's name below the folder of voices. */
  readonly folder: string
  /** Whether a configuration lies beside the model. */
  readonly configured: boolean
  /** SHA-256 of the model, hex. */
  readonly checksum: string
  /** SHA-256 of the configuration, hex; left out where there is none. */
  readonly configChecksum?: string
  /** Of the model. */
  readonly bytes: number
  /** The constant factor that brings it to the studio's loudness, measured when it was proved. */
  readonly gain: number
  /** How many times faster than by itself it speaks at speed 1; left out: installed before that was measured. */
  readonly pace?: number
  readonly createdAt: string
}

/** As the list of voices shows it. */
export function asVoice({ id, family, name, language, gender, speakers }: InstalledVoice): Voice {
  return {
    id,
    engine: family,
    name,
    language,
    ...(gender !== undefined && { gender }),
    ...(speakers.length > 1 && { speakers }),
    neural: true,
  }
}

/** `piper:en_US-libritts_r-medium:12` → the installed voice and speaker 12; without a number it is the first. */
export function speakerOf(voiceId: string): { readonly base: string; readonly speaker: number } {
  const match = /^([^:]+:[^:]+):(\d{1,5})$/.exec(voiceId)
  return match?.[1] === undefined
    ? { base: voiceId, speaker: 0 }
    : { base: match[1], speaker: Number(match[2]) }
}

/** Where an installed voice's network lies, for the engine that runs it. */
export interface VoiceModel {
  /** Path of the ONNX file. */
  readonly model: string
  /** Path of its configuration: Piper's `.onnx.json`; hibari needs none. */
  readonly config?: string | undefined
  /** SHA-256 of the ONNX file, hex: the same checksum is the same network, loaded once. */
  readonly checksum: string
  /** SHA-256 of the configuration, hex; left out where there is none, or it is not known. */
  readonly configChecksum?: string | undefined
  /** BCP 47 of the voice; for hibari its accent will do. */
  readonly language: string
}

/** `pending` waits for its turn; `proving`: the voice is on the disk and is heard before it is offered. */
export type InstallStatus = 'pending' | 'downloading' | 'proving' | 'completed' | 'failed' | 'cancelled'

/** Somebody wants a voice of the catalogue, written down. */
export interface VoiceInstall {
  readonly id: string
  readonly voiceId: string
  readonly name: string
  readonly status: InstallStatus
  readonly bytesTotal: number
  readonly errorMessage?: string
  readonly createdAt: string
  readonly completedAt?: string
}

/** Whether nothing more will become of it. */
export function isInstallFinished(status: InstallStatus): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled'
}
