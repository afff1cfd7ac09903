import type { OfferedVersion, VersionDifferenceView } from '../../src/http/contract/version-contract.ts'
import { addresses, get, send } from '../api.ts'

const versionsOf = (novelId: string): string => `${addresses.novels}/${novelId}/versions`
const addressOf = (novelId: string, versionId: string): string => `${versionsOf(novelId)}/${versionId}`

export async function askVersions(novelId: string, signal: AbortSignal): Promise<readonly OfferedVersion[]> {
  return (await get<{ versions: OfferedVersion[] }>(versionsOf(novelId), signal)).versions
}

export async function askDifference(
  novelId: string,
  versionId: string,
  signal: AbortSignal,
): Promise<VersionDifferenceView> {
  return (await get<{ version: VersionDifferenceView }>(addressOf(novelId, versionId), signal)).version
}

export const takeVersion = (novelId: string, versionId: string, speakNew: boolean) =>
  send('POST', `${addressOf(novelId, versionId)}/take`, { speakNew })

export const separateVersion = (novelId: string, versionId: string) =>
  send<{ novel: { id: string } }>('POST', `${addressOf(novelId, versionId)}/separate`, {})

export const leaveVersion = (novelId: string, versionId: string) =>
  send('DELETE', addressOf(novelId, versionId))
