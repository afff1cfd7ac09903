import { expect } from 'vitest'
import type { Novel } from '../../src/http/contract/novel-contract.ts'
import { accessibilityFaults } from './accessibility-check.ts'
import { expectPlayback } from './audio-playback.ts'
import { epub } from './books.ts'
import { eventually, test } from './browser.ts'

test('a device whose listener went on elsewhere offers the place there, goes to it at one press, and never by itself', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(await epub('The Night Watch'), 'watch.epub')
  await nightjar.finished(await nightjar.generate(novel.id))
  const position = async () =>
    (await nightjar.json<{ novel: Novel }>(`/api/novels/${novel.id}`)).novel.position
  const desk = await device(`/novels/${novel.id}`)
  await desk.getByRole('button', { name: 'Play chapter 1' }).click()
  await expectPlayback(desk)
  await desk.getByRole('button', { name: 'Pause', exact: true }).click()

  const phone = await device(`/novels/${novel.id}`, {
    userAgent: 'Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0',
  })
  await phone.getByRole('button', { name: 'Play chapter 3' }).click()
  await expectPlayback(phone)
  await phone.getByRole('button', { name: 'Pause', exact: true }).click()
  await eventually(async () =>
    expect(await position()).toMatchObject({ chapterNumber: 3, device: { name: 'Firefox on Android' } }),
  )

  await desk.getByText('You were further on Firefox on Android: chapter 3.').waitFor()
  expect(await accessibilityFaults(desk)).toEqual([])
  expect(await desk.locator('.dock-chapter').textContent()).toBe('The Lamp')
  expect(await phone.getByText('You were further on').count()).toBe(0)
  // What this device saves does not take the offer away.
  await desk.getByRole('button', { name: 'Play', exact: true }).click()
  await expectPlayback(desk)
  await eventually(async () => expect(await position()).toMatchObject({ chapterNumber: 1 }))
  await desk.getByRole('button', { name: 'Go there' }).click()
  await eventually(async () => expect(await position()).toMatchObject({ chapterNumber: 3 }))
  await expectPlayback(desk)
  expect(await desk.getByText('You were further on').count()).toBe(0)
})
