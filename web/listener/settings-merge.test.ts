import { expect, test } from 'vitest'
import { settingDefaults } from './setting-defaults.ts'
import { bothChanges, inForce, withChange, withoutSent } from './settings-merge.ts'

test('a change replaces fields, keeps their neighbours, and takes back with null', () => {
  const settings = { locale: 'vi', reading: { size: 20, theme: 'dark' as const } }
  expect(withChange(settings, { reading: { size: 22, theme: null }, locale: null })).toEqual({
    reading: { size: 22 },
  })
})

test('two changes one after the other are the second over the first, nulls included', () => {
  const first = { reading: { size: 20, theme: 'dark' as const }, locale: 'vi' }
  const second = { reading: { size: null }, player: { rate: 2 } }
  expect(bothChanges(first, second)).toEqual({
    reading: { size: null, theme: 'dark' },
    locale: 'vi',
    player: { rate: 2 },
  })
  const settings = { reading: { size: 30, measure: 60 } }
  expect(withChange(settings, bothChanges(first, second))).toEqual(
    withChange(withChange(settings, first), second),
  )
})

test('what was changed again while it was sent remains to be sent', () => {
  const sent = { player: { rate: 1.5, volume: 0.5 } }
  expect(withoutSent(sent, sent)).toBeUndefined()
  expect(withoutSent({ player: { rate: 2, volume: 0.5 }, locale: 'en' }, sent)).toEqual({
    player: { rate: 2 },
    locale: 'en',
  })
})

test('settings in force: those of the novel before those for all, and those before the defaults', () => {
  const all = inForce({ player: { rate: 1.25, volume: 0.4 } }, { player: { rate: 2 } })
  expect(all.player).toEqual({ ...settingDefaults.player, rate: 2, volume: 0.4 })
  expect(all.reading).toEqual(settingDefaults.reading)
  expect(inForce(undefined)).toEqual(settingDefaults)
})
