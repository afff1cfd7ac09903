import type { ListenerSettings } from '../../src/http/contract/listener-contract.ts'
import { type AllSettings, settingDefaults } from './setting-defaults.ts'

type Fields<Group> = { readonly [Field in keyof Group]?: Group[Field] | null | undefined }

/** A change of some settings: `null` takes one back to its default. */
export type SettingsChange = {
  readonly locale?: string | null
  readonly reading?: Fields<AllSettings['reading']>
  readonly player?: Fields<AllSettings['player']>
  readonly notify?: Fields<AllSettings['notify']>
}

/** Settings in force: without a locale it is for the browser to say. */
export type SettingsInForce = Omit<AllSettings, 'locale'> & { readonly locale?: string }

type Layer = { readonly [name: string]: unknown }

/** A change on top of settings or of an earlier change; `nulls` stay in the latter, since they are still to be sent. */
function merged(below: Layer, change: Layer, nulls: 'remove' | 'keep'): Layer {
  const result = new Map(Object.entries(below))
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) continue
    if (value === null && nulls === 'remove') result.delete(name)
    else if (isLayer(value)) result.set(name, merged(layer(below[name]), value, nulls))
    else result.set(name, value)
  }
  return Object.fromEntries(result)
}

export function withChange(settings: ListenerSettings, change: SettingsChange): ListenerSettings {
  return merged(settings, change, 'remove')
}

/** Both changes, one after the other. */
export function bothChanges(first: SettingsChange, second: SettingsChange): SettingsChange {
  return merged(first, second, 'keep')
}

/** What remains of a change after `sent` of it arrived: what was changed again meanwhile. */
export function withoutSent(change: SettingsChange, sent: SettingsChange): SettingsChange | undefined {
  const rest = difference(change, sent)
  return Object.keys(rest).length > 0 ? rest : undefined
}

function difference(change: Layer, sent: Layer): Layer {
  const rest = Object.entries(change).flatMap(([name, value]): [string, unknown][] => {
    if (!isLayer(value)) return value === sent[name] ? [] : [[name, value]]
    const inner = difference(value, layer(sent[name]))
    return Object.keys(inner).length > 0 ? [[name, inner]] : []
  })
  return Object.fromEntries(rest)
}

/** The settings, later layers before earlier ones, over the defaults. */
export function inForce(...layers: readonly (ListenerSettings | undefined)[]): SettingsInForce {
  let all: Layer = settingDefaults
  for (const each of layers) all = merged(all, each ?? {}, 'remove')
  return all as unknown as SettingsInForce
}

function layer(value: unknown): Layer {
  return isLayer(value) ? value : {}
}

function isLayer(value: unknown): value is Layer {
  return typeof value === 'object' && value !== null
}
