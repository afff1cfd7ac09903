import type { InstallStatus, StoredWeights, VoiceFamily } from '../novel/installed-voice.ts'

/** The tables of voices, engines and speech servers. */
export interface SpeechTables {
  voices: {
    id: string
    family: VoiceFamily
    name: string
    language: string
    gender: 'female' | 'male' | null
    quality: string | null
    /** JSON: names. */
    speakers: string
    licence: string | null
    source: 'public' | 'file' | 'blend'
    folder: string
    configured: number
    /** SHA-256 of the model, hex. */
    checksum: string
    /** SHA-256 of the configuration, hex. */
    configChecksum: string | null
    bytes: number
    gain: number
    pace: number | null
    createdAt: string
    weights: StoredWeights | null
    speechPerCpuSecond: number | null
    memoryBytes: number | null
    /** JSON: BlendPart[]. */
    blend: string | null
    frontEnd: 'pinyin' | null
  }
  /** Default voice by primary language subtag. */
  voiceDefaults: {
    language: string
    voice: string
  }
  /** The engines as the speech workers last reported them. */
  engines: {
    name: string
    position: number
    version: string
    /** JSON: Voice[]. */
    voices: string
  }
  voiceInstalls: {
    id: string
    voiceId: string
    name: string
    status: InstallStatus
    bytesTotal: number
    errorMessage: string | null
    createdAt: string
    completedAt: string | null
    weights: StoredWeights | null
  }
  speechServers: {
    name: string
    title: string
    address: string
    key: string | null
    model: string
    parallel: number
    charactersPerRequest: number
    charactersPerMonth: number | null
    pcmRate: number | null
    /** JSON: names of voices. */
    voices: string
    /** 1: listed by the server; 0: typed by a user. */
    voicesListed: number
    createdAt: string
  }
  speechServerUse: {
    server: string
    /** `2026-11`, UTC. */
    month: string
    characters: number
  }
  /** Gain and pace measured for the voices of speech servers; kept when a server is removed. */
  serverVoices: {
    address: string
    voice: string
    model: string
    /** Hz; 0: the server sends no raw PCM. */
    pcmRate: number
    gain: number
    pace: number | null
  }
  /** What each machine has spoken in each voice, lately: sums that are halved when they are large. */
  speakingRates: {
    /** Host name. */
    machine: string
    voice: string
    segments: number
    /** UTF-16 units of spoken text. */
    characters: number
    speechSeconds: number
    /** `speechSeconds` as they would be at speed 1. */
    pacedSeconds: number
    /** Seconds in which a place of the backend was taken by them. */
    busySeconds: number
  }
}
