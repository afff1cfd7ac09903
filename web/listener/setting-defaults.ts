import type { ListenerSettings } from '../../src/http/contract/listener-contract.ts'

/** All settings, with a value for each. */
export type AllSettings = {
  readonly [Group in keyof ListenerSettings]-?: NonNullable<
    ListenerSettings[Group]
  > extends infer Fields extends object
    ? { readonly [Field in keyof Fields]-?: Exclude<Fields[Field], undefined> }
    : NonNullable<ListenerSettings[Group]>
}

/** What holds until the listener says otherwise; the language of the page is then the browser's. */
export const settingDefaults: Omit<AllSettings, 'locale'> = {
  reading: {
    typeface: 'serif',
    size: 19,
    measure: 66,
    lineHeight: 1.6,
    margins: 16,
    theme: 'system',
    justified: false,
  },
  player: { rate: 1, stepSeconds: 15, shortenSilences: false, volume: 1, keepAwake: true },
  notify: { browser: false },
}
