import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import { changeSettings, settingsQuery } from './kept-settings.ts'
import { inForce, type SettingsChange, type SettingsInForce } from './settings-merge.ts'

/** The listener's settings with the defaults of what was never set, and how to change them. */
export function useListenerSettings(): readonly [SettingsInForce, (change: SettingsChange) => void] {
  const client = useQueryClient()
  const { data } = useQuery(settingsQuery())
  const change = useCallback((of: SettingsChange) => changeSettings(client, of), [client])
  return [useMemo(() => inForce(data), [data]), change]
}

/** Likewise in one novel, whose own settings go before those for all; a change is of this novel alone. */
export function useNovelSettings(
  novelId: string,
): readonly [Pick<SettingsInForce, 'player'>, (change: Pick<SettingsChange, 'player'>) => void] {
  const client = useQueryClient()
  const { data: all } = useQuery(settingsQuery())
  const { data: own } = useQuery(settingsQuery(novelId))
  const change = useCallback(
    (of: Pick<SettingsChange, 'player'>) => changeSettings(client, of, novelId),
    [client, novelId],
  )
  return [useMemo(() => inForce(all, own), [all, own]), change]
}
