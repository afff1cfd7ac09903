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
