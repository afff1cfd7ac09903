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
