import { afterAll, expect } from 'vitest'
import { Browser } from '../program/account-browser.ts'
import { LoopbackProvider } from '../program/openid-provider.ts'
import { accessibilityFaults } from './accessibility-check.ts'
import { test } from './browser.ts'

const guild = await LoopbackProvider.choose()
afterAll(() => guild.stop())

test.override('settings', {
  ...guild.settings,
  NIGHTJAR_ADMIN_GROUPS: 'stewards',
  NIGHTJAR_NEW_PEOPLE: 'listener',
})
test.override('speakers', 0)

/** That nobody is signed in, and what the pages of the provider are about. */
const expected = new RegExp(`status of 40[13]|asked ${guild.issuer}/|fonts\\.g|favicon|${guild.issuer}`)

test('people sign in with the provider: the page says why it does not work, and who comes next finds nothing of who was there', async ({
  device,
  nightjar,
}) => {
  const page = await device('/', { expected })
  const button = page.getByRole('link', { name: 'Sign in with The Guild' })
  await button.click()
  await page.getByRole('alert').getByText('The sign-in provider does not answer', { exact: false }).waitFor()
  expect(await accessibilityFaults(page)).toEqual([])

  await guild.start(nightjar.address)
  guild.people.set('ada', { name: 'Ada', groups: ['stewards'] })
  guild.people.set('ben', { name: 'Ben' })
  const signInThere = async (login: string): Promise<void> => {
    await page.getByPlaceholder('Enter any login').fill(login)
    await page.getByPlaceholder('and password').fill('any')
    await page.getByRole('button', { name: 'Sign-in' }).click()
  }
  await button.click()
  await signInThere('ada')
  await page.getByRole('link', { name: 'Your account: Ada' }).waitFor()
  expect(new URL(page.url()).pathname).toBe('/')
  await page.getByRole('link', { name: 'People' }).click()
  await page.getByText('made the first account', { exact: false }).waitFor()

  // What this browser keeps of her is not sent in the name of who comes next.
  await page.evaluate(() =>
    localStorage.setItem('nightjar.settings.unsent', JSON.stringify({ locale: 'vi' })),
  )
  await page.context().clearCookies({ name: 'nightjar' })
  await page.goto(`${nightjar.address}/sign-in?out`)
  await button.click()
  // The provider knows this browser, and asks all the same.
  await signInThere('ben')
  await page.getByRole('link', { name: 'Your account: Ben' }).waitFor()
  await expect.poll(() => page.evaluate(() => localStorage.getItem('nightjar.settings.unsent'))).toBeNull()
  const ben = new Browser(nightjar.address)
  const cookies = await page.context().cookies(nightjar.address)
  ben.cookie = `nightjar=${cookies.find(({ name }) => name === 'nightjar')?.value}`
  expect(await ben.json('/api/listener/settings')).toMatchObject({ settings: {} })

  await page.getByRole('link', { name: 'Your account: Ben' }).click()
  await page.getByText('You can sign in with The Guild').waitFor()
  expect(await accessibilityFaults(page)).toEqual([])
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in', level: 1 }).waitFor()
  expect(await button.getAttribute('href')).toContain('again=yes')

  // Signed out there too, the provider does not know the browser any more, though nobody asks it for the password.
  await button.click()
  await signInThere('ben')
  await page.getByRole('link', { name: 'Your account: Ben' }).click()
  await page.getByText('It is the only way into your account', { exact: false }).waitFor()
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  const dialog = page.getByRole('alertdialog')
  await dialog.getByLabel('Sign out of The Guild too', { exact: false }).check()
  expect(await accessibilityFaults(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('button', { name: 'Yes, sign me out' }).click()
  await page.getByRole('heading', { name: 'Sign in', level: 1 }).waitFor()
  expect(page.url()).toBe(`${nightjar.address}/sign-in?out`)
  await page.goto(`${nightjar.address}/api/accounts/provider`)
  await page.getByPlaceholder('Enter any login').waitFor()

  // With a password it is not the only way in any more.
  const ada = new Browser(nightjar.address)
  await ada.sentTo(await guild.signIn(await ada.sentTo('/api/accounts/provider'), 'ada'))
  const { people } = await ada.json<{ people: { id: string; name: string }[] }>('/api/accounts/people')
  const id = people.find(({ name }) => name === 'Ben')?.id
  const { link } = (await (await ada.post(`/api/accounts/people/${id}/reset`, {})).json()) as { link: string }
  const password = 'a kettle on the stove'
  const followed = await ben.post('/api/accounts/links/follow', {
    secret: new URL(link).hash.slice(1),
    password,
  })
  expect(followed.status).toBe(200)
  await page.goto(`${nightjar.address}/account`)
  await page.getByLabel('Name', { exact: true }).fill('Ben')
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('button', { name: 'Disconnect from The Guild' }).click()
  expect(await accessibilityFaults(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Disconnect' }).click()
  await page.getByRole('button', { name: 'Connect with The Guild' }).waitFor()
})
