import type { Voice } from './voice.ts'

/** Model families that can be installed, distinguished by their inputs and outputs. */
export const voiceFamilies = ['piper', 'hibari', 'kokoro', 'kokoro-zh', 'vieneu', 'supertonic'] as const
export type VoiceFamily = (typeof voiceFamilies)[number]

/** How the weights of a published model are stored: Kokoro's is there in three sizes. All are run in single precision. */
export const storedWeights = ['fp16', 'fp32', 'int8'] as const
export type StoredWeights = (typeof storedWeights)[number]

/** What a voice costs on this machine, as measured when it was validated. */
interface VoiceCost {
  /** Seconds of speech per CPU second. */
  readonly speechPerCpuSecond: number
  /** Resident memory of a speech worker that has spoken with it. */
  readonly memoryBytes: number
}

/** A part of a blend: a voice of Kokoro's and its weight in per cent. */
export interface BlendPart {
  readonly voice: string
  readonly percent: number
}

/** An installed, validated voice. Its files are in a folder of their own, but for a model that many voices share. */
export interface InstalledVoice {
  /** `piper:en_US-joe-medium`; its second speaker is `piper:en_US-joe-medium:1`. */
  readonly id: string
  readonly family: VoiceFamily
  readonly name: string
  /** BCP 47. */
  readonly language: string
  readonly gender?: 'female' | 'male'
  /** As the publisher names it: `x_low`, `low`, `medium`, `high`. */
  readonly quality?: string
  /** Speaker names by number; empty for a voice with one speaker. */
  readonly speakers: readonly string[]
  readonly licence?: string
  /** `blend`: made of other voices. */
  readonly source: 'public' | 'file' | 'blend'
  /** Folder name inside the voices folder. */
  readonly folder: string
  /** Whether there is a configuration file beside the model. */
  readonly configured: boolean
  /** SHA-256 of the model, hex. */
  readonly checksum: string
  /** SHA-256 of the configuration, hex; absent if there is none. */
  readonly configChecksum?: string
  /** Size of the model. */
  readonly bytes: number
  /** Linear gain that brings the voice to the target loudness, measured at validation. */
  readonly gain: number
  /** Factor on the engine's speed that gives the common pace at speed 1; absent: installed before pace was measured. */
  readonly pace?: number
  /** Of voices that share their model. */
  readonly weights?: StoredWeights
  readonly cost?: VoiceCost
  /** `pinyin`: a voice of Piper’s that was taught on it; absent: on what its family and language are taught. */
  readonly frontEnd?: 'pinyin'
  /** Of what it was blended; absent for all others. */
  readonly blend?: readonly BlendPart[]
  readonly createdAt: string
}

/** Whether the voices of a family share one model and differ in their configuration only. */
export function sharesModel(family: VoiceFamily): boolean {
  return isKokoro(family) || family === 'vieneu' || family === 'supertonic'
}

/** Which model a further voice can share. */
export interface SharedModelWish {
  readonly weights?: StoredWeights | undefined
  /** Whether it has to be the catalogue's. */
  readonly published?: boolean
}

/** About how many bytes a voice has besides a model that it shares. */
export function styleBytesOf(family: VoiceFamily): number {
  return isKokoro(family) ? 522_240 : family === 'vieneu' ? 2_316_799 : 272_000
}

/** Whether the times of a family's words are estimated: its models tell how long an utterance is, and no more. Also by the name of an engine. */
export function estimatesWordTimes(family: string): boolean {
  return family === 'vieneu' || family === 'supertonic'
}

/** Kokoro-82M, and its Chinese model (v1.1-zh), which has voices and symbols of its own. Also by the name of an engine. */
export function isKokoro(family: string): boolean {
  return family === 'kokoro' || family === 'kokoro-zh'
}

/** Names of the folders with a voice's files: its own, and that of the model that it shares, named by its checksum. */
export function foldersOf({
  family,
  folder,
  checksum,
}: Pick<InstalledVoice, 'checksum' | 'family' | 'folder'>): readonly string[] {
  return sharesModel(family) ? [folder, checksum] : [folder]
}

/** The entry in the list of voices. */
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

/** `piper:en_US-libritts_r-medium:12` → the installed voice and speaker 12; without a number: the first speaker. */
export function speakerOf(voiceId: string): { readonly base: string; readonly speaker: number } {
  const match = /^([^:]+:[^:]+):(\d{1,5})$/.exec(voiceId)
  return match?.[1] === undefined
    ? { base: voiceId, speaker: 0 }
    : { base: match[1], speaker: Number(match[2]) }
}

/** Files of an installed voice's model, for the engine that runs it. */
export interface VoiceModel {
  /** Path of the ONNX file. */
  readonly model: string
  /** Path of its configuration: Piper's `.onnx.json`, Kokoro's table of styles, a style as JSON; hibari needs none. */
  readonly config?: string | undefined
  /** SHA-256 of the ONNX file, hex. Models with the same checksum are loaded once. */
  readonly checksum: string
  /** SHA-256 of the configuration, hex; absent if there is none or it is unknown. */
  readonly configChecksum?: string | undefined
  /** BCP 47 of the voice, by which all but Piper's pronounce; for hibari the accent is enough. */
  readonly language: string
}

/** `proving`: the files are on the disk and the voice is being validated. */
export type InstallStatus = 'pending' | 'downloading' | 'proving' | 'completed' | 'failed' | 'cancelled'

/** A stored request to install a catalogue voice. */
export interface VoiceInstall {
  readonly id: string
  readonly voiceId: string
  readonly name: string
  readonly status: InstallStatus
  readonly bytesTotal: number
  /** Left out: as usual. */
  readonly weights?: StoredWeights
  readonly errorMessage?: string
  readonly createdAt: string
  readonly completedAt?: string
}

/** Whether the status is final. */
export function isInstallFinished(status: InstallStatus): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled'
}
